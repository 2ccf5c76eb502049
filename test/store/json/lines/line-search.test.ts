import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MINUTE } from '../../../../src/base/duration.ts';
import type { TextFilter } from '../../../../src/core/model/line-query.ts';
import { listCycleFolders, readStoredCycle, type StoredCycle } from '../../../../src/store/json/cycle-folder.ts';
import { json } from '../../../../src/store/json/json.ts';
import { searchLines } from '../../../../src/store/json/lines/line-search.ts';
import type { Store } from '../../../../src/store/store.ts';
import { clock } from '../../../build.ts';
import { commit, containerOf, linesOf, listOf, options, query, segmentOf, temporaryFolder } from '../../store-fixture.ts';

const NEVER = new AbortController().signal;

async function storedCycles(path: string): Promise<StoredCycle[]> {
  const cycles: StoredCycle[] = [];
  for (const id of await listCycleFolders(`${path}/cycles`)) {
    const cycle = await readStoredCycle(`${path}/cycles/${id}`, id);
    if (cycle !== null) cycles.push(cycle);
  }
  return cycles;
}

/** Three cycles of 12 containers that speak in turn, one of them most of the time; 900 lines of about 400 bytes. */
async function fill(store: Store): Promise<void> {
  for (let number = 0; number < 3; number++) {
    const start = clock('10:00') + number * 10 * MINUTE;
    const segments = Array.from({ length: 25 }, (_, i) => {
      const ref = containerOf({ pod: `pod-${i < 14 ? 0 : i}` });
      const records = Array.from({ length: 12 }, (_, line) => {
        const seconds = i < 14 ? i * 42 + line * 3 : line * 55;
        const at = new Date(start + seconds * 1000).toISOString().slice(11, 19);
        return { at, nanos: (line * 7919 + i) % 1000, text: `${number} ${i} ${line} ${'.'.repeat(400)}` };
      });
      return segmentOf(ref, records);
    });
    await commit(store, start + 10 * MINUTE, segments);
  }
}

test('a search with little memory finds the same lines in the same order', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  await fill(store);
  const cycles = await storedCycles(folder.path);
  for (const order of ['newest_first', 'oldest_first'] as const) {
    const all = await linesOf(store, { order });
    assert.equal(all.length, 900);
    const direction = order === 'oldest_first' ? 1 : -1;
    const times = all.map((line) => line.second * 1e9 + line.nanos);
    assert.ok(
      times.every((time, i) => i === 0 || (time - (times[i - 1] ?? 0)) * direction >= 0),
      'sorted by time',
    );
    for (const maxFoundBytes of [2_000, 40_000]) {
      const found = await listOf(
        searchLines({ cycles, query: query({ order }), signal: NEVER, onDamage: assert.fail, maxFoundBytes }),
      );
      assert.deepEqual(
        found.map(({ text }) => text),
        all.map(({ text }) => text),
        `${order} with ${maxFoundBytes} bytes`,
      );
    }
  }
});

test('every line of a container comes in file order, whatever its timestamps are', async () => {
  const seconds = fc.array(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(fc.record({ a: seconds, b: seconds, most: fc.constantFrom(1, 600, 10_000) }), async ({ a, b, most }) => {
      await using folder = await temporaryFolder();
      await using store = await json.open(options(folder.path));
      const said = { a: 0, b: 0 };
      const segments = (['a', 'b'] as const).flatMap((name) =>
        ({ a, b })[name].map((times) =>
          segmentOf(
            containerOf({ pod: name }),
            times.map((second) => ({ at: `10:00:0${second}`, nanos: (second * 37) % 5, text: `${name}${said[name]++}` })),
          ),
        ),
      );
      await commit(store, '10:10', segments);
      const cycles = await storedCycles(folder.path);
      for (const order of ['newest_first', 'oldest_first'] as const) {
        const search = searchLines({
          cycles,
          query: query({ order }),
          signal: NEVER,
          onDamage: assert.fail,
          maxFoundBytes: most,
        });
        const texts = (await listOf(search)).map((line) => line.text);
        if (order === 'newest_first') texts.reverse();
        for (const name of ['a', 'b'] as const) {
          assert.deepEqual(
            texts.filter((text) => text.startsWith(name)),
            Array.from({ length: said[name] }, (_, i) => `${name}${i}`),
          );
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a cycle that expires during a search is passed over without a word', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path, { maxSize: 1 }));
  await fill(store);
  let lines = 0;
  for await (const _ of store.lines(query(), NEVER))
    if (lines++ === 0) assert.equal((await store.expire(clock('12:00'))).forSize.length, 2);
  assert.ok(lines >= 300 && lines < 900);
  assert.deepEqual(store.repairs, []);
});

test('a slow search lets the rest of the process run, and finds the same', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const records = Array.from({ length: 400 }, (_, i) => ({ at: '10:00:00', nanos: i, text: `line ${i}` }));
  await commit(store, '10:10', [segmentOf(containerOf(), records)]);
  let turns = 0;
  const beat = setInterval(() => turns++, 0);
  const slowly: TextFilter = {
    mayHold: () => true,
    matchesEncoded: () => null,
    matches(text) {
      const until = performance.now() + 0.5;
      while (performance.now() < until);
      return text.endsWith('7');
    },
  };
  const found = await linesOf(store, { text: slowly, order: 'oldest_first' });
  clearInterval(beat);
  assert.deepEqual(
    found.map(({ text }) => text),
    records.map(({ text }) => text).filter((text) => text.endsWith('7')),
  );
  assert.ok(turns >= 5, `${turns} turns of the event loop in 200 ms`);
});

test('a search that is given up ends within a slice of its work', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const records = Array.from({ length: 1_000 }, (_, i) => ({ at: '10:00:00', nanos: i, text: `line ${i}` }));
  await commit(store, '10:10', [segmentOf(containerOf(), records)]);
  const abort = new AbortController();
  let tested = 0;
  const slowly: TextFilter = {
    mayHold: () => true,
    matchesEncoded: () => null,
    matches() {
      const until = performance.now() + 1;
      while (performance.now() < until);
      if (++tested === 10) setImmediate(() => abort.abort());
      return true;
    },
  };
  assert.deepEqual(await listOf(store.lines(query({ text: slowly }), abort.signal)), []);
  assert.ok(tested < 100, `${tested} records were tested`);
});
