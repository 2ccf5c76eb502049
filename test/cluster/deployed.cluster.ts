import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ACCESS } from '../../src/kubernetes/session/access.ts';
import { eventually, kubectl } from './kubectl.ts';

const MANIFESTS = new URL('../../k8s/', import.meta.url).pathname;
const AS = '--as=system:serviceaccount:tocsin:tocsin';

before(removeAll);
after(removeAll);
afterEach((context) => {
  if ('passed' in context && !context.passed) console.log(log());
});

function removeAll(): void {
  kubectl(['delete', '-k', MANIFESTS, '--ignore-not-found', '--wait=true', '--timeout=120s']);
  // A volume that is kept stays bound to the claim that is gone: without this, a cluster would run out of volumes.
  for (const { metadata, spec, status } of JSON.parse(kubectl(['get', 'persistentvolumes', '-o', 'json'])).items) {
    if (status.phase !== 'Released' || spec.claimRef?.namespace !== 'tocsin' || spec.claimRef.name !== 'tocsin-data') continue;
    kubectl(['patch', 'persistentvolume', metadata.name, '--type=json', '-p', '[{"op":"remove","path":"/spec/claimRef"}]']);
  }
}

const inNamespace = (...args: readonly string[]) => kubectl(['-n', 'tocsin', ...args]);
const log = () => inNamespace('logs', 'deployment/tocsin');
/** What the page's port answers, through the Service. */
const get = (path: string) => kubectl(['get', '--raw', `/api/v1/namespaces/tocsin/services/tocsin:http/proxy${path}`]);
/** Runs a command of Tocsin in the pod, which has no shell; throws when it does not exit with 0. */
const inPod = (...args: readonly string[]) =>
  inNamespace('exec', 'deployment/tocsin', '--', '/nodejs/bin/node', '/app/dist/cli/main.js', ...args);
const cycles = () => log().split('msg="cycle done"').length - 1;

function pod(): { readonly uid: string; readonly restarts: number } {
  const { items } = JSON.parse(inNamespace('get', 'pods', '-o', 'json'));
  assert.equal(items.length, 1);
  return { uid: items[0].metadata.uid, restarts: items[0].status.containerStatuses[0].restartCount };
}

/** Edits a ConfigMap. The kubelet brings it to the pod within about a minute, or at once when something about the pod changes. */
function patchConfigMap(name: string, key: string, text: string): void {
  inNamespace('patch', 'configmap', name, '-p', JSON.stringify({ data: { [key]: text } }));
  inNamespace('annotate', 'pods', '--all', '--overwrite', `test/edited=${Date.now()}`);
}

test('the manifests, with nothing edited, become Ready within 60 s', () => {
  kubectl(['apply', '-k', MANIFESTS]);
  inNamespace('wait', 'deployment/tocsin', '--for=condition=Available', '--timeout=60s');
});

test('the service account may do what the table says and nothing else', () => {
  const rows = kubectl(['auth', 'can-i', '--list', '-n', 'default', AS, '--no-headers'])
    .split('\n')
    .map((row) => /^(\S+)\s+\[[^\]]*\]\s+\[[^\]]*\]\s+\[([^\]]*)\]/.exec(row))
    .filter((row) => row !== null)
    .map(([, resource, verbs]) => `${resource}: ${verbs}`)
    // Everyone may ask what they may do.
    .filter((row) => !row.startsWith('selfsubject'));
  const asked = ACCESS.map(({ group, resource, verbs }) => `${resource}${group === '' ? '' : `.${group}`}: ${verbs.join(' ')}`);
  assert.deepEqual(rows.sort(), asked.sort());
});

test('the page, the probes and the metrics answer through the service', async () => {
  await eventually('a first cycle', 60, () => cycles() > 0);
  assert.match(get('/'), /^<!doctype html>/i);
  assert.equal(JSON.parse(get('/readyz')).status, 'ready');
  assert.match(get('/metrics'), /^tocsin_cycles_total\{.*\} [1-9]/m);
});

