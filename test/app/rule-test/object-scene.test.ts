import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sceneOf } from '../../../src/app/rule-test/scene.ts';
import { Findings } from '../../../src/base/node.ts';
import { parseYaml } from '../../../src/config/decode/yaml.ts';
import { TEST_DAY } from '../../../src/config/rule-tests/test-scalars.ts';
import { testFileType } from '../../../src/config/rule-tests/test-type.ts';

const at = (hours: number, minutes: number) => TEST_DAY + (hours * 60 + minutes) * 60_000;

function sceneFrom(entries: string) {
  const findings = new Findings('scene');
  const text = `tests:\n  - name: x\n    expect: [{ at: "10:00", alert: "*", state: inactive }]\n    ${entries}\n`;
  const node = parseYaml(Buffer.from(text), findings);
  const decoded = node === null ? undefined : testFileType.decode(node, findings);
  assert.deepEqual(findings.problems, []);
  const ruleTest = decoded?.tests[0]?.value;
  assert.ok(ruleTest !== undefined);
  return sceneOf(ruleTest, at(9, 59));
}

test('a quota has all of its resources, and an entry that names none is about the one named before', () => {
  const scene = sceneFrom(`quotas:
      - { quota: shop/small, at: "10:00", resource: pods, used: 3, hard: 20 }
      - { quota: shop/small, at: "10:00", resource: requests.cpu, used: 10, hard: 50 }
      - { quota: shop/small, at: "10:05", used: 48 }
      - { quota: shop/small, at: "10:09", gone: true }
      - { quota: shop/small, at: "10:12", used: 1 }`);
  const seen = (minutes: number) =>
    scene
      .objectsAt(at(10, minutes))
      .items.map((each) => (each.kind === 'ResourceQuota' ? each.resources.map(({ text }) => text) : []));
  assert.deepEqual(seen(0), [['pods: 3 of 20', 'requests.cpu: 10 of 50']]);
  assert.deepEqual(seen(5), [['pods: 3 of 20', 'requests.cpu: 48 of 50']]);
  assert.deepEqual(seen(9), []);
  assert.deepEqual(seen(12), [['requests.cpu: 1 of 10']]);
});

test('a lost node that is said to be ready again is heard of', () => {
  const scene = sceneFrom('nodes: [{ node: n1, at: "10:00", lost: true }, { node: n1, at: "10:05", ready: true }]');
  assert.deepEqual(
    [0, 5].map((minutes) => scene.nodesAt(at(10, minutes), [])[0]?.ready),
    ['Unknown', 'True'],
  );
});

test('an event that names no object is about the first pod that has not started, and one of a kill is Normal', () => {
  const scene = sceneFrom(`pods:
      - { workload: shop/web, pod: web-a, at: "10:00", running: true }
      - { workload: shop/web, pod: web-b, at: "10:00", waiting: ContainerCreating }
    events:
      - { workload: shop/web, at: "10:01", reason: FailedMount }
      - { workload: shop/web, object: Pod/web-a, at: "10:02", reason: Killing, message: failed liveness probe }`);
  assert.deepEqual(
    scene.eventsBetween(at(10, 0), at(10, 5)).map(({ name, type }) => `${name} ${type}`),
    ['web-b Warning', 'web-a Normal'],
  );
});

test('what is said of a job that has ended is about the next one of its name, and gone ends them all', () => {
  const scene = sceneFrom(`jobs:
      - { workload: shop/CronJob/dump, at: "10:00" }
      - { workload: shop/CronJob/dump, at: "10:02", failed: BackoffLimitExceeded }
      - { workload: shop/CronJob/dump, at: "10:03", failures: 4 }
      - { workload: shop/CronJob/dump, at: "10:05" }
      - { workload: shop/CronJob/dump, at: "10:07", complete: true }
      - { workload: shop/CronJob/dump, at: "10:09", gone: true }`);
  const states = (minutes: number) =>
    scene.objectsAt(at(10, minutes)).items.map((each) => (each.kind === 'Job' ? `${each.state} ${each.failures}` : ''));
  assert.deepEqual([1, 3, 5, 7, 9].map(states), [
    ['running 0'],
    ['failed 4'],
    ['failed 4', 'running 0'],
    ['failed 4', 'complete 0'],
    [],
  ]);
});

test('a condition holds since it was said first, however often it is said again', () => {
  const scene = sceneFrom(`nodes:
      - { node: n1, at: "10:00" }
      - { node: n1, at: "10:02", ready: false }
      - { node: n1, at: "10:04", ready: false, pressure: [disk] }
      - { node: n1, at: "10:06", message: the disk is full }
    autoscalers:
      - { autoscaler: shop/web, at: "10:00", current: 10, limited: true }
      - { autoscaler: shop/web, at: "10:05", current: 10, limited: true, unable: no metric }
      - { autoscaler: shop/web, at: "10:07", unable: still no metric }`);
  const [node] = scene.nodesAt(at(10, 8), []);
  const since = (type: string) => node?.conditions.find((each) => each.type === type)?.since;
  assert.deepEqual([since('Ready'), since('DiskPressure')], [at(10, 2), at(10, 4)]);
  const [autoscaler] = scene.objectsAt(at(10, 8)).items;
  assert.ok(autoscaler?.kind === 'HorizontalPodAutoscaler');
  assert.deepEqual([autoscaler.limited?.since, autoscaler.unable?.since], [at(10, 0), at(10, 5)]);
});
