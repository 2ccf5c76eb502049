import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessJobOwner, guessReplicaSetOwner, OwnerCache, ownerOf } from '../../../src/kubernetes/lists/owner.ts';
import { PodProjector } from '../../../src/kubernetes/lists/pods.ts';
import { parseQuantity } from '../../../src/kubernetes/lists/quantity.ts';

const project = (pod: Record<string, unknown>) =>
  new PodProjector(new OwnerCache(), (text) => text.replace('hunter2', '[redacted]')).project(pod).state;

test('quantities of every form become plain numbers', () => {
  const cases: readonly [unknown, number | null][] = [
    ['250m', 0.25],
    ['100m', 0.1],
    ['123456789n', 0.123456789],
    ['2', 2],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['24568Ki', 24568 * 1024],
    ['1.5k', 1500],
    ['128974848000m', 128974848],
    ['1e3', 1000],
    ['12E', 12e18],
    ['1E2', 100],
    ['-1', -1],
    [4, 4],
    ['', null],
    ['abc', null],
    ['1 Gi', null],
    [null, null],
  ];
  for (const [quantity, value] of cases) assert.equal(parseQuantity(quantity), value, String(quantity));
});

test('secrets in annotations, labels and names of images are hidden', () => {
  const state = project({
    metadata: {
      namespace: 'shop',
      name: 'web',
      annotations: { 'tocsin.dev/ignore-until': 'password=hunter2 until tomorrow' },
      labels: { app: 'web', 'db-password': 'hunter2' },
    },
    spec: { containers: [{ name: 'app', image: 'deploy:hunter1@registry.example.com/app:1' }] },
    status: {
      containerStatuses: [
        { name: 'app', state: { waiting: { message: 'could not parse "deploy:hunter1@registry.example.com/app:1"' } } },
      ],
    },
  });
  assert.deepEqual(state.annotations, { 'tocsin.dev/ignore-until': 'password=[redacted] until tomorrow' });
  assert.deepEqual(state.labels, { app: 'web', 'db-password': '[redacted]' });
  assert.doesNotMatch(JSON.stringify(state), /hunter/);
  const [container] = state.containers;
  assert.equal(container?.image, 'deploy:[redacted:url-password]@registry.example.com/app:1');
  const digest = { name: 'app', image: 'web:1@sha256:0123456789abcdef' };
  assert.equal(project({ spec: { containers: [digest] } }).containers[0]?.image, digest.image);
});