test('the commands run in the pod, which has no shell, as nobody on a read-only root', () => {
  const settings = ['--config', '/etc/tocsin/settings/tocsin.yaml'];
  assert.match(inPod('health'), /"status":/);
  assert.match(inPod('check', '--cluster', ...settings), /all \d+ permissions are there/);
  assert.match(inPod('logs', ...settings, '--since', '1h', '--grep', 'cycle done'), /cycle done|^$/);
  assert.match(inPod('--version'), /^\d+\.\d+\.\d+$/m);
  const write = 'try { fs.writeFileSync("/app/x", "") } catch (error) { console.log(process.getuid(), error.code) }';
  assert.equal(inNamespace('exec', 'deployment/tocsin', '--', '/nodejs/bin/node', '-e', write), '65532 EROFS\n');
  assert.throws(() => inNamespace('exec', 'deployment/tocsin', '--', 'sh', '-c', 'true'), /sh/);
});

test('edited settings are taken over in the running pod: three cycles on a new schedule', async () => {
  const { uid } = pod();
  const settings = inNamespace('get', 'configmap', 'tocsin-settings', '-o', 'jsonpath={.data.tocsin\\.yaml}');
  patchConfigMap('tocsin-settings', 'tocsin.yaml', `schedule: "*/10 * * * * *"\n${settings}`);
  await eventually('the settings are taken over', 180, () => log().includes('msg="settings changed"'));
  const before = cycles();
  await eventually('three cycles', 90, () => cycles() >= before + 3);
  await eventually('all is well', 60, () => JSON.parse(get('/healthz')).status === 'ok');
  assert.deepEqual(pod(), { uid, restarts: 0 });
});

test('edited rules are taken over in the running pod, and broken ones leave the last good ones in force', async () => {
  const { uid } = pod();
  const ruleNames = () => JSON.parse(get('/api/v1/rules?limit=1000')).items.map((rule: { alert: string }) => rule.alert);
  const shipped = ruleNames();
  const added = '  - alert: AddedToTheConfigMap\n    restarts: { above: 1000, within: 1h }\n';
  patchConfigMap('tocsin-rules', 'added.yaml', `rules:\n${added}`);
  await eventually('the new rule is there', 180, () => ruleNames().includes('AddedToTheConfigMap'));
  assert.equal(ruleNames().length, shipped.length + 1);

  patchConfigMap('tocsin-rules', 'added.yaml', `rules:\n${added}    nonsense: 1\n`);
  const reason = /added\.yaml:4:5: .*nonsense/;
  await eventually('the broken file is told', 180, () => reason.test(JSON.parse(get('/healthz')).reasons.join('\n')));
  assert.equal(ruleNames().length, shipped.length + 1);
  assert.match(log(), reason);

  patchConfigMap('tocsin-rules', 'added.yaml', 'rules: []\n');
  await eventually('all is well again', 180, () => JSON.parse(get('/healthz')).status === 'ok');
  assert.deepEqual(ruleNames().sort(), shipped.sort());
  assert.deepEqual(pod(), { uid, restarts: 0 });
});

test('nothing was forbidden, and what was stored is there after a new pod takes over', async () => {
  assert.doesNotMatch(log().replaceAll(/^.*added\.yaml.*$/gm, ''), /forbidden|level=error/i);
  const cycles: readonly { readonly id: string; readonly trigger: string }[] = JSON.parse(get('/api/v1/cycles?limit=50')).items;
  // A targeted one is folded into the next scheduled one, and has no name of its own then.
  const newest = cycles.find(({ trigger }) => trigger === 'scheduled')?.id ?? 'a scheduled cycle';
  const { uid } = pod();
  inNamespace('rollout', 'restart', 'deployment/tocsin');
  inNamespace('rollout', 'status', 'deployment/tocsin', '--timeout=100s');
  assert.notEqual(pod().uid, uid);
  const ids = JSON.parse(get('/api/v1/cycles?limit=1000&since=24h')).items.map((cycle: { id: string }) => cycle.id);
  assert.ok(ids.includes(newest), `${newest} is in ${ids.join(' ')}`);
});
