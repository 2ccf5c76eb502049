import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterObject, ObjectKindName } from '../../src/core/model/objects/cluster-object.ts';
import { OBJECT_SOURCES } from '../../src/core/model/objects/cluster-object.ts';
import type { Collection } from '../../src/kubernetes/collection.ts';
import { Collecting } from './collecting.ts';

const EVERY = new Set(Object.keys(OBJECT_SOURCES)) as ReadonlySet<ObjectKindName>;

function find(collection: Collection, kind: ObjectKindName, name: string): ClusterObject {
  const found = collection.objects?.items.find((object) => object.kind === kind && object.name === name);
  assert.ok(found !== undefined, `${kind} ${name}`);
  return found;
}

test('what rules ask for is listed and projected, and nothing else', async () => {
  await using on = await Collecting.start();
  const { cluster } = on;
  cluster.addWorkload({ kind: 'Deployment', namespace: 'shop', name: 'web', replicas: 3, labels: { tier: 'front' } });
  cluster.addWorkload({ kind: 'StatefulSet', namespace: 'shop', name: 'db' });
  cluster.addWorkload({ kind: 'DaemonSet', namespace: 'shop', name: 'agent', replicas: 2 });
  cluster
    .addWorkload({ kind: 'CronJob', namespace: 'shop', name: 'nightly' })
    .change({ spec: { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' } });
  const none = await on.collect();
  assert.deepEqual(none.objects, { items: [], unread: {} });
  assert.ok(!cluster.traffic.requests.some(({ url }) => /deployments|cronjobs/.test(url)));
  const collection = await on.collect({ objects: new Set(['Deployment', 'CronJob']) });
  assert.deepEqual(collection.objects?.unread, { CronJob: [], Deployment: [] });
  const web = find(collection, 'Deployment', 'web');
  assert.ok(web.kind === 'Deployment');
  assert.deepEqual([web.desired, web.updated, web.available, web.observed, web.paused], [3, 3, 3, true, false]);
  assert.equal(web.labels['tier'], 'front');
  const nightly = find(collection, 'CronJob', 'nightly');
  assert.ok(nightly.kind === 'CronJob');
  assert.deepEqual([nightly.schedule, nightly.timeZone, nightly.suspended], ['0 3 * * *', 'Europe/Berlin', false]);
  assert.equal(nightly.annotations, undefined);
  const own = { 'tocsin.dev/ignore': 'true', 'example.com/other': 'x' };
  cluster
    .addWorkload({ kind: 'Deployment', namespace: 'shop', name: 'asks' })
    .change({ spec: { template: { metadata: { annotations: own } } } });
  const all = await on.collect({ objects: EVERY });
  assert.deepEqual(find(all, 'Deployment', 'asks').annotations, { 'tocsin.dev/ignore': 'true' });
  assert.equal(find(all, 'DaemonSet', 'agent').kind, 'DaemonSet');
  assert.deepEqual(all.errors, []);
});

test("a rollout's conditions and a failed Job's reason are kept, redacted", async () => {
  await using on = await Collecting.start();
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: '2026-03-01T10:00:00Z',
  });
  on.cluster.addWorkload({ kind: 'Deployment', namespace: 'shop', name: 'web', replicas: 2 }).change({
    spec: { replicas: 5 },
    status: {
      updatedReplicas: 1,
      conditions: [
        condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'timed out'),
        condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota secret'),
      ],
    },
  });
  on.cluster.addWorkload({ kind: 'CronJob', namespace: 'shop', name: 'nightly' }).changeJob({
    status: { failed: 4, conditions: [condition('Failed', 'True', 'DeadlineExceeded', 'too long')] },
  });
  const collection = await on.collect({ objects: EVERY, redact: (text) => text.replace('secret', '***') });
  const web = find(collection, 'Deployment', 'web');
  assert.ok(web.kind === 'Deployment');
  assert.deepEqual([web.desired, web.updated, web.updateTarget], [5, 1, 5]);
  assert.equal(web.progress?.reason, 'ProgressDeadlineExceeded');
  assert.equal(web.failure?.message, 'exceeded quota ***');
  const job = collection.objects?.items.find((object) => object.kind === 'Job');
  assert.ok(job?.kind === 'Job');
  assert.deepEqual(job.workload, { namespace: 'shop', kind: 'CronJob', name: 'nightly' });
  assert.deepEqual(
    [job.state, job.reason, job.failures, job.finishedAt],
    ['failed', 'DeadlineExceeded', 4, Date.parse('2026-03-01T10:00:00Z')],
  );
});

