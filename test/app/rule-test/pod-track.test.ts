import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sceneOf } from '../../../src/app/rule-test/scene.ts';
import { Findings } from '../../../src/base/node.ts';
import { parseYaml } from '../../../src/config/decode/yaml.ts';
import { TEST_DAY } from '../../../src/config/rule-tests/test-scalars.ts';
import { testFileType } from '../../../src/config/rule-tests/test-type.ts';
import type { PodState } from '../../../src/core/model/pod.ts';

const at = (hours: number, minutes: number) => TEST_DAY + (hours * 60 + minutes) * 60_000;

/** The first pod of a scene at 10:MINUTES. */
function podAt(scene: string, minutes: number): PodState | undefined {
  const findings = new Findings('scene');
  const text = `tests:\n  - name: x\n    expect: [{ at: "10:00", alert: "*", state: inactive }]\n    ${scene}\n`;
  const node = parseYaml(Buffer.from(text), findings);
  const decoded = node === null ? undefined : testFileType.decode(node, findings);
  assert.deepEqual(findings.problems, []);
  const ruleTest = decoded?.tests[0]?.value;
  assert.ok(ruleTest !== undefined);
  return sceneOf(ruleTest, at(9, 59)).podsAt(at(10, minutes))[0];
}

test('a pod that only logs speak of is there from the start, runs and is ready', () => {
  const pod = podAt('logs: [{ workload: shop/web, at: "10:05", line: a }]', 0);
  assert.deepEqual(
    [pod?.name, pod?.phase, pod?.containers[0]?.name, pod?.containers[0]?.ready],
    ['web-1', 'Running', 'app', true],
  );
  assert.equal(pod?.createdAt, at(8, 59));
});

test('a container that only restarts speak of is there from the start, an init container only once it is tried again', () => {
  const restarts = (role: string) => `restarts: [{ workload: a/b, at: "10:05", role: ${role} }]`;
  const before = podAt(restarts('sidecar'), 0)?.containers[0];
  assert.deepEqual([before?.role, before?.restarts, before?.state.kind], ['sidecar', 0, 'running']);
  assert.equal(podAt(restarts('sidecar'), 5)?.containers[0]?.restarts, 1);
  assert.deepEqual(podAt(restarts('init'), 0)?.containers, []);
});

test('pods of one workload that begin with other images are of other templates, those without an image of none that is known', () => {
  const template = (scene: string) => podAt(scene, 5)?.labels['pod-template-hash'];
  const one = template('pods: [{ workload: a/b, at: "10:00", image: "b:1" }, { workload: a/b, at: "10:01", ready: false }]');
  assert.ok(one !== undefined);
  assert.equal(template('pods: [{ workload: a/b, pod: other, at: "10:04", image: "b:1" }]'), one);
  assert.notEqual(template('pods: [{ workload: a/b, at: "10:00", image: "b:2" }]'), one);
  assert.equal(template('pods: [{ workload: a/b, at: "10:00" }]'), undefined);
  assert.equal(template('pods: [{ workload: a/Job/b, at: "10:00", image: "b:1" }]'), undefined);
});

test('an entry of pods makes it begin, and gone ends it; the next one is another pod', () => {
  const scene =
    'pods: [{ workload: a/b, at: "10:01" }, { workload: a/b, at: "10:03", gone: true }, { workload: a/b, at: "10:05" }]';
  assert.equal(podAt(scene, 0), undefined);
  assert.equal(podAt(scene, 1)?.createdAt, at(10, 1));
  assert.equal(podAt(scene, 3), undefined);
  assert.notEqual(podAt(scene, 5)?.uid, podAt(scene, 1)?.uid);
});

test('a restart raises the counter, keeps how the instance ended and starts another', () => {
  const scene = 'restarts: [{ workload: a/b, at: "10:01", count: 2, reason: OOMKilled, exit_code: 137 }]';
  const container = podAt(scene, 2)?.containers[0];
  assert.deepEqual([container?.restarts, container?.last?.reason, container?.last?.finishedAt], [2, 'OOMKilled', at(10, 2)]);
  assert.notEqual(container?.containerID, container?.last?.containerID);
});

test('a terminated entry and a risen counter are one end, not two', () => {
  const scene =
    'pods: [{ workload: a/b, at: "10:00" }, { workload: a/b, at: "10:01", terminated: OOMKilled }, { workload: a/b, at: "10:02", waiting: CrashLoopBackOff, restarts: 1 }]';
  const ended = podAt(scene, 1)?.containers[0]?.state;
  const container = podAt(scene, 2)?.containers[0];
  assert.ok(ended?.kind === 'terminated');
  assert.deepEqual(container?.last?.containerID, ended.containerID);
  assert.deepEqual([container?.last?.exitCode, container?.state.kind, container?.ready], [137, 'waiting', false]);
});

