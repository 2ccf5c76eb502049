import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, kubectl } from './kubectl.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const AS = '--as=system:serviceaccount:tocsin:tocsin';

before(() => {
  kubectl(['delete', '-k', `${ROOT}k8s/`, '--ignore-not-found', '--wait=true', '--timeout=120s']);
});
after(() => {
  kubectl(['delete', '-k', `${ROOT}k8s/`, '--ignore-not-found', '--wait=true', '--timeout=120s']);
});

const pod = () => JSON.parse(kubectl(['-n', 'tocsin', 'get', 'pods', '-o', 'json'])).items[0];

test('the manifests, with nothing edited, become Ready within 60 s', () => {
  kubectl(['apply', '-k', `${ROOT}k8s/`]);
  kubectl(['-n', 'tocsin', 'wait', 'deployment/tocsin', '--for=condition=Available', '--timeout=60s']);
});

test('the service account may do what the table says and nothing else', () => {
  const listed = kubectl(['auth', 'can-i', '--list', '-n', 'default', AS, '--no-headers']);
  const rows = listed
    .split('\n')
    .map((row) => /^(\S+)\s+\[([^\]]*)\]\s+\[([^\]]*)\]\s+\[([^\]]*)\]/.exec(row))
    .filter((row) => row !== null)
    .map(([, resource, , , verbs]) => `${resource}: ${verbs}`)
    .filter((row) => !/^(selfsubject|\/)/.test(row));
  const read = 'get list watch';
  assert.deepEqual(
    rows.sort(),
    [
      `pods: ${read}`,
      `events: ${read}`,
      `namespaces: ${read}`,
      `nodes: ${read}`,
      'pods/log: get',
      'pods.metrics.k8s.io: get list',
      'nodes.metrics.k8s.io: get list',
      ...['deployments', 'statefulsets', 'daemonsets', 'replicasets'].map((name) => `${name}.apps: ${read}`),
      ...['jobs', 'cronjobs'].map((name) => `${name}.batch: ${read}`),
      'horizontalpodautoscalers.autoscaling: get list',
      'persistentvolumeclaims: get list',
      'resourcequotas: get list',
    ].sort(),
  );
});

test('three cycles pass without a restart, without an error and without anything forbidden', async () => {
  const settings = kubectl(['-n', 'tocsin', 'get', 'configmap', 'tocsin-settings', '-o', 'jsonpath={.data.tocsin\\.yaml}']);
  const patch = JSON.stringify({ data: { 'tocsin.yaml': `schedule: "*/15 * * * * *"\n${settings}` } });
  kubectl(['-n', 'tocsin', 'patch', 'configmap', 'tocsin-settings', '-p', patch]);
  // The kubelet takes up to about a minute to bring the edit to the pod, which reloads it.
  const log = () => kubectl(['-n', 'tocsin', 'logs', 'deployment/tocsin']);
  await eventually('three cycles', 240, () => log().split('msg="cycle done"').length > 3);
  await sleep(1_000);
  assert.equal(pod().status.containerStatuses[0].restartCount, 0);
  assert.doesNotMatch(log(), /forbidden|level=error/i);
});

test('the page, the probes and the metrics answer through the service', () => {
  const get = (path: string) => kubectl(['get', '--raw', `/api/v1/namespaces/tocsin/services/tocsin:http/proxy${path}`]);
  assert.equal(JSON.parse(get('/healthz')).status, 'ok');
  assert.match(get('/'), /<!doctype html>/i);
  assert.match(get('/metrics'), /^tocsin_cycles_total/m);
});
