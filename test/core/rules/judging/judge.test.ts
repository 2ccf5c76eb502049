import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HOUR, MINUTE } from '../../../../src/base/duration.ts';
import type { Cycle, Gap } from '../../../../src/core/model/cycle.ts';
import type { PodState } from '../../../../src/core/model/pod.ts';
import { parseTemplate, TEMPLATE_NAMES } from '../../../../src/core/model/template.ts';
import { MOST_ALERTS_PER_RULE } from '../../../../src/core/rules/judging/rule-judge.ts';
import { clock, container, cycle, minute, node, pod, refOf, restartsOf, selector, usage, waiting } from '../../../build.ts';
import { condition, Daemon, rule, windowFor } from '../../../build-rule.ts';

const errors = (counts: Readonly<Record<string, number>>, of: PodState = pod()): Cycle['minutes'] => [
  {
    ref: refOf(of),
    minutes: Object.entries(counts).map(([time, error]) => minute(time, { levels: { error, info: 100 - error } })),
  },
];

const gap = (from: string, to: string, of: PodState = pod()): Gap => ({
  namespace: of.namespace,
  workload: of.workload,
  pod: of.name,
  container: 'app',
  from: clock(from),
  to: clock(to),
  reason: 'rotated',
});

const looping = pod({ containers: [container({ restarts: 3, state: waiting('CrashLoopBackOff') })] });
const pulling = pod({ phase: 'Pending', containers: [container({ state: waiting('ImagePullBackOff') })] });

const ratio = (minutes = '3 of 10', fields = {}) =>
  rule('error_ratio', { errors: { level: 'error' }, above: '5%', minutes }, fields);

suite('4.1.1 when rules are judged', () => {
  test('a workload that was made since the last cycle is not gone at the minutes before it', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['ImagePullBackOff'] })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod({ of: 'shop/other' })] }));
    daemon.cycle(cycle('10:13', { trigger: 'targeted', states: [pulling] }));
    assert.deepEqual(daemon.told, ['10:13 firing']);
    daemon.cycle(cycle('10:20', { states: [pod({ of: 'shop/other' }), pulling] }));
    assert.deepEqual(daemon.told, ['10:13 firing']);
    daemon.cycle(cycle('10:30', { states: [pod({ of: 'shop/other' })] }));
    assert.deepEqual(daemon.states, ['resolved: workload is gone']);
  });

  test('a log condition is judged at every whole minute since the last cycle, each once', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '10:03': 50 }) }));
    assert.deepEqual(daemon.told, ['10:04 firing']);
    assert.equal(daemon.judgedTo, clock('10:10'));
  });

  test('three bad minutes of ten fire at the end of the third', () => {
    const daemon = new Daemon([ratio()], clock('09:50'));
    const { transitions } = daemon.cycle(
      cycle('10:10', { states: [pod()], minutes: errors({ '10:00': 50, '10:01': 50, '10:02': 50 }) }),
    );
    assert.deepEqual(
      transitions.map(({ at, to }) => [at, to]),
      [[clock('10:03'), 'firing']],
    );
  });

  test('a state condition is also judged at the time of a sample between minutes', () => {
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:10'));
    daemon.cycle(cycle('10:13:27', { states: [looping] }));
    assert.equal(daemon.alerts[0]?.activeAt, clock('10:13:27'));
    assert.equal(daemon.judgedTo, clock('10:13'));
  });

  test('a sample at a whole minute is used by that minute', () => {
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', { startedAt: clock('10:10') + 40, states: [looping] }));
    assert.deepEqual(daemon.told, ['10:10 firing']);
  });

  test('cycles that were committed but not judged are judged in their order', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:00'));
    daemon.window.add(cycle('10:10', { states: [pod()], minutes: errors({ '10:03': 50 }) }));
    daemon.cycle(cycle('10:20', { states: [pod()], minutes: errors({ '10:13': 50 }) }));
    assert.deepEqual(daemon.told, ['10:04 firing']);
    assert.equal(daemon.alerts[0]?.falseSince, clock('10:15'));
  });
});

