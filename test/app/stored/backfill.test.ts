import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backfill } from '../../../src/app/stored/backfill.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { DAY, MINUTE } from '../../../src/base/duration.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import type { PatternRunner } from '../../../src/core/analyze/matching/pattern-runner.ts';
import { PatternMiner } from '../../../src/core/analyze/templates/pattern-miner.ts';
import type { LineValue } from '../../../src/core/model/line-value.ts';
import type { Matcher } from '../../../src/core/model/matcher.ts';
import { RollingWindow } from '../../../src/core/model/window/rolling-window.ts';
import { json } from '../../../src/store/json/json.ts';
import type { Store } from '../../../src/store/store.ts';
import { clock, EVERYTHING, pod, refOf, selector } from '../../build.ts';
import { commit, options, segmentOf, temporaryFolder } from '../../store/store-fixture.ts';

/** No pattern here is slow. */
const UNHURRIED: PatternRunner = { run: () => Promise.reject(new Error('nothing was to be put off')), isSuspended: () => false };
const NEVER = new AbortController().signal;
const REFUSED: Matcher = { kind: 'pattern', pattern: 'refused' };
const ORDERS: Matcher = { kind: 'pattern', pattern: '(?i)ORDER \\d+' };
const WEB = { match: [selector({ labels: { tier: 'web' } })], except: [] };
const [web, batch] = [pod({ labels: { tier: 'web' } }), pod({ name: 'checkout-2', labels: { tier: 'batch' } })];
const KEY = 'shop/Deployment/checkout';
const minuteAt = (time: string) => clock(time) / MINUTE;

/** Three cycles; in each minute of the first two one line of each pod says `refused`. The third says nothing, and counted `refused`. */
async function fill(store: Store): Promise<void> {
  for (const start of ['10:00', '10:10']) {
    const from = clock(start);
    const segments = [web, batch].map((of) =>
      segmentOf(
        refOf(of),
        Array.from({ length: 10 }, (_, i) => ({
          at: new Date(from + i * MINUTE).toISOString().slice(11, 19),
          text: `order ${i} was refused`,
        })),
      ),
    );
    const minutes = segments.map(({ ref }) => ({
      ref,
      minutes: Array.from({ length: 10 }, (_, i) => ({ minute: from / MINUTE + i, counts: [0, 1], matched: {} })),
    }));
    await commit(store, from + 10 * MINUTE, segments, { states: [web, batch], minutes, counted: [] });
  }
  await commit(store, '10:30', [], { states: [web], counted: ['pattern=refused', 'pattern=(?i)ORDER \\d+'] });
}

async function windowOf(store: Store): Promise<RollingWindow> {
  const window = new RollingWindow({
    span: DAY,
    staleness: 25 * MINUTE,
    counters: [
      { matcher: REFUSED, selection: EVERYTHING },
      { matcher: ORDERS, selection: WEB },
    ],
  });
  for await (const cycle of store.cycles()) window.add(cycle);
  return window;
}

const engineOf = (window: RollingWindow) => ({ window, miner: new PatternMiner() });

const backfillOf = (store: Store, window: RollingWindow) =>
  new Backfill({ engine: engineOf(window), store, patternWorker: UNHURRIED, clock: systemClock, logger: silentLogger });

const count = (window: RollingWindow, matcher: Matcher, selection = EVERYTHING) =>
  window.counts(KEY, 'app', matcher, selection)?.between(minuteAt('10:00'), minuteAt('10:30'));
const isWhole = (window: RollingWindow, from: string, to: string) =>
  window.counts(KEY, 'app', REFUSED, EVERYTHING)?.isWhole(minuteAt(from), minuteAt(to));

test('what was stored before a rule is counted for it, by pods as they were', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  await fill(store);
  const window = await windowOf(store);
  assert.equal(window.uncountedCycles({ matchers: [REFUSED], values: [] }), 2);
  assert.deepEqual([isWhole(window, '10:05', '10:15'), isWhole(window, '10:20', '10:30')], [false, true]);
  await backfillOf(store, window).finish(NEVER);
  assert.deepEqual([window.uncounted(), window.uncountedCycles({ matchers: [REFUSED, ORDERS], values: [] })], [null, 0]);
  assert.deepEqual([count(window, REFUSED), count(window, ORDERS, WEB)], [40, 20]);
  assert.equal(isWhole(window, '10:00', '10:30'), true);
});

test('a new rule on a number has the distributions of what is stored, by pods as they were, also after a start', async () => {
  const SIZE: LineValue = { field: 'size', unit: 'plain' };
  await using folder = await temporaryFolder();
  const open = () => json.open(options(folder.path));
  const windowOn = async (store: Store) => {
    const kept = [EVERYTHING, WEB].map((selection) => ({ value: SIZE, selection, reach: 60 * MINUTE }));
    const window = new RollingWindow({ span: DAY, staleness: 25 * MINUTE, counters: [], values: kept });
    for await (const cycle of store.cycles()) window.add(cycle);
    return window;
  };
  const valuesOf = (window: RollingWindow, selection = EVERYTHING) => {
    const values = window.values(KEY, 'app', SIZE, selection);
    const seen = values?.between(minuteAt('10:00'), minuteAt('10:10'));
    return [values?.isWhole(minuteAt('10:00'), minuteAt('10:10')), seen?.total];
  };
  {
    await using store = await open();
    const segments = [web, batch].map((of) =>
      segmentOf(refOf(of), [
        { at: '10:05', text: 'size=100' },
        { at: '10:06', text: 'size=7 x' },
      ]),
    );
    const minutes = segments.map(({ ref }) => ({
      ref,
      minutes: [
        { minute: minuteAt('10:05'), counts: [0, 1], matched: {} },
        { minute: minuteAt('10:06'), counts: [0, 1], matched: {} },
      ],
    }));
    await commit(store, '10:10', segments, { states: [web, batch], minutes, counted: [] });
    await commit(store, '10:20', [], { states: [web], counted: ['value=size'] });
    const window = await windowOn(store);
    assert.deepEqual(valuesOf(window), [false, 0]);
    await backfillOf(store, window).finish(NEVER);
    assert.deepEqual(
      [valuesOf(window), valuesOf(window, WEB)],
      [
        [true, 4],
        [true, 2],
      ],
    );
  }
  await using store = await open();
  const window = await windowOn(store);
  assert.deepEqual([valuesOf(window), valuesOf(window, WEB), window.uncounted()], [[true, 4], [true, 2], null]);
  assert.deepEqual(store.repairs, []);
});

