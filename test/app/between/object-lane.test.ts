import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MOST_KEPT, ObjectLane } from '../../../src/app/between/object-lane.ts';
import type { TargetBatch } from '../../../src/app/cycle/targeted-cycle.ts';
import type { SeenEvent } from '../../../src/core/model/seen-event.ts';
import { pod } from '../../build.ts';
import { rule } from '../../build-rule.ts';
import { eventually } from '../../faults/eventually.ts';
import { EngineRoom } from '../engine-room.ts';
import { Lane } from './lane.ts';

const failedJob = rule('job', { failed: true }, { alert: 'JobFailed' });
const stuck = rule('workload', { rollout_stuck: true, replica_failure: true });
const notReady = rule('node', { not_ready: true, pressure: ['memory'] }, { alert: 'Node' });
const mounts = rule('event', { reasons: ['FailedMount'], above: 1, within: '1h' });

const time = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const condition = (type: string, reason: string, status = 'True') => ({
  type,
  status,
  reason,
  message: `${reason}, as simulated`,
  lastTransitionTime: time(),
});
const failed = () => ({ status: { failed: 3, conditions: [condition('Failed', 'BackoffLimitExceeded')] } });
const complete = () => ({ status: { succeeded: 1, completionTime: time(), conditions: [condition('Complete', '')] } });

const workloadOf = (room: EngineRoom, name: string) => {
  const found = room.cluster.workloads.find(({ spec }) => spec.name === name);
  assert.ok(found);
  return found;
};
const job = (name: string) => (room: EngineRoom) =>
  void room.cluster.addWorkload({ namespace: 'shop', kind: 'Job', name, replicas: 0 });
const messages = (lane: Lane) => lane.room.alerts.read().outbox.length;
const taken = (lane: Lane) => lane.metric('tocsin_targeted_objects_total{outcome="taken"}');