suite('4.1.2 complete minutes', () => {
  test('the minute in which the cycle starts waits for the next cycle', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:10'));
    daemon.cycle(cycle('10:13:27', { states: [pod()], minutes: errors({ '10:13': 50 }) }));
    assert.deepEqual(daemon.told, []);
    daemon.cycle(cycle('10:20', { states: [pod()] }));
    assert.deepEqual(daemon.told, ['10:14 firing']);
  });

  test('lines that come later are counted and reopen no verdict', () => {
    const daemon = new Daemon([ratio('1 of 1'), { ...ratio('2 of 10'), alert: 'Late' }], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '10:09': 50 }) }));
    daemon.cycle(cycle('10:20', { states: [pod()], minutes: errors({ '10:08': 50 }) }));
    assert.deepEqual(daemon.told, ['10:10 firing', '10:11 firing']);
    assert.deepEqual(
      daemon.alerts.map((alert) => alert.alert),
      ['Test', 'Late'],
    );
  });
});

suite('4.1.3 state', () => {
  test('the newest sample holds for 2.5 schedule periods, then the state is unknown', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['ImagePullBackOff'] })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pulling] }));
    assert.equal(daemon.window.sampleAt(clock('10:35'))?.at, clock('10:10'));
    assert.equal(daemon.window.sampleAt(clock('10:35') + 1), null);
    daemon.cycle(cycle('11:00', { states: [], namespaces: [], podsComplete: false }));
    assert.deepEqual(daemon.states, ['firing unknown']);
  });

  test('a namespace that could not be listed keeps its alerts, marked unknown', () => {
    const daemon = new Daemon([rule('crash_loop', {}), { ...ratio('1 of 1'), alert: 'Errors' }], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [looping], minutes: errors({ '10:09': 50 }) }));
    const forbidden = { namespaces: ['other'], podsComplete: false, states: [] };
    for (const time of ['10:20', '10:30', '10:40', '10:50']) daemon.cycle(cycle(time, forbidden));
    assert.deepEqual(daemon.states, ['firing unknown', 'firing unknown']);
  });

  test('part of a list that broke off shows failures but no health', () => {
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [looping] }));
    for (const time of ['10:20', '10:30', '10:40'])
      daemon.cycle(cycle(time, { states: [pod()], namespaces: [], podsComplete: false }));
    assert.deepEqual(daemon.states, ['firing unknown']);
  });
});

suite('4.1.4 comparisons', () => {
  const after = (kind: string, written: object, count: number) => {
    const daemon = new Daemon([rule(kind, written)], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()], restarts: [restartsOf(pod(), '10:10', { count })] }));
    return daemon.states;
  };

  test('above is strict', () => {
    assert.deepEqual(after('restarts', { above: 5, within: '1h' }, 5), []);
    assert.deepEqual(after('restarts', { above: 5, within: '1h' }, 6), ['firing']);
  });

  test('restarts means at least', () => {
    assert.deepEqual(after('crash_loop', { restarts: 2, within: '30m' }, 1), []);
    assert.deepEqual(after('crash_loop', { restarts: 2, within: '30m' }, 2), ['firing']);
  });

  test('a share that equals the threshold is not above it', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '10:03': 5 }) }));
    assert.deepEqual(daemon.states, []);
  });
});

