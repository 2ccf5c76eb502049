import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cycle } from '../../../src/core/model/cycle.ts';
import type { PodState } from '../../../src/core/model/pod.ts';
import {
  isDecision,
  lastCause,
  plainMessage,
  refusalOf,
  schedulingCause,
} from '../../../src/core/rules/evaluation/cause-text.ts';
import { clock, container, cycle, pod, restartsOf, termination, terminationOf, waiting } from '../../build.ts';
import { autoscalerObject, cronJobObject, event, reading, selfReport } from '../../build-objects.ts';
import { Daemon, rule } from '../../build-rule.ts';

/** What a condition says in words of one cycle at 10:10, without the name of the workload. */
function said(kind: string, written: unknown, fields: Partial<Cycle>): readonly string[] {
  const daemon = new Daemon([rule(kind, written)], clock('10:00'));
  daemon.cycle(cycle('10:10', fields));
  return daemon.alerts.map(({ summary }) => summary.replace(/^shop\/checkout(?: \(app\))?: /, ''));
}

suite('a crash loop', () => {
  const looping = (fields: Parameters<typeof termination>[1]) => {
    const back = pod({ containers: [container({ restarts: 2, last: termination('10:09', fields) })] });
    return { states: [back], restarts: [restartsOf(back, '10:09', { count: 2 })] };
  };

  test('names the probe for which the kubelet ended the container, whatever its own end says', () => {
    const fields = looping({ reason: 'Completed', exitCode: 0 });
    const killing = (at: string, message: string) => event(at, { type: 'Normal', reason: 'Killing', message });
    const failed = 'Container app failed liveness probe, will be restarted';
    const loop = (how: string) => [`crash looping, 2 restarts within 30m, ${how}, exit code 0`];
    assert.deepEqual(said('crash_loop', {}, { ...fields, events: [killing('10:09', failed)] }), loop('liveness probe failed'));
    const unhealthy = [event('10:08:30', { reason: 'Unhealthy', message: 'Liveness probe failed: timeout' })];
    assert.deepEqual(said('crash_loop', {}, { ...fields, events: unhealthy }), loop('liveness probe failed'));
    const itself = looping({ reason: 'Error', exitCode: 1 });
    assert.match(said('crash_loop', {}, { ...itself, events: unhealthy })[0] ?? '', /, Error, exit code 1$/);
    const others = [killing('10:06', failed), killing('10:09', failed.replace('app', 'proxy')), killing('10:09', 'Stopping app')];
    assert.deepEqual(said('crash_loop', {}, { ...fields, events: others }), loop('Completed'));
  });

  test('names the probe also of kills that the kubelet does not tell any more, while the ends stay alike', () => {
    const message = 'Container app failed startup probe, will be restarted';
    const kills = ['08:50', '08:51'].map((at) => event(at, { type: 'Normal', reason: 'Killing', message }));
    const told = (exitCode: number, events = kills) => {
      const fields = looping({ reason: 'Error', exitCode });
      const [back] = fields.states;
      assert.ok(back !== undefined);
      const ends = ['08:50', '08:51', '09:30'].map((at) => terminationOf(back, at, { exitCode: 137 }));
      return said('crash_loop', {}, { ...fields, events, terminations: [...ends, terminationOf(back, '10:09', { exitCode })] });
    };
    assert.match(told(137)[0] ?? '', /startup probe failed, exit code 137$/);
    assert.match(told(143)[0] ?? '', /Error, exit code 143$/);
    assert.match(told(137, kills.slice(1))[0] ?? '', /Error, exit code 137$/);
    assert.match(
      told(
        137,
        kills.map((each) => ({ ...each, objectUid: 'of another pod' })),
      )[0] ?? '',
      /Error, exit code 137$/,
    );
  });

  test('names the hook for which the kubelet ended the container', () => {
    const events = [event('10:09', { reason: 'FailedPostStartHook', message: 'PostStartHook failed' })];
    const told = (exitCode: number) => said('crash_loop', {}, { ...looping({ reason: 'Completed', exitCode }), events })[0] ?? '';
    assert.match(told(0), /post-start hook failed, exit code 0$/);
    assert.match(told(1), /Completed, exit code 1$/);
  });

  test('of what could not be started says why, instead of a code that says nothing', () => {
    const message = 'failed to create task: runc create failed: exec: "/app/x": stat /app/x: no such file or directory: unknown';
    assert.deepEqual(said('crash_loop', {}, looping({ reason: 'StartError', exitCode: 128, message })), [
      'crash looping, 2 restarts within 30m, StartError, stat /app/x: no such file or directory',
    ]);
  });
});

