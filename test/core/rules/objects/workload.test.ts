import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cycle } from '../../../../src/core/model/cycle.ts';
import type { WorkloadObject } from '../../../../src/core/model/objects/cluster-object.ts';
import type { PodState } from '../../../../src/core/model/pod.ts';
import type { Sample } from '../../../../src/core/rules/condition.ts';
import { clock, container, cycle, pod, selector, terminated, termination, waiting } from '../../../build.ts';
import { event, progress, reading, workloadObject } from '../../../build-objects.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const ALL = { rollout_stuck: true, replicas_mismatch: true, replica_failure: true, misscheduled: true };
const STUCK = progress({
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'timed out progressing',
  since: clock('10:08'),
});

/** What a rule says of one workload at 10:10, and how. */
function judged(each: WorkloadObject, fields: Partial<Cycle> = {}, written: unknown = ALL): Sample & { readonly text: string } {
  const { condition } = rule('workload', written);
  const daemon = new Daemon([rule('workload', written)], clock('10:00'));
  const { evaluations } = daemon.cycle(cycle('10:10', { objects: reading([each]), ...fields }));
  const [sample] = evaluations[0]?.samples ?? [];
  assert.ok(sample !== undefined);
  return { ...sample, text: condition.phrase(sample) };
}

suite('a stuck rollout', () => {
  test('names what its pods wait for', () => {
    const states = [
      pod({ name: 'checkout-old' }),
      pod({
        name: 'checkout-new',
        ready: 'False',
        containers: [container({ ready: false, state: waiting('ImagePullBackOff', 'not found') })],
      }),
    ];
    const found = judged(workloadObject({ desired: 2, updated: 1, available: 1, progress: STUCK }), { states });
    assert.equal(found.verdict, 'true');
    assert.equal(found.text, 'rollout is stuck with 1 of 2 pods updated, 1 available: ImagePullBackOff');
    assert.deepEqual(found.facts.pods, ['checkout-new']);
    assert.deepEqual(found.facts.notes?.slice(1), ['timed out progressing', 'not found']);
    assert.equal(found.since, clock('10:08'));
  });

  test('names how its pods end, and a quota before anything else', () => {
    const crashing = pod({
      ready: 'False',
      containers: [container({ ready: false, state: waiting('CrashLoopBackOff'), last: termination('10:09', { exitCode: 3 }) })],
    });
    const rollout = workloadObject({ desired: 1, updated: 1, available: 0, progress: STUCK });
    const found = judged(rollout, { states: [crashing] }, { rollout_stuck: true });
    assert.equal(found.facts.reason, 'CrashLoopBackOff');
    assert.equal(found.facts.exit_code, 3);
    const failure = {
      ...STUCK,
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: 'pods "a" is forbidden: exceeded quota: small',
    } as const;
    const refused = judged({ ...rollout, failure }, { states: [crashing] });
    assert.equal(refused.text, '1 pod refused: exceeded quota: small');
  });

  test('of a StatefulSet or DaemonSet is one that has updated no further pod for ten minutes', () => {
    const rolling = { of: 'shop/StatefulSet/checkout', desired: 3, updated: 1 };
    assert.equal(judged(workloadObject({ ...rolling, changedAt: clock('10:01') })).verdict, 'false');
    assert.equal(judged(workloadObject({ ...rolling, changedAt: clock('10:00') })).verdict, 'true');
    assert.equal(
      judged(workloadObject({ ...rolling, of: 'shop/DaemonSet/checkout', changedAt: clock('10:00') })).verdict,
      'true',
    );
    assert.equal(judged(workloadObject({ ...rolling, updateTarget: 1, changedAt: clock('09:00') })).verdict, 'false');
  });

  test('is not one that is paused, scaled down, or going on', () => {
    const paused = workloadObject({
      desired: 3,
      updated: 1,
      available: 1,
      paused: true,
      progress: progress({ status: 'Unknown', reason: 'DeploymentPaused' }),
    });
    assert.equal(judged(paused).verdict, 'false');
    assert.equal(judged(workloadObject({ desired: 0 })).verdict, 'false');
    const going = workloadObject({ desired: 3, updated: 1, available: 2, progress: progress({ reason: 'ReplicaSetUpdated' }) });
    assert.equal(judged(going).verdict, 'false');
  });

  test('is also one that its controller does not look at', () => {
    assert.equal(judged(workloadObject({ observed: false, changedAt: clock('10:05') })).verdict, 'false');
    assert.match(judged(workloadObject({ observed: false, changedAt: clock('09:59') })).text, /controller has not taken up/);
  });
});

