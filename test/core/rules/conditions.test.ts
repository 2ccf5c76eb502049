import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cycle } from '../../../src/core/model/cycle.ts';
import type { PodState } from '../../../src/core/model/pod.ts';
import { notes } from '../../../src/core/rules/evaluation/facts.ts';
import {
  clock,
  container,
  cycle,
  minute,
  node,
  pod,
  refOf,
  restartsOf,
  termination,
  terminationOf,
  usage,
  waiting,
} from '../../build.ts';
import { event } from '../../build-objects.ts';
import { condition, Daemon, problemsOf, rule } from '../../build-rule.ts';

/** The alerts of one cycle at 10:10, as `SUBJECT reason value`. */
function told(kind: string, written: unknown, fields: Partial<Cycle>): readonly string[] {
  const daemon = new Daemon([rule(kind, written)], clock('10:00'));
  daemon.cycle(cycle('10:10', fields));
  return daemon.alerts.map(({ labels, facts, value }) => `${labels['workload']} ${facts.reason ?? '-'} ${value}`);
}

/** The verdicts of one look at a state. */
function verdicts(kind: string, written: unknown, fields: Partial<Cycle>): readonly string[] {
  const daemon = new Daemon([rule(kind, written)], clock('10:00'));
  const [evaluation] = daemon.cycle(cycle('10:10', fields)).evaluations;
  return evaluation?.samples.map((sample) => `${sample.verdict} ${sample.value}`) ?? [];
}

const unscheduled = (reason: string): PodState['conditions'][number] => ({
  type: 'PodScheduled',
  status: 'False',
  reason,
  message: '0/3 nodes are available',
  since: clock('10:00'),
});

