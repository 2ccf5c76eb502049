import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '../../../src/base/errors.ts';
import { Credentials } from '../../../src/kubernetes/session/credentials.ts';
import { loadKubeconfig } from '../../../src/kubernetes/session/kubeconfig.ts';
import { openSession } from '../../../src/kubernetes/session/session.ts';
import { impatientClock, sessionOptions } from '../collecting.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const kubeconfig = (user: string, name = 'prod') => `current-context: ${name}
clusters: [{ name: ${name}, cluster: { server: "https://${name}.example:6443/" } }]
contexts:
  - { name: ${name}, context: { cluster: ${name}, user: ${name} } }
  - { name: lost, context: { cluster: nowhere, user: ${name} } }
users:
  - name: ${name}
    user:
${user}
`;

const fails = (pattern: RegExp) => (error: unknown) => error instanceof ConfigError && pattern.test(error.message);

test('without any cluster the error names the demo and the flag', async () => {
  await assert.rejects(openSession(sessionOptions()), fails(/npm run demo/));
  await assert.rejects(openSession(sessionOptions()), fails(/--kubeconfig FILE/));
});

test('a kubeconfig that cannot be used says why', async () => {
  using folder = temporaryFolder();
  const open = (text: string, context: string | null = null) =>
    openSession(sessionOptions({ kubeconfig: folder.write('k', text), context }));
  await assert.rejects(
    openSession(sessionOptions({ kubeconfig: join(folder.path, 'missing') })),
    fails(/could not read kubeconfig .*ENOENT/),
  );
  await assert.rejects(open('clusters: ['), fails(/could not read kubeconfig/));
  await assert.rejects(open(''), fails(/could not (read|use) kubeconfig/));
  await assert.rejects(open('clusters: []'), fails(/no current-context/));
  await assert.rejects(open(kubeconfig('      token: x'), 'other'), fails(/no context "other" \(known are prod, lost\)/));
  await assert.rejects(open(kubeconfig('      token: x'), 'lost'), fails(/names a cluster "nowhere"/));
  const plain = kubeconfig('      token: x').replace('https:', 'http:');
  await assert.rejects(open(plain), fails(/insecure-skip-tls-verify/));
});

test('the named file wins over in-cluster, that over KUBECONFIG, and that over the home folder', async () => {
  using folder = temporaryFolder();
  folder.write('account/token', 'account-token\n');
  const serviceAccount = join(folder.path, 'account');
  folder.write('.kube/config', kubeconfig('      token: x', 'home'));
  const listed = folder.write('listed', kubeconfig('      token: x', 'listed'));
  const named = folder.write('named', kubeconfig('      token: x', 'named'));
  const env: Record<string, string> = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443', KUBECONFIG: listed };
  const load = (kubeconfig: string | null, given: Record<string, string>) =>
    loadKubeconfig({ kubeconfig, context: null, env: given, home: folder.path, serviceAccount });
  assert.equal((await load(named, env)).clusterName, 'named');
  const inside = await load(null, env);
  assert.deepEqual([inside.clusterName, inside.server], ['in-cluster', 'https://[fd00::1]:443']);
  assert.equal((await load(null, { KUBECONFIG: `${join(folder.path, 'missing')}:${listed}` })).clusterName, 'listed');
  const home = await load(null, {});
  assert.deepEqual([home.clusterName, home.server], ['home', 'https://home.example:6443']);
  assert.equal((await load('~/named', {})).clusterName, 'named');
});

test('files of a KUBECONFIG list are merged, the first to name something wins', async () => {
  using folder = temporaryFolder();
  const one = folder.write('one', kubeconfig('      token: one', 'one'));
  const two = folder.write('two', kubeconfig('      token: two', 'two'));
  const load = (context: string | null) =>
    loadKubeconfig({ kubeconfig: null, context, env: { KUBECONFIG: `${one}:${two}` }, home: '/nonexistent' });
  assert.equal((await load(null)).clusterName, 'one');
  assert.equal((await load('two')).clusterName, 'two');
});

async function credentialsOf(folder: { readonly path: string; write(name: string, text: string): string }, user: string) {
  const file = folder.write('kubeconfig', kubeconfig(user));
  const load = () =>
    loadKubeconfig({ kubeconfig: file, context: null, env: {}, home: '/nonexistent', serviceAccount: '/nonexistent' });
  let ahead = 0;
  const clock = {
    ...impatientClock(),
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
  };
  const credentials = new Credentials(await load(), { reload: load, env: { PATH: process.env['PATH'] }, clock });
  return { credentials, pass: (ms: number) => (ahead += ms) };
}

/** A credential plugin that counts its runs and gives tokens that live ten minutes. */
function plugin(folder: { readonly path: string; write(name: string, text: string): string }): string {
  folder.write(
    'plugin.js',
    `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const runs = __dirname + '/runs';
