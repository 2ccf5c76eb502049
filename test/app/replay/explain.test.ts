import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../../src/app/replay/explain.ts';
import { HOUR, MINUTE } from '../../../src/base/duration.ts';
import type { Cycle } from '../../../src/core/model/cycle.ts';
import { clock, cycle, minute, pod, refOf } from '../../build.ts';
import { rule } from '../../build-rule.ts';

const one = pod();
const bad = (times: readonly string[]): Cycle['minutes'] => [
  { ref: refOf(one), minutes: times.map((time) => minute(time, { levels: { error: 50, info: 50 } })) },
];

test('minutes whose lines came late are explained in their place, by what they turned out to be', async () => {
  async function* cycles() {
    yield cycle('10:10', { states: [one], minutes: bad([]) });
    for (const at of ['10:20', '10:30'])
      yield cycle(at, {
        states: [one],
        errors: [{ source: 'logs', namespace: null, reason: 'forbidden', message: 'no' }],
      });
    yield cycle('10:40', { states: [one], minutes: bad(['10:14', '10:15', '10:16']) });
  }
  const { subjects } = await explain({
    rule: rule('error_ratio', { errors: { level: 'error' }, above: '5%' }),
    cycles: cycles(),
    since: clock('10:11'),
    takes: () => true,
    period: 10 * MINUTE,
    span: 24 * HOUR,
    lookback: HOUR,
    cluster: 'test',
  });
  const told = subjects.flatMap(({ judgements }) => judgements);
  assert.deepEqual(
    told.map(({ at }) => at),
    Array.from({ length: 30 }, (_, index) => clock('10:11') + index * MINUTE),
  );
  assert.deepEqual(
    told.filter(({ verdict }) => verdict === 'true').map(({ at, state }) => [at, state]),
    ['10:15', '10:16', '10:17'].map((at) => [clock(at), 'firing']),
  );
  assert.ok(told.every(({ verdict }) => verdict !== 'unknown'));
});

test('what keeps an alert firing although its condition is false is named, and how it ended', async () => {
  const lines = (time: string, error: number) => minute(time, { levels: { info: 100 - error, error } });
  async function* cycles() {
    for (let at = clock('10:00'); at <= clock('10:40'); at += 10 * MINUTE) {
      const minutes = Array.from({ length: 10 }, (_, index) => {
        const from = at - (10 - index) * MINUTE;
        return lines(new Date(from).toISOString().slice(11, 16), from === clock('10:02') ? 50 : from === clock('10:03') ? 4 : 0);
      });
      yield cycle(new Date(at).toISOString().slice(11, 16), { states: [one], minutes: [{ ref: refOf(one), minutes }] });
    }
  }
  const course = async (holds: Parameters<typeof rule>[2]) => {
    const { subjects } = await explain({
      rule: rule('error_ratio', { errors: { level: 'error' }, above: '5%' }, holds),
      cycles: cycles(),
      since: clock('10:03'),
      takes: () => true,
      period: 10 * MINUTE,
      span: 24 * HOUR,
      lookback: HOUR,
      cluster: 'test',
    });
    return subjects.flatMap(({ judgements }) => judgements).map(({ at, clause }) => [(at - clock('10:00')) / MINUTE, clause]);
  };
  const held = await course({ resolveAfter: 1, resolveBelow: 0.03, keepFiringFor: 12 * MINUTE });
  assert.deepEqual(held.slice(0, 4), [
    [3, '50%, threshold 5%'],
    [4, 'resolve_below: it resolves below 3%; 4%, threshold 5%'],
    [5, 'keep_firing_for: false for 0 s of 12 min; 0%, threshold 5%'],
    [6, 'keep_firing_for: false for 1 min of 12 min; 0%, threshold 5%'],
  ]);
  const recurring = await course({ resolveAfter: 1, resolveBelow: 0.03, recursWithin: 12 * MINUTE });
  assert.deepEqual(recurring[2], [5, 'resolve_after: false for 0 s, wants 1 complete collection; 0%, threshold 5%']);
  assert.deepEqual(
    held.filter(([at]) => at === 18 || at === 20 || at === 21),
    [
      [18, 'resolve_after: false for 13 min, wants 1 complete collection; 0%, threshold 5%'],
      [20, 'resolved: condition is false; 0%, threshold 5%'],
      [21, '0%, threshold 5%'],
    ],
  );
});