suite('4.1.5 for', () => {
  const limited = pod({ containers: [container({ limits: { cpu: null, memory: 1000 } })] });
  const near = (memory: number) => ({ states: [limited], usage: [usage(limited, { memory })] });

  test('usage has one sample a cycle: for 20m needs three', () => {
    const daemon = new Daemon([rule('usage', { resource: 'memory', above: '90%' }, { for: 20 * MINUTE })], clock('09:50'));
    daemon.cycle(cycle('10:00', near(950)));
    daemon.cycle(cycle('10:10', near(950)));
    assert.deepEqual(daemon.states, ['pending']);
    daemon.cycle(cycle('10:20', near(950)));
    assert.deepEqual(daemon.told, ['10:00 pending', '10:20 firing']);
  });

  test('unknown neither advances nor resets it', () => {
    const daemon = new Daemon([rule('usage', { resource: 'memory', above: '90%' }, { for: 20 * MINUTE })], clock('09:50'));
    daemon.cycle(cycle('10:00', near(950)));
    daemon.cycle(cycle('10:10', { states: [limited], usageSource: 'unavailable' }));
    assert.deepEqual(daemon.states, ['pending unknown']);
    daemon.cycle(cycle('10:20', near(950)));
    assert.deepEqual(daemon.states, ['pending']);
    daemon.cycle(cycle('10:30', near(950)));
    daemon.cycle(cycle('10:40', near(950)));
    assert.deepEqual(daemon.told, ['10:00 pending', '10:31 firing']);
  });

  test('it survives restarts: alerts and what was judged are all that is carried', () => {
    const rules = [rule('waiting', { reasons: ['ImagePullBackOff'] }, { for: 15 * MINUTE })];
    const before = new Daemon(rules, clock('10:00'));
    const first = cycle('10:10', { states: [pulling] });
    before.cycle(first);
    const after = new Daemon(rules, clock('10:00'));
    after.window.add(first);
    Object.assign(after, { alerts: structuredClone(before.alerts), judgedTo: before.judgedTo, judgedCycle: before.judgedCycle });
    after.cycle(cycle('10:30', { states: [pulling] }));
    assert.deepEqual(after.told, ['10:25 firing']);
  });

  test('a reload does not reset it', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['Image*'] }, { for: 15 * MINUTE })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pulling] }));
    daemon.rules = [rule('waiting', { reasons: ['Image*'] }, { for: 15 * MINUTE, severity: 'critical', labels: { team: 'a' } })];
    daemon.cycle(cycle('10:30', { states: [pulling] }));
    assert.deepEqual(daemon.told, ['10:10 pending', '10:25 firing']);
    assert.equal(daemon.alerts[0]?.severity, 'critical');
  });

  test('what was over when it was looked at again is not told, though nobody saw it end', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['Image*'] }, { for: 2 * MINUTE })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pulling] }));
    daemon.cycle(cycle('10:20', { states: [pod()] }));
    assert.deepEqual(daemon.told, ['10:10 pending', '10:20 gone']);
  });

  test('a Ready condition that is old does not shorten it', () => {
    const unready = pod({ ready: 'False' });
    const daemon = new Daemon([rule('pod', { not_ready: true }, { for: 15 * MINUTE })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [unready] }));
    assert.deepEqual(daemon.states, ['pending']);
    daemon.cycle(cycle('10:30', { states: [unready] }));
    assert.deepEqual(daemon.told, ['10:10 pending', '10:25 firing']);
  });

  test('pods that are each not ready for a moment do not add up to it, as in a slow rollout', () => {
    const starting = (name: string, since: string) => {
      const [ready] = pod({ ready: 'False' }).conditions;
      assert.ok(ready);
      return pod({ name, ready: 'False', conditions: [{ ...ready, since: clock(since) }] });
    };
    const daemon = new Daemon([rule('pod', { not_ready: true }, { for: 15 * MINUTE })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [starting('a', '10:09')] }));
    daemon.cycle(cycle('10:20', { states: [starting('b', '10:19')] }));
    daemon.cycle(cycle('10:30', { states: [starting('c', '10:29')] }));
    assert.deepEqual(daemon.told, ['10:10 pending']);
    daemon.cycle(cycle('10:50', { states: [starting('c', '10:29')] }));
    assert.deepEqual(daemon.told, ['10:10 pending', '10:44 firing']);
  });
});

suite('4.1.6 N of M minutes', () => {
  test('a minute without data is not bad', () => {
    const daemon = new Daemon([ratio('2 of 3')], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '10:03': 50 }) }));
    assert.deepEqual(daemon.states, []);
  });

  test('a minute under min_count is no data', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:00'));
    const few = [{ ref: refOf(pod()), minutes: [minute('10:03', { levels: { error: 19 } })] }];
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: few }));
    assert.deepEqual(daemon.states, []);
  });

  test('a gap that could change the verdict makes it unknown; one that could not does not', () => {
    const daemon = new Daemon([ratio('2 of 3')], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '10:08': 50, '10:09': 50 }) }));
    assert.deepEqual(daemon.states, ['firing']);
    daemon.cycle(cycle('10:20', { states: [pod()], gaps: [gap('10:18', '10:20')] }));
    assert.deepEqual(daemon.states, ['firing unknown']);
    const narrow = new Daemon([ratio('2 of 3')], clock('10:00'));
    narrow.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '10:08': 50, '10:09': 50 }) }));
    narrow.cycle(cycle('10:20', { states: [pod()], gaps: [gap('10:19', '10:20')] }));
    assert.deepEqual(narrow.states, ['firing']);
  });
});

