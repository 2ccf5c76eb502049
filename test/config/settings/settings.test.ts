import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formatProblem } from '../../../src/base/errors.ts';
import { loadSettings, type SettingsRequest } from '../../../src/config/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-settings-'));
after(() => rmSync(folder, { recursive: true }));

function load(text: string, more: Partial<SettingsRequest> = {}) {
  writeFileSync(join(folder, 'tocsin.yaml'), text);
  const loaded = loadSettings({ file: 'tocsin.yaml', required: true, cwd: folder, env: { HOME: '/home/x' }, ...more });
  return { ...loaded, told: loaded.problems.map(formatProblem) };
}

test('an empty file means every default', () => {
  const { settings, told } = load('');
  assert.deepEqual(told, []);
  assert.ok(settings !== null);
  const { receivers, routes, heartbeat, namespaces, ...rest } = settings;
  assert.deepEqual([receivers, routes, heartbeat], [[], [], null]);
  assert.deepEqual([namespaces.include.map((glob) => glob.source), namespaces.exclude], [['*'], []]);
  assert.deepEqual(rest, {
    cluster: { name: null, kubeconfig: null, context: null, requestsPerSecond: 25, maxInFlight: 25 },
    schedule: '*/10 * * * *',
    timezone: 'UTC',
    watch: true,
    probes: [],
    store: { kind: 'json', path: join(folder, 'data'), window: 86_400_000, maxSize: 2 * 1024 ** 3 },
    logs: { lookback: 3_600_000, maxLine: 256 * 1024, maxPerContainer: 32 * 1024 ** 2, redact: ['default'] },
    rules: join(folder, 'rules'),
    notifications: { groupBy: ['namespace', 'workload'], repeatInterval: 14_400_000, sendResolved: true, digestAbove: 10 },
    inhibitions: [],
    mutes: [],
    statusPage: {
      listen: { host: '0.0.0.0', port: 8080 },
      externalUrl: null,
      auth: { read: { kind: 'none' }, write: { kind: 'loopback' } },
    },
  });
});

test('a default file that does not exist means every default; a named one is a problem', () => {
  const base = { file: 'absent.yaml', cwd: folder, env: {} };
  assert.deepEqual(loadSettings({ ...base, required: false }).problems, []);
  assert.notEqual(loadSettings({ ...base, required: false }).settings, null);
  const named = loadSettings({ ...base, required: true });
  assert.equal(named.settings, null);
  assert.deepEqual(named.problems.map(formatProblem), ['absent.yaml:1:1: could not read the file: it does not exist']);
});

const FULL = `
cluster: { name: production, kubeconfig: ~/.kube/config, context: prod-admin, requests_per_second: 50, max_in_flight: 10 }
namespaces: { include: ["shop-*"], exclude: [kube-system] }
schedule: "*/30 * * * * *"
timezone: Europe/Berlin
watch: false
store: { kind: json, path: /var/lib/tocsin, window: 12h, max_size: 500Mi }
logs: { lookback: 10m, max_line: 64Ki, max_per_container: 1Mi, redact: [email, { name: emp, pattern: 'EMP-[0-9]{6}' }] }
rules: ../rules
receivers:
  - name: slack
    slack: { webhook_url: "\${SLACK_WEBHOOK_URL:-}" }
  - name: mail
    email: { smtp: "\${SMTP_URL}", from: tocsin@example.com, to: [ops@example.com] }
  - name: hook
    webhook: { url: "https://example.com/hook", headers: { Authorization: "Bearer \${TOKEN}" } }
routes:
  - match: { severity: critical, namespace: ["shop-*", "pay-*"] }
    receivers: [slack, mail]
    continue: true
  - receivers: [slack]
notifications: { group_by: [namespace], repeat_interval: 1h, send_resolved: false, digest_above: "\${DIGEST}" }
inhibit:
  - { source: { alert: NodeNotReady }, target: { severity: warning }, equal: [node] }
mute:
  - { match: { namespace: staging }, weekdays: [sat, sun], from: "22:00", to: "06:00" }
  - { weekdays: mon, timezone: America/New_York }
status_page: { listen: "[::1]:9090", external_url: "https://tocsin.example.com/", auth: { read: loopback, write: none } }
heartbeat: { url: "\${HEARTBEAT_URL:-}" }
`;