suite('the watches of objects', () => {
  test('tell of a Job that has failed, and of none that was retried and ended well', async () => {
    await using lane = await Lane.open([failedJob], job('import'));
    const { room } = lane;
    workloadOf(room, 'import').change({ status: { failed: 2, active: 1 } });
    room.cluster.addWorkload({ namespace: 'shop', kind: 'Job', name: 'report', replicas: 0 }).change(complete());
    room.cluster.addWorkload({ namespace: 'bank', kind: 'Job', name: 'new', replicas: 0 }).change(failed());
    await eventually('an alert', 30_000, () => lane.firing.includes('new'));
    assert.deepEqual(lane.firing, ['new']);
    workloadOf(room, 'import').change(failed());
    await eventually('an alert', 30_000, () => lane.firing.includes('import'));
    await room.scheduled();
    await room.reopen();
    assert.deepEqual(lane.firing.toSorted(), ['import', 'new']);
    assert.equal(messages(lane), 2);
    assert.equal(taken(lane), 2);
  });

  test('tell with a failed Job how its pod has ended, whichever watch shows its end first', async () => {
    await using lane = await Lane.open([failedJob], job('import'));
    const work = workloadOf(lane.room, 'import');
    // Ends have whole seconds: this one has to lie behind the list.
    await sleep(1_100);
    work.change(failed());
    work.scale(1).pod.container().write('out of disk').exit({ exitCode: 3 });
    await eventually('an alert', 30_000, () => lane.firing.includes('import'));
    assert.match(lane.room.alerts.read().alerts[0]?.summary ?? '', /exit code 3/);
  });

  test('tell of the failed Job of a CronJob as the CronJob', async () => {
    await using lane = await Lane.open([failedJob], ({ cluster }) => {
      cluster.addWorkload({ namespace: 'shop', kind: 'CronJob', name: 'nightly', replicas: 0 });
    });
    workloadOf(lane.room, 'nightly').changeJob(failed());
    await eventually('an alert', 30_000, () => lane.firing.includes('nightly'));
    await lane.room.scheduled();
    assert.deepEqual(lane.firing, ['nightly']);
  });

  test('tell of a rollout past its deadline and of refused pods, and of no rollout that goes on', async () => {
    await using lane = await Lane.open([stuck], ({ cluster }) => {
      for (const name of ['clean', 'late', 'refused']) cluster.addWorkload({ namespace: name, kind: 'Deployment', name });
    });
    const { room } = lane;
    const rolling = condition('Progressing', 'ReplicaSetUpdated');
    workloadOf(room, 'clean').change({ status: { updatedReplicas: 0, conditions: [rolling] } });
    workloadOf(room, 'clean').change({
      status: { updatedReplicas: 1, conditions: [condition('Progressing', 'NewReplicaSetAvailable')] },
    });
    workloadOf(room, 'late').change({ status: { conditions: [condition('Progressing', 'ProgressDeadlineExceeded', 'False')] } });
    const message = 'pods "refused-" is forbidden: exceeded quota: compute';
    const failure = { ...condition('ReplicaFailure', 'FailedCreate'), message };
    workloadOf(room, 'refused').change({ status: { conditions: [failure] } });
    await eventually('alerts', 30_000, () => lane.firing.length === 2);
    assert.deepEqual(lane.firing.toSorted(), ['late', 'refused']);
    assert.equal(taken(lane), 2);
    workloadOf(room, 'late').change({ status: { conditions: [rolling] } });
    await eventually('the change', 30_000, () => taken(lane) === 3);
    await room.scheduled();
    await room.scheduled();
    assert.deepEqual(lane.firing, ['refused']);
  });

  test('tell of a node that is lost or short of memory, and of no heartbeat', async () => {
    await using lane = await Lane.open([notReady], ({ cluster }) => void cluster.addNode('node-2'));
    const [one, two] = lane.room.cluster.nodes;
    for (let beat = 0; beat < 5; beat++) one?.setReady('True');
    one?.setReady('Unknown');
    two?.setCondition('MemoryPressure', 'True', 'KubeletHasInsufficientMemory');
    await eventually('alerts', 30_000, () => lane.firing.length === 2);
    assert.deepEqual(lane.firing.toSorted(), ['node-1', 'node-2']);
    assert.ok(taken(lane) <= 3);
  });

  test('count an event once, whichever cycle has seen it, also over a kill', async () => {
    await using lane = await Lane.open(
      [mounts, rule('event', { reasons: ['FailedMount'], above: 4 }, { alert: 'Twice' })],
      (room) => {
        room.cluster.addWorkload({ namespace: 'shop', kind: 'Deployment', name: 'checkout' });
      },
    );
    const { room } = lane;
    const [pod] = room.cluster.pods('shop');
    assert.ok(pod);
    const about = { namespace: 'shop', kind: 'Pod', name: pod.name, objectUid: pod.spec.uid };
    const mount = { ...about, reason: 'FailedMount', message: 'no such secret' };
    room.cluster.addEvent({ ...about, reason: 'BackOff', message: 'back-off' });
    room.cluster.addEvent(mount);
    room.cluster.addEvent(mount);
    await eventually('an alert', 30_000, () => lane.firing.includes('checkout'));
    await room.scheduled();
    room.cluster.addEvent(mount);
    await eventually(
      'the third',
      30_000,
      () =>
        lane.room.engine.window
          .events('shop/Deployment/checkout', 0, Date.now() + 60_000)
          .reduce((sum, { count }) => sum + count, 0) === 4,
    );
    await room.reopen();
    await room.scheduled();
    const events = room.engine.window.events('shop/Deployment/checkout', 0, Date.now() + 60_000);
    assert.equal(
      events.filter(({ reason }) => reason === 'FailedMount').reduce((sum, { count }) => sum + count, 0),
      3,
    );
    assert.deepEqual(lane.firing, ['checkout']);
  });

  test('tell of kills by a probe, which are Normal events that a rule names', async () => {
    const kills = rule('event', { reasons: ['Killing'], types: ['Normal'], above: 1, within: '1h' });
    await using lane = await Lane.open([kills], (room) => {
      room.cluster.addWorkload({ namespace: 'shop', kind: 'Deployment', name: 'checkout' });
    });
    const { cluster } = lane.room;
    await eventually('both watches', 30_000, () => cluster.watches.openOf('events') === 2);
    const [killed] = cluster.pods('shop');
    assert.ok(killed);
    const about = { namespace: 'shop', kind: 'Pod', name: killed.name, objectUid: killed.spec.uid, type: 'Normal' } as const;
    cluster.addEvent({
      ...about,
      reason: 'Killing',
      message: 'Container app failed liveness probe, will be restarted',
      count: 2,
    });
    await eventually('an alert', 30_000, () => lane.firing.includes('checkout'));
  });

  test("take an event of a pod that no cycle has seen for its workload's", async () => {
    await using lane = await Lane.open([rule('event', { reasons: ['FailedMount'], above: 1, pending: true })]);
    const { room } = lane;
    room.cluster.addWorkload({ namespace: 'shop', kind: 'StatefulSet', name: 'db', run: false });
    const [pod] = room.cluster.pods('shop');
    assert.ok(pod);
    room.cluster.addEvent({
      ...{ namespace: 'shop', kind: 'Pod', name: pod.name, objectUid: pod.spec.uid },
      ...{ reason: 'FailedMount', message: 'no such secret', count: 3 },
    });
    await eventually('an alert', 30_000, () => lane.firing.includes('db'));
    await room.scheduled();
    assert.deepEqual(lane.firing, ['db']);
  });

  test('leave most of a storm to the next scheduled cycle, which tells the rest once', async () => {
    await using lane = await Lane.open([failedJob]);
    const { room } = lane;
    for (let index = 0; index < 90; index++)
      room.cluster.addWorkload({ namespace: `ns-${index % 3}`, kind: 'Job', name: `job-${index}`, replicas: 0 }).change(failed());
    await eventually('alerts', 30_000, () => lane.firing.length >= 50);
    assert.ok(taken(lane) >= 50 && taken(lane) < 80, String(taken(lane)));
    await room.scheduled();
    assert.equal(new Set(lane.firing).size, 90);
    assert.equal(lane.firing.length, 90);
  });

  test('bring nothing that no rule asks for', async () => {
    await using lane = await Lane.open([rule('terminated', { count: 1, within: '1h' })], job('import'));
    workloadOf(lane.room, 'import').change(failed());
    lane.room.cluster.nodes[0]?.setReady('False');
    lane.room.cluster.addEvent({ namespace: 'shop', kind: 'Job', name: 'import', reason: 'Failed', message: 'failed' });
    await sleep(1_500);
    assert.equal(taken(lane), 0);
    assert.equal(lane.room.engine.window.cycles.length, 1);
  });

  test('stand over the older lists of a scheduled cycle that runs meanwhile', async () => {
    await using lane = await Lane.open([failedJob, notReady, mounts], (room) => {
      job('import')(room);
      room.cluster.addPod({ namespace: 'shop', name: 'slow' }).container().write('x'.repeat(400));
    });
    const { room } = lane;
    const event = { namespace: 'web', kind: 'Deployment', name: 'checkout', reason: 'FailedMount', message: 'no' };
    const { promise: until, resolve: letGo } = Promise.withResolvers<void>();
    room.cluster.pod('shop', 'slow').container().write('y'.repeat(600));
    const lists = () => room.cluster.traffic.requests.filter(({ url }) => url.includes('/events?field')).length;
    const before = lists();
    room.cluster.faults.add({ on: /pods\/slow\/log/, times: 1, effect: { kind: 'held', until } });
    const cycle = room.scheduled();
    await eventually('the lists', 30_000, () => lists() > before && room.engine.progress !== null);
    await sleep(100);
    workloadOf(room, 'import').change(failed());
    room.cluster.addWorkload({ namespace: 'bank', kind: 'Job', name: 'born', replicas: 0 }).change(failed());
    room.cluster.nodes[0]?.setReady('Unknown');
    for (let count = 0; count < 3; count++) room.cluster.addEvent(event);
    await eventually('alerts', 30_000, () => lane.firing.length === 4).finally(letGo);
    await cycle;
    const told = ['born', 'checkout', 'import', 'node-1'];
    assert.deepEqual(lane.firing.toSorted(), told);
    await room.scheduled();
    await room.reopen();
    assert.deepEqual(lane.firing.toSorted(), told);
    const counts = room.engine.window.events('web/Deployment/checkout', 0, Date.now() + 60_000).map(({ count }) => count);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      3,
    );
    assert.equal(messages(lane), 4);
  });

  test('that are forbidden are left to the scheduled cycles, and the others go on', async () => {
    await using lane = await Lane.open([failedJob, notReady], (room) => {
      job('import')(room);
      room.cluster.deny({ verb: 'watch', resource: 'jobs' });
    });
    const { room } = lane;
    await eventually('a refusal', 30_000, () => lane.watches.problems.length === 1);
    assert.match(lane.watches.problems[0] ?? '', /jobs.*forbidden/);
    workloadOf(room, 'import').change(failed());
    room.cluster.nodes[0]?.setReady('False');
    await eventually('an alert', 30_000, () => lane.firing.includes('node-1'));
    assert.deepEqual(lane.firing, ['node-1']);
    await room.scheduled();
    assert.deepEqual(lane.firing.toSorted(), ['import', 'node-1']);
  });

  test(`keep ${MOST_KEPT} events and new pods at most, the newest`, async () => {
    await using room = await EngineRoom.open([mounts]);
    await room.scheduled();
    const batches: TargetBatch[] = [];
    const { engine, clock, metrics } = room;
    const add = (batch: TargetBatch) => batches.push(batch) > 0;
    const lane = new ObjectLane({ rollouts: { of: () => null }, engine, clock, metrics, targeted: { add } });
    const seen = (uid: string, kind: string): SeenEvent => ({
      ...{ uid, namespace: 'shop', kind, name: uid, objectUid: `of ${uid}`, workload: null },
      ...{ type: 'Warning', reason: 'FailedMount', message: '', at: clock.now(), count: 1 },
    });
    for (let index = 0; index <= MOST_KEPT; index++) lane.takePod(pod({ name: `p-${index}`, uid: `of e-${index}` }), false);
    for (let index = 0; index < MOST_KEPT; index++) lane.takeEvent(seen(`d-${index}`, 'Deployment'));
    for (const index of [0, 1, MOST_KEPT]) lane.takeEvent(seen(`e-${index}`, 'Pod'));
    const stop = new AbortController();
    const running = lane.run(stop.signal);
    const count = (outcome: string) =>
      Number(new RegExp(`tocsin_targeted_objects_total\\{outcome="${outcome}"\\} (\\d+)`).exec(metrics.render())?.[1]);
    await eventually('the events', 30_000, () => count('taken') + count('left') === MOST_KEPT);
    lane.takeEvent(seen('e-0', 'Pod'));
    lane.takeEvent(seen('e-1', 'Pod'));
    await eventually('two more', 30_000, () => count('taken') + count('left') === MOST_KEPT + 2);
    stop.abort();
    await running;
    const events = batches.flatMap(({ events: each = [] }) => each);
    assert.equal(events[0]?.name, 'd-3', 'the oldest events gave way');
    assert.equal(
      events.some(({ name }) => name === 'e-0'),
      false,
      'the oldest pod gave way, and nobody knows whose its event is',
    );
    assert.equal(events.at(-1)?.name, 'e-1');
  });
});