test('a StatefulSet is rolling by its revisions; what its partition keeps back is not owed', async () => {
  await using on = await Collecting.start();
  const { cluster } = on;
  const set = cluster.addWorkload({ kind: 'StatefulSet', namespace: 'shop', name: 'db', replicas: 3 });
  const db = async () => {
    const found = find(await on.collect({ objects: EVERY }), 'StatefulSet', 'db');
    assert.ok(found.kind === 'StatefulSet');
    return [found.updated, found.updateTarget];
  };
  assert.deepEqual(await db(), [3, 3]);
  set.change({ status: { currentRevision: 'db-1', updateRevision: 'db-2', updatedReplicas: 1 } });
  assert.deepEqual(await db(), [1, 3]);
  set.change({ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } } });
  assert.deepEqual(await db(), [1, 1]);
  set.change({ spec: { updateStrategy: { type: 'OnDelete' } } });
  assert.deepEqual(await db(), [1, 1]);
});

test('autoscalers, claims and quotas are projected with what they say of themselves', async () => {
  await using on = await Collecting.start();
  const { cluster } = on;
  cluster.setObject(
    'HorizontalPodAutoscaler',
    { namespace: 'shop', name: 'web' },
    {
      spec: {
        maxReplicas: 10,
        scaleTargetRef: { kind: 'Deployment', name: 'web' },
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
      },
      status: {
        currentReplicas: 10,
        desiredReplicas: 10,
        currentMetrics: [
          { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 180, averageValue: '900m' } } },
        ],
        conditions: [{ type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'more than the maximum' }],
      },
    },
  );
  for (const [name, reason] of [
    ['blind', 'FailedGetResourceMetric'],
    ['stopped', 'ScalingDisabled'],
  ] as const) {
    const spec = { maxReplicas: 10, scaleTargetRef: { kind: 'Deployment', name } };
    const conditions = [
      { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale', message: '' },
      { type: 'ScalingActive', status: 'False', reason, message: 'why' },
    ];
    cluster.setObject('HorizontalPodAutoscaler', { namespace: 'shop', name }, { spec, status: { conditions } });
  }
  cluster.setObject(
    'PersistentVolumeClaim',
    { namespace: 'shop', name: 'data' },
    { spec: { storageClassName: 'fast' }, status: { phase: 'Pending' } },
  );
  cluster.setObject(
    'ResourceQuota',
    { namespace: 'shop', name: 'compute' },
    { status: { hard: { pods: '10', 'requests.memory': '10Gi' }, used: { pods: '9', 'requests.memory': '5Gi' } } },
  );
  const collection = await on.collect({ objects: EVERY });
  const autoscaler = find(collection, 'HorizontalPodAutoscaler', 'web');
  assert.ok(autoscaler.kind === 'HorizontalPodAutoscaler');
  assert.deepEqual(
    [autoscaler.target, autoscaler.min, autoscaler.max, autoscaler.limited?.reason],
    ['Deployment/web', 1, 10, 'TooManyReplicas'],
  );
  assert.equal(autoscaler.unable, undefined);
  const blind = find(collection, 'HorizontalPodAutoscaler', 'blind');
  assert.ok(blind.kind === 'HorizontalPodAutoscaler' && blind.unable?.reason === 'FailedGetResourceMetric');
  const stopped = find(collection, 'HorizontalPodAutoscaler', 'stopped');
  assert.ok(stopped.kind === 'HorizontalPodAutoscaler' && stopped.unable === undefined, 'scaled to nothing by hand');
  assert.deepEqual(autoscaler.metrics, [{ text: 'cpu at 180% of its request, with a target of 80%', above: true }]);
  const claim = find(collection, 'PersistentVolumeClaim', 'data');
  assert.ok(claim.kind === 'PersistentVolumeClaim' && claim.phase === 'Pending' && claim.storageClass === 'fast');
  const quota = find(collection, 'ResourceQuota', 'compute');
  assert.ok(quota.kind === 'ResourceQuota');
  assert.deepEqual(
    quota.resources.find(({ name }) => name === 'requests.memory'),
    {
      name: 'requests.memory',
      used: 5 * 2 ** 30,
      hard: 10 * 2 ** 30,
      text: 'requests.memory: 5Gi of 10Gi',
    },
  );
});