suite('missing pods', () => {
  test('are counted outside of a rollout, with their cause', () => {
    const states = [
      pod({
        ready: 'False',
        containers: [container({ ready: false, state: terminated('10:09', { reason: 'OOMKilled', exitCode: 137 }) })],
      }),
    ];
    const found = judged(workloadObject({ desired: 3, available: 2, progress: progress() }), { states });
    assert.equal(found.value, 1);
    assert.equal(found.text, '2 of 3 pods available: OOMKilled');
    assert.equal(found.facts.exit_code, 137);
  });

  test('are told with a deleted one that does not end, where no other fails', () => {
    const short = workloadObject({ desired: 3, available: 2 });
    const deleted = (at: string) => pod({ name: 'pg-1', ready: 'False', deletedAt: clock(at) });
    const said = (states: readonly PodState[]) => judged(short, { states }, { replicas_mismatch: true });
    const hanging = said([pod({ name: 'pg-0' }), deleted('10:00')]);
    assert.equal(hanging.text, '2 of 3 pods available: Terminating');
    assert.deepEqual([hanging.facts.pods, hanging.facts.notes?.[1]], [['pg-1'], 'deleted 10 min ago, and not gone']);
    assert.equal(said([deleted('10:07')]).text, '2 of 3 pods available');
    const failing = pod({
      name: 'pg-2',
      ready: 'False',
      containers: [container({ ready: false, state: waiting('ImagePullBackOff') })],
    });
    assert.equal(said([failing, deleted('10:00')]).text, '2 of 3 pods available: ImagePullBackOff');
  });

  test('of a StatefulSet that are refused are told by its events', () => {
    const set = workloadObject({ of: 'data/StatefulSet/db', desired: 2, available: 1 });
    const about = { of: 'data/StatefulSet/db', kind: 'StatefulSet', name: 'db', reason: 'FailedCreate' };
    const message = 'create Pod db-1 in StatefulSet db failed error: pods "db-1" is forbidden: exceeded quota: compute';
    assert.match(
      judged(set, { events: [event('10:05', { ...about, message })] }).text,
      /^1 pod refused: exceeded quota: compute$/,
    );
    assert.equal(judged({ ...set, available: 2 }, { events: [event('10:05', about)] }).verdict, 'false');
  });

  test('are told at once where that was decided, else once it has lasted a minute', () => {
    const refused = (message: string, since: string, fields: Partial<WorkloadObject> = {}) =>
      workloadObject({
        desired: 2,
        available: 1,
        updated: 1,
        failure: progress({ status: 'True', reason: 'FailedCreate', message, since: clock(since) }),
        ...fields,
      });
    const QUOTA = 'pods "a" is forbidden: exceeded quota: compute';
    const WEBHOOK = 'failed calling webhook "w": connection refused';
    assert.equal(judged(refused(QUOTA, '10:09:50')).verdict, 'true');
    assert.equal(judged(refused(QUOTA, '10:09:50', { updated: 0 })).verdict, 'false', 'old pods still take its room');
    assert.equal(judged(refused(WEBHOOK, '10:09:50')).verdict, 'false');
    assert.equal(judged(refused(WEBHOOK, '10:08:50')).verdict, 'true');
    const { condition } = rule('workload', { replica_failure: true });
    assert.equal(condition.dueAt?.(refused(WEBHOOK, '10:09:50')), clock('10:10:50'));
    assert.equal(condition.dueAt?.(refused(QUOTA, '10:09:50')), null);
  });

  test('of a StatefulSet are told as soon as an event says that they are refused, though the list is older', () => {
    const daemon = new Daemon([rule('workload', { replica_failure: true })], clock('10:00'));
    const set = workloadObject({ of: 'data/StatefulSet/db', desired: 2, available: 1 });
    const about = { of: 'data/StatefulSet/db', kind: 'StatefulSet', name: 'db', reason: 'FailedCreate' };
    daemon.cycle(cycle('10:10', { objects: reading([set]) }));
    assert.deepEqual(daemon.states, []);
    daemon.cycle(cycle('10:12', { trigger: 'targeted', events: [event('10:11', about)] }));
    assert.deepEqual(daemon.states, ['firing']);
    for (const at of ['10:20', '10:30', '10:40', '10:50']) daemon.cycle(cycle(at, { objects: reading([set]) }));
    assert.deepEqual(daemon.states, ['resolved: condition is false'], 'it was tried no more for twenty minutes');
  });
});

