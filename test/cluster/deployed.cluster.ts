import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ACCESS } from '../../src/kubernetes/session/access.ts';
import { eventually, kubectl } from './kubectl.ts';

const MANIFESTS = new URL('../../k8s/', import.meta.url).pathname;
const AS = '--as=system:serviceaccount:tocsin:tocsin';

before(removeAll);
after(removeAll);
afterEach(async (context) => {
  if ('passed' in context && !context.passed) console.log(await log());
});

async function removeAll(): Promise<void> {
  await kubectl(['delete', '-k', MANIFESTS, '--ignore-not-found', '--wait=true', '--timeout=120s']);
  // A volume that is kept stays bound to the claim that is gone: without this, a cluster would run out of volumes.
  for (const { metadata, spec, status } of JSON.parse(await kubectl(['get', 'persistentvolumes', '-o', 'json'])).items) {
    if (status.phase !== 'Released' || spec.claimRef?.namespace !== 'tocsin' || spec.claimRef.name !== 'tocsin-data') continue;
    await kubectl(['patch', 'persistentvolume', metadata.name, '--type=json', '-p', '[{"op":"remove","path":"/spec/claimRef"}]']);
  }
}

const inNamespace = (...args: readonly string[]) => kubectl(['-n', 'tocsin', ...args]);
const log = () => inNamespace('logs', 'deployment/tocsin');
/** What the page's port answers, through the Service. */
const get = (path: string) => kubectl(['get', '--raw', `/api/v1/namespaces/tocsin/services/tocsin:http/proxy${path}`]);
/** Runs a command of Tocsin in the pod, which has no shell; throws when it does not exit with 0. */
const inPod = (...args: readonly string[]) =>
  inNamespace('exec', 'deployment/tocsin', '--', '/nodejs/bin/node', '/app/dist/cli/main.js', ...args);
const cycles = async () => (await log()).split('msg="cycle done"').length - 1;

async function pod(): Promise<{ readonly uid: string; readonly restarts: number }> {
  const { items } = JSON.parse(await inNamespace('get', 'pods', '-o', 'json'));
  assert.equal(items.length, 1);
  return { uid: items[0].metadata.uid, restarts: items[0].status.containerStatuses[0].restartCount };
}

/** Edits a ConfigMap. The kubelet brings it to the pod within about a minute, or at once when something about the pod changes. */
async function patchConfigMap(name: string, key: string, text: string): Promise<void> {
  await inNamespace('patch', 'configmap', name, '-p', JSON.stringify({ data: { [key]: text } }));
  await inNamespace('annotate', 'pods', '--all', '--overwrite', `test/edited=${Date.now()}`);
}

test('the manifests, with nothing edited, become Ready within 60 s', async () => {
  await kubectl(['apply', '-k', MANIFESTS]);
  await inNamespace('wait', 'deployment/tocsin', '--for=condition=Available', '--timeout=60s');
});

test('the service account may do what the table says and nothing else', async () => {
  const rows = (await kubectl(['auth', 'can-i', '--list', '-n', 'default', AS, '--no-headers']))
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
  await eventually('a first cycle', 60, async () => (await cycles()) > 0);
  assert.match(await get('/'), /^<!doctype html>/i);
  assert.equal(JSON.parse(await get('/readyz')).status, 'ready');
  assert.match(await get('/metrics'), /^tocsin_cycles_total\{.*\} [1-9]/m);
});

test('the commands run in the pod, which has no shell, as nobody on a read-only root', async () => {
  const settings = ['--config', '/etc/tocsin/settings/tocsin.yaml'];
  assert.match(await inPod('health'), /"status":/);
  assert.match(await inPod('check', '--cluster', ...settings), /all \d+ permissions are there/);
  assert.match(await inPod('logs', ...settings, '--since', '1h', '--grep', 'cycle done'), /cycle done|^$/);
  assert.match(await inPod('--version'), /^\d+\.\d+\.\d+$/m);
  const write = 'try { fs.writeFileSync("/app/x", "") } catch (error) { console.log(process.getuid(), error.code) }';
  assert.equal(await inNamespace('exec', 'deployment/tocsin', '--', '/nodejs/bin/node', '-e', write), '65532 EROFS\n');
  await assert.rejects(inNamespace('exec', 'deployment/tocsin', '--', 'sh', '-c', 'true'), /sh/);
});

test('edited settings are taken over in the running pod: three cycles on a new schedule', async () => {
  const { uid } = await pod();
  const settings = await inNamespace('get', 'configmap', 'tocsin-settings', '-o', 'jsonpath={.data.tocsin\\.yaml}');
  await patchConfigMap('tocsin-settings', 'tocsin.yaml', `schedule: "*/10 * * * * *"\n${settings}`);
  await eventually('the settings are taken over', 180, async () => (await log()).includes('msg="settings changed"'));
  const before = await cycles();
  await eventually('three cycles', 90, async () => (await cycles()) >= before + 3);
  await eventually('all is well', 60, async () => JSON.parse(await get('/healthz')).status === 'ok');
  assert.deepEqual(await pod(), { uid, restarts: 0 });
});

test('edited rules are taken over in the running pod, and broken ones leave the last good ones in force', async () => {
  const { uid } = await pod();
  const ruleNames = async () =>
    JSON.parse(await get('/api/v1/rules?limit=1000')).items.map((rule: { alert: string }) => rule.alert);
  const shipped = await ruleNames();
  const added = '  - alert: AddedToTheConfigMap\n    restarts: { above: 1000, within: 1h }\n';
  await patchConfigMap('tocsin-rules', 'added.yaml', `rules:\n${added}`);
  await eventually('the new rule is there', 180, async () => (await ruleNames()).includes('AddedToTheConfigMap'));
  assert.equal((await ruleNames()).length, shipped.length + 1);

  await patchConfigMap('tocsin-rules', 'added.yaml', `rules:\n${added}    nonsense: 1\n`);
  const reason = /added\.yaml:4:5: .*nonsense/;
  await eventually('the broken file is told', 180, async () => reason.test(JSON.parse(await get('/healthz')).reasons.join('\n')));
  assert.equal((await ruleNames()).length, shipped.length + 1);
  assert.match(await log(), reason);

  await patchConfigMap('tocsin-rules', 'added.yaml', 'rules: []\n');
  await eventually('all is well again', 180, async () => JSON.parse(await get('/healthz')).status === 'ok');
  assert.deepEqual((await ruleNames()).sort(), shipped.sort());
  assert.deepEqual(await pod(), { uid, restarts: 0 });
});

test('nothing was forbidden, and what was stored is there after a new pod takes over', async () => {
  assert.doesNotMatch((await log()).replaceAll(/^.*added\.yaml.*$/gm, ''), /forbidden|level=error/i);
  const cycles: readonly { readonly id: string; readonly trigger: string }[] = JSON.parse(
    await get('/api/v1/cycles?limit=50'),
  ).items;
  // A targeted one is folded into the next scheduled one, and has no name of its own then.
  const newest = cycles.find(({ trigger }) => trigger === 'scheduled')?.id ?? 'a scheduled cycle';
  const { uid } = await pod();
  await inNamespace('rollout', 'restart', 'deployment/tocsin');
  await inNamespace('rollout', 'status', 'deployment/tocsin', '--timeout=100s');
  assert.notEqual((await pod()).uid, uid);
  const ids = JSON.parse(await get('/api/v1/cycles?limit=1000&since=24h')).items.map((cycle: { id: string }) => cycle.id);
  assert.ok(ids.includes(newest), `${newest} is in ${ids.join(' ')}`);
});
