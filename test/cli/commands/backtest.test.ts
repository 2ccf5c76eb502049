import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MINUTE } from '../../../src/base/duration.ts';
import { backtest } from '../../../src/cli/commands/backtest.ts';
import { explain } from '../../../src/cli/commands/explain.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { clock, container, pod, refOf, restartsOf, waiting } from '../../build.ts';
import { commit, options, segmentOf } from '../../store/store-fixture.ts';
import { folderOf, runCommand } from '../run-command.ts';

const RULES = `rules:
  - alert: Errors
    error_ratio: { errors: { level: error }, above: 5%, min_count: 20, minutes: 1 of 1 }
    severity: critical
  - alert: Spike
    restarts: { above: 5, within: 1h }
`;
const SETTINGS = `timezone: UTC
receivers: [{ name: slack, slack: { webhook_url: "" } }]
`;

/** An hour of lines, one a second: every third one an error from 10:20 to 10:30. */
const LOG = Array.from({ length: 3600 }, (_, i) => {
  const level = i >= 1200 && i < 1800 && i % 3 === 0 ? 'error' : 'info';
  return `${new Date(clock('10:00') + i * 1000).toISOString()} {"level":"${level}","msg":"request ${i}"}\n`;
}).join('');

function stage(files: Readonly<Record<string, string>> = {}): string {
  return folderOf({ 'rules/a.yaml': RULES, 'tocsin.yaml': SETTINGS, 'web.log': LOG, ...files });
}

test('log files are judged: what fired, for how long, how bad, why, and what would have been sent', async () => {
  const cwd = stage();
  writeFileSync(join(cwd, 'same.log.gz'), gzipSync(LOG));
  // Others leave folders of such a name in the common one.
  process.env['TMPDIR'] = folderOf({});
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('tocsin-backtest-')).length;
  const { status, stdout, stderr } = await runCommand(backtest, cwd, ['same.log.gz'], { logs: ['web.log'] });
  assert.deepEqual([status, stderr], [0, '']);
  for (const name of ['web', 'same']) {
    const row = new RegExp(
      `2026-11-21 10:21:00 +2026-11-21 10:\\d\\d:00 +\\d+ min +critical +Errors +logs/File/${name} app +33\\.\\d% +\\{"level":"error","msg":"request 12\\d\\d"\\}`,
    );
    assert.match(stdout, row);
  }
  assert.match(stdout, /\n4 messages would have been sent:\n/);
  assert.match(stdout, /slack +CRITICAL · logs\/web: Errors, 33/);
  assert.match(stdout, /slack +RESOLVED · logs\/web: Errors/);
  assert.match(
    stdout,
    /\n==== 2026-11-21 10:\d\d:\d\d to slack\n\nCRITICAL · logs\/web: Errors[^\n]*\n(?:.*\n)*?Firing since 2026-11-21 10:21:00/,
  );
  assert.equal(readdirSync(tmpdir()).filter((name) => name.startsWith('tocsin-backtest-')).length, before);
});

test('the stored window is judged by rules that are newer than it', async () => {
  const cwd = stage();
  {
    await using store = await openStore('json', options(join(cwd, 'data')));
    const looping = pod({ of: 'shop/cart', containers: [container({ restarts: 8, state: waiting('CrashLoopBackOff') })] });
    for (let at = clock('10:00'); at <= clock('10:40'); at += 10 * MINUTE)
      await commit(store, at, [], { states: [looping], restarts: [restartsOf(looping, at, { count: 2 })] });
  }
  const { status, stdout } = await runCommand(backtest, cwd, [], { json: true });
  assert.equal(status, 0);
  const { items, messages, cycles } = JSON.parse(stdout);
  assert.equal(cycles, 5);
  assert.deepEqual(
    items.map((item: { alert: string; fired_at: string; peak: number }) => [item.alert, item.fired_at.slice(11, 16), item.peak]),
    [['Spike', '10:20', 10]],
  );
  assert.deepEqual(
    messages.map(({ receiver, title }: { receiver: string; title: string }) => [receiver, title.slice(0, 25)]),
    [['slack', 'WARNING · shop/cart: Spik']],
  );
});

const REFUSED = `rules:
  - alert: Refused
    log_match: { pattern: "refused \\\\d+", above: 5, within: 5m }
`;