test('selectors take workloads by namespace, name, kind and the labels of their pods', () => {
  const missing = { desired: 2, available: 1 };
  const objects = reading([
    workloadObject({ ...missing, labels: { tier: 'web' } }),
    workloadObject({ ...missing, of: 'shop/StatefulSet/db', labels: { tier: 'data' } }),
  ]);
  const firing = (selection: Parameters<typeof selector>[0], key: 'match' | 'except') => {
    const chosen = { match: [], except: [], [key]: [selector(selection)] };
    const daemon = new Daemon([rule('workload', { replicas_mismatch: true }, { selection: chosen })], clock('10:00'));
    daemon.cycle(cycle('10:10', { objects }));
    return daemon.alerts.map(({ labels }) => labels['workload']);
  };
  assert.deepEqual(firing({ kind: 'StatefulSet' }, 'match'), ['db']);
  assert.deepEqual(firing({ labels: { tier: 'web' } }, 'match'), ['checkout']);
  assert.deepEqual(firing({ labels: { tier: 'web' } }, 'except'), ['db']);
  assert.deepEqual(firing({ namespace: 'other' }, 'match'), []);
  assert.deepEqual(firing({ container: 'app' }, 'except'), ['checkout', 'db']);
});

test('a workload that was deleted resolves at once, one that was not listed stays', () => {
  const daemon = new Daemon([rule('workload', { replicas_mismatch: true })], clock('10:00'));
  daemon.cycle(cycle('10:10', { objects: reading([workloadObject({ desired: 2, available: 1 })]) }));
  daemon.cycle(cycle('10:20', { objects: reading([], ['Deployment']) }));
  assert.deepEqual(daemon.states, ['firing unknown']);
  daemon.cycle(cycle('10:30'));
  assert.deepEqual(daemon.states, ['firing unknown'], 'a cycle of an older version');
  daemon.cycle(cycle('10:40', { objects: reading([]) }));
  assert.deepEqual(daemon.states, ['resolved: Deployment is gone']);
});

test('a targeted cycle, which lists pods only, keeps what was known of workloads', () => {
  const daemon = new Daemon([rule('workload', { replicas_mismatch: true })], clock('10:00'));
  daemon.cycle(cycle('10:10', { objects: reading([workloadObject({ desired: 2, available: 1 })]) }));
  daemon.cycle(cycle('10:11', { trigger: 'targeted' }));
  assert.deepEqual(daemon.states, ['firing']);
});

test('where all pods are there, fewer available ones than wanted count from when the one that waits for longest was not ready', () => {
  const unready = (name: string, since: string) =>
    pod({ name, conditions: [{ type: 'Ready', status: 'False', reason: '', message: '', since: clock(since) }] });
  const ready = (name: string, since: string) =>
    pod({ name, conditions: [{ type: 'Ready', status: 'True', reason: '', message: '', since: clock(since) }] });
  const each = workloadObject({ desired: 3, updated: 3, available: 2 });
  const since = (...states: readonly ReturnType<typeof pod>[]) => judged(each, { states }, { replicas_mismatch: true }).since;
  assert.equal(since(ready('a', '09:00'), unready('b', '10:05'), unready('c', '10:02')), clock('10:02'));
  assert.equal(since(ready('a', '09:00'), ready('b', '10:05'), ready('c', '10:02')), clock('10:05'));
  assert.equal(since(ready('a', '09:00'), unready('b', '10:05')), undefined);
});
