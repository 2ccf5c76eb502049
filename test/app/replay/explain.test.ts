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