suite('what waits', () => {
  test('says which image cannot be pulled and why, as far as the kubelet tells', () => {
    const image = 'registry.example/cart:9';
    const cause = 'failed to resolve reference: Head "https://registry.example/v2/": lookup registry.example: no such host';
    const waits = (message: string) => pod({ containers: [container({ image, state: waiting('ImagePullBackOff', message) })] });
    const told = (message: string) => said('waiting', { reasons: ['ImagePullBackOff'] }, { states: [waits(message)] });
    const backOff = `Back-off pulling image "${image}"`;
    assert.deepEqual(told(`${backOff}: ErrImagePull: ${cause}`), [`1 pod cannot pull ${image}: no such host`]);
    assert.deepEqual(told(backOff), ['1 pod waiting: ImagePullBackOff']);
  });

  test('says what is missing', () => {
    const state = waiting('CreateContainerConfigError', 'configmap "web" not found');
    assert.deepEqual(
      said('waiting', { reasons: ['CreateContainer*'] }, { states: [pod({ containers: [container({ state })] })] }),
      ['1 pod waiting: CreateContainerConfigError, configmap "web" not found'],
    );
  });
});

test('an end for lack of memory tells the limit, and no code', () => {
  const told = (memory: number | null) => {
    const hungry = pod({ containers: [container({ limits: { cpu: null, memory } })] });
    const daemon = new Daemon([rule('terminated', { reasons: ['OOMKilled'] })], clock('10:00'));
    const terminations = [terminationOf(hungry, '10:09', { reason: 'OOMKilled', exitCode: 0 })];
    daemon.cycle(cycle('10:10', { states: [hungry], terminations }));
    return daemon.alerts.flatMap(({ summary, facts }) => [summary, ...(facts.notes ?? [])]);
  };
  assert.deepEqual(told(32 * 1024 * 1024), ['shop/checkout (app): OOMKilled once within 1h', 'its memory limit is 32 MiB']);
  assert.match(told(null)[1] ?? '', /^it has no memory limit of its own/);
});

suite('a pod', () => {
  test('that is not ready names the probe that fails', () => {
    const message = 'Readiness probe failed: HTTP probe failed with statuscode: 500';
    const events = [event('10:08', { reason: 'Unhealthy', message })];
    assert.deepEqual(said('pod', { not_ready: true }, { states: [pod({ ready: 'False' })], events }), [
      `1 pod not ready: ${message}`,
    ]);
  });

  test('that lies on a node is held up by no scheduling any more', () => {
    const events = [event('10:05', { reason: 'FailedScheduling', message: '0/1 nodes are available' })];
    const pending = (node: string) => [pod({ phase: 'Pending', node })];
    assert.deepEqual(said('pod', { phase: 'Pending' }, { states: pending('node-1'), events }), ['1 pod pending: Pending']);
    assert.match(said('pod', { phase: 'Pending' }, { states: pending(''), events })[0] ?? '', /FailedScheduling, 0\/1 nodes/);
  });

  test('that no node takes says why, and not what preemption would do', () => {
    const message =
      '0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No victims.';
    const unscheduled: PodState['conditions'][number] = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      since: clock('10:00'),
    };
    assert.deepEqual(said('pod', { unschedulable: true }, { states: [pod({ phase: 'Pending', conditions: [unscheduled] })] }), [
      '1 pod unschedulable: 0/3 nodes are available: 3 Insufficient cpu',
    ]);
  });

  test('that was evicted says what the kubelet says of it', () => {
    const states = [pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' })];
    assert.deepEqual(said('pod', { reason: 'Evicted' }, { states }), ['1 pod ended: The node was low on resource: memory.']);
    assert.deepEqual(said('pod', { reason: ['Evicted', 'OutOf*'] }, { states }), [
      '1 pod ended: Evicted, The node was low on resource: memory.',
    ]);
  });
});

test('refusals under many generated names are one cause', () => {
  const refused = (name: string) => `Error creating: pods "import-${name}" is forbidden: exceeded quota: small`;
  const about = { reason: 'FailedCreate', of: 'shop/Job/import', kind: 'Job', name: 'import' };
  const events = ['8hc2x', 'zz9bk'].map((name) => event('10:08', { ...about, message: refused(name) }));
  assert.deepEqual(said('event', { reasons: ['FailedCreate'], above: 1 }, { events }), [
    'shop/import: FailedCreate 2 times within 10m: exceeded quota: small',
  ]);
});

test('a cron job whose job is refused says by what', () => {
  const late = cronJobObject({ dueAt: clock('10:05') });
  const of = { kind: 'CronJob', name: late.name, of: `${late.namespace}/CronJob/${late.name}`, reason: 'FailedCreate' };
  const events = [event('10:06', { ...of, message: 'Error creating job: jobs.batch "x" is forbidden: exceeded quota: no-jobs' })];
  assert.deepEqual(said('job', { not_scheduled: true }, { objects: reading([late]), events }), [
    'shop/nightly: no job was made for 2026-11-21 10:05 UTC: exceeded quota: no-jobs',
  ]);
});