test('a list that is forbidden is named, and everything else is read', async () => {
  await using on = await Collecting.start();
  on.cluster.addWorkload({ kind: 'Deployment', namespace: 'shop', name: 'web' });
  on.cluster.deny({ resource: 'jobs' });
  const collection = await on.collect({ objects: new Set(['Deployment', 'Job']) });
  assert.equal(find(collection, 'Deployment', 'web').name, 'web');
  assert.deepEqual(new Set(collection.errors.map(({ source, reason }) => `${source} ${reason}`)), new Set(['jobs forbidden']));
  assert.ok((collection.objects?.unread.Job?.length ?? 0) > 0);
  assert.deepEqual(collection.objects?.unread.Deployment, []);
});

test('with many namespaces, a forbidden list is not asked for in each of them', async () => {
  await using on = await Collecting.start();
  for (let index = 0; index < 60; index++) on.cluster.addNamespace(`team-${index}`);
  on.cluster.deny({ resource: 'jobs' });
  const collection = await on.collect({ objects: new Set(['Job']) });
  assert.deepEqual(collection.objects?.unread.Job, [null]);
  assert.equal(on.cluster.traffic.requests.filter(({ url }) => url.includes('/jobs')).length, 1);
});

test('without a glob only the named namespaces are listed', async () => {
  await using on = await Collecting.start();
  on.cluster.addWorkload({ kind: 'Deployment', namespace: 'shop', name: 'web' });
  on.cluster.addWorkload({ kind: 'Deployment', namespace: 'other', name: 'web' });
  const collection = await on.collect({ include: ['shop'], objects: new Set(['Deployment']) });
  assert.deepEqual(
    collection.objects?.items.map(({ namespace }) => namespace),
    ['shop'],
  );
  assert.ok(on.cluster.traffic.requests.every(({ url }) => !url.startsWith('/apis/apps/v1/deployments')));
});

test('a list whose continue token expires holds every object once', async () => {
  await using on = await Collecting.start();
  for (let index = 0; index < 300; index++)
    on.cluster.addWorkload({ kind: 'Deployment', namespace: 'shop', name: `web-${index}`, replicas: 0 });
  on.cluster.expireContinuations(1);
  const collection = await on.collect({ objects: new Set(['Deployment']) });
  assert.equal(collection.objects?.items.length, 300);
});

test('of Normal events those that a rule names are read, and no ordinary stop', async () => {
  await using on = await Collecting.start();
  const pod = on.cluster.addPod({ namespace: 'default', name: 'a' });
  const add = (reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal') =>
    on.cluster.addEvent({ namespace: 'default', kind: 'Pod', name: 'a', objectUid: pod.spec.uid, type, reason, message });
  add('Killing', 'Stopping container app');
  add('Killing', 'FailedPostStartHook');
  add('Killing', 'Container app failed liveness probe, will be restarted');
  add('Pulled', 'Container image already present');
  add('Unhealthy', 'Liveness probe failed', 'Warning');
  const reasons = async (normalEvents: readonly string[] | 'all') =>
    (await on.collect({ normalEvents, eventCounts: {} })).events.map(({ reason }) => reason).toSorted();
  assert.deepEqual(await reasons([]), ['Unhealthy']);
  assert.deepEqual(await reasons(['Killing']), ['Killing', 'Unhealthy']);
  assert.deepEqual(await reasons('all'), ['Killing', 'Pulled', 'Unhealthy']);
  assert.deepEqual(await reasons(['Pulled', 'b', 'c', 'd', 'e']), ['Pulled', 'Unhealthy']);
});

test('why a claim is not bound is read where one is pending, and the events of a pod that is gone keep their workload', async () => {
  await using on = await Collecting.start();
  const { cluster } = on;
  const claim = { namespace: 'default', kind: 'PersistentVolumeClaim', name: 'data', objectUid: 'claim' };
  cluster.addEvent({ ...claim, type: 'Normal', reason: 'WaitForFirstConsumer', message: 'waiting' });
  cluster.addEvent({ namespace: 'default', kind: 'Pod', name: 'gone', objectUid: 'gone-uid', reason: 'BackOff', message: '' });
  const owner = { namespace: 'default', kind: 'Deployment', name: 'web' };
  const ownerOf = (uid: string) => (uid === 'gone-uid' ? owner : null);
  const objects = new Set<ObjectKindName>(['PersistentVolumeClaim']);
  const bound = await on.collect({ objects, ownerOf, eventCounts: {} });
  assert.deepEqual(
    bound.events.map(({ workload }) => workload),
    [owner],
  );
  cluster.setObject('PersistentVolumeClaim', { namespace: 'default', name: 'data' }, { status: { phase: 'Pending' } });
  const pending = await on.collect({ objects, ownerOf, eventCounts: {} });
  assert.ok(pending.events.some(({ reason }) => reason === 'WaitForFirstConsumer'));
});
