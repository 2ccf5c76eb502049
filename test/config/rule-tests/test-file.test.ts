import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formatProblem } from '../../../src/base/errors.ts';
import { loadTests } from '../../../src/config/rule-tests/test-file.ts';
import { TEST_DAY } from '../../../src/config/rule-tests/test-scalars.ts';

const cwd = mkdtempSync(join(tmpdir(), 'tocsin-test-file-'));
after(() => rmSync(cwd, { recursive: true }));

function load(text: string) {
  writeFileSync(join(cwd, 'a.test.yaml'), text);
  const loaded = loadTests({ files: [join(cwd, 'a.test.yaml')], cwd, alerts: ['HighErrorRatio', 'FatalLog'] });
  return { ...loaded, told: loaded.problems.map(formatProblem) };
}

const EXPECT = 'expect: [{ at: "10:00", alert: FatalLog, state: inactive }]';
const one = (scene: string) => `tests:\n  - name: x\n    ${scene}\n    ${EXPECT}\n`;

test('times are on one fixed day or say theirs, and workloads may leave their kind out', () => {
  const { tests, told } = load(
    one(`logs:
      - { workload: shop/checkout, at: "9:05", line: a }
      - { workload: shop/statefulset/db, at: "24:00:30", line: a }
      - { workload: shop/checkout, at: "10:00:00.006", line: "" }
      - { workload: shop/checkout, at: 2026-01-05T12:00:00+02:00, line: a }`),
  );
  assert.deepEqual(told, []);
  const logs = tests[0]?.test.logs ?? [];
  assert.deepEqual(
    logs.map((log) => (log.at - TEST_DAY) / 60_000),
    [545, 1440.5, 600.0001, 600],
  );
  assert.deepEqual(
    logs.map((log) => log.workload.kind),
    ['Deployment', 'StatefulSet', 'Deployment', 'Deployment'],
  );
});

test('what is said of a list of pods is said of each', () => {
  const { tests, told } = load(
    one(`pods: [{ workload: a/b, pod: [b-1, b-2], at: "10:00", running: true }, { workload: a/b, at: "10:00", running: true }]
    restarts: [{ workload: a/b, pod: b-2, at: "10:00" }]`),
  );
  assert.deepEqual(told, []);
  const { pods, restarts } = tests[0]?.test ?? {};
  assert.deepEqual(
    [pods, restarts].map((entries) => entries?.map(({ pod }) => pod)),
    [['b-1', 'b-2', null], ['b-2']],
  );
});

test('a series says how many it has or until when it goes on', () => {
  const { tests, told } = load(
    one(`logs:
      - { workload: a/b, at: "10:00", line: a }
      - { workload: a/b, at: "10:00", every: 20s, count: 2, line: a }
      - { workload: a/b, at: "10:00", every: 20s, until: "10:01", line: a }
    restarts: [{ workload: a/b, at: "10:00", every: 5m, until: "10:11" }]
    events: [{ workload: a/b, at: "10:00", until: "10:10", reason: BackOff }]`),
  );
  assert.deepEqual(told, []);
  const { logs = [], restarts = [], events = [] } = tests[0]?.test ?? {};
  assert.deepEqual(
    [...logs, ...restarts, ...events].map(({ count }) => count),
    [1, 2, 3, 3, 10],
  );
});

