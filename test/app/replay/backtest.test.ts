import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtest } from '../../../src/app/replay/backtest.ts';
import { suggestThresholds } from '../../../src/app/replay/budget.ts';
import { DAY, HOUR, MINUTE } from '../../../src/base/duration.ts';
import type { Cycle } from '../../../src/core/model/cycle.ts';
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
  const [suggestion] = await suggestThresholds(storeOf(CYCLES), { ...OPTIONS, rules: [errors(3)], budget: 0 }, NEVER);
  // The highest of all: nothing is above it.
  assert.equal(suggestion?.suggested, 99);
  assert.equal(suggestion?.suggestedPerDay, 0);
});
