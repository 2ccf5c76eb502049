import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runTocsin } from './run-tocsin.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-bad-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A fresh folder with the given files. */
function workspace(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(folder, 'case-'));
  mkdirSync(join(cwd, 'rules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

const RULE = 'rules:\n  - alert: A\n    restarts: { above: 5, within: 1h }\n';

describe('every mistake is one clear line with its place, and exit status 2', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    [
      'an unknown key',
      { 'tocsin.yaml': 'shedule: "* * * * *"\n', 'rules/a.yaml': RULE },
      /^tocsin\.yaml:1:1: unknown key "shedule"; did you mean "schedule"\?$/m,
    ],
    [
      'a wrong type',
      { 'tocsin.yaml': 'store:\n  window: 24\n', 'rules/a.yaml': RULE },
      /^tocsin\.yaml:2:11: expected a duration/m,
    ],
    [
      'a missing environment variable',
      { 'tocsin.yaml': 'receivers:\n  - name: s\n    slack: { webhook_url: "${NOT_SET}" }\n', 'rules/a.yaml': RULE },
      /^tocsin\.yaml:3:\d+: .*NOT_SET/m,
    ],
    [
      'a bad schedule',
      { 'tocsin.yaml': 'schedule: "61 * * * *"\n', 'rules/a.yaml': RULE },
      /^tocsin\.yaml:1:11: bad schedule "61 \* \* \* \*"/m,
    ],
    [
      'a key of a later part',
      { 'tocsin.yaml': 'receivers: [{ name: a, alertmanager: { url: "http://am" } }]\n', 'rules/a.yaml': RULE },
      /^tocsin\.yaml:1:24: "alertmanager" is not available yet$/m,
    ],
    ['broken YAML', { 'tocsin.yaml': 'store: { path: "x\n', 'rules/a.yaml': RULE }, /^tocsin\.yaml:\d+:\d+: /m],
    ['a bad duration in a rule', { 'rules/a.yaml': RULE.replace('1h', 'soon') }, /^rules\/a\.yaml:3:\d+: expected a duration/m],
    [
      'a bad pattern',
      { 'rules/a.yaml': 'rules:\n  - alert: A\n    log_match: { pattern: "(?=x)", within: 5m }\n' },
      /^rules\/a\.yaml:3:27: look-around is not part of RE2/m,
    ],
    [
      'a duplicate alert',
      { 'rules/a.yaml': RULE, 'rules/b.yaml': RULE },
      /^rules\/b\.yaml:2:\d+: duplicate alert "A".*rules\/a\.yaml:2/m,
    ],
    ['no condition', { 'rules/a.yaml': 'rules:\n  - alert: A\n    severity: warning\n' }, /^rules\/a\.yaml:2:\d+: /m],
    ['two conditions', { 'rules/a.yaml': `${RULE}    crash_loop: { restarts: 2, within: 30m }\n` }, /^rules\/a\.yaml:\d+:\d+: /m],
    [
      'an unknown name in a template',
      { 'rules/a.yaml': `${RULE}    summary: "{{ nonsense }}"\n` },
      /^rules\/a\.yaml:4:\d+: .*nonsense/m,
    ],
    [
      'a probe rule that compares nothing',
      { 'rules/a.yaml': 'rules:\n  - alert: A\n    probe: { name: a }\n' },
      /^rules\/a\.yaml:3:12: expected exactly one of failed_ratio, latency_ms, certificate$/m,
    ],
  ];
  for (const [name, files, expected] of cases) {
    test(name, () => {
      const cwd = workspace(files);
      // `check` is held to the same problems by its own tests, and `once` loads as `run` does.
      const { status, stderr } = runTocsin(['run'], { cwd });
      assert.equal(status, 2, stderr);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /^\s+at /m, 'no stack trace');
    });
  }

  test('a missing rules folder', () => {
    const cwd = workspace({});
    rmSync(join(cwd, 'rules'), { recursive: true });
    const { status, stderr } = runTocsin(['check'], { cwd });
    assert.equal(status, 2);
    assert.match(stderr, /rules.*could not read the rules folder/);
  });

  test('a settings file that was named and is not there', () => {
    const { status, stderr } = runTocsin(['run', '--config', 'none.yaml'], { cwd: workspace({}) });
    assert.equal(status, 2);
    assert.match(stderr, /^none\.yaml:1:1: /m);
  });

  test('every problem of all files is told at once', () => {
    // What stands under a misspelt key is wrong, too.
    const cwd = workspace({ 'tocsin.yaml': 'shedule: x\nstor: 1\n', 'rules/a.yaml': RULE.replace('1h', 'soon') });
    const { stderr } = runTocsin(['check', '--rules', 'rules'], { cwd });
    assert.equal(stderr.match(/^\S+:\d+:\d+: /gm)?.length, 5, stderr);
  });
});