const BAD: readonly (readonly [text: string, problem: string])[] = [
  ['tests: [{ name: x }]', '1:9: missing key "expect"'],
  ['tests: [{ name: x, expect: [] }]', '1:28: expected at least 1 in the list, found 0'],
  [
    one('logs: [{ workload: checkout, at: "10:00", line: a }]'),
    '3:24: expected a workload as NAMESPACE/KIND/NAME or NAMESPACE/NAME, found "checkout"',
  ],
  [one('logs: [{ workload: a/b, at: noon, line: a }]'), '3:33: expected a time such as 10:03'],
  [
    one('logs: [{ workload: a/b, at: "10:00", count: 500001, line: a }]'),
    '3:49: expected a whole number from 1 to 500000, found 500001',
  ],
  [one('logs: [{ workload: a/b, at: "10:00" }]'), '3:12: missing key "line"'],
  [
    one('cron_jobs: [{ workload: a/b, at: "10:00", last_scheduled: "2026-11-15T02:30:00Z" }]'),
    '3:63: last_scheduled is more than a day after "at"; without a date, times are of 2026-01-05',
  ],
  [one('logs: [{ workload: a/b, at: "10:00", count: 2, until: "10:01", line: a }]'), '3:59: expected either "count" or "until"'],
  [one('logs: [{ workload: a/b, at: "10:00", until: "09:00", line: a }]'), '3:49: expected "until" to be after "at"'],
  [
    one('restarts: [{ workload: a/b, at: "00:00", every: 1s, until: "10:00" }]'),
    '3:64: expected at most 1000 until then, found 36000',
  ],
  [one('pods: [{ workload: a/b, at: "10:00", waitin: x }]'), '3:42: unknown key "waitin"; did you mean "waiting"?'],
  [one('usage: [{ workload: a/b, at: "10:00", cpu: lots }]'), '3:48: expected a number of cores such as 500m or 2'],
  [one('usage: [{ workload: a/b, at: "10:00", until: "09:00", cpu: 1 }]'), '3:50: expected "until" to be after "at"'],
  [one('usage: [{ workload: a/b, at: "10:00", memory: 90Mb }]'), '3:51: expected a size such as 64Mi, found "90Mb"'],
  [
    one('pods: [{ workload: a/b, at: "10:00", running: true, waiting: X }]'),
    '3:66: a container is in one state: either running or waiting',
  ],
  [
    one('jobs: [{ workload: a/Deployment/b, at: "10:00" }]'),
    '3:24: expected a workload of the kind Job or CronJob, found "a/Deployment/b"',
  ],
  [one('workloads: [{ workload: a/Job/b, at: "10:00" }]'), '3:29: expected a workload of the kind Deployment or StatefulSet'],
  [
    one('cron_jobs: [{ workload: a/b, at: "10:00", schedule: "61 * * * *" }]'),
    '3:57: expected a cron schedule such as "0 3 * * *", found "61 * * * *"',
  ],
  [one('cron_jobs: [{ workload: a/b, at: "10:00", timezone: Europe/Berln }]'), '3:57: expected a time zone such as UTC'],
  [one('events: [{ workload: a/b, at: "10:00", reason: X, object: b-1 }]'), '3:63: expected an object such as Pod/checkout-1'],
  [
    'tests: [{ name: x, expect: [{ at: "10:00", alert: FatalLogs, state: firing }] }]',
    '1:51: no rule has the alert "FatalLogs"; did you mean "FatalLog"?',
  ],
  [
    'tests: [{ name: x, expect: [{ at: "10:00", alert: FatalLog, state: on }] }]',
    '1:68: expected one of inactive, pending, firing, resolved, found "on"',
  ],
  [one('logs: [{ workload: a/b, at: 2020-01-01T00:00:00Z, line: a }]'), '2:5: the test takes more than 5000 cycles'],
  [one('every: 10h\n    logs: [{ workload: a/b, at: 2026-01-01T00:00:00Z, line: a }]'), '2:5: the test spans more than 48 hours'],
];

for (const [text, expected] of BAD) {
  test(`${JSON.stringify(text)} is refused at its place`, () => {
    const { told } = load(text);
    assert.ok(told[0]?.startsWith(`a.test.yaml:${expected}`), told.join('\n'));
  });
}

test('a glob that some alert matches is taken', () => {
  assert.deepEqual(load('tests: [{ name: x, expect: [{ at: "10:00", alert: "High*", state: inactive }] }]').told, []);
  assert.match(
    load('tests: [{ name: x, expect: [{ at: "10:00", alert: "X*", state: inactive }] }]').told.join(),
    /no rule has the alert "X\*"/,
  );
});

test('at most half a million lines are taken for one test', () => {
  const series = (count: number) =>
    one(`logs:\n${'      - { workload: a/b, at: "10:00", every: 1ms, count: 100000, line: a }\n'.repeat(count)}`);
  assert.deepEqual(load(series(5)).told, []);
  assert.match(load(series(6)).told.join(), /more than 500000 lines/);
});

test('Jobs and CronJobs may leave their kind out, and schedules are what Kubernetes takes', () => {
  const written = ['*/15 0-6,22 1,15 JAN-mar ?', '0 3 * * 7', '@hourly', '@every 90m', '5/20 * * * MON'];
  const { tests, told } = load(
    one(`jobs: [{ workload: a/j, at: "10:00" }, { workload: a/CronJob/c, at: "10:00" }]
    cron_jobs: [${written.map((schedule) => `{ workload: a/c, at: "10:00", schedule: "${schedule}" }`).join(', ')}]`),
  );
  assert.deepEqual(told, []);
  assert.deepEqual(
    tests[0]?.test.jobs.map(({ workload }) => workload.kind),
    ['Job', 'CronJob'],
  );
  assert.deepEqual(
    tests[0]?.test.cron_jobs.map(({ workload, schedule }) => [workload.kind, schedule]),
    written.map((schedule) => ['CronJob', schedule]),
  );
});
