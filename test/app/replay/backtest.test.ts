import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BacktestOptions, backtest } from '../../../src/app/replay/backtest.ts';
import { suggestThresholds, TunedRules } from '../../../src/app/replay/budget.ts';
import { DAY, HOUR, MINUTE } from '../../../src/base/duration.ts';
import type { Cycle } from '../../../src/core/model/cycle.ts';
import type { Rule } from '../../../src/core/rules/rule.ts';
import { clock, cycle, minute, pod, refOf } from '../../build.ts';
import { rule } from '../../build-rule.ts';
import { policy } from '../../core/alerts/build-alert.ts';

const PODS = Array.from({ length: 60 }, (_, i) => pod({ of: `shop/web-${i}` }));
const CYCLES = 100;
const at = (index: number) => clock('00:00') + index * 10 * MINUTE;
const NEVER = new AbortController().signal;

/** As many errors in the minute before each collection as its number says, of all workloads but the first. */
function storeOf(cycles: number) {
  const all = Array.from({ length: cycles }, (_, index): Cycle => {
    const minutes = PODS.slice(1).map((each) => {
      const { counts, matched } = minute('10:00', { levels: { error: index } });
      return { ref: refOf(each), minutes: [{ minute: at(index) / MINUTE - 1, counts, matched }] };
    });
    return cycle(at(index), { states: PODS, minutes });
  });
  return {
    async *cycles() {
      yield* all;
    },
    summaries: () => all,
    async *lines() {},
  };
}

const OPTIONS = {
  period: 10 * MINUTE,
  span: DAY,
  lookback: HOUR,
  cluster: 'test',
  timezone: 'UTC',
  externalUrl: null,
  policy: policy(),
  from: at(0),
  to: at(CYCLES),
};
const errors = (above: number) => rule('log_match', { level: 'error', above }, { alert: 'Errors' });
const restarts = rule('restarts', { above: 1, within: '1h' }, { alert: 'Restarts' });

/** What a backtest with a budget suggests. */
async function suggestionsFor(rules: readonly Rule[], budget: number) {
  const store = storeOf(CYCLES);
  const tuned = new TunedRules({ ...OPTIONS, rules });
  const onCycle: BacktestOptions['onCycle'] = (cycle, window) => tuned.look(cycle, window);
  await backtest(store, [rules], { ...OPTIONS, onProgress: () => undefined, onCycle }, NEVER);
  return suggestThresholds(store, tuned, { ...OPTIONS, budget }, NEVER);
}

test('sets of rules that are judged in one pass give what each gives alone', async () => {
  const store = storeOf(12);
  const options = { ...OPTIONS, onProgress: () => undefined };
  const [few, many] = [[errors(10), restarts], [errors(3)]] as const;
  const together = await backtest(store, [few, many], options, NEVER);
  const alone = [...(await backtest(store, [few], options, NEVER)), ...(await backtest(store, [many], options, NEVER))];
  assert.deepEqual(together, alone);
  assert.deepEqual(
    together.map(({ alerts }) => [alerts.length, alerts[0]?.alert.firedAt]),
    [
      [59, at(11)],
      [59, at(4)],
    ],
  );
});

test('thresholds are chosen among the values of the whole time, also of more than are remembered', async () => {
  const [suggestion] = await suggestionsFor([errors(3)], 0);
  // The highest of all: nothing is above it.
  assert.equal(suggestion?.suggested, 99);
  assert.equal(suggestion?.suggestedPerDay, 0);
});

test('a threshold within the budget is told with its alerts a day, and the one in force with all of its own', async () => {
  const days = (at(CYCLES) - at(0)) / DAY;
  const rules = [errors(3), errors(98)].map((each, index) => ({ ...each, alert: `Errors${index}` }));
  const [low, high, ...others] = await suggestionsFor(rules, 60 / days);
  assert.deepEqual(others, []);
  // All workloads but one fire once, whatever the threshold below the highest value: the most sensitive one of those tried is within the budget.
  assert.deepEqual([low?.perDay, high?.perDay], [59 / days, 59 / days]);
  assert.ok((low?.suggested ?? 99) < 3, `suggested ${low?.suggested}`);
  assert.deepEqual([low?.suggestedPerDay, low?.suggested], [59 / days, high?.suggested]);
  const [none] = await suggestionsFor([errors(3)], 58 / days);
  assert.deepEqual([none?.perDay, none?.suggested, none?.suggestedPerDay], [59 / days, 99, 0]);
});
