import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check } from '../../../src/cli/commands/check.ts';
import { schema } from '../../../src/cli/commands/schema.ts';
import { test as ruleTest } from '../../../src/cli/commands/test.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { container, pod } from '../../build.ts';
import { commit, options } from '../../store/store-fixture.ts';
import { folderOf, runCommand } from '../run-command.ts';

const RATIO =
  'rules:\n  - alert: HighErrorRatio\n    error_ratio: { errors: { level: error }, above: 5%, min_count: 20, minutes: 3 of 10 }\n';
const BOOM = `tests:
  - name: three bad minutes fire
    logs:
      - { workload: shop-1/Deployment/checkout, container: app, at: "10:00", every: 1s, count: 180, line: '{"level":"error","msg":"boom"}' }
    pods: []
    expect:
      - { at: "10:02", alert: HighErrorRatio, state: inactive }
      - { at: "10:03", alert: HighErrorRatio, state: firing, labels: { workload: checkout } }
`;

test('the shipped rules and their tests are good', async () => {
  const cwd = folderOf({});
  cpSync('rules', join(cwd, 'rules'), { recursive: true });
  const { status, stdout, stderr } = await runCommand(check, cwd);
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^ok: \d+ rules, 0 receivers, \d+ rule tests\n$/);
});

test('problems of settings, rules and tests are all told, each in one line with its place', async () => {
  const cwd = folderOf({
    'tocsin.yaml': 'timezone: UTC\n',
    'rules/a.yaml': `${RATIO}  - alert: B\n    for: x\n    pod: { not_ready: true }\n`,
    'rules/a.test.yaml': 'tests:\n  - { name: x, expect: [{ at: "25:99", alert: A, state: firing }] }\n',
  });
  const { status, stderr, stdout } = await runCommand(check, cwd);
  assert.equal(status, 2);
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'rules/a.yaml:5:10: expected a duration such as 90s, 10m or 24h, found "x"',
    'rules/a.test.yaml:2:31: expected a time such as 10:03, 10:03:30 or 2026-01-05T10:03:00Z, found "25:99"',
  ]);
  assert.equal(stdout, 'not ok: 2 errors, 0 warnings; 0 rules, 0 receivers, 0 rule tests\n');
});

test('broken settings do not hide what is wrong with the rules', async () => {
  const { status, stderr } = await runCommand(
    check,
    folderOf({ 'tocsin.yaml': 'watch: 1\nrules: r\n', 'r/a.yaml': 'rulez: 1\n' }),
  );
  assert.equal(status, 2);
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'tocsin.yaml:1:8: expected true or false, found 1',
    'r/a.yaml:1:1: unknown key "rulez"; did you mean "rules"?',
    'r/a.yaml:1:8: expected a list, each a rule: `alert` and one condition, found 1',
  ]);
});

test('settings that cannot be used and a rules folder that is not there are told with status 2', async () => {
  const bad = await runCommand(check, folderOf({ 'tocsin.yaml': 'schedule: "61 * * * *"\n', 'rules/a.yaml': RATIO }));
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /^tocsin\.yaml:1:11: bad schedule "61 \* \* \* \*": .+\n$/);
  const absent = await runCommand(check, folderOf({}));
  assert.equal(absent.status, 2);
  assert.equal(absent.stderr, 'rules:1:1: could not read the rules folder: it does not exist\n');
});

test('with --json there is one object, also where the API server cannot be reached', async () => {
  const kubeconfig = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'c', user: { token: 't' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  };
  const cwd = folderOf({ 'rules/a.yaml': RATIO, kubeconfig: JSON.stringify(kubeconfig) });
  const { status, stdout, stderr } = await runCommand(check, cwd, [], { cluster: true, json: true, kubeconfig: 'kubeconfig' });
  assert.deepEqual([status, JSON.parse(stdout).cluster], [1, null]);
  assert.match(stderr, /^could not ask https:\/\/127\.0\.0\.1:1 for permissions: /);
});

test('a receiver nobody uses and a hold that is shorter than a cycle are warnings', async () => {
  const cwd = folderOf({
    'tocsin.yaml':
      'receivers:\n  - { name: a, slack: { webhook_url: "" } }\n  - { name: b, slack: { webhook_url: "" } }\nroutes: [{ receivers: [a] }]\n',
    'rules/a.yaml': 'rules:\n  - alert: M\n    usage: { resource: memory, above: 90% }\n    for: 5m\n',
  });
  const { status, stderr, stdout } = await runCommand(check, cwd);
  assert.equal(status, 0);
  assert.match(stderr, /^rules\/a\.yaml:4:10: warning: rule M: usage has one sample a cycle/);
  assert.match(stderr, /\ntocsin\.yaml:3:5: warning: receiver "b" is used by no route and no rule\n$/);
  assert.equal(stdout, 'ok: 0 errors, 2 warnings; 1 rule, 2 receivers (2 off), 0 rule tests\n');
});