suite('4.1.7 restarts', () => {
  test('at first sight restarts count for a pod younger than within, and not for an older one', () => {
    const sight = (createdAt: string) => {
      const daemon = new Daemon([rule('restarts', { above: 5, within: '1h' })], clock('10:00'));
      const increase = restartsOf(pod(), '10:10', { count: 7, podCreatedAt: clock(createdAt) });
      daemon.cycle(cycle('10:10', { states: [pod()], restarts: [increase] }));
      return daemon.states;
    };
    assert.deepEqual(sight('09:30'), ['firing']);
    assert.deepEqual(sight('09:10'), []);
  });

  test('restarts are summed over the workload pods and containers, also of pods that are gone', () => {
    const [one, two] = [pod(), pod({ name: 'checkout-2' })];
    const daemon = new Daemon([rule('restarts', { above: 5, within: '1h' })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [one, two], restarts: [restartsOf(one, '10:10', { count: 3 })] }));
    daemon.cycle(cycle('10:20', { states: [two], restarts: [restartsOf(two, '10:20', { count: 3, container: 'sidecar' })] }));
    assert.deepEqual(daemon.states, ['firing']);
    assert.equal(daemon.alerts[0]?.value, 6);
    assert.equal(daemon.alerts[0]?.summary, 'shop/checkout: 6 restarts within 1h (threshold 5)');
  });
});

suite('4.1.8 subjects', () => {
  const both = pod({
    containers: [
      container({ state: waiting('CrashLoopBackOff') }),
      container({ name: 'side', state: waiting('CrashLoopBackOff') }),
    ],
  });
  const labelsOf = (kind: string, written: object, fields: Partial<Cycle>) => {
    const daemon = new Daemon([rule(kind, written)], clock('10:00'));
    daemon.cycle(cycle('10:10', fields));
    return daemon.alerts.map(({ labels }) => `${labels['workload']}/${labels['container'] ?? '*'}`);
  };

  test('crash_loop has one alert per workload and container name, its pods summed', () => {
    const second = { ...both, name: 'checkout-2', uid: 'second' };
    assert.deepEqual(labelsOf('crash_loop', {}, { states: [both, second] }), ['checkout/app', 'checkout/side']);
  });

  test('restarts and pod have one alert per workload', () => {
    const failed = pod({ phase: 'Failed', reason: 'Evicted', containers: [container(), container({ name: 'side' })] });
    const restarts = [restartsOf(failed, '10:10', { count: 9 })];
    assert.deepEqual(labelsOf('restarts', { above: 5, within: '1h' }, { states: [failed], restarts }), ['checkout/*']);
  });

  test('usage has one alert per workload and container name, with the worst pod', () => {
    const limits = { cpu: null, memory: 1000 };
    const [one, two] = [
      pod({ containers: [container({ limits })] }),
      pod({ name: 'checkout-2', containers: [container({ limits })] }),
    ];
    const daemon = new Daemon([rule('usage', { resource: 'memory', above: '90%' })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [one, two], usage: [usage(one, { memory: 100 }), usage(two, { memory: 950 })] }));
    assert.equal(daemon.alerts.length, 1);
    assert.deepEqual([daemon.alerts[0]?.value, daemon.alerts[0]?.facts.pods], [0.95, ['checkout-2']]);
  });
});

suite('4.1.9 match and except', () => {
  test('selection comes before summing', () => {
    const [web, batch] = [pod({ labels: { tier: 'web' } }), pod({ name: 'checkout-2', labels: { tier: 'batch' } })];
    const selection = { match: [selector({ labels: { tier: 'web' } })], except: [] };
    const rules = [
      rule('restarts', { above: 3, within: '1h' }, { selection }),
      { ...ratio('1 of 1', { selection }), alert: 'Errors' },
    ];
    const daemon = new Daemon(rules, clock('10:00'));
    daemon.cycle(
      cycle('10:10', {
        states: [web, batch],
        restarts: [restartsOf(web, '10:10', { count: 3 }), restartsOf(batch, '10:10', { count: 3 })],
        minutes: [...errors({ '10:03': 0 }, web), ...errors({ '10:03': 90 }, batch)],
      }),
    );
    assert.deepEqual(daemon.states, []);
  });

  test('an excepted container is not judged', () => {
    const selection = { match: [selector({ namespace: 'shop*' })], except: [selector({ container: 'app' })] };
    const daemon = new Daemon([rule('crash_loop', {}, { selection })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [looping] }));
    assert.deepEqual(daemon.states, []);
  });
});

suite('4.1.10 alert labels', () => {
  test('labels are the subject, the rule and the cluster; the rule does not replace the subject', () => {
    const labels = { team: 'shop', namespace: 'forged' };
    const daemon = new Daemon([rule('crash_loop', {}, { labels, severity: 'critical' })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [looping] }));
    assert.deepEqual(daemon.alerts[0]?.labels, {
      team: 'shop',
      alert: 'Test',
      severity: 'critical',
      cluster: 'test',
      namespace: 'shop',
      kind: 'Deployment',
      workload: 'checkout',
      container: 'app',
    });
  });
});