suite('crash_loop', () => {
  test('restarts alone make one: most moments of CrashLoopBackOff are missed', () => {
    const last = termination('10:09', { reason: 'OOMKilled', exitCode: 137 });
    const back = pod({ containers: [container({ restarts: 2, last })] });
    assert.deepEqual(told('crash_loop', {}, { states: [back], restarts: [restartsOf(back, '10:09', { count: 2 })] }), [
      'checkout OOMKilled 2',
    ]);
  });

  test('restarts of several pods are one loop, and with `together` only where enough of the pods restarted', () => {
    const pods = ['a', 'b', 'c', 'd', 'e'].map((name) => pod({ name, containers: [container({ restarts: 1 })] }));
    const [a, b, c] = pods;
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    const two = { states: pods, restarts: [restartsOf(a, '10:08'), restartsOf(b, '10:09')] };
    assert.deepEqual(told('crash_loop', {}, two), ['checkout - 2']);
    assert.deepEqual(told('crash_loop', { together: '50%' }, two), []);
    assert.deepEqual(told('crash_loop', { together: '40%' }, two), ['checkout - 2']);
    const three = { ...two, restarts: [...two.restarts, restartsOf(c, '10:09')] };
    assert.deepEqual(told('crash_loop', { together: '50%' }, three), ['checkout - 3']);
    const twice = { ...two, restarts: [restartsOf(a, '10:08'), restartsOf(b, '10:09', { count: 3 })] };
    assert.deepEqual(told('crash_loop', { together: '50%' }, twice), ['checkout - 3']);
  });

  test('with `together` init containers of several pods that were tried again once are no loop', () => {
    const init = container({ name: 'migrate', role: 'init', restarts: 1 });
    const [a, b] = ['a', 'b'].map((name) => pod({ name, containers: [init] }));
    assert.ok(a !== undefined && b !== undefined);
    const retry = { container: 'migrate' };
    const once = { states: [a, b], restarts: [restartsOf(a, '10:08', retry), restartsOf(b, '10:09', retry)] };
    assert.deepEqual(told('crash_loop', {}, once), ['checkout - 2']);
    assert.deepEqual(told('crash_loop', { together: '50%' }, once), []);
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(cycle('10:10', once));
    assert.match(daemon.alerts[0]?.facts.notes?.join() ?? '', /it is an init container/);
  });

  test('exit code 0 counts too', () => {
    const completed = pod({
      containers: [container({ restarts: 2, last: termination('10:09', { reason: 'Completed', exitCode: 0 }) })],
    });
    assert.deepEqual(told('crash_loop', {}, { states: [completed], restarts: [restartsOf(completed, '10:09', { count: 2 })] }), [
      'checkout Completed 2',
    ]);
  });

  test('init containers and sidecars loop as well', () => {
    for (const role of ['init', 'sidecar'] as const) {
      const stuck = pod({ phase: 'Pending', containers: [container({ role, state: waiting('CrashLoopBackOff') })] });
      assert.deepEqual(told('crash_loop', {}, { states: [stuck] }), ['checkout CrashLoopBackOff 0']);
    }
  });

  test('a pod under deletion loops no more', () => {
    const leaving = pod({ deletedAt: clock('10:09'), containers: [container({ state: waiting('CrashLoopBackOff') })] });
    assert.deepEqual(told('crash_loop', {}, { states: [leaving] }), []);
  });

  test('of several pods the newest comes first, with its image and its limit', () => {
    const crashed = (name: string, fields: Parameters<typeof container>[0]) => {
      const last = termination('10:09', { reason: 'OOMKilled', exitCode: 137 });
      return pod({ name, containers: [container({ restarts: 1, last, ...fields })] });
    };
    const old = crashed('checkout-old', { image: 'shop:1', limits: { cpu: null, memory: 2 ** 27 } });
    const young = crashed('checkout-young', { image: 'shop:2', limits: { cpu: null, memory: 2 ** 24 } });
    for (const kind of ['crash_loop', 'terminated', 'restarts']) {
      const daemon = new Daemon([rule(kind, kind === 'restarts' ? { above: 1, within: '30m' } : {})], clock('10:00'));
      const states = [old, { ...young, createdAt: clock('10:00') }];
      const restarts = states.map((each) => restartsOf(each, '10:09'));
      daemon.cycle(
        cycle('10:10', {
          states,
          restarts,
          terminations: states.map((each) => terminationOf(each, '10:09', { reason: 'OOMKilled' })),
        }),
      );
      const facts = daemon.alerts[0]?.facts;
      assert.deepEqual(facts?.pods, ['checkout-young', 'checkout-old']);
      if (kind !== 'restarts') assert.deepEqual([facts?.image, facts?.notes], ['shop:2', ['its memory limit is 16 MiB']]);
    }
  });

  test('lines are of containers that have run, not of one that waits for its image', () => {
    const silent = pod({
      name: 'checkout-new',
      createdAt: clock('10:00'),
      containers: [container({ image: 'shop:none', containerID: '', state: waiting('ImagePullBackOff') })],
    });
    const daemon = new Daemon([rule('log_match', { level: 'error' })], clock('10:00'));
    const minutes = [{ ref: refOf(pod()), minutes: [minute('10:05', { levels: { error: 3 } })] }];
    daemon.cycle(cycle('10:10', { states: [pod(), silent], minutes }));
    const facts = daemon.alerts[0]?.facts;
    assert.deepEqual([facts?.pods, facts?.image], [['checkout-1'], 'registry.example.com/app:1']);
  });

  test('of pods that were replaced it names those, and not their followers', () => {
    const crashed = pod({ name: 'checkout-old', node: 'node-2' });
    const follower = pod({ name: 'checkout-new', containers: [container({ limits: { cpu: null, memory: 2 ** 27 } })] });
    const daemon = new Daemon([rule('crash_loop', {})], clock('10:00'));
    daemon.cycle(
      cycle('10:10', {
        states: [follower],
        restarts: [restartsOf(crashed, '10:09', { count: 2 })],
        terminations: [terminationOf(crashed, '10:09', { reason: 'OOMKilled', exitCode: 137 })],
      }),
    );
    const facts = daemon.alerts[0]?.facts;
    assert.deepEqual([facts?.pods, facts?.node, facts?.notes], [['checkout-old'], 'node-2', undefined]);
    const spike = new Daemon([rule('restarts', { above: 1, within: '30m' })], clock('10:00'));
    spike.cycle(cycle('10:10', { states: [follower], restarts: [restartsOf(crashed, '10:09', { count: 2 })] }));
    assert.deepEqual(spike.alerts[0]?.facts.pods, ['checkout-old']);
  });

  test('one failed exit is none', () => {
    assert.deepEqual(told('crash_loop', {}, { states: [pod()], restarts: [restartsOf(pod(), '10:09')] }), []);
  });
});

