import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CountedCycles } from '../../../src/app/replay/counted-cycles.ts';
import { Backfill } from '../../../src/app/stored/backfill.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { DAY, HOUR, MINUTE } from '../../../src/base/duration.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import type { PatternRunner } from '../../../src/core/analyze/matching/pattern-runner.ts';
import { PatternMiner } from '../../../src/core/analyze/templates/pattern-miner.ts';
import type { Cycle } from '../../../src/core/model/cycle.ts';
import type { Level } from '../../../src/core/model/log-line.ts';
import { RollingWindow } from '../../../src/core/model/window/rolling-window.ts';
import { json } from '../../../src/store/json/json.ts';
import type { Store } from '../../../src/store/store.ts';
import { cycle, EVERYTHING } from '../../build.ts';
import { rule } from '../../build-rule.ts';
import { analyze, START } from '../../core/analyze/analyze-fixture.ts';
import { commit, options, temporaryFolder } from '../../store/store-fixture.ts';

const UNHURRIED: PatternRunner = { run: () => Promise.reject(new Error('nothing was to be put off')), isSuspended: () => false };
const NEVER = new AbortController().signal;
const INFO: Level = 3;
const WARNING: Level = 4;
const KEY = 'shop/Deployment/checkout';
const PERIOD = 10 * MINUTE;

/** Texts that differ in their numbers only: whichever comes first, the template is the same. */
const TEXTS: readonly ((number: number) => string)[] = [
  (number) => `level=info msg="user ${number} has logged in"`,
  (number) => `level=info msg="cart ${number} was emptied after ${number} s"`,
  (number) => `level=debug msg="cache miss for key ${number}"`,
  (number) => `level=warn msg="retry ${number} of the payment"`,
  (number) => `level=error msg="order ${number} was refused by the bank"`,
  (number) => `ERROR boom ${number}\n  at step ${number}\n  at step 7`,
  (number) => `just ${number}`,
];

const said = fc.record({
  second: fc.integer({ min: 0, max: 599 }),
  text: fc.constantFrom(...TEXTS),
  number: fc.integer({ min: 0, max: 99 }),
});
const days = fc.array(fc.array(said, { maxLength: 25 }), { minLength: 1, maxLength: 4 });

/** What a collection with these lines finds when it looks for patterns from a level on. */
async function collected(
  lines: readonly { readonly second: number; readonly text: (number: number) => string; readonly number: number }[],
  index: number,
  patterns: { readonly miner: PatternMiner; readonly level: Level },
) {
  const written = lines
    .toSorted((a, b) => a.second - b.second)
    .flatMap(({ second, text, number }) =>
      text(number)
        .split('\n')
        .map((each) => `@${second + index * 600} ${each}`),
    );
  const { segments, minutes, analyzer } = await analyze(written, { patterns });
  const at = START * 1000 + (index + 1) * PERIOD;
  return { segments, at, fields: { minutes, counted: [], ...analyzer.patterns() } };
}

async function windowOf(cycles: AsyncIterable<Cycle> | Iterable<Cycle>, patternsFrom: Level = INFO): Promise<RollingWindow> {
  const window = new RollingWindow({ span: DAY, staleness: 25 * MINUTE, counters: [], patterns: [EVERYTHING], patternsFrom });
  for await (const each of cycles) window.add(each);
  return window;
}