suite('4.1.12 resolved', () => {
  test('firing -> resolved after two complete collections in which it is false', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['ImagePullBackOff'] })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pulling] }));
    daemon.cycle(cycle('10:20', { states: [pod()] }));
    assert.deepEqual(daemon.states, ['firing']);
    daemon.cycle(cycle('10:30', { states: [pod()] }));
    assert.deepEqual(daemon.states, ['resolved: condition is false']);
    assert.deepEqual(daemon.told, ['10:10 firing', '10:30 resolved']);
  });

  test('a collection that could not read the subject does not count', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['ImagePullBackOff'] })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pulling] }));
    daemon.cycle(cycle('10:20', { states: [pod()] }));
    daemon.cycle(cycle('10:30', { states: [], namespaces: [], podsComplete: false }));
    assert.deepEqual(daemon.states, ['firing unknown']);
    daemon.cycle(cycle('10:40', { states: [pod()] }));
    assert.deepEqual(daemon.told, ['10:10 firing', '10:40 resolved']);
  });

  test('a log condition resolves after two collections without a bad minute', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '10:05': 50 }) }));
    daemon.cycle(cycle('10:20', { states: [pod()] }));
    assert.deepEqual(daemon.states, ['firing']);
    daemon.cycle(cycle('10:30', { states: [pod()] }));
    assert.deepEqual(daemon.told, ['10:06 firing', '10:30 resolved']);
  });

  test('a workload that is absent from a complete list resolves at once, with the reason', () => {
    const daemon = new Daemon([rule('crash_loop', {}), { ...ratio('1 of 1'), alert: 'Errors' }], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [looping], minutes: errors({ '10:09': 50 }) }));
    daemon.cycle(cycle('10:20', { states: [] }));
    assert.deepEqual(daemon.states, ['resolved: workload is gone', 'resolved: workload is gone']);
  });

  test('a container that is gone resolves at once, with the reason', () => {
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [looping] }));
    daemon.cycle(cycle('10:20', { states: [pod({ containers: [container({ name: 'renamed' })] })] }));
    assert.deepEqual(daemon.states, ['resolved: container is gone']);
  });

  test('a cron job between its runs is not gone', () => {
    const failed = pod({ of: 'shop/CronJob/report', containers: [container({ state: waiting('CrashLoopBackOff') })] });
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [failed] }));
    daemon.cycle(cycle('10:20', { states: [] }));
    assert.deepEqual(daemon.states, ['firing unknown']);
  });

  test('a rule that was removed or disabled ends its alerts at once', () => {
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [looping] }));
    daemon.rules = [rule('crash_loop', {}, { enabled: false })];
    daemon.cycle(cycle('10:20', { states: [looping] }));
    assert.deepEqual(daemon.states, ['resolved: rule was removed']);
  });

  test('what resolved stays in the list, and the same subject starts a new life', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['ImagePullBackOff'] }, { resolveAfter: 1 })], clock('10:00'));
    for (const [time, state] of [
      ['10:10', pulling],
      ['10:20', pod()],
      ['10:30', pulling],
    ] as const)
      daemon.cycle(cycle(time, { states: [state] }));
    assert.deepEqual(daemon.states, ['resolved: condition is false', 'firing']);
    assert.equal(new Set(daemon.alerts.map((alert) => alert.id)).size, 2);
  });
});

suite('4.1.13 first start and downtime', () => {
  test('at the first start only what is true at the newest minute fires', () => {
    const daemon = new Daemon([ratio('1 of 1'), { ...ratio('1 of 5'), alert: 'Recent' }], null);
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors({ '09:30': 50, '10:06': 50 }) }));
    assert.deepEqual(
      daemon.alerts.map(({ alert, state, activeAt }) => [alert, state, activeAt]),
      [['Recent', 'firing', clock('10:07')]],
    );
    assert.deepEqual(daemon.told, ['10:07 firing']);
  });

  test('the lookback fills history, so that a hold can have passed at the first start', () => {
    const burst = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`10:0${index}`, 50]));
    const daemon = new Daemon([ratio('1 of 1', { for: 5 * MINUTE })], null);
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: errors(burst) }));
    assert.deepEqual(daemon.told, ['10:01 pending', '10:06 firing']);
  });

  test('after downtime every missed minute is judged; what began and ended meanwhile is told as such', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()] }));
    daemon.cycle(cycle('11:10', { states: [pod()], missed: 5, minutes: errors({ '10:23': 50 }) }));
    assert.deepEqual(daemon.told, ['10:24 firing', '10:50 resolved']);
  });

  test('after downtime state is unknown where no sample is fresh', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['ImagePullBackOff'] }, { for: 30 * MINUTE })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pulling] }));
    daemon.cycle(cycle('13:10', { states: [pulling], missed: 17 }));
    assert.deepEqual(daemon.states, ['pending']);
    assert.equal(daemon.alerts[0]?.unknownFor, clock('13:10') - clock('10:35'));
  });
});