test('what was counted is there after a start, and is not counted again', async () => {
  await using folder = await temporaryFolder();
  {
    await using store = await json.open(options(folder.path));
    await fill(store);
    await backfillOf(store, await windowOf(store)).finish(NEVER);
  }
  await using store = await json.open(options(folder.path));
  const window = await windowOf(store);
  assert.equal(window.uncounted(), null);
  assert.deepEqual([count(window, REFUSED), count(window, ORDERS, WEB)], [40, 20]);
  assert.deepEqual(store.repairs, []);
});

test('a backfill that ends in the middle goes on with the cycle after', async () => {
  await using folder = await temporaryFolder();
  const counted: string[] = [];
  {
    await using store = await json.open(options(folder.path));
    await fill(store);
    const stop = new AbortController();
    const noted: Store['saveLate'] = async (id, late) => {
      await store.saveLate(id, late);
      counted.push(id);
      stop.abort();
    };
    const watched = { cycle: store.cycle.bind(store), segments: store.segments.bind(store), saveLate: noted };
    const window = await windowOf(store);
    await new Backfill({
      engine: engineOf(window),
      store: watched,
      patternWorker: UNHURRIED,
      clock: systemClock,
      logger: silentLogger,
    }).finish(stop.signal);
    assert.deepEqual(
      [
        window.uncountedCycles({ matchers: [REFUSED], values: [] }),
        isWhole(window, '10:11', '10:20'),
        isWhole(window, '10:00', '10:05'),
      ],
      [1, true, false],
    );
  }
  await using store = await json.open(options(folder.path));
  const window = await windowOf(store);
  assert.equal(window.uncountedCycles({ matchers: [REFUSED], values: [] }), 1);
  assert.notEqual(window.uncounted()?.cycle, counted[0], 'the newest was done first');
  await backfillOf(store, window).finish(NEVER);
  assert.equal(count(window, REFUSED), 40);
});

test('a window that was built anew meanwhile counts nothing twice', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  await fill(store);
  const parts = engineOf(await windowOf(store));
  const rebuilt: Store['saveLate'] = async (id, late) => {
    await store.saveLate(id, late);
    parts.window = await windowOf(store);
  };
  const watched = { cycle: store.cycle.bind(store), segments: store.segments.bind(store), saveLate: rebuilt };
  await new Backfill({
    engine: parts,
    store: watched,
    patternWorker: UNHURRIED,
    clock: systemClock,
    logger: silentLogger,
  }).finish(NEVER);
  assert.deepEqual([count(parts.window, REFUSED), parts.window.uncounted()], [40, null]);
});

test('a cycle that expires while it is counted ends nothing', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path, { maxSize: 1 }));
  await fill(store);
  const window = await windowOf(store);
  await store.expire(clock('10:30'));
  assert.equal(store.summaries().length, 1);
  await backfillOf(store, window).finish(NEVER);
  assert.equal(window.uncounted(), null);
});

test('the background takes at most a quarter of the time', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  await fill(store);
  let [now, rested] = [0, 0];
  const stop = new AbortController();
  const slow = {
    now: () => 0,
    monotonic: () => (now += 10),
    async sleep(ms: number) {
      rested += ms;
      now += ms;
      if (ms >= 1000) stop.abort();
    },
  };
  const window = await windowOf(store);
  await new Backfill({ engine: engineOf(window), store, patternWorker: UNHURRIED, clock: slow, logger: silentLogger }).run(
    stop.signal,
  );
  assert.equal(window.uncounted(), null);
  const busy = now - rested;
  assert.ok(rested > 1000, 'it rested');
  assert.ok(busy <= (rested - 1000) / 3 + 200, `${busy} ms busy, ${rested - 1000} ms of rest`);
});

test('a suspended pattern stays uncounted, and holds up no other', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  await fill(store);
  const window = await windowOf(store);
  const patternWorker = { ...UNHURRIED, isSuspended: (source: string) => source === 'refused' };
  await new Backfill({ engine: engineOf(window), store, patternWorker, clock: systemClock, logger: silentLogger }).finish(NEVER);
  assert.deepEqual(
    [window.uncountedCycles({ matchers: [REFUSED], values: [] }), window.uncountedCycles({ matchers: [ORDERS], values: [] })],
    [2, 0],
  );
  assert.deepEqual([isWhole(window, '10:00', '10:10'), count(window, ORDERS, WEB)], [false, 20]);
});