suite('waiting', () => {
  test('ErrImagePull and ImagePullBackOff are one class: the alert neither ends nor changes its text', () => {
    const daemon = new Daemon([rule('waiting', { reasons: ['ImagePullBackOff'] })], clock('10:00'));
    for (const [time, reason] of [
      ['10:10', 'ErrImagePull'],
      ['10:20', 'ImagePullBackOff'],
      ['10:30', 'ErrImagePull'],
    ] as const)
      daemon.cycle(cycle(time, { states: [pod({ containers: [container({ state: waiting(reason) })] })] }));
    assert.deepEqual(daemon.told, ['10:10 firing']);
    assert.equal(daemon.alerts[0]?.summary, 'shop/checkout (app): 1 pod waiting: ImagePullBackOff');
  });

  test('reasons are globs; init containers also have the reason that kubectl prints', () => {
    const stuck = pod({ containers: [container({ role: 'init', state: waiting('CreateContainerConfigError') })] });
    assert.equal(told('waiting', { reasons: ['*ConfigError'] }, { states: [stuck] }).length, 1);
    assert.equal(told('waiting', { reasons: ['Init:*'] }, { states: [stuck] }).length, 1);
    assert.equal(told('waiting', { reasons: ['RunContainerError'] }, { states: [stuck] }).length, 0);
  });

  test('a container that is being created waits for no named reason', () => {
    assert.deepEqual(
      told(
        'waiting',
        { reasons: ['*Error', 'Err*'] },
        { states: [pod({ containers: [container({ state: waiting('ContainerCreating') })] })] },
      ),
      [],
    );
  });
});

suite('terminated', () => {
  const ends = (...fields: readonly Partial<Cycle['terminations'][number]>[]) =>
    fields.map((each, index) => terminationOf(pod(), `10:0${index}`, each));

  test('ends of the kind are counted over the time', () => {
    const terminations = ends(
      { reason: 'OOMKilled', exitCode: 137 },
      { reason: 'Error' },
      { reason: 'OOMKilled', exitCode: 137 },
    );
    assert.deepEqual(told('terminated', { reasons: ['OOMKilled'], within: '1h' }, { states: [pod()], terminations }), [
      'checkout OOMKilled 2',
    ]);
    assert.deepEqual(
      told('terminated', { reasons: ['OOMKilled'], count: 3, within: '1h' }, { states: [pod()], terminations }),
      [],
    );
  });

  test('reasons and exit codes must both hold', () => {
    const terminations = ends({ reason: 'Error', exitCode: 137 });
    assert.equal(told('terminated', { exit_codes: [137] }, { states: [pod()], terminations }).length, 1);
    assert.equal(told('terminated', { reasons: ['OOMKilled'], exit_codes: [137] }, { states: [pod()], terminations }).length, 0);
  });

  test('without either any failure counts, and a completed job does not', () => {
    assert.equal(told('terminated', {}, { states: [pod()], terminations: ends({ exitCode: 3 }) }).length, 1);
    assert.equal(told('terminated', {}, { states: [pod()], terminations: ends({ reason: 'Completed', exitCode: 0 }) }).length, 0);
  });

  test('a failing init container has the reason that kubectl prints', () => {
    const terminations = ends({ init: true, reason: 'Error' });
    assert.equal(told('terminated', { reasons: ['Init:Error'] }, { states: [pod()], terminations }).length, 1);
  });

  test('an old end does not count', () => {
    assert.deepEqual(
      told('terminated', { within: '30m' }, { states: [pod()], terminations: [terminationOf(pod(), '09:30')] }),
      [],
    );
  });

  test('with one_pod those of the pod that has most count', () => {
    const two = pod({ name: 'checkout-2', uid: 'two' });
    const states = [pod(), two];
    const once = [...ends({}), terminationOf(two, '10:02')];
    assert.deepEqual(told('terminated', { count: 2 }, { states, terminations: once }), ['checkout Error 2']);
    assert.deepEqual(told('terminated', { count: 2, one_pod: true }, { states, terminations: once }), []);
    const twice = [...ends({}, {}), terminationOf(two, '10:02')];
    assert.deepEqual(told('terminated', { count: 2, one_pod: true }, { states, terminations: twice }), ['checkout Error 2']);
  });

  test('with apart single ends count, those of the pod that has most, and kills by a probe that are an hour apart', () => {
    const [one, two] = [pod(), pod({ name: 'checkout-2', uid: 'two' })];
    const tell = (spec: object, times: readonly string[], fields: Partial<Cycle> = {}) =>
      told(
        'terminated',
        { within: '6h', apart: '30m', ...spec },
        {
          states: [one, two],
          terminations: times.map((at) => terminationOf(one, at, { containerID: at, exitCode: 137 })),
          ...fields,
        },
      );
    const far = ['05:00', '05:40', '06:20', '09:00'];
    assert.deepEqual(tell({ count: 4 }, far), ['checkout Error 4']);
    assert.deepEqual(tell({ count: 4 }, [...far, '09:29']), []);
    assert.deepEqual(tell({ count: 3 }, [...far, '09:29']), ['checkout Error 3']);
    assert.deepEqual(
      tell({ count: 4 }, ['04:10', ...far.slice(1), '04:39']),
      [],
      'the neighbour that is too old to count counts as one',
    );
    const others = ['05:20', '07:00'].map((at) => terminationOf(two, at, { containerID: at }));
    const terminations = [...far.map((at) => terminationOf(one, at, { containerID: at })), ...others];
    assert.deepEqual(tell({ count: 5 }, [], { terminations }), []);
    const killed = event('05:00', {
      type: 'Normal',
      reason: 'Killing',
      message: 'Container app failed liveness probe, will be restarted',
    });
    assert.deepEqual(tell({ count: 4 }, far, { events: [killed] }), []);
    const hourly = ['05:00', '06:10', '07:20', '09:00'];
    assert.deepEqual(tell({ count: 4, reasons: ['Other'] }, hourly, { events: [killed] }), []);
    assert.deepEqual(tell({ count: 1, reasons: ['Other'] }, hourly, { events: [killed] }), ['checkout liveness probe failed 1']);
  });
});

