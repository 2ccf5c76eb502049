import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { HOUR, MINUTE } from '../../../src/base/duration.ts';
import { MAX_PENDING_BYTES } from '../../../src/store/json/draft.ts';
import { json } from '../../../src/store/json/json.ts';
import { splitSegment } from '../../../src/store/json/lines/split-segment.ts';
import { clock, cycle } from '../../build.ts';
import { commit, containerOf, options, segmentOf, temporaryFolder, textsOf } from '../store-fixture.ts';

test('a writer has to wait while more than the bound is pending', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const made = cycle('10:00');
  const draft = await store.begin(made.id);
  let [pending, waits] = [0, 0];
  for (let i = 0; i < 24; i++) {
    const segment = segmentOf(containerOf(), [{ at: '09:59', nanos: i, text: `${i} ${'x'.repeat(1_000_000)}` }]);
    pending += segment.bytes.length;
    const wait = draft.write(segment);
    if (wait === undefined) continue;
    assert.ok(pending > MAX_PENDING_BYTES, 'nobody waits below the bound');
    waits++;
    await wait;
    pending = MAX_PENDING_BYTES;
  }
  assert.ok(waits > 0);
  await draft.commit(made);
  assert.equal((await textsOf(store)).length, 24);
});

test('a segment that is larger than a frame is split between records', () => {
  const records = Array.from(
    { length: 50 },
    (_, i) =>
      ({ at: `10:00:${String(i).padStart(2, '0')}`, text: `line ${i}\n  and more`, level: i % 2 ? 'error' : 'info' }) as const,
  );
  const whole = segmentOf(containerOf(), records);
  const parts = splitSegment(whole, 300);
  assert.ok(parts.length > 5);
  assert.deepEqual(Buffer.concat(parts.map(({ bytes }) => bytes)), whole.bytes);
  assert.ok(parts.every(({ bytes }) => bytes.length <= 300));
  assert.equal(
    parts.reduce((sum, { lines }) => sum + lines, 0),
    50,
  );
  assert.equal(parts[0]?.from, whole.from);
  assert.equal(parts.at(-1)?.to, whole.to);
  assert.equal(
    parts.reduce((mask, { levels }) => mask | levels, 0),
    whole.levels,
  );
  assert.deepEqual(splitSegment(whole, 10).length, 50, 'a record is never split');
});

test('a file of lines is what zstd itself reads', async (context) => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const made = await commit(store, '10:00', [segmentOf(containerOf(), [{ at: '09:59', text: 'hello' }])]);
  const path = join(folder.path, 'cycles', made.id, 'lines-0.zst');
  assert.equal(zstdDecompressSync(await readFile(path)).toString(), '2026-11-21T09:59:00.000000000Z I--- hello\n');
  try {
    assert.match(execFileSync('zstd', ['-dc', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }), /hello/);
  } catch {
    context.diagnostic('zstd is not installed: not compared with it');
  }
});

test('the size is that of the files', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  for (const at of ['10:00', '10:10'])
    await commit(store, at, [segmentOf(containerOf(), [{ at, text: randomBytes(5000).toString('hex') }])]);
  await store.saveAlerts(await store.loadAlerts());
  await store.saveAlerts(await store.loadAlerts());
  let bytes = 0;
  for (const name of await readdir(folder.path, { recursive: true })) {
    const entry = await stat(join(folder.path, name));
    if (entry.isFile() && !name.startsWith('lock')) bytes += entry.size;
  }
  assert.equal(store.size(), bytes);
});

test('a commit reads and writes nothing of earlier cycles', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  for (let i = 0; i < 6; i++) await commit(store, clock('09:00') + i * MINUTE);
  const filesOf = async (id: string) =>
    Promise.all(
      (await readdir(join(folder.path, 'cycles', id))).map(
        async (name) => (await stat(join(folder.path, 'cycles', id, name))).ctimeMs,
      ),
    );
  const ids = store.summaries().map(({ id }) => id);
  const before = await Promise.all(ids.map(filesOf));
  await commit(store, clock('09:00') + HOUR);
  assert.deepEqual(await Promise.all(ids.map(filesOf)), before);
});
