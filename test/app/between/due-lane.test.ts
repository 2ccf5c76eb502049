import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MOST_DUE } from '../../../src/app/between/due-lane.ts';
import { MOST_ROLLOUTS, Rollouts } from '../../../src/app/between/rollouts.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/base/duration.ts';
import { workloadObject } from '../../build-objects.ts';
import { rule } from '../../build-rule.ts';
import type { EngineRoom } from '../engine-room.ts';
import { DueRoom } from './due-room.ts';

const image = rule('waiting', { reasons: ['ImagePullBackOff'] }, { for: 2 * MINUTE });
const jobs = rule('job', { overdue: '10m', not_scheduled: true });
const stuck = rule('workload', { rollout_stuck: true });

const broken = ({ cluster }: EngineRoom) =>
  void cluster.addPod({ namespace: 'shop', name: 'broken', run: false }).container().wait('ErrImagePull', 'no such image');
const object = (kind: 'Job' | 'CronJob' | 'StatefulSet', name: string) => (room: EngineRoom) =>
  room.cluster.addWorkload({ namespace: 'shop', kind, name, replicas: 0, createdAt: room.clock.now() - HOUR });
const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

const complete = ({ clock }: EngineRoom) => ({
  active: 0,
  completionTime: time(clock.now()),
  conditions: [{ type: 'Complete', status: 'True' }],
});