test('how a container ended stays known while it waits to be started again, and is its one end', () => {
  const ended = '{ workload: a/b, at: "10:00" }, { workload: a/b, at: "10:01", terminated: OOMKilled }';
  const waits = '{ workload: a/b, at: "10:02", waiting: CrashLoopBackOff }';
  const runs = '{ workload: a/b, at: "10:03", running: true, restarts: 1 }';
  const scene = `pods: [${ended}, ${waits}, ${runs}]`;
  const [waiting, running] = [podAt(scene, 2), podAt(scene, 3)];
  assert.deepEqual([waiting?.phase, waiting?.containers[0]?.last?.reason], ['Running', 'OOMKilled']);
  assert.deepEqual(running?.containers[0]?.last, waiting?.containers[0]?.last);
  assert.notEqual(running?.containers[0]?.containerID, running?.containers[0]?.last?.containerID);
});

for (const [scene, phase] of [
  ['{ workload: a/b, at: "10:00" }', 'Running'],
  ['{ workload: a/b, at: "10:00", waiting: ContainerCreating }', 'Pending'],
  ['{ workload: a/b, at: "10:00", unschedulable: true }', 'Pending'],
  ['{ workload: a/b, at: "10:00", role: init }', 'Pending'],
  ['{ workload: a/b, at: "10:00", terminated: Error }', 'Running'],
  ['{ workload: a/Job/b, at: "10:00", terminated: Error }', 'Failed'],
  ['{ workload: a/Job/b, at: "10:00", terminated: Completed }', 'Succeeded'],
  ['{ workload: a/b, at: "10:00", phase: Unknown }', 'Unknown'],
] as const) {
  test(`${scene} is ${phase}`, () => assert.equal(podAt(`pods: [${scene}]`, 0)?.phase, phase));
}

test('what is not ready says since when', () => {
  const scene =
    'pods: [{ workload: a/b, at: "10:00" }, { workload: a/b, at: "10:02", ready: false }, { workload: a/b, at: "10:04", ready: false }]';
  const ready = podAt(scene, 5)?.conditions.find((condition) => condition.type === 'Ready');
  assert.deepEqual([ready?.status, ready?.since], ['False', at(10, 2)]);
});

test('a container that runs and was said not to be ready stays so until an entry says how it is now', () => {
  const scene = (last: string) =>
    `pods: [{ workload: a/b, at: "10:00", running: true }, { workload: a/b, at: "10:01", ready: false }, ${last}]`;
  const isReady = (pod: PodState | undefined) => pod?.conditions.find(({ type }) => type === 'Ready')?.status;
  assert.equal(isReady(podAt(scene('{ workload: a/b, at: "10:02", container: proxy, running: true }'), 3)), 'False');
  assert.equal(isReady(podAt(scene('{ workload: a/b, at: "10:02", restarts: 1 }'), 3)), 'False');
  assert.equal(isReady(podAt(scene('{ workload: a/b, at: "10:02", running: true }'), 3)), 'True');
  assert.equal(isReady(podAt(scene('{ workload: a/b, at: "10:02", ready: true }'), 3)), 'True');
});

test('limits that a later entry of usage names count from then on', () => {
  const scene =
    'usage: [{ workload: a/b, at: "10:01", memory: 1Gi, limits: { memory: 1Gi } }, { workload: a/b, at: "10:05", memory: 1Gi, limits: { memory: 2Gi } }]';
  const limit = (minutes: number) => podAt(scene, minutes)?.containers[0]?.limits.memory;
  assert.deepEqual([limit(0), limit(4), limit(5)], [1024 ** 3, 1024 ** 3, 2 * 1024 ** 3]);
});

test('a restart that is told of a pod that is gone makes none', () => {
  const scene =
    'pods: [{ workload: a/b, at: "10:01" }, { workload: a/b, at: "10:03", gone: true }]\n    restarts: [{ workload: a/b, at: "10:02", count: 3 }]';
  assert.equal(podAt(scene, 2)?.containers[0]?.restarts, 1);
  assert.equal(podAt(scene, 5), undefined);
});

test('states of init containers may be written as kubectl writes them', () => {
  const [container] =
    podAt('pods: [{ workload: a/b, at: "10:00", container: setup, waiting: "Init:CrashLoopBackOff" }]', 1)?.containers ?? [];
  assert.deepEqual([container?.role, container?.state], ['init', { kind: 'waiting', reason: 'CrashLoopBackOff', message: '' }]);
});

test('a restart that names neither code nor role takes them from its reason and its container', () => {
  const scene =
    'pods: [{ workload: a/b, at: "10:00", role: init, running: true }]\n    restarts: [{ workload: a/b, at: "10:01", reason: Completed }]';
  const [container] = podAt(scene, 2)?.containers ?? [];
  assert.deepEqual([container?.role, container?.last?.exitCode], ['init', 0]);
});
