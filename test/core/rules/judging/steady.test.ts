import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Replay } from '../../../../src/app/replay/replay.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/base/duration.ts';
import type { ClusterEvent } from '../../../../src/core/model/cycle.ts';
import type { Evaluation } from '../../../../src/core/rules/judging/rule-judge.ts';
import type { Rule } from '../../../../src/core/rules/rule.ts';
import { clock, cycle, pod, restartsOf, terminationOf } from '../../../build.ts';
import { rule } from '../../../build-rule.ts';

const PERIOD = 10 * MINUTE;
const START = clock('08:00');
const PODS = [pod(), pod({ of: 'shop/api' })];
const RULES: readonly Rule[] = [
  rule('crash_loop', { restarts: 2, within: '7m' }, { alert: 'Loop' }),
  rule('restarts', { above: 1, within: '12m' }, { alert: 'Spike' }),
  rule('terminated', { count: 2, within: '150s' }, { alert: 'Ended' }),
  rule('event', { above: 1, within: '9m' }, { alert: 'Events' }),
];

const happening = fc.record({
  kind: fc.constantFrom('restart', 'end', 'event'),
  of: fc.constantFrom(...PODS),
  /** Seconds since the first cycle. */
  at: fc.integer({ min: 0, max: HOUR / SECOND }),
});

test('a condition that is not looked at again while no record comes or goes says what it would have said', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 12 }), (happenings) => {
      const replays = [RULES, RULES.map(restless)].map((rules) => {
        const told: Evaluation[] = [];
        const onEvaluation = (evaluation: Evaluation) => told.push(evaluation);
        return {
          told,
          replay: new Replay({ rules, period: PERIOD, span: 24 * HOUR, lookback: HOUR, cluster: 'c', onEvaluation }),
        };
      });
      for (let at = START; at <= START + 90 * MINUTE; at += PERIOD) {
        const mine = happenings.filter((each) => {
          const time = START + each.at * SECOND;
          return time > at - PERIOD && time <= at;
        });
        const made = cycle(at, {
          states: PODS,
          restarts: mine.filter(({ kind }) => kind === 'restart').map((each) => restartsOf(each.of, START + each.at * SECOND)),
          terminations: mine.filter(({ kind }) => kind === 'end').map((each) => terminationOf(each.of, START + each.at * SECOND)),
          events: mine.filter(({ kind }) => kind === 'event').map((each) => eventOf(each.of, START + each.at * SECOND)),
        });
        const [quick, slow] = replays.map(({ replay }) => replay.add(made));
        assert.deepEqual(quick, slow);
      }
      assert.deepEqual(replays[0]?.told, replays[1]?.told);
    }),
    { numRuns: 60 },
  );
});

/** The same rule, whose condition is looked at every time. */
function restless({ condition: { steady: _, ...condition }, ...rest }: Rule): Rule {
  return { ...rest, condition };
}

function eventOf(of: (typeof PODS)[number], at: number): ClusterEvent {
  return {
    uid: `event-${at}`,
    namespace: of.namespace,
    kind: 'Pod',
    name: of.name,
    objectUid: of.uid,
    workload: of.workload,
    type: 'Warning',
    reason: 'BackOff',
    message: '',
    at,
    count: 1,
  };
}
