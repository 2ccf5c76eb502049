import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE } from '../../src/base/duration.ts';
import { json } from '../../src/store/json/json.ts';
import { clock, EVERYTHING, minute, pod, refOf } from '../build.ts';
import { commit, options, segmentOf, temporaryFolder } from '../store/store-fixture.ts';
import { LATE_MATCHERS, windowCounting } from './backfill-window.ts';
import { startProcess } from './store-process.ts';

const CYCLES = 12;
const LINES = 400;
const MOST_STARTS = 40;

test('a backfill that is killed again and again goes on where it was, and counts right', async (t) => {
  await using folder = await temporaryFolder();
  {
    await using store = await json.open(options(folder.path));
    for (let number = 0; number < CYCLES; number++) {
      const at = clock('08:00') + number * MINUTE;
      const records = Array.from({ length: LINES }, (_, i) => ({
        at: new Date(at).toISOString().slice(11, 19),
        nanos: i,
        text: `${i % 3 === 0 ? 'refused' : 'taken'} ${i}`,
      }));
      const ref = refOf(pod());
      const minutes = [{ ref, minutes: [{ ...minute('08:00'), minute: at / MINUTE }] }];
      await commit(store, at, [segmentOf(ref, records)], { states: [pod()], minutes, counted: [] });
    }
  }
  const kept = new Set<string>();
  let [starts, isDone] = [0, false];
  while (!isDone && starts++ < MOST_STARTS) {
    const process = await startProcess('./backfill-writer.ts', [folder.path]);
    // Mostly behind the first count, which on a busy machine takes its time.
    if (starts % 3 > 0) await process.heard(2);
    await sleep(Math.random() * 12); // the moment is the point of this test: anywhere within the counting
    await process.kill();
    isDone = process.said.includes('done');
    for (const line of process.said) if (line.startsWith('cycle ')) kept.add(line.slice(6));
    await using store = await json.open(options(folder.path));
    const window = await windowCounting(store);
    assert.ok(window.uncountedCycles({ matchers: LATE_MATCHERS, values: [] }) <= CYCLES - kept.size, 'what was told is kept');
    assert.deepEqual(store.repairs, []);
    const left = await readdir(folder.path, { recursive: true });
    assert.deepEqual(
      left.filter((name) => name.endsWith('.tmp')),
      [],
    );
  }
  t.diagnostic(`${starts} starts`);
  assert.ok(isDone);
  await using store = await json.open(options(folder.path));
  const window = await windowCounting(store);
  const counts = LATE_MATCHERS.map((matcher) => {
    const [from, to] = [clock('08:00') / MINUTE, clock('08:00') / MINUTE + CYCLES];
    return window.counts('shop/Deployment/checkout', 'app', matcher, EVERYTHING)?.between(from, to);
  });
  assert.deepEqual(counts, [CYCLES * Math.ceil(LINES / 3), CYCLES * 39]);
});