suite('4.1.15 templates', () => {
  test('they know every label and the value, threshold, count, reason, exit code, since, pods, node and image', () => {
    const names = ['workload', 'namespace', 'severity', ...TEMPLATE_NAMES];
    const summary = parseTemplate(names.map((name) => `${name}={{ ${name} }}`).join(' '), new Set(names));
    const ended = {
      containerID: 'x',
      reason: 'OOMKilled',
      exitCode: 137,
      signal: null,
      message: '',
      startedAt: null,
      finishedAt: clock('10:09'),
    };
    const crashed = pod({ containers: [container({ restarts: 3, last: ended, state: waiting('CrashLoopBackOff') })] });
    const daemon = new Daemon([rule('crash_loop', {}, { summary })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [crashed], restarts: [restartsOf(crashed, '10:09', { count: 3 })] }));
    assert.equal(
      daemon.alerts[0]?.summary,
      'workload=checkout namespace=shop severity=warning value=3 threshold=2 count=3 reason=OOMKilled exit_code=137 since=2026-11-21 10:10 UTC pods=checkout-1 node=node-1 image=registry.example.com/app:1',
    );
  });
});

suite('judge', () => {
  test('a rule that throws is told and stops alone; its alerts stand', () => {
    const broken = condition('crash_loop', {});
    const daemon = new Daemon(
      [rule('crash_loop', {}), rule('restarts', { above: 0, within: '1h' }, { alert: 'Other' })],
      clock('10:00'),
    );
    daemon.cycle(cycle('10:10', { states: [looping] }));
    const throwing = {
      ...broken,
      evaluate: () => {
        throw new Error('boom');
      },
    };
    daemon.rules = [rule('crash_loop', {}, { condition: throwing }), ...daemon.rules.slice(1)];
    const verdict = daemon.cycle(cycle('10:20', { states: [looping], restarts: [restartsOf(looping, '10:20')] }));
    assert.deepEqual(
      verdict.evaluations.map(({ alert, error }) => [alert, error]),
      [
        ['Test', 'boom'],
        ['Other', null],
      ],
    );
    assert.deepEqual(daemon.states, ['firing', 'firing']);
  });

  test('the same input gives the same verdict', () => {
    const rules = [rule('crash_loop', {}), { ...ratio('1 of 1'), alert: 'Errors' }];
    const run = () => {
      const daemon = new Daemon(rules, clock('10:00'), windowFor(rules));
      daemon.cycle(cycle('10:10', { states: [looping], minutes: errors({ '10:03': 50 }) }));
      return daemon.alerts;
    };
    assert.deepEqual(run(), run());
  });

  test('a full alert stays below 1 KB but for its rule text', () => {
    const pods = Array.from({ length: 50 }, (_, index) =>
      pod({
        name: `checkout-7d9f8b6c5d-${index}`,
        containers: [container({ state: waiting('CrashLoopBackOff', 'x'.repeat(300)) })],
      }),
    );
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: pods, nodes: [node()] }));
    assert.ok(JSON.stringify(daemon.alerts[0]).length < 1500, `${JSON.stringify(daemon.alerts[0]).length}`);
  });

  test('one rule has two thousand alerts at most', () => {
    const pods = Array.from({ length: MOST_ALERTS_PER_RULE + 10 }, (_, index) =>
      pod({ of: `shop/Pod/p-${index}`, containers: [container({ state: waiting('CrashLoopBackOff') })] }),
    );
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: pods }));
    assert.equal(daemon.alerts.length, MOST_ALERTS_PER_RULE);
  });

  test('a clock that steps back judges no minute twice', () => {
    const daemon = new Daemon([ratio('1 of 1')], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod()] }));
    daemon.cycle({ ...cycle(clock('10:10') - HOUR, { states: [looping] }), id: `${cycle('10:10').id}b` });
    assert.equal(daemon.judgedTo, clock('10:10'));
  });
});