test('every key of the interface is read', () => {
  const env = { HOME: '/home/x', SMTP_URL: 'smtp://u:p@mail.example.com', TOKEN: '123', DIGEST: '3' };
  const { settings, told } = load(FULL, { env });
  assert.deepEqual(told, []);
  assert.ok(settings !== null);
  assert.deepEqual(settings.cluster, {
    name: 'production',
    kubeconfig: '/home/x/.kube/config',
    context: 'prod-admin',
    requestsPerSecond: 50,
    maxInFlight: 10,
  });
  assert.deepEqual(
    settings.receivers.map(({ name, kind, off }) => [name, kind, off]),
    [
      ['slack', 'slack', true],
      ['mail', 'email', false],
      ['hook', 'webhook', false],
    ],
  );
  assert.equal(settings.routes.length, 2);
  assert.deepEqual([...(settings.routes[0]?.match.keys() ?? [])], ['severity', 'namespace']);
  assert.equal(settings.notifications.digestAbove, 3);
  assert.deepEqual(settings.inhibitions[0]?.equal, ['node']);
  assert.deepEqual(
    settings.mutes.map(({ match, weekdays, from, to, timezone }) => [match.length, [...weekdays], from, to, timezone]),
    [
      [1, [6, 0], 1320, 360, 'Europe/Berlin'],
      [0, [1], 0, 1440, 'America/New_York'],
    ],
  );
  assert.deepEqual(settings.statusPage, {
    listen: { host: '::1', port: 9090 },
    externalUrl: 'https://tocsin.example.com',
    auth: { read: { kind: 'loopback' }, write: { kind: 'none' } },
  });
  assert.equal(settings.store.path, '/var/lib/tocsin');
  assert.equal(settings.heartbeat, null);
  assert.doesNotMatch(JSON.stringify(settings), /u:p@/);
});

test('paths in the settings are relative to the file, paths in flags to the working directory', () => {
  mkdirSync(join(folder, 'conf'), { recursive: true });
  writeFileSync(join(folder, 'conf', 't.yaml'), 'rules: r\nstore: { path: d }\n');
  const base = { file: 'conf/t.yaml', required: true, cwd: folder, env: {} };
  const plain = loadSettings(base).settings;
  assert.deepEqual([plain?.rules, plain?.store.path], [join(folder, 'conf/r'), join(folder, 'conf/d')]);
  const overridden = loadSettings({ ...base, overrides: { rules: 'r2', data: 'd2', kubeconfig: 'k', context: 'c' } }).settings;
  assert.deepEqual([overridden?.rules, overridden?.store.path], [join(folder, 'r2'), join(folder, 'd2')]);
  assert.deepEqual([overridden?.cluster.kubeconfig, overridden?.cluster.context], [join(folder, 'k'), 'c']);
});

