import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Replay } from '../../../../src/app/replay/replay.ts';
import { HOUR, MINUTE } from '../../../../src/base/duration.ts';
import type { Cycle } from '../../../../src/core/model/cycle.ts';
import { lineValueId } from '../../../../src/core/model/line-value.ts';
import type { Rule } from '../../../../src/core/rules/rule.ts';
import { clock, cycle, distributionOf, minute, patternOf, pod, refOf } from '../../../build.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const PERIOD = 10 * MINUTE;
const START = clock('08:00');
const PODS = [pod(), pod({ of: 'shop/api' }), pod({ of: 'shop/web' })];
const RULES: readonly Rule[] = [
  rule('log_match', { level: 'error', above: 3, within: '4m' }, { alert: 'Match' }),
  rule('log_match', { level: 'fatal' }, { alert: 'Any', for: 3 * MINUTE }),
  rule('error_ratio', { errors: { level: 'error' }, above: '20%', min_count: 4, minutes: '2 of 5' }, { alert: 'Ratio' }),
  rule('log_spike', { level: 'error', factor: 2, min_count: 5, within: '5m', against: '20m' }, { alert: 'Spike' }),
  rule('log_absent', { within: '12m', min_count: 3 }, { alert: 'Silent' }),
  rule('log_absent', { within: '5m', min_count: 2, factor: 2, against: '30m' }, { alert: 'Unusual' }),
  rule('log_value', { field: 'latency', percentile: 50, above: '1s', min_count: 2, within: '6m' }, { alert: 'Slow' }),
  rule('new_pattern', { level: 'error', unseen_for: '15m', min_count: 2, learn_for: '10m' }, { alert: 'New' }),
];
const LATENCY = lineValueId(RULES.flatMap(({ condition }) => condition.values ?? [])[0] ?? assert.fail());

/** What one container says in one minute, given in minutes since the first cycle's. */
const said = fc.record({
  of: fc.constantFrom(...PODS),
  at: fc.integer({ min: 0, max: 89 }),
  errors: fc.constantFrom(0, 0, 1, 2, 6),
  fatal: fc.constantFrom(0, 0, 0, 1),
  info: fc.constantFrom(0, 1, 5, 20),
  slow: fc.constantFrom(0, 0, 1, 3),
  pattern: fc.constantFrom('no answer', 'no room', null, null),
});
type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;
const lost = fc.record({ of: fc.constantFrom(...PODS), at: fc.integer({ min: 0, max: 89 }) });

/** The collection at `at`, with what was said and lost in the ten minutes before. */
function collected(at: number, all: readonly Said[], losses: readonly { readonly of: Said['of']; readonly at: number }[]): Cycle {
  const timeOf = (each: { readonly at: number }) => START + each.at * MINUTE;
  const isMine = (each: { readonly at: number }) => timeOf(each) >= at - PERIOD && timeOf(each) < at;
  const mine = all.filter(isMine).sort((a, b) => a.at - b.at);
  return cycle(at, {
    states: PODS,
    minutes: mine.map(({ of, errors, fatal, info, slow, ...each }) => {
      const own = minute(timeOf(each), { levels: { error: errors, fatal, info } });
      const values = slow === 0 ? {} : { values: { [LATENCY]: distributionOf(new Array<number>(slow).fill(1_500)) } };
      return { ref: refOf(of), minutes: [{ ...own, ...values }] };
    }),
    patternsFrom: 4,
    patterns: mine.flatMap(({ of, pattern, ...each }) => {
      const time = new Date(timeOf(each)).toISOString().slice(11, 16);
      return pattern === null ? [] : [{ ref: refOf(of), patterns: [patternOf(pattern, { [time]: 2 })], dropped: 0 }];
    }),
    gaps: losses.filter(isMine).map(({ of, ...each }) => ({
      namespace: of.namespace,
      workload: of.workload,
      pod: of.name,
      container: 'app',
      from: timeOf(each),
      to: timeOf(each) + MINUTE,
      reason: 'rotated',
    })),
  });
}

test('what cannot come true is not looked at minute after minute, and nothing is told otherwise for that', () => {
  let told = 0;
  fc.assert(
    fc.property(fc.array(said, { maxLength: 60 }), fc.array(lost, { maxLength: 3 }), (all, losses) => {
      const replays = [RULES, RULES.map(unsparing)].map(
        (rules) => new Replay({ rules, period: PERIOD, span: 24 * HOUR, lookback: HOUR, cluster: 'c' }),
      );
      for (let at = START; at <= START + 100 * MINUTE; at += PERIOD) {
        const made = collected(at, all, losses);
        const [sparing, whole] = replays.map((replay) => replay.add(made));
        assert.deepEqual(sparing, whole);
        assert.deepEqual(replays[0]?.alerts, replays[1]?.alerts);
        told += whole?.length ?? 0;
      }
    }),
    { numRuns: 60 },
  );
  assert.ok(told > 50, `${told} changes are too few to compare`);
});

test('the newest judgement of a rule is of all that it takes', () => {
  const daemon = new Daemon(RULES, START);
  for (let at = START + PERIOD; at <= START + 3 * PERIOD; at += PERIOD) {
    const { evaluations } = daemon.cycle(collected(at, [], []));
    assert.deepEqual(
      evaluations.map(({ alert, samples }) => [alert, samples.length]),
      RULES.map(({ alert }) => [alert, PODS.length]),
    );
  }
});

test('whoever is told of each judgement is told of all containers at each minute', () => {
  const samples: number[] = [];
  const replay = new Replay({
    ...{ rules: RULES.slice(0, 1), period: PERIOD, span: 24 * HOUR, lookback: HOUR, cluster: 'c' },
    onEvaluation: (evaluation) => samples.push(evaluation.samples.length),
  });
  for (const at of [START, START + PERIOD]) replay.add(collected(at, [], []));
  assert.deepEqual(samples, new Array(70).fill(PODS.length));
});

/** The same rule, judged for every container at every minute. */
function unsparing({ condition: { mayComeTrue: _, ...condition }, ...rest }: Rule): Rule {
  return { ...rest, condition };
}