suite('what becomes true by time alone', () => {
  test('fires when its hold ends, once, by the state of that moment', async () => {
    await using on = await DueRoom.open([image], broken);
    assert.deepEqual(on.alerts, ['broken pending']);
    assert.equal(await on.pass(MINUTE), 0);
    assert.equal(await on.pass(MINUTE), 1);
    assert.deepEqual(on.alerts, ['broken firing']);
    assert.equal(await on.pass(MINUTE), 0);
    await on.room.scheduled();
    assert.equal(on.room.alerts.read().outbox.length, 1);
  });

  test('does not fire when it is over by then, though no watch has shown that', async () => {
    await using on = await DueRoom.open([image], broken);
    on.room.cluster.pod('shop', 'broken').run();
    assert.equal(await on.pass(2 * MINUTE), 1);
    assert.deepEqual(on.alerts, []);
  });

  test('does not fire for a pod that is gone or another one by then', async () => {
    await using on = await DueRoom.open([image], broken);
    on.room.cluster.removePod(on.room.cluster.pod('shop', 'broken'));
    await on.pass(2 * MINUTE);
    assert.deepEqual(on.alerts, []);
  });

  test('is left to the scheduled cycle where it cannot be looked at', async () => {
    await using on = await DueRoom.open([image], broken);
    on.room.cluster.deny({ verb: 'get', resource: 'pods' });
    assert.equal(await on.pass(2 * MINUTE), 0);
    assert.deepEqual(on.alerts, ['broken pending']);
    await on.room.scheduled();
    assert.deepEqual(on.alerts, ['broken firing']);
  });

  test('counts a hold from when the longest of the pods is so', async () => {
    const notReady = rule('pod', { not_ready: true }, { for: 5 * MINUTE });
    await using on = await DueRoom.open([notReady], ({ cluster }) => {
      const set = cluster.addWorkload({ namespace: 'shop', kind: 'StatefulSet', name: 'db', replicas: 2 });
      set.pods[0]?.container().setReady(false);
    });
    const [one, two] = on.room.cluster.pods('shop');
    assert.deepEqual(on.alerts, ['db pending']);
    await on.pass(4 * MINUTE);
    one?.container().setReady(true);
    two?.container().setReady(false);
    // The watch shows both, and neither alone lasts.
    await on.pass(MINUTE);
    assert.deepEqual(on.alerts, ['db pending']);
    await on.pass(3 * MINUTE + 10 * SECOND);
    assert.deepEqual(on.alerts, ['db pending']);
    await on.pass(MINUTE);
    assert.deepEqual(on.alerts, ['db firing']);
  });

  test('is a node that stays lost, a Job that is overdue and a schedule that was missed', async () => {
    const node = rule('node', { not_ready: true }, { alert: 'Node', for: 5 * MINUTE });
    await using on = await DueRoom.open([node, jobs], (room) => {
      room.cluster.nodes[0]?.setReady('Unknown');
      const startTime = time(room.clock.now() - 8 * MINUTE);
      object('Job', 'slow')(room).change({ status: { startTime, active: 1, conditions: [] } });
      object('Job', 'done')(room).change({ status: { startTime, active: 1, conditions: [] } });
      const minute = new Date(room.clock.now() + 2 * MINUTE).getUTCMinutes();
      const lastScheduleTime = time(room.clock.now() - 30 * MINUTE);
      for (const name of ['missed', 'made'])
        object(
          'CronJob',
          name,
        )(room)
          .change({ spec: { schedule: `${minute} * * * *` }, status: { lastScheduleTime } })
          .changeJob({ status: complete(room) });
    });
    assert.deepEqual(on.alerts, ['node-1 pending']);
    await on.pass(MINUTE + 20 * SECOND);
    assert.deepEqual(on.alerts, ['node-1 pending']);
    const { workloads } = on.room.cluster;
    const named = (name: string) => workloads.find(({ spec }) => spec.name === name);
    named('done')?.change({ status: complete(on.room) });
    await on.pass(50 * SECOND);
    assert.deepEqual(on.alerts, ['node-1 pending', 'slow firing']);
    await on.pass(3 * MINUTE);
    assert.deepEqual(on.alerts, ['node-1 firing', 'slow firing']);
    named('made')?.change({ status: { lastScheduleTime: time(on.room.clock.now() - MINUTE) } });
    await on.pass(3 * MINUTE);
    assert.deepEqual(on.alerts, ['missed firing', 'node-1 firing', 'slow firing']);
    await on.room.scheduled();
    assert.deepEqual(on.alerts, ['missed firing', 'node-1 firing', 'slow firing']);
  });

  test('is a Job that the watch alone has seen', async () => {
    await using on = await DueRoom.open([jobs]);
    object('Job', 'new')(on.room).change({ status: { startTime: time(on.room.clock.now()), active: 1, conditions: [] } });
    await on.showObject('Job', 'new');
    await on.pass(9 * MINUTE);
    assert.deepEqual(on.alerts, []);
    await on.pass(MINUTE + SECOND);
    assert.deepEqual(on.alerts, ['new firing']);
  });

  test('is a CronJob that the watch alone has seen, unless its Job is made', async () => {
    await using on = await DueRoom.open([jobs]);
    const { clock } = on.room;
    const minute = new Date(clock.now() + 90 * SECOND).getUTCMinutes();
    const show = async (lastScheduleTime: string) => {
      for (const name of ['missed', 'made']) {
        const found = on.room.cluster.workloads.find(({ spec }) => spec.name === name) ?? object('CronJob', name)(on.room);
        found.change({
          spec: { schedule: `${minute} * * * *` },
          status: { lastScheduleTime: name === 'made' ? lastScheduleTime : time(clock.now() - 20 * MINUTE) },
        });
        await on.showObject('CronJob', name);
      }
    };
    await show(time(clock.now() - 20 * MINUTE));
    assert.equal(await on.pass(4 * MINUTE), 0);
    await show(time(clock.now() - MINUTE));
    assert.equal(await on.pass(3 * MINUTE), 1);
    assert.deepEqual(on.alerts, ['missed firing']);
  });

  test('is no CronJob that comes along with a Job of its that failed, and was last seen by the list', async () => {
    const failed = rule('job', { failed: true }, { alert: 'JobFailed' });
    await using on = await DueRoom.open([failed, rule('job', { not_scheduled: true }, { alert: 'Missed' })], (room) => {
      object(
        'CronJob',
        'nightly',
      )(room)
        .change({ spec: { schedule: '* * * * *' }, status: { lastScheduleTime: time(room.clock.now()) } })
        .changeJob({ status: complete(room) });
    });
    const [nightly] = on.room.cluster.workloads;
    const [job] = on.room.engine.window.objects.filter(({ kind }) => kind === 'Job');
    assert.ok(nightly !== undefined && job?.kind === 'Job');
    await on.tick();
    nightly.change({
      spec: { schedule: '* * * * *' },
      status: { lastScheduleTime: time(on.room.clock.now() + 6 * MINUTE) },
    });
    await on.showObject('CronJob', 'nightly');
    assert.equal(await on.pass(7 * MINUTE), 0);
    const finishedAt = on.room.clock.now();
    on.batches.push({ reads: [], observed: [], objects: [{ ...job, state: 'failed', reason: 'Deadline', finishedAt }] });
    assert.equal(await on.tick(), 1);
    assert.deepEqual(on.alerts, ['nightly firing']);
    assert.equal(on.alert?.alert, 'JobFailed');
  });

  test('is a StatefulSet that has stood still since the step that the watch has shown', async () => {
    await using on = await DueRoom.open([stuck], (room) => void object('StatefulSet', 'db')(room).scale(3));
    const [set] = on.room.cluster.workloads;
    const rolled = (updatedReplicas: number) =>
      set?.change({ status: { updateRevision: 'b', currentRevision: 'a', updatedReplicas } });
    await on.pass(4 * MINUTE);
    rolled(1);
    await on.showObject('StatefulSet', 'db');
    await on.pass(MINUTE);
    await on.showObject('StatefulSet', 'db');
    await on.pass(7 * MINUTE);
    // A list in between dates the step later.
    await on.room.scheduled();
    assert.equal(await on.pass(MINUTE), 0);
    assert.equal(await on.pass(MINUTE), 1);
    assert.deepEqual(on.alerts, ['db firing']);
    await on.room.scheduled();
    await on.room.scheduled();
    assert.deepEqual(on.alerts, ['db firing']);
  });

  test('is looked at for fifty workloads at once, and for five more in a second', async () => {
    await using on = await DueRoom.open([image], ({ cluster }) => {
      for (let index = 0; index < 70; index++)
        cluster
          .addPod({ namespace: `ns-${index % 7}`, name: `p-${index}`, run: false })
          .container()
          .wait('ErrImagePull');
    });
    const requests = () => on.room.cluster.traffic.requests.filter(({ url }) => /\/pods\/p-\d+$/.test(url)).length;
    await on.pass(2 * MINUTE);
    assert.ok(requests() >= 50 && requests() < 60, String(requests()));
    assert.equal(on.alerts.filter((each) => each.endsWith('firing')).length, requests());
    await on.pass(10 * SECOND);
    await on.pass(5 * SECOND);
    assert.equal(on.alerts.filter((each) => each.endsWith('firing')).length, 70);
    assert.equal(requests(), 70);
  });
});