suite('terminated with apart', () => {
  test('it is over once the pod has run for three times as long as on average between its ends', () => {
    const daemon = new Daemon([rule('terminated', { count: 3, within: '6h', apart: '30m' })], clock('05:00'));
    const terminations = ['05:00', '05:50', '06:20'].map((at) => terminationOf(pod(), at, { containerID: at }));
    daemon.cycle(cycle('06:30', { states: [pod()], terminations }));
    assert.deepEqual(
      daemon.alerts.map(({ state, value }) => [state, value]),
      [['firing', 3]],
    );
    const verdict = (at: string) => daemon.cycle(cycle(at, { states: [pod()] })).evaluations.at(-1)?.samples[0]?.verdict;
    assert.deepEqual(['08:19', '08:21'].map(verdict), ['true', 'false']);
    const [alert] = daemon.alerts;
    assert.equal(alert?.summary, 'shop/checkout (app): Error 3 times within 6h, exit code 1');
  });
});

suite('pod', () => {
  test('not_ready goes by the Ready condition', () => {
    assert.deepEqual(told('pod', { not_ready: true }, { states: [pod({ ready: 'False' })] }), ['checkout ContainersNotReady 1']);
    assert.deepEqual(told('pod', { not_ready: true }, { states: [pod({ ready: 'Unknown' })] }), [
      'checkout ContainersNotReady 1',
    ]);
    assert.deepEqual(told('pod', { not_ready: true }, { states: [pod()] }), []);
  });

  test('finished, deleted, gated and completed pods are not meant to be ready', () => {
    const unready = { ready: 'False' } as const;
    const completed = { type: 'Ready', status: 'False', reason: 'PodCompleted', message: '', since: null } as const;
    const states = [
      pod({ ...unready, name: 'a', phase: 'Succeeded' }),
      pod({ ...unready, name: 'b', phase: 'Failed' }),
      pod({ ...unready, name: 'c', deletedAt: clock('10:09') }),
      pod({ name: 'd', phase: 'Pending', conditions: [unscheduled('SchedulingGated'), { ...completed, reason: '' }] }),
      pod({ name: 'e', conditions: [completed] }),
    ];
    assert.deepEqual(told('pod', { not_ready: true }, { states }), []);
  });

  test('Pending takes what waits to start, but not what a gate holds back', () => {
    assert.equal(told('pod', { phase: 'Pending' }, { states: [pod({ phase: 'Pending' })] }).length, 1);
    assert.deepEqual(
      told('pod', { phase: 'Pending' }, { states: [pod({ phase: 'Pending', conditions: [unscheduled('SchedulingGated')] })] }),
      [],
    );
  });

  test('unschedulable is what the scheduler says', () => {
    const stuck = pod({ phase: 'Pending', node: '', containers: [], conditions: [unscheduled('Unschedulable')] });
    const daemon = new Daemon([rule('pod', { unschedulable: true })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [stuck] }));
    assert.deepEqual(daemon.alerts[0]?.facts, {
      count: 1,
      reason: 'Unschedulable',
      pods: ['checkout-1'],
      notes: ['0/3 nodes are available'],
    });
  });

  test('an evicted pod counts for a day after its end, and not for ever', () => {
    const evicted = (since: number) =>
      pod({
        phase: 'Failed',
        reason: 'Evicted',
        containers: [],
        conditions: [{ type: 'Ready', status: 'False', reason: '', message: '', since }],
      });
    assert.deepEqual(told('pod', { reason: ['Evicted'] }, { states: [evicted(clock('10:05'))] }), ['checkout Evicted 1']);
    assert.deepEqual(told('pod', { reason: ['Evicted'] }, { states: [evicted(clock('10:05') - 25 * 3_600_000)] }), []);
  });

  test('a pod that fails while it is deleted is a rollout, not a failure', () => {
    assert.deepEqual(told('pod', { phase: 'Failed' }, { states: [pod({ phase: 'Failed', deletedAt: clock('10:09') })] }), []);
  });

  test('of several keys all must hold', () => {
    const failed = pod({ phase: 'Failed', reason: 'NodeShutdown' });
    assert.deepEqual(told('pod', { phase: 'Failed', reason: 'Evicted' }, { states: [failed] }), []);
  });
});