/** Four cycles of one pod that says `refused` ten times from 10:11; those are counted at collection, or the pattern came later. */
async function fillRefused(cwd: string, counted: boolean): Promise<void> {
  await using store = await openStore('json', options(join(cwd, 'data')));
  const cart = pod({ of: 'shop/cart' });
  for (let at = clock('10:00'); at <= clock('10:30'); at += 10 * MINUTE) {
    const minute = at / MINUTE - 9;
    const refused = at === clock('10:20') ? 10 : 0;
    const spoken = Array.from({ length: 20 }, (_, i) => ({
      at: new Date(minute * MINUTE + i * 1000).toISOString().slice(11, 19),
      text: i < refused ? `refused ${i}` : `request ${i}`,
    }));
    const matched = counted && refused > 0 ? { 'pattern=refused \\d+': refused } : {};
    await commit(store, at, [segmentOf(refOf(cart), spoken)], {
      states: [cart],
      counted: counted ? ['pattern=refused \\d+'] : [],
      minutes: [{ ref: refOf(cart), minutes: [{ minute, counts: [0, 20], matched }] }],
    });
  }
}

test('a pattern that is newer than the stored lines judges them as if it had been counted at once', async () => {
  const [late, early] = [stage({ 'rules/a.yaml': REFUSED }), stage({ 'rules/a.yaml': REFUSED })];
  await Promise.all([fillRefused(late, false), fillRefused(early, true)]);
  const files = readdirSync(join(late, 'data'), { recursive: true }).sort();
  for (const flags of [{}, { json: true }, { budget: '1' }]) {
    const [found, expected] = [await runCommand(backtest, late, [], flags), await runCommand(backtest, early, [], flags)];
    assert.deepEqual(found, expected);
    assert.match(found.stdout, /Refused/);
  }
  const [explained, known] = await Promise.all([late, early].map((cwd) => runCommand(explain, cwd, ['Refused', 'shop/cart'])));
  assert.deepEqual(explained, known);
  assert.match(explained?.stdout ?? '', / firing +true /);
  assert.deepEqual(readdirSync(join(late, 'data'), { recursive: true }).sort(), files, 'nothing was written');
});

test('an edited rule with a new pattern is compared over what is stored', async () => {
  const cwd = stage({ 'rules/a.yaml': REFUSED.replace('refused', 'denied'), 'edited.yaml': REFUSED });
  await fillRefused(cwd, false);
  const { stdout, stderr } = await runCommand(backtest, cwd, [], { against: 'edited.yaml' });
  assert.equal(stderr, '');
  assert.match(stdout, /\n\+ +2026-11-21 10:1\d:00 .* Refused /);
  assert.match(stdout, /\nin force: 0 alerts, 0 messages; edited: 1 alert, 1 message\n/);
});

test('a budget suggests the most sensitive threshold that keeps it', async () => {
  const { stdout } = await runCommand(backtest, stage(), [], { logs: ['web.log'], budget: '0', json: true });
  const { suggestions } = JSON.parse(stdout);
  const errors = suggestions.find(({ alert }: { alert: string }) => alert === 'Errors');
  assert.ok(errors.alerts_a_day > 0);
  assert.ok(errors.suggested >= 0.33 && errors.suggested < 0.4, `suggested ${errors.suggested}`);
  assert.equal(errors.suggested_alerts_a_day, 0);
});

test('a budget is kept by numbers in lines and by events as well, and whole numbers stay whole', async () => {
  const cwd = stage({
    'rules/a.yaml': `rules:
  - alert: Slow
    log_value: { field: took, above: 100ms, min_count: 5 }
  - alert: Killed
    event: { reasons: [Unhealthy], above: 1 }
  - alert: Loop
    crash_loop: { restarts: 2, within: 30m }
`,
  });
  {
    await using store = await openStore('json', options(join(cwd, 'data')));
    const looping = pod({ of: 'shop/cart' });
    for (let at = clock('10:00'); at <= clock('10:40'); at += 10 * MINUTE) {
      const isBad = at === clock('10:20');
      const event = { uid: 'e', namespace: 'shop', kind: 'Pod', name: looping.name, objectUid: looping.uid, type: 'Warning' };
      await commit(store, at, [], {
        states: [looping],
        restarts: isBad ? [restartsOf(looping, at, { count: 3 })] : [],
        events: isBad ? [{ ...event, workload: looping.workload, reason: 'Unhealthy', message: '', at, count: 7 }] : [],
      });
    }
  }
  const { stdout } = await runCommand(backtest, cwd, [], { budget: '0', json: true });
  const { suggestions } = JSON.parse(stdout);
  assert.deepEqual(
    suggestions.map(({ alert, suggested }: { alert: string; suggested: number }) => [alert, suggested]),
    [
      ['Slow', 100],
      ['Killed', 7],
      ['Loop', 4],
    ],
  );
});