const BAD: readonly (readonly [text: string, ...problems: string[]])[] = [
  // What stands under a misspelt key is checked as what was meant.
  ['shedule: x', '1:1: unknown key "shedule"; did you mean "schedule"?', '1:10: expected a cron pattern such as '],
  ['watch: maybe', '1:8: expected true or false, found "maybe"'],
  ['cluster: [a]', '1:10: expected a map with name, kubeconfig, context, requests_per_second, max_in_flight, found a list'],
  ['cluster:\n  requests_per_second: fast', '2:24: expected a number of at least 0, found "fast"'],
  ['schedule: hourly', '1:11: expected a cron pattern such as "*/10 * * * *", found "hourly"'],
  ['timezone: Mars/Olympus', '1:11: expected a time zone such as UTC or Europe/Berlin, found "Mars/Olympus"'],
  ['store: { window: 1 day }', '1:18: expected a duration such as 90s, 10m or 24h, at least 60s, found "1 day"'],
  ['store: { max_size: lots }', '1:20: expected a size such as 64Mi or 2Gi, found "lots"'],
  ['store: { kind: clickhouse }', '1:16: "clickhouse" is not available yet; use json'],
  ['inhibit: [{ source: { alert: A } }]', '1:11: missing key "target": '],
  ['inhibit: [{ source: { alert: A }, target: {}, equal: [a-b] }]', '1:55: expected the name of a label, found "a-b"'],
  ['mute: [{ from: "9:00" }]', '1:16: expected a time of day from "00:00" to "24:00", found "9:00"'],
  ['mute: [{ to: "24:30" }]', '1:14: expected a time of day from "00:00" to "24:00", found "24:30"'],
  ['mute: [{ from: "09:00", to: "09:00" }]', '1:29: from and to are the same; a whole day is "00:00" to "24:00"'],
  ['mute: [{ weekdays: [sonntag] }]', '1:21: expected one of sun, mon, tue, wed, thu, fri, sat, found "sonntag"'],
  ['mute: [{ timezone: Mars }]', '1:20: expected a time zone such as UTC or Europe/Berlin, found "Mars"'],
  ['logs: { redact: [pii] }', '1:18: expected one of default, email, ip, found "pii"'],
  ['logs: { redact: [{ name: Emp, pattern: x }] }', '1:26: expected a name of small letters, digits and dashes, found "Emp"'],
  ['logs: { redact: [{ name: emp }] }', '1:18: missing key "pattern"'],
  ["logs:\n  redact:\n    - default\n    - { name: emp, pattern: '(?<=a)b' }", '4:29: look-around is not part of RE2 syntax'],
  ["logs: { redact: [{ name: emp, pattern: 'a.{200}z' }] }", '1:40: the pattern needs 204 instructions, at most 100'],
  ["logs: { redact: [{ name: emp, pattern: 'x*' }] }", '1:40: the pattern matches the empty text'],
  ['probes: [{ name: a }]', '1:10: missing key "url": an http:// or https:// address'],
  ['probes: [{ name: a, url: "ftp://x" }]', '1:26: expected an http:// or https:// address'],
  ['probes: [{ name: a, url: "http://x", every: 1s, timeout: 2s }]', '1:58: expected a timeout no longer than "every"'],
  [
    'probes: [{ name: a, url: "http://x", expect: { status: ok } }]',
    '1:56: expected an HTTP status such as 204, or a class such as 2xx',
  ],
  ['probes: [{ name: a, url: "http://x" }, { name: a, url: "http://y" }]', '1:9: duplicate probe "a"'],
  [
    'status_page: { auth: { read: all } }',
    '1:30: expected none, loopback, { basic: { users_file: FILE } } or { bearer: { token_file: FILE } }, found',
  ],
  ['status_page: { auth: { write: { basic: {} } } }', '1:40: missing key "users_file": the path of a file'],
  ['status_page: { auth: { write: { bearer: { token_file: nowhere } } } }', '1:55: could not read secret file'],
  ['status_page: { listen: 8080 }', '1:24: expected an address such as 0.0.0.0:8080, found 8080'],
  ['namespaces: { include: ["a[b"] }', '1:25: bad glob "a[b": "[" is not closed'],
  ['receivers: [{ name: a, alertmanager: { url: "http://x" } }]', '1:24: "alertmanager" is not available yet'],
  ['receivers: [{ name: a }]', '1:13: a receiver has exactly one kind: one of email, slack, webhook, alertmanager'],
  [
    'receivers:\n  - name: a\n    slack: { webhook_url: "" }\n    webhook: { url: "" }',
    '4:5: a receiver has exactly one kind: "slack" is already there at line 3',
  ],
  [
    'receivers:\n  - { name: a, slack: { webhook_url: "" } }\n  - { name: a, slack: { webhook_url: "" } }',
    '3:5: duplicate receiver "a": it is already at line 2',
  ],
  [
    'receivers:\n  - { name: slack, slack: { webhook_url: "" } }\nroutes:\n  - receivers: [slak]',
    '4:17: unknown receiver "slak"; did you mean "slack"?',
  ],
  ['routes: [{ receivers: [x] }]', '1:24: unknown receiver "x"; the settings have no receiver'],
  [
    'receivers:\n  - { name: a, slack: { webhook_url: "${SLACK}" } }',
    '2:38: environment variable SLACK is not set; ${SLACK:-default} gives it a default',
  ],
  [
    'receivers:\n  - name: a\n    slack:\n      webhook_url_file: /nonexistent/secret',
    '4:25: could not read secret file /nonexistent/secret: it does not exist',
  ],
  [
    'receivers: [{ name: a, slack: { webhook_url: "ftp://x" } }]',
    '1:31: receiver "a": webhook_url must begin with https:// or http://',
  ],
  ['a: 1\nb: 2', '1:1: unknown key "a"', '2:1: unknown key "b"'],
  ['- a', '1:1: expected a map, found a list'],
  ['notifications: { repeat_interval: 1h\n', '1:16: the { that opens here is never closed'],
];