appendFileSync(runs, 'x');
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
if (info.kind !== 'ExecCredential' || process.env.EXTRA !== 'yes') { console.error('bad call'); process.exit(1); }
console.log(JSON.stringify({ kind: 'ExecCredential', status: {
  token: 'token-' + readFileSync(runs).length,
  expirationTimestamp: new Date(Date.now() + 600000).toISOString(),
} }));`,
  );
  return `      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: ./plugin.js
        env: [{ name: EXTRA, value: "yes" }]`;
}

test('a credential plugin runs once for many requests, and again two minutes before its credential ends', async () => {
  using folder = temporaryFolder();
  const { credentials, pass } = await credentialsOf(folder, plugin(folder));
  const all = await Promise.all(Array.from({ length: 25 }, () => credentials.current()));
  assert.deepEqual(new Set(all.map(({ headers }) => headers['authorization'])), new Set(['Bearer token-1']));
  pass(7 * 60_000);
  assert.equal((await credentials.current()).headers['authorization'], 'Bearer token-1');
  pass(90_000);
  assert.equal((await credentials.current()).headers['authorization'], 'Bearer token-2');
  assert.equal(readFileSync(join(folder.path, 'runs'), 'utf8'), 'xx');
});

test('many requests that were refused at once ask for one new credential', async () => {
  using folder = temporaryFolder();
  const { credentials } = await credentialsOf(folder, plugin(folder));
  const refused = await credentials.current();
  const renewed = await Promise.all(Array.from({ length: 10 }, () => credentials.afterRefusal(refused)));
  assert.deepEqual(new Set(renewed.map(({ headers }) => headers['authorization'])), new Set(['Bearer token-2']));
  assert.equal((await credentials.afterRefusal(refused)).headers['authorization'], 'Bearer token-2');
});

test('a credential plugin that fails says what it printed', async () => {
  using folder = temporaryFolder();
  folder.write('plugin.js', `#!${process.execPath}\nconsole.error('log in first'); process.exit(3);`);
  const { credentials } = await credentialsOf(folder, '      exec: { command: ./plugin.js }');
  await assert.rejects(
    async () => credentials.current(),
    /could not get credentials for the API server: .*exit code 3.*log in first/,
  );
});

test('a token file is read again after half a minute', async () => {
  using folder = temporaryFolder();
  folder.write('token', 'old\n');
  const { credentials, pass } = await credentialsOf(folder, '      tokenFile: token');
  assert.equal((await credentials.current()).headers['authorization'], 'Bearer old');
  folder.write('token', 'new\n');
  assert.equal((await credentials.current()).headers['authorization'], 'Bearer old');
  pass(31_000);
  assert.equal((await credentials.current()).headers['authorization'], 'Bearer new');
});

test('a user with a password is sent as Basic, one to impersonate as such', async () => {
  using folder = temporaryFolder();
  const { credentials } = await credentialsOf(folder, '      { username: u, password: p, as: someone }');
  const { headers } = await credentials.current();
  assert.deepEqual(headers, { authorization: `Basic ${btoa('u:p')}`, 'impersonate-user': 'someone' });
});

test('an OIDC user sends the id token that is still good', async () => {
  using folder = temporaryFolder();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const idToken = `${part({ alg: 'none' })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600 })}.x`;
  const { credentials } = await credentialsOf(folder, `      auth-provider: { name: oidc, config: { id-token: ${idToken} } }`);
  const { headers } = await credentials.current();
  assert.deepEqual(headers, { authorization: `Bearer ${idToken}` });
});

test('certificates come from files beside the kubeconfig or from the kubeconfig itself', async () => {
  using folder = temporaryFolder();
  folder.write('user.crt', 'a certificate');
  const user = `      { client-certificate: user.crt, client-key-data: ${btoa('a key')} }`;
  const { credentials } = await credentialsOf(folder, user);
  const { tls } = await credentials.current();
  assert.deepEqual(tls, { ca: null, cert: 'a certificate', key: 'a key', servername: null, rejectUnauthorized: true });
});

test('a kubeconfig that is no YAML is told in one line without what it holds', () => {
  using folder = temporaryFolder();
  const file = folder.write('k', 'users:\n  - { token: very-secret, [\n');
  const load = () => loadKubeconfig({ kubeconfig: file, context: null, env: {}, home: '/nonexistent' });
  assert.throws(load, fails(/^could not read kubeconfig \S+: [^\n]+ at line \d+, column \d+$/));
  assert.throws(load, (error: Error) => !error.message.includes('very-secret'));
});