test('a pattern that takes every line, and a rule that says what another says, are warnings', async () => {
  const rule = (alert: string, rest: string) => `  - alert: ${alert}\n    log_match: ${rest}\n`;
  const cwd = folderOf({
    'rules/a.yaml': [
      'rules:\n',
      rule('A', '{ pattern: "(error)?", above: 100 }'),
      rule('B', '{ pattern: "error|panic" }'),
      rule('C', '{ any: [{ level: fatal }, { pattern: ".*" }] }'),
      rule('D', '{ pattern: "error|panic" }\n    match: { namespace: shop }'),
      rule('E', '{ pattern: "error|panic" }\n    severity: info\n    match: { namespace: shop }'),
      rule('F', '{ pattern: "error|panic" }\n    match: { namespace: web }'),
    ].join(''),
  });
  const { status, stderr } = await runCommand(check, cwd);
  assert.equal(status, 0);
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'rules/a.yaml:3:27: warning: the pattern "(error)?" can match every line',
    'rules/a.yaml:7:53: warning: the pattern ".*" can match every line',
    'rules/a.yaml:11:5: warning: rule E: same condition and selection as D (rules/a.yaml:8): both will tell the same',
  ]);
});

test('a selection that took nothing in what is stored is a warning', async () => {
  const cwd = folderOf({
    'rules/a.yaml': `rules:
  - { alert: Now, restarts: { above: 5, within: 1h }, match: { namespace: shop } }
  - { alert: Before, restarts: { above: 5, within: 2h }, match: { container: "migrat*" } }
  - { alert: Never, restarts: { above: 5, within: 3h }, match: { namespace: shpo } }
  - { alert: All, restarts: { above: 5, within: 4h } }
`,
  });
  {
    await using store = await openStore('json', options(join(cwd, 'data')));
    await commit(store, '10:00', [], { states: [pod({ of: 'shop/web', containers: [container({ name: 'migrate' })] })] });
    await commit(store, '10:10', [], { states: [pod({ of: 'shop/web' })] });
  }
  const { status, stderr } = await runCommand(check, cwd);
  assert.equal(status, 0);
  assert.equal(stderr, 'rules/a.yaml:4:64: warning: rule Never: its "match" took nothing in what is stored (10 min, 2 cycles)\n');
});

test('a rule test that holds passes, in check and in test', async () => {
  const cwd = folderOf({ 'rules/a.yaml': RATIO, 'rules/a.test.yaml': BOOM });
  assert.equal((await runCommand(check, cwd)).status, 0);
  assert.deepEqual(await runCommand(ruleTest, cwd), {
    status: 0,
    stdout: 'ok    rules/a.test.yaml: three bad minutes fire\n1 passed, 0 failed\n',
    stderr: '',
  });
  assert.equal((await runCommand(ruleTest, cwd, ['rules/a.test.yaml'])).status, 0);
  assert.equal((await runCommand(ruleTest, cwd, ['rules'])).status, 0);
});

test('a rule test that fails says what was instead, minute by minute', async () => {
  const cwd = folderOf({
    'rules/a.yaml': RATIO,
    'rules/a.test.yaml': BOOM.replace(
      '"10:02", alert: HighErrorRatio, state: inactive',
      '"10:02", alert: HighErrorRatio, state: firing',
    ),
  });
  const { status, stdout } = await runCommand(ruleTest, cwd);
  assert.equal(status, 1);
  assert.match(stdout, /^FAIL {2}rules\/a\.test\.yaml:2: three bad minutes fire\n/);
  assert.match(stdout, /rules\/a\.test\.yaml:7:9: at 10:02: expected HighErrorRatio to be firing, but it is inactive\n/);
  assert.match(stdout, /\n +HighErrorRatio of shop-1\/Deployment\/checkout app:\n/);
  assert.match(stdout, /\n +10:01 {2}false, 100%, minutes: 1 of 3 bad ones\n +10:02 {2}false, 100%, minutes: 2 of 3 bad ones\n/);
  const checked = await runCommand(check, cwd);
  assert.equal(checked.status, 2);
  assert.match(checked.stderr, /^rules\/a\.test\.yaml:7:9: rule test "three bad minutes fire" failed: at 10:02: .+\n$/);
});

test('machine-readable output is one JSON document', async () => {
  const cwd = folderOf({ 'rules/a.yaml': RATIO, 'rules/a.test.yaml': BOOM });
  const checked = JSON.parse((await runCommand(check, cwd, [], { json: true })).stdout);
  assert.deepEqual(checked, { receivers: 0, receivers_off: 0, rules: 1, tests: 1, tests_failed: 0, problems: [] });
  const tested = JSON.parse((await runCommand(ruleTest, cwd, [], { json: true })).stdout);
  assert.deepEqual(tested.items, [{ file: 'rules/a.test.yaml', line: 2, name: 'three bad minutes fire', failures: [] }]);
});

test('a file that is no rule test is refused', async () => {
  await assert.rejects(runCommand(ruleTest, folderOf({ 'rules/a.yaml': RATIO }), ['rules/a.yaml']), /no rule test/);
  const absent = await runCommand(ruleTest, folderOf({ 'rules/a.yaml': RATIO }), ['rules/b.test.yaml']);
  assert.deepEqual([absent.status, absent.stderr], [1, 'rules/b.test.yaml:1:1: could not read the file: it does not exist\n']);
});

test('the schema of each kind of file is printed, and another kind is refused', async () => {
  for (const kind of ['settings', 'rules', 'tests']) {
    const { status, stdout } = await runCommand(schema, folderOf({}), [kind]);
    assert.equal(status, 0);
    assert.equal(JSON.parse(stdout).type, 'object');
  }
  assert.equal((await runCommand(schema, folderOf({}), ['routes'])).status, 2);
});