/** All that a rule can see of the patterns. */
function seen(window: RollingWindow) {
  const history = window.patterns(KEY, 'app', EVERYTHING);
  const first = (START * 1000) / MINUTE;
  const patterns = (history?.patterns ?? []).map(({ id, level, template, firstAt, lastAt, counts }) => {
    return { id, level, template, firstAt, lastAt, counts: Array.from({ length: 45 }, (_, minute) => counts.at(first + minute)) };
  });
  return { since: history?.since(INFO), patterns: patterns.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

function backfillOf(store: Store, window: RollingWindow): Backfill {
  const engine = { window, miner: new PatternMiner() };
  return new Backfill({ engine, store, patternWorker: UNHURRIED, clock: systemClock, logger: silentLogger });
}

test('patterns of lower levels are found in what is stored as their collection would have found them', async () => {
  await fc.assert(
    fc.asyncProperty(days, async (history) => {
      await using folder = await temporaryFolder();
      const [live, late] = [new PatternMiner(), new PatternMiner()];
      const whole: Cycle[] = [];
      {
        await using store = await json.open(options(folder.path));
        for (const [index, lines] of history.entries()) {
          const all = await collected(lines, index, { miner: late, level: INFO });
          whole.push(cycle(all.at, all.fields));
          const { at, segments, fields } = await collected(lines, index, { miner: live, level: WARNING });
          await commit(store, at, segments, fields);
        }
        const expected = seen(await windowOf(whole));
        const window = await windowOf(store.cycles());
        assert.equal(window.uncountedCycles({ matchers: [], values: [], patternsFrom: INFO }), history.length);
        assert.equal(window.uncountedCycles({ matchers: [], values: [], patternsFrom: WARNING }), 0);
        assert.equal(seen(window).since, null);
        const replayed = new CountedCycles(
          store,
          {
            rules: [rule('new_pattern', { level: 'info', unseen_for: '1h' })],
            runner: UNHURRIED,
            keep: 0,
            onCount: () => undefined,
            onDamage: assert.fail,
          },
          NEVER,
        );
        assert.deepEqual(seen(await windowOf(replayed.cycles())), expected);
        await backfillOf(store, window).finish(NEVER);
        assert.deepEqual(seen(window), expected);
        assert.equal(window.uncounted(), null);
      }
      await using store = await json.open(options(folder.path));
      assert.deepEqual(seen(await windowOf(store.cycles())), seen(await windowOf(whole)));
      assert.deepEqual(store.repairs, []);
    }),
    { numRuns: 25 },
  );
});

test('levels that are asked for one after the other are counted once each', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const lines = TEXTS.map((text, number) => ({ second: 60 * number, text, number }));
  const miner = new PatternMiner();
  const { at, segments, fields } = await collected(lines, 0, { miner, level: WARNING });
  await commit(store, at, segments, fields);
  for (const level of [INFO, 2, 1] as const) {
    const window = await windowOf(store.cycles(), level);
    await new Backfill({
      engine: { window, miner },
      store,
      patternWorker: UNHURRIED,
      clock: systemClock,
      logger: silentLogger,
    }).finish(NEVER);
    const all = await collected(lines, 0, { miner: new PatternMiner(), level });
    assert.deepEqual(seen(window), seen(await windowOf([cycle(all.at, all.fields)], level)));
    assert.deepEqual(seen(await windowOf(store.cycles(), level)), seen(window));
  }
});

test('a new rule on patterns of info lines tells what is new in what was stored before it', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const miner = new PatternMiner();
  for (let index = 0; index < 4; index++) {
    const usual = Array.from({ length: 20 }, (_, i) => ({ second: 30 * i, text: TEXTS[0] ?? String, number: i }));
    const news = index === 3 ? [{ second: 300, text: TEXTS[1] ?? String, number: 1 }] : [];
    const { at, segments, fields } = await collected([...usual, ...news], index, { miner, level: WARNING });
    await commit(store, at, segments, fields);
  }
  const window = await windowOf(store.cycles());
  assert.equal(window.patterns(KEY, 'app', EVERYTHING)?.since(INFO), null);
  await backfillOf(store, window).finish(NEVER);
  const history = window.patterns(KEY, 'app', EVERYTHING);
  assert.ok((history?.since(INFO) ?? HOUR) < START * 1000);
  assert.deepEqual(history?.patterns.map(({ template }) => template.replace(/<\w+>/g, 'N')).sort(), [
    'cart N was emptied after N s',
    'user N has logged in',
  ]);
});