suite('an autoscaler that cannot scale', () => {
  const unable = { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', since: clock('10:00') } as const;
  const message =
    'the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in app';

  test('says why', () => {
    const objects = reading([autoscalerObject({ unable: { ...unable, message } })]);
    assert.deepEqual(said('hpa', { unable: true }, { objects }), [
      'unable to scale Deployment/checkout: missing request for cpu in app',
    ]);
    assert.deepEqual(said('hpa', { maxed_out: true }, { objects }), []);
  });

  test('is none where it can', () => {
    assert.deepEqual(said('hpa', { unable: true }, { objects: reading([autoscalerObject()]) }), []);
  });
});

suite('Tocsin itself', () => {
  const forbidden = (source: 'pods' | 'events' | 'jobs' | 'cronjobs' | 'deployments', namespace: string | null) =>
    ({ source, namespace, reason: 'forbidden', message: '403' }) as const;

  test('names together what may not be read in the same places', () => {
    const errors = [
      forbidden('pods', 'payments'),
      forbidden('events', 'shop'),
      forbidden('events', 'payments'),
      forbidden('jobs', 'shop'),
      forbidden('jobs', 'payments'),
    ];
    assert.deepEqual(said('collector', { forbidden: true }, { errors }), [
      'tocsin: not allowed to read pods of payments; events, jobs of payments, shop',
    ]);
    const kinds = ['pods', 'events', 'jobs', 'cronjobs', 'deployments'] as const;
    const many = kinds.flatMap((kind) => ['a', 'b', 'c', 'd'].map((namespace) => forbidden(kind, namespace)));
    assert.deepEqual(said('collector', { forbidden: true }, { errors: many }), [
      'tocsin: not allowed to read pods and 4 more of 4 namespaces',
    ]);
  });

  test('takes no cycle for missed whose time was skipped when the clock was set', () => {
    const told = (missed: number, clockStep: number) =>
      said('collector', { overrun: true }, { missed, self: selfReport({ period: 10_000, clockStep }) });
    assert.deepEqual(told(60, 600_000), []);
    assert.deepEqual(told(61, 595_000), ['tocsin: 1 scheduled cycle before this one did not run, or failed']);
    assert.deepEqual(told(2, -600_000), ['tocsin: 2 scheduled cycles before this one did not run, or failed']);
  });

  test('tells metrics that may not be read from an API that does not answer', () => {
    const usage = { usageSource: 'unavailable' } as const;
    const error = { source: 'metrics', namespace: null, reason: 'forbidden', message: '403' } as const;
    const told = (fields: Partial<Cycle>) => said('collector', { metrics_missing: true }, fields);
    assert.match(told({ ...usage, errors: [error] })[0] ?? '', /the metrics API may not be read/);
    assert.match(told(usage)[0] ?? '', /the metrics API did not answer/);
  });
});

suite('texts of Kubernetes', () => {
  test('are stripped of what stands around their cause', () => {
    assert.equal(
      plainMessage('Failed to create pod sandbox: rpc error: code = Unknown desc = no runtime for "x" is configured'),
      'no runtime for "x" is configured',
    );
    assert.equal(plainMessage('(combined from similar events): Error creating: pods "a" is forbidden: quota'), 'quota');
    assert.equal(plainMessage('admission webhook "w" denied the request: no latest tags'), 'no latest tags');
    assert.equal(plainMessage('secret "tls" not found'), 'secret "tls" not found');
    assert.equal(
      schedulingCause('0/1 nodes are available: 1 node(s) had untolerated taint {a.b/c: }. preemption: x'),
      '0/1 nodes are available: 1 node(s) had untolerated taint {a.b/c: }',
    );
    assert.equal(schedulingCause(''), '');
  });

  test('tell what was decided from what may pass by itself', () => {
    for (const message of [
      'pods "a" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=2, limited: pods=2',
      'pods "a" is forbidden: failed quota: compute: must specify limits.cpu for: app',
      'pods "a" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
      'pods "a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      'admission webhook "w" denied the request: no latest tags',
      "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no owner",
    ])
      assert.ok(isDecision(message), message);
    for (const message of [
      'Internal error occurred: failed calling webhook "w": failed to call webhook: Post "https://w.w.svc": connection refused',
      'pods "a" is forbidden: error looking up service account shop/app: serviceaccount "app" not found',
      'pods "a" is forbidden: status unknown for quota: compute, resources: pods',
      'pods "a" is forbidden: unable to create new content in namespace shop because it is being terminated',
    ])
      assert.ok(!isDecision(message), message);
  });

  test('name the webhook that cannot be asked, and why', () => {
    assert.equal(
      refusalOf(
        'Internal error occurred: failed calling webhook "w.x": failed to call webhook: Post "https://w.w.svc:443/?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused',
      ),
      'webhook "w.x" cannot be asked: connect: connection refused',
    );
    assert.equal(refusalOf('failed calling webhook "w": connection refused'), 'webhook "w" cannot be asked: connection refused');
    assert.equal(refusalOf('admission webhook "w" denied the request: no latest tags'), 'no latest tags');
    assert.equal(refusalOf('no endpoints available'), null);
  });

  test('say at their ends why, in at most 100 characters', () => {
    assert.equal(lastCause('a: b: c: not found: unknown'), 'c: not found');
    assert.equal(lastCause('not found', 1), 'not found');
    assert.equal(lastCause(`a: ${'b'.repeat(300)}`).length, 100);
    assert.equal(lastCause(''), '');
  });
});