suite('usage', () => {
  const limits = { cpu: 2, memory: 1000 };
  const limited = pod({ containers: [container({ limits, requests: { cpu: 1, memory: 500 } })] });

  test('shares of limit, request and node, and absolute use', () => {
    const fields = {
      states: [limited],
      nodes: [node({ allocatable: { cpu: 4, memory: 4000 } })],
      usage: [usage(limited, { cpu: 1, memory: 800 })],
    };
    assert.deepEqual(verdicts('usage', { resource: 'memory', above: '75%' }, fields), ['true 0.8']);
    assert.deepEqual(verdicts('usage', { resource: 'cpu', of: 'limit', above: '75%' }, fields), ['false 0.5']);
    assert.deepEqual(verdicts('usage', { resource: 'memory', of: 'request', above: '100%' }, fields), ['true 1.6']);
    assert.deepEqual(verdicts('usage', { resource: 'memory', of: 'node', below: '25%' }, fields), ['true 0.2']);
    assert.deepEqual(verdicts('usage', { resource: 'cpu', of: 'absolute', above: '500m' }, fields), ['true 1']);
    assert.deepEqual(verdicts('usage', { resource: 'memory', of: 'absolute', above: '1Ki' }, fields), ['false 800']);
  });

  test('no limit means no percentage, and says so', () => {
    const daemon = new Daemon([rule('usage', { resource: 'memory', above: '90%' })], clock('10:00'));
    const [evaluation] = daemon.cycle(cycle('10:10', { states: [pod()], usage: [usage(pod(), { memory: 5000 })] })).evaluations;
    const [sample] = evaluation?.samples ?? [];
    assert.deepEqual(
      [sample?.verdict, sample?.value, sample?.facts.notes],
      ['false', null, ['no memory limit, so no percentage']],
    );
  });

  test('without metrics it is unknown: of all, or of a pod that runs', () => {
    for (const usageSource of ['absent', 'unavailable'] as const)
      assert.deepEqual(verdicts('usage', { resource: 'memory', above: '90%' }, { states: [limited], usageSource }), [
        'unknown null',
      ]);
    assert.deepEqual(verdicts('usage', { resource: 'memory', above: '90%' }, { states: [limited] }), ['unknown null']);
  });

  test('the worst pod decides, even when another cannot be seen', () => {
    const unseen = { ...limited, name: 'checkout-2', uid: 'second' };
    const fields = { states: [limited, unseen], usage: [usage(limited, { memory: 950 })] };
    assert.deepEqual(verdicts('usage', { resource: 'memory', above: '90%' }, fields), ['true 0.95']);
    assert.deepEqual(verdicts('usage', { resource: 'memory', above: '96%' }, fields), ['unknown 0.95']);
    const daemon = new Daemon([rule('usage', { resource: 'memory', above: '96%' })], clock('10:00'));
    const [evaluation] = daemon.cycle(cycle('10:10', fields)).evaluations;
    assert.equal(evaluation?.samples[0]?.clause, `unknown data: no metrics of pod ${unseen.name}`);
  });

  test('a finished pod uses nothing', () => {
    assert.deepEqual(verdicts('usage', { resource: 'memory', above: '90%' }, { states: [{ ...limited, phase: 'Succeeded' }] }), [
      'false null',
    ]);
  });
});