for (const [text, ...expected] of BAD) {
  test(`${JSON.stringify(text)} is refused at its place`, () => {
    const { settings, told } = load(text);
    assert.equal(settings, null);
    const errors = told.filter((line) => !line.includes(': warning: '));
    assert.equal(errors.length, expected.length, told.join('\n'));
    for (const [index, problem] of expected.entries()) {
      assert.ok(errors[index]?.startsWith(`tocsin.yaml:${problem}`), `${errors[index]} is not ${problem}`);
    }
  });
}

test('users and tokens of the page come from files, which are watched', () => {
  const hash = `$2b$04$${'a'.repeat(53)}`;
  writeFileSync(join(folder, 'users'), `# operators\nanna:${hash}\n`);
  writeFileSync(join(folder, 'token'), 'a-token-of-enough-length\n');
  const { settings, told, files } = load(
    'status_page: { auth: { read: { basic: { users_file: users } }, write: { bearer: { token_file: token } } } }',
  );
  assert.deepEqual(told, []);
  const { read, write } = settings?.statusPage.auth ?? {};
  assert.deepEqual(read?.kind === 'basic' && [...read.users], [['anna', hash]]);
  assert.equal(write?.kind === 'bearer' && write.token.reveal(), 'a-token-of-enough-length');
  assert.deepEqual(files.slice(1), [join(folder, 'users'), join(folder, 'token')]);
  assert.doesNotMatch(JSON.stringify(settings), /enough-length/);
});

test('users and tokens that cannot be used are problems', () => {
  writeFileSync(join(folder, 'users'), 'anna:secret\n');
  writeFileSync(join(folder, 'token'), ' \n');
  const { settings, told } = load(
    'status_page: { auth: { read: { basic: { users_file: users } }, write: { bearer: { token_file: token } } } }',
  );
  assert.equal(settings, null);
  assert.match(told.join('\n'), /bad users_file: line 1: expected NAME:HASH with a bcrypt hash/);
  assert.match(told.join('\n'), /could not use secret file \S+token: it is empty/);
});

test('the scheduler has the last word on the pattern', () => {
  const { told } = load('schedule: "61 * * * *"', {
    checkSchedule: (pattern, timezone) => `${pattern} in ${timezone} never runs`,
  });
  assert.deepEqual(told, ['tocsin.yaml:1:11: bad schedule "61 * * * *": 61 * * * * in UTC never runs']);
});

test('a secret comes from a file without the white space around it, and the file is one to watch', async () => {
  writeFileSync(join(folder, 'webhook'), '  http://127.0.0.1:9/hook\n');
  const { settings, told, files } = load('receivers: [{ name: a, slack: { webhook_url_file: webhook } }]');
  assert.deepEqual(told, []);
  assert.equal(settings?.receivers[0]?.off, false);
  assert.deepEqual(files, [join(folder, 'tocsin.yaml'), join(folder, 'webhook')]);
});

test('a secret that stands in the file is a warning; an address that tells nothing is not', () => {
  const { settings, told } = load(
    `receivers:
  - { name: a, slack: { webhook_url: "https://hooks.slack.com/services/T0000/B0000/abcdefghijklmnopqrstu" } }
  - { name: b, email: { smtp: "smtp://u:p@mail", from: a@b, to: [c@d] } }
  - { name: c, email: { smtp: "smtp://mail:25", from: a@b, to: [c@d] } }
  - { name: d, webhook: { url: "https://example.com/hook", headers: { Authorization: Bearer x, X-Scope: shop } } }
`,
  );
  assert.notEqual(settings, null);
  assert.deepEqual(
    told.map((line) => line.replace(/ is a secret.*/, '')),
    [
      'tocsin.yaml:2:38: warning: webhook_url',
      'tocsin.yaml:3:31: warning: smtp',
      'tocsin.yaml:5:86: warning: headers.Authorization',
    ],
  );
});