describe('what stands in the way at start is one clear line, and exit status 1 or 2', () => {
  const noStack = (stderr: string) => assert.doesNotMatch(stderr, /^\s+at /m);

  test('without any cluster the demo and --kubeconfig are named', () => {
    const { status, stderr } = runTocsin(['run'], { cwd: workspace({ 'rules/a.yaml': RULE }) });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /npm run demo/);
    assert.match(stderr, /--kubeconfig/);
    noStack(stderr);
  });

  test('an API server that cannot be reached ends once with 1', () => {
    const cwd = workspace({ 'rules/a.yaml': RULE, kubeconfig: kubeconfig('https://127.0.0.1:1') });
    const { status, stderr } = runTocsin(['once', '--kubeconfig', 'kubeconfig'], { cwd });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /could not reach the API server; --kubeconfig and --context choose another: .*127\.0\.0\.1:1/);
    noStack(stderr);
  });

  test('a kubeconfig that is not there', () => {
    const { status, stderr } = runTocsin(['once', '--kubeconfig', 'nowhere'], { cwd: workspace({ 'rules/a.yaml': RULE }) });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /nowhere/);
    noStack(stderr);
  });

  test('a data folder that cannot be written', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, () => {
    const cwd = workspace({ 'rules/a.yaml': RULE, kubeconfig: kubeconfig('https://127.0.0.1:1') });
    mkdirSync(join(cwd, 'data'));
    chmodSync(join(cwd, 'data'), 0o500);
    const { status, stderr } = runTocsin(['once', '--kubeconfig', 'kubeconfig'], { cwd });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /data/);
    noStack(stderr);
  });

  test('a data folder whose place is taken by a file', () => {
    const cwd = workspace({ 'rules/a.yaml': RULE, kubeconfig: kubeconfig('https://127.0.0.1:1'), data: 'a file' });
    const { status, stderr } = runTocsin(['once', '--kubeconfig', 'kubeconfig'], { cwd });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /data/);
    noStack(stderr);
  });
});

describe('wrong usage exits with 2', () => {
  for (const args of [
    ['nonsense'],
    ['run', '--nonsense'],
    ['logs', 'a/b/c/d'],
    ['logs', '--since', 'yesterday'],
    ['logs', '--since', '5'],
    ['backtest', '--budget', '-1'],
    ['backtest', '--from', 'yesterday'],
    ['silence', 'add', '--match', 'alert=A'],
    ['check', '--config', ''],
    ['check', '--log-level', 'loud'],
    ['once', 'extra'],
    ['run', '--log-level', 'loud'],
    ['--rules', 'rules'],
    ['--nonsense', 'check'],
    ['help', 'nonsense'],
  ]) {
    test(args.join(' '), () => {
      const { status, stderr } = runTocsin(args, { cwd: workspace({ 'rules/a.yaml': RULE }) });
      assert.equal(status, 2, stderr);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    });
  }

  test('what is wrong with a silence is told in the words of its options', () => {
    const { stderr } = runTocsin(['silence', 'add', '--match', 'alert=A'], { cwd: workspace({ 'rules/a.yaml': RULE }) });
    assert.equal(stderr, 'tocsin silence: --for: say how long, such as 2h; or --until TIME\n');
  });

  test('options of every command may stand before it', () => {
    const { status, stderr } = runTocsin(['--rules=rules', '--log-level', 'error', 'check'], {
      cwd: workspace({ 'rules/a.yaml': RULE.replace('1h', 'soon') }),
    });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^rules\/a\.yaml:3:\d+: expected a duration/m);
  });

  test('--help and --version exit with 0', () => {
    for (const args of [['--help'], ['run', '--help'], ['--version'], ['help', 'logs']]) {
      const { status, stdout, stderr } = runTocsin(args);
      assert.equal(status, 0, stderr);
      assert.notEqual(stdout, '');
    }
  });
});

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token: 'token' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}