test('of log files, a duration goes back from their newest line, and Tocsin itself is not judged by them', async () => {
  const cwd = stage({ 'rules/self.yaml': 'rules:\n  - alert: Blind\n    collector: { metrics_missing: true }\n' });
  const { stdout } = await runCommand(backtest, cwd, [], { logs: ['web.log'], from: '5m' });
  assert.match(stdout, /\nno alerts\n/);
  const { stdout: hour } = await runCommand(backtest, cwd, [], { logs: ['web.log'], from: '2026-11-21T10:15:00Z' });
  assert.match(hour, /\n2026-11-21 10:21:00 .* Errors /);
});

test('what begins and ends in the first minutes of log files is told as well', async () => {
  const lines = (from: string, count: number, level: string) =>
    Array.from({ length: count }, (_, i) => `${new Date(clock(from) + i * 1000).toISOString()} {"level":"${level}","msg":"x"}\n`);
  const log = [...lines('10:01', 60, 'error'), ...lines('10:02', 1200, 'info')].join('');
  const { stdout } = await runCommand(backtest, stage({ 'early.log': log }), [], { logs: ['early.log'] });
  assert.match(stdout, /^4 cycles, 2026-11-21 10:00:00 to 2026-11-21 10:30:00/);
  assert.match(stdout, /2026-11-21 10:02:00 +2026-11-21 10:\d\d:00 +\d+ min +critical +Errors +logs\/File\/early app +100%/);
});

test('a clock that began in 1970, or is far ahead, costs nothing and hides nothing', async () => {
  const far = LOG.replace('request 900"}\n', 'request 900"}\n9999-01-01T00:00:00Z far\n');
  const cwd = stage({ 'boot.log': `1970-01-01T00:00:03Z boot\n${LOG}`, 'far.log': far });
  for (const [name, cycles] of [
    ['boot', 153],
    ['far', 7],
  ] as const) {
    const { stdout } = await runCommand(backtest, cwd, [], { logs: [`${name}.log`] });
    assert.match(stdout, new RegExp(`^${cycles} cycles, .* to 2026-11-21 11:00:00 UTC\n`));
    assert.match(stdout, new RegExp(`\n2026-11-21 10:21:00 .* Errors +logs/File/${name} app +33\\.\\d% `));
  }
});

test('of several files those without any time are named, and the others judged', async () => {
  const cwd = stage({ 'none.log': 'no time here\n', 'empty.log': '' });
  const { stdout, stderr } = await runCommand(backtest, cwd, [], { logs: ['none.log', 'web.log', 'empty.log'] });
  assert.match(stdout, / Errors +logs\/File\/web app /);
  assert.equal(
    stderr,
    ['none', 'empty'].map((name) => `tocsin backtest: ${name}.log is left out: no line in it has a time of this span\n`).join(''),
  );
});

test('an edited rule is compared with the one in force', async () => {
  const cwd = stage({ 'edited.yaml': RULES.replace('5%', '50%') });
  const { stdout } = await runCommand(backtest, cwd, [], { logs: ['web.log'], against: 'edited.yaml' });
  assert.match(stdout, /\n- +2026-11-21 10:21:00 .* Errors /);
  assert.match(stdout, /\nin force: 1 alert, 2 messages; edited: 0 alerts, 0 messages\n/);
});

test('bad input is told in words, and nothing is left behind', async () => {
  const cwd = stage({ 'bad.yaml': 'rules:\n  - alert: X\n', 'none.log': 'no time here\n' });
  await assert.rejects(
    runCommand(backtest, cwd, [], { logs: ['nowhere.log'] }),
    /could not read .*nowhere\.log: it does not exist/,
  );
  await assert.rejects(runCommand(backtest, cwd, [], { logs: ['rules'] }), /could not read .*rules: it is a folder/);
  writeFileSync(join(cwd, 'torn.log.gz'), gzipSync(LOG).subarray(0, 200));
  await assert.rejects(
    runCommand(backtest, cwd, [], { logs: ['torn.log.gz'] }),
    /could not read .*torn\.log\.gz: unexpected end/,
  );
  await assert.rejects(runCommand(backtest, cwd, [], { logs: ['none.log'] }), /no line with a time/);
  await assert.rejects(runCommand(backtest, cwd, ['web.log']), /log files are given with --logs/);
  await assert.rejects(runCommand(backtest, cwd, [], { logs: ['web.log'], budget: 'few' }), /expected --budget as a number/);
  await assert.rejects(runCommand(backtest, cwd, [], { logs: ['web.log'], against: 'bad.yaml' }), /bad\.yaml cannot be used/);
  await assert.rejects(runCommand(backtest, cwd, [], { logs: ['web.log'], against: 'no.yaml' }), /no\.yaml: it does not exist/);
  await assert.rejects(runCommand(backtest, cwd, [], { logs: ['web.log'], from: '10m', to: '20m' }), /nothing lies between/);
  await assert.rejects(runCommand(backtest, cwd), /could not read store/);
});