suite('error_ratio', () => {
  const lines = (counts: Parameters<typeof minute>[1]) => [{ ref: refOf(pod()), minutes: [minute('10:09', counts)] }];

  test('of says what is counted in', () => {
    const written = { errors: { status: '5xx' }, of: { status: '*' }, above: '5%', min_count: 10 };
    assert.deepEqual(
      verdicts('error_ratio', written, { states: [pod()], minutes: lines({ levels: { info: 900 }, statuses: { 2: 9, 5: 1 } }) }),
      ['true 0.1'],
    );
  });

  test('a line of no known level counts in of, never as an error', () => {
    const written = { errors: { level: 'error' }, above: '5%' };
    assert.deepEqual(verdicts('error_ratio', written, { states: [pod()], minutes: lines({ levels: { none: 90, error: 10 } }) }), [
      'true 0.1',
    ]);
  });

  test('the value is the share over the bad minutes together', () => {
    const minutes = [
      {
        ref: refOf(pod()),
        minutes: [minute('10:08', { levels: { error: 10, info: 10 } }), minute('10:09', { levels: { info: 500 } })],
      },
    ];
    const written = { errors: { level: 'error' }, above: '5%', minutes: '1 of 10' };
    assert.deepEqual(verdicts('error_ratio', written, { states: [pod()], minutes }), ['true 0.5']);
  });
});

suite('log_match', () => {
  const lines = (count: number) => [{ ref: refOf(pod()), minutes: [minute('10:01', { levels: { fatal: count } })] }];

  test('above 0 is any, and the minutes stand for the time', () => {
    assert.deepEqual(verdicts('log_match', { level: 'fatal', within: '10m' }, { states: [pod()], minutes: lines(1) }), [
      'true 1',
    ]);
    assert.deepEqual(verdicts('log_match', { level: 'fatal', within: '5m' }, { states: [pod()], minutes: lines(1) }), [
      'false 0',
    ]);
    assert.deepEqual(verdicts('log_match', { level: 'fatal', above: 3, within: '10m' }, { states: [pod()], minutes: lines(3) }), [
      'false 3',
    ]);
  });

  test('a loss within the time never counts as zero', () => {
    const gaps = [
      {
        namespace: 'shop',
        workload: pod().workload,
        pod: 'checkout-1',
        container: 'app',
        from: clock('10:04'),
        to: clock('10:05'),
        reason: 'rotated',
      },
    ] as const;
    assert.deepEqual(verdicts('log_match', { level: 'fatal', within: '10m' }, { states: [pod()], gaps }), ['unknown 0']);
    assert.deepEqual(verdicts('log_match', { level: 'fatal', within: '5m' }, { states: [pod()], gaps }), ['false 0']);
  });

  test('a matcher that the window does not count yet is unknown', () => {
    const { rules, window } = new Daemon([rule('restarts', { above: 1, within: '1h' })], clock('10:00'));
    assert.equal(rules.length, 1);
    const daemon = new Daemon([rule('log_match', { pattern: 'panic' })], clock('10:00'), window);
    const [evaluation] = daemon.cycle(cycle('10:10', { states: [pod()] })).evaluations;
    assert.equal(evaluation?.samples[0]?.verdict, 'unknown');
  });
});

