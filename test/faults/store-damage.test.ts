import assert from 'node:assert/strict';
import { cp, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EMPTY_ALERTS } from '../../src/core/model/state.ts';
import { json } from '../../src/store/json/json.ts';
import { pod } from '../build.ts';
import { commit, containerOf, linesOf, listOf, options, segmentOf, temporaryFolder } from '../store/store-fixture.ts';

/** How many truncations, and how many flipped bytes, of each file are tried, spread over it. */
const SAMPLES = 10;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let template: string;
let copies = 0;

before(async () => {
  folder = await temporaryFolder();
  template = join(folder.path, 'template');
  await using store = await json.open(options(template));
  for (const at of ['10:00', '10:10']) {
    const records = Array.from({ length: 20 }, (_, i) => ({ at, nanos: i, text: `${at} ${i}` }));
    await commit(store, at, [segmentOf(containerOf(), records)], { states: [pod()] });
  }
  await store.saveAlerts({ ...EMPTY_ALERTS, judgedTo: 1 });
  await store.saveAlerts({ ...EMPTY_ALERTS, judgedTo: 2 });
});
after(() => folder[Symbol.asyncDispose]());

async function copyOfTemplate(): Promise<string> {
  const path = join(folder.path, String(copies++));
  await cp(template, path, { recursive: true });
  return path;
}

const newest = '20261121T101000000Z';
const files = [`cycles/${newest}/cycle.json`, `cycles/${newest}/facts.json.zst`, 'alerts.json', 'alerts.json.bak'];

/** What must hold whatever happened to one file. */
async function checkOpens(path: string, file: string, damage: string): Promise<void> {
  await using store = await json.open(options(path));
  const cycles = await listOf(store.cycles());
  assert.equal(cycles[0]?.id, '20261121T100000000Z', `${file}, ${damage}: the other cycle is there`);
  assert.equal(cycles.length, file.startsWith('cycles') ? 1 : 2, `${file}, ${damage}: only the damaged cycle is gone`);
  assert.equal((await store.newest())?.id, cycles.at(-1)?.id);
  assert.equal((await store.loadAlerts()).judgedTo, file === 'alerts.json' ? 1 : 2, `${file}, ${damage}`);
  assert.equal(store.repairs.length, 1, `${file}, ${damage}: ${store.repairs.join('; ')}`);
  assert.match(store.repairs[0] ?? '', /set aside as .*quarantine.*\.corrupt-20261121T120000000Z/);
  assert.equal((await readdir(join(path, 'quarantine'))).length, 1);
  await commit(store, '10:20');
  await store.saveAlerts(EMPTY_ALERTS);
}

for (const file of files) {
  test(`the store opens with ${file.split('/').at(-1)} cut short anywhere`, async () => {
    const { size } = await stat(join(template, file));
    for (let sample = 0; sample < SAMPLES; sample++) {
      const length = Math.floor((size * sample) / SAMPLES);
      const path = await copyOfTemplate();
      await truncate(join(path, file), length);
      await checkOpens(path, file, `cut to ${length}`);
    }
  });

  test(`the store opens with a byte of ${file.split('/').at(-1)} flipped anywhere`, async () => {
    const { size } = await stat(join(template, file));
    for (let sample = 0; sample < SAMPLES; sample++) {
      const at = Math.floor((size * sample) / SAMPLES);
      const path = await copyOfTemplate();
      const bytes = await readFile(join(path, file));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (sample % 8));
      await writeFile(join(path, file), bytes);
      await checkOpens(path, file, `byte ${at} flipped`);
    }
  });

  test(`the store opens with ${file.split('/').at(-1)} full of zeros, or of another file's content`, async () => {
    for (const content of [
      Buffer.alloc(500),
      await readFile(join(template, file === 'alerts.json' ? (files[0] ?? '') : 'alerts.json')),
    ]) {
      if (file === 'alerts.json.bak' && content[0] !== 0) continue; // an alerts file is no damage there
      const path = await copyOfTemplate();
      await writeFile(join(path, file), content);
      await checkOpens(path, file, 'other content');
    }
  });
}

test('both generations of the alerts gone: it starts without alerts and says so', async () => {
  const path = await copyOfTemplate();
  await truncate(join(path, 'alerts.json'), 3);
  await truncate(join(path, 'alerts.json.bak'), 0);
  await using store = await json.open(options(path));
  assert.deepEqual(await store.loadAlerts(), EMPTY_ALERTS);
  assert.equal(store.repairs.length, 2);
});

test('a damaged cycle in the middle is passed over while cycles are read', async () => {
  const path = await copyOfTemplate();
  await truncate(join(path, 'cycles/20261121T100000000Z/facts.json.zst'), 20);
  await using store = await json.open(options(path));
  assert.deepEqual(
    (await listOf(store.cycles())).map(({ id }) => id),
    [newest],
  );
  assert.equal(store.summaries().length, 1);
  assert.match(store.repairs.join(), /its facts.*set aside/);
});

test('a damaged index or file of lines costs that cycle its lines only', async () => {
  for (const file of ['index.json.zst', 'lines-0.zst']) {
    const path = await copyOfTemplate();
    await truncate(join(path, 'cycles', newest, file), 30);
    await using store = await json.open(options(path));
    assert.equal(store.summaries().length, 2);
    assert.equal((await linesOf(store)).length, 20);
    assert.match(store.repairs.join('; '), /cannot be read and are passed over/);
  }
});

test('a byte that is wrong in a frame costs the records of that frame only', async () => {
  await using place = await temporaryFolder();
  const texts = Array.from({ length: 12 }, (_, i) => `${i} ${'x'.repeat(100_000)}`);
  {
    await using store = await json.open(options(place.path));
    await commit(
      store,
      '10:00',
      texts.map((text, i) => segmentOf(containerOf(), [{ at: '09:59', nanos: i, text }])),
    );
  }
  const path = join(place.path, 'cycles/20261121T100000000Z/lines-0.zst');
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  await writeFile(path, bytes);
  await using store = await json.open(options(place.path));
  const found = (await linesOf(store)).length;
  assert.equal(found, 12 - 3, 'three records of 100 kB share a frame');
  assert.equal(store.repairs.length, 1);
});

test('damaged late counts are set aside, and the cycle stands without them', async () => {
  const path = await copyOfTemplate();
  const file = join(path, 'cycles', newest, 'late.json.zst');
  {
    await using store = await json.open(options(path));
    await store.saveLate(newest, { counted: ['pattern=x'], minutes: [] });
    assert.deepEqual((await store.cycle(newest))?.counted, ['pattern=x']);
  }
  const whole = await readFile(file);
  for (let length = 0; length < whole.length; length += 7) {
    await writeFile(file, whole.subarray(0, length));
    await using store = await json.open(options(path));
    assert.equal((await store.cycle(newest))?.counted, undefined);
    assert.match(store.repairs.join(), /late\.json\.zst cannot be read.*set aside/);
    await store.saveLate(newest, { counted: ['pattern=x'], minutes: [] });
  }
});

test('files that are not the store’s are left alone', async () => {
  const path = await copyOfTemplate();
  await writeFile(join(path, 'cycles/notes.txt'), 'mine');
  await writeFile(join(path, 'notes.txt'), 'mine');
  await using store = await json.open(options(path));
  assert.equal(store.summaries().length, 2);
  assert.equal(await readFile(join(path, 'cycles/notes.txt'), 'utf8'), 'mine');
  assert.equal(await readFile(join(path, 'notes.txt'), 'utf8'), 'mine');
});