test('a crash-looping pod with an init container and a sidecar is projected whole', () => {
  const state = project({
    metadata: {
      namespace: 'shop',
      name: 'web-7d4b9c-x',
      uid: 'u1',
      labels: { app: 'web', 'pod-template-hash': '7d4b9c' },
      annotations: { 'tocsin.dev/ignore': 'true', other: 'x' },
      creationTimestamp: '2026-11-21T10:00:00Z',
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7d4b9c', uid: 'r1', controller: true }],
    },
    spec: {
      nodeName: 'node-1',
      initContainers: [
        { name: 'migrate', image: 'migrate:1' },
        { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' },
      ],
      containers: [{ name: 'app', image: 'web:1', resources: { limits: { memory: '64Mi' }, requests: { cpu: '100m' } } }],
      ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: '2026-11-21T10:05:00Z' }],
      initContainerStatuses: [
        { name: 'migrate', state: { terminated: { exitCode: 0, reason: 'Completed', containerID: 'containerd://m' } } },
        {
          name: 'proxy',
          ready: true,
          restartCount: 1,
          containerID: 'containerd://p',
          state: { running: { startedAt: '2026-11-21T10:00:05Z' } },
        },
      ],
      containerStatuses: [
        {
          name: 'app',
          restartCount: 4,
          containerID: 'containerd://a4',
          image: 'sha256:abc',
          resources: { limits: { memory: '128Mi', cpu: '1.5' } },
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
          lastState: {
            terminated: {
              containerID: 'containerd://a4',
              exitCode: 137,
              signal: 9,
              reason: 'OOMKilled',
              message: 'password hunter2',
              startedAt: '2026-11-21T10:04:00Z',
              finishedAt: '2026-11-21T10:05:00Z',
            },
          },
        },
      ],
    },
  });
  assert.deepEqual(state.workload, { namespace: 'shop', kind: 'Deployment', name: 'web' });
  assert.deepEqual(state.annotations, { 'tocsin.dev/ignore': 'true' });
  assert.deepEqual(
    state.containers.map(({ name, role }) => `${name} ${role}`),
    ['migrate init', 'proxy sidecar', 'app app'],
  );
  const app = state.containers[2];
  assert.equal(app?.image, 'web:1');
  assert.deepEqual(app?.state, { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off 40s' });
  assert.deepEqual(app?.last, {
    containerID: 'containerd://a4',
    reason: 'OOMKilled',
    exitCode: 137,
    signal: 9,
    message: 'password [redacted]',
    startedAt: Date.parse('2026-11-21T10:04:00Z'),
    finishedAt: Date.parse('2026-11-21T10:05:00Z'),
  });
  // What the kubelet set wins over what the spec asks for.
  assert.deepEqual(
    [app?.limits, app?.requests],
    [
      { cpu: 1.5, memory: 128 * 2 ** 20 },
      { cpu: null, memory: null },
    ],
  );
  assert.equal(state.conditions[0]?.since, Date.parse('2026-11-21T10:05:00Z'));
});

test('a pod that is not scheduled has waiting containers without a reason', () => {
  const state = project({
    metadata: { namespace: 'a', name: 'b', uid: 'u', creationTimestamp: '2026-11-21T10:00:00Z' },
    spec: { containers: [{ name: 'app', image: 'x' }] },
    status: { phase: 'Pending' },
  });
  assert.deepEqual(state.containers[0]?.state, { kind: 'waiting', reason: '', message: '' });
  assert.deepEqual([state.node, state.workload.kind, state.containers[0]?.containerID], ['', 'Pod', '']);
});

test('a container that runs without an id, as on a virtual kubelet, is told apart by its pod and its restarts', () => {
  const idOf = (restartCount: number, state: object) =>
    project({
      metadata: { namespace: 'a', name: 'b', uid: 'u', creationTimestamp: '2026-11-21T10:00:00Z' },
      spec: { nodeName: 'n', containers: [{ name: 'app', image: 'x' }] },
      status: { phase: 'Running', containerStatuses: [{ name: 'app', restartCount, state }] },
    }).containers[0]?.containerID;
  assert.equal(idOf(0, { running: { startedAt: '2026-11-21T10:00:01Z' } }), 'none://u/app/0');
  assert.equal(idOf(2, { running: { startedAt: '2026-11-21T10:00:01Z' } }), 'none://u/app/2');
  assert.equal(idOf(0, { waiting: { reason: 'ContainerCreating' } }), '');
});

test('equal parts of many pods are one object', () => {
  const projector = new PodProjector(new OwnerCache(), (text) => text);
  const pod = () => ({
    metadata: { namespace: 'a', name: 'b', labels: { app: 'x' } },
    spec: { containers: [{ name: 'app', image: 'x', resources: { limits: { cpu: '1' } } }] },
  });
  const [one, other] = [projector.project(pod()).state, projector.project(pod()).state];
  assert.equal(one.labels, other.labels);
  assert.equal(one.workload, other.workload);
  assert.equal(one.containers[0]?.limits, other.containers[0]?.limits);
});

const owned = (kind: string, name: string, labels: Record<string, string> = {}) =>
  ownerOf(
    { metadata: { namespace: 'n', name: 'pod', labels, ownerReferences: [{ kind, name, uid: 'o', controller: true }] } },
    new OwnerCache(),
  ).workload;

test('the owner is what people call the workload', () => {
  assert.deepEqual(owned('ReplicaSet', 'web-abc', { 'pod-template-hash': 'abc' }), {
    namespace: 'n',
    kind: 'Deployment',
    name: 'web',
  });
  assert.deepEqual(owned('ReplicaSet', 'web-abc'), { namespace: 'n', kind: 'ReplicaSet', name: 'web-abc' });
  assert.equal(owned('ReplicaSet', 'web-abc', { 'rollouts-pod-template-hash': 'abc' }).kind, 'Rollout');
  assert.deepEqual(owned('StatefulSet', 'db'), { namespace: 'n', kind: 'StatefulSet', name: 'db' });
  assert.deepEqual(owned('Job', 'nightly-29123456'), { namespace: 'n', kind: 'CronJob', name: 'nightly' });
  assert.deepEqual(owned('Job', 'import-2026'), { namespace: 'n', kind: 'Job', name: 'import-2026' });
  assert.deepEqual(owned('Node', 'node-1'), { namespace: 'n', kind: 'Pod', name: 'pod' });
  assert.deepEqual(owned('Cluster', 'pg'), { namespace: 'n', kind: 'Cluster', name: 'pg' });
});

test('a name alone tells the owner as well as a name can', () => {
  assert.equal(guessReplicaSetOwner('n', 'web-7d4b9c8f5').name, 'web');
  assert.equal(guessReplicaSetOwner('n', 'web-frontend').kind, 'ReplicaSet');
  assert.equal(guessJobOwner('n', 'a-1234567').kind, 'Job');
});