suite('what is kept in mind for it', () => {
  test(`is ${MOST_DUE} moments, the earliest`, async () => {
    await using on = await DueRoom.open([jobs]);
    const base = on.room.clock.now();
    const at = (index: number) => ({ ...JOB, uid: `uid-${index}`, name: `job-${index}`, startedAt: base + index });
    for (let index = 0; index < MOST_DUE + 5; index++) on.lane.takeObject(at(index));
    assert.equal(on.lane.size, MOST_DUE);
    on.lane.takeObject({ ...at(3), state: 'complete' });
    assert.equal(on.lane.size, MOST_DUE - 1);
  });

  test(`is ${MOST_ROLLOUTS} rollouts, the newest`, () => {
    const rollouts = new Rollouts(() => null);
    const rolling = (index: number) =>
      workloadObject({ of: `shop/StatefulSet/s-${index}`, uid: `uid-${index}`, updated: 0, updateTarget: 2 });
    for (let index = 0; index <= MOST_ROLLOUTS; index++) rollouts.take(rolling(index), 1_000);
    assert.equal(rollouts.of('uid-0'), null);
    assert.equal(rollouts.of('uid-1')?.changedAt, 1_000);
    rollouts.take({ ...rolling(1), updated: 2 }, 2_000);
    assert.equal(rollouts.of('uid-1'), null);
  });
});

const JOB = {
  kind: 'Job',
  namespace: 'shop',
  createdAt: 0,
  labels: {},
  workload: { namespace: 'shop', kind: 'Job', name: 'job' },
  suspended: false,
  state: 'running',
  failures: 0,
  finishedAt: null,
  reason: '',
  message: '',
} as const;