suite('how conditions are written', () => {
  test('every one says itself as a person would', () => {
    const texts = [
      condition('crash_loop', {}),
      condition('restarts', { above: 5, within: '1h' }),
      condition('waiting', { reasons: ['ImagePullBackOff'] }),
      condition('terminated', { reasons: ['OOMKilled'], within: '1h' }),
      condition('pod', { not_ready: true }),
      condition('usage', { resource: 'memory', above: '90%' }),
      condition('error_ratio', { errors: { level: 'error' }, above: '5%', minutes: '3 of 10' }),
      condition('log_match', { level: 'fatal', within: '10m' }),
    ].map((each) => each.text);
    assert.deepEqual(texts, [
      'CrashLoopBackOff, or at least 2 restarts within 30m',
      'more than 5 restarts within 1h',
      'waiting for ImagePullBackOff',
      'at least 1 termination (OOMKilled) within 1h',
      'a pod not ready',
      'memory above 90% of limit',
      'error lines above 5% (min 20 lines) in 3 of 10 minutes',
      'any fatal line within 10m',
    ]);
  });

  test('a headline counts lines in words, whatever the expressions are', () => {
    const said = (kind: string, spec: object, value: number) =>
      condition(kind, spec).phrase({
        subject: { namespace: 'n', kind: 'Deployment', workload: 'w' },
        verdict: 'true',
        value,
        facts: {},
      });
    const dying = { any: [{ level: 'fatal' }, { pattern: '^(panic|fatal error): ' }] };
    assert.equal(said('log_match', dying, 1), '1 matching line within 10m');
    const several = { any: [...dying.any, { pattern: '^terminate called' }], above: 2 };
    assert.equal(condition('log_match', several).text, 'more than 2 lines (fatal or one of 2 patterns) within 10m');
    assert.equal(said('log_match', { level: 'fatal' }, 3), '3 fatal lines within 10m');
    assert.equal(said('log_match', { status: '5xx', above: 2 }, 3), '3 lines with status 5xx within 10m (threshold 2)');
    const answers = { errors: { status: '5xx' }, of: { status: '*' }, above: '5%' };
    assert.equal(said('error_ratio', answers, 0.2), '20% answers with status 5xx (threshold 5%)');
    assert.equal(said('pod', { unschedulable: true }, 1), '1 pod unschedulable');
  });

  test('a long expression is cut where people read it', () => {
    const { text } = condition('log_match', { pattern: `^${'x'.repeat(100)}` });
    assert.equal(text, `any /^${'x'.repeat(39)}…/ line within 10m`);
  });

  test('a long note keeps its beginning and its end', () => {
    const { notes: [note = ''] = [] } = notes([`runc create failed: ${'because '.repeat(60)}no such file or directory`]);
    assert.equal(note.length, 200);
    assert.match(note, /^runc create failed: because .* … .*no such file or directory$/);
  });

  test('what is wrong is said', () => {
    const problems: readonly (readonly [string, unknown, RegExp])[] = [
      ['crash_loop', { restart: 2 }, /unknown key "restart"; did you mean "restarts"/],
      ['restarts', { above: 5 }, /missing key "within"/],
      ['pod', {}, /at least one of phase/],
      ['usage', { resource: 'memory', above: '512Mi' }, /a percentage such as 90% for memory of limit/],
      ['usage', { resource: 'memory', of: 'absolute', above: '90%' }, /a size such as 512Mi/],
      ['usage', { resource: 'cpu' }, /either above or below/],
      ['error_ratio', { errors: { level: 'error' }, above: '5%', minutes: '4 of 3' }, /minutes such as 3 of 10/],
      ['error_ratio', { errors: {}, above: '5%' }, /expected one of level/],
      ['error_ratio', { errors: { levle: 'error' }, above: '5%' }, /did you mean "level"/],
      ['log_match', { field: {} }, /at least one field/],
      ['log_match', { field: { name: '[x' } }, /bad glob "\[x"/],
      ['log_value', { field: 'latency', above: 'soon' }, /a number, or a time such as 500ms/],
      ['log_value', { field: 'latency', above: 1, percentile: 101 }, /at most 100/],
      ['new_pattern', { level: 'bad' }, /expected one of trace/],
      ['log_match', { pattern: '(' }, /./],
      ['log_match', { level: 'fatal', within: '90s' }, /whole minutes/],
      ['log_match', { status: 700 }, /HTTP status/],
    ];
    for (const [kind, written, expected] of problems) {
      const found = problemsOf(kind, written);
      assert.equal(found.length, 1, `${kind} ${JSON.stringify(written)}: ${found.join('; ')}`);
      assert.match(found[0] ?? '', expected);
    }
  });

  test('matchers nest, and several keys mean all of them', () => {
    assert.deepEqual(
      condition('log_match', { any: [{ level: 'fatal' }, { all: [{ status: 503 }, { pattern: 'x' }] }] }).matchers,
      [
        {
          kind: 'any',
          matchers: [
            { kind: 'level', atLeast: 6 },
            {
              kind: 'all',
              matchers: [
                { kind: 'status', status: 503 },
                { kind: 'pattern', pattern: 'x' },
              ],
            },
          ],
        },
      ],
    );
    assert.equal(condition('log_match', { level: 'error', pattern: 'x' }).evidence?.kind, 'all');
  });
});
