import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { RULES, Stage } from './stage.ts';

const HELD = `
rules:
  - alert: CrashLoop
    crash_loop: { restarts: 2, within: 30m }
    for: 15s
    severity: critical
`;

test('a broken rule file, a changed rule and SIGHUP leave a pending alert its clock', async () => {
  await using stage = await Stage.open({ rules: HELD });
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
  const daemon = stage.start();
  const pending = await eventually('the alert is pending', 20_000, async () => (await daemon.list('/api/v1/alerts'))[0]);
  assert.equal(pending['state'], 'pending');
  stage.writeRules(`${HELD}    nonsense: true\n`);
  await daemon.says(/level=error.*rules\.yaml:7:5.*nonsense/, { ms: 20_000 });
  const { status, reasons } = await daemon.health();
  assert.equal(status, 'degraded');
  assert.ok(
    reasons.some((reason) => /rules\.yaml:7:5/.test(reason)),
    reasons.join('\n'),
  );
  assert.match((await daemon.get('/rules')).text, /rules\.yaml:7:5/);
  stage.writeRules(`${HELD}    labels: { team: shop }\n`);
  await daemon.says(/msg="rules reloaded"/, { ms: 20_000 });
  daemon.signal('SIGHUP');
  await stage.inbox.waitFor(({ kind }) => kind === 'mail', 40_000);
  const [alert] = await daemon.list('/api/v1/alerts');
  assert.equal(alert?.['active_at'], pending['active_at']);
  const held = Date.parse(String(alert?.['fired_at'])) - Date.parse(String(pending['active_at']));
  assert.ok(held >= 15_000 && held < 25_000, `held for ${held} ms`);
  assert.equal((alert?.['labels'] as Record<string, string> | undefined)?.['team'], 'shop');
  assert.deepEqual(
    (await daemon.health()).reasons.filter((reason) => !/missed|no cycle/.test(reason)),
    [],
  );
});

test('no reload of rules or settings, nor a swapped ConfigMap, tells anything twice or resolves anything', async () => {
  await using stage = await Stage.open();
  // A ConfigMap volume: the files are links through `..data`, which is swapped as a whole.
  const folder = join(stage.folder, 'rules');
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  let version = 0;
  const swap = (text: string) => {
    const name = `..2026_${version++}`;
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'rules.yaml'), text);
    symlinkSync(name, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  swap(RULES);
  symlinkSync('..data/rules.yaml', join(folder, 'rules.yaml'));
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
  const daemon = stage.start();
  for (const kind of ['slack', 'mail'] as const) await stage.inbox.waitFor((message) => message.kind === kind, 30_000);
  swap(RULES.replace('{{ workload }} crashes', '{{ workload }} crashes again and again'));
  await daemon.says(/msg="rules reloaded"/, { ms: 20_000 });
  await daemon.cycles(3);
  stage.writeSettings({ timezone: 'Europe/Berlin', notifications: { group_by: ['namespace'] } });
  await daemon.says(/msg=running/, { times: 2, ms: 20_000 });
  await daemon.cycles(3);
  writeFileSync(stage.settingsFile, 'receivers: [oh\n');
  await daemon.says(/level=error.*tocsin\.yaml:/, { ms: 20_000 });
  await daemon.cycles(3);
  assert.deepEqual(
    stage.told.map(({ kind }) => kind).sort(),
    ['mail', 'slack'],
    stage.told.map(({ headline }) => headline).join('\n'),
  );
  const [alert] = await daemon.list('/api/v1/alerts');
  assert.equal(alert?.['state'], 'firing');
  assert.match(String(alert?.['summary']), /again and again/);
  assert.deepEqual(await daemon.stop(), { status: 0, signal: null });
});

test('changed settings that cannot be opened leave the former ones in force', async () => {
  await using stage = await Stage.open();
  const daemon = stage.start();
  await daemon.cycles(1);
  stage.writeSettings({ status_page: { listen: '192.0.2.1:80' } });
  await daemon.says(/level=error.*tocsin\.yaml:1:1: the changed settings cannot be used/, { ms: 20_000 });
  await daemon.says(/msg=running/, { times: 2 });
  await daemon.cycles(2);
  assert.equal(daemon.ending, null);
  const { status, reasons } = await daemon.health();
  assert.notEqual(status, 'ok');
  assert.ok(
    reasons.some((reason) => /the last good files are in force: .*could not listen on 192\.0\.2\.1:80/.test(reason)),
    reasons.join('\n'),
  );
});

test('a rule that is removed ends its alert once, with the reason', async () => {
  await using stage = await Stage.open();
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
  const daemon = stage.start();
  await stage.inbox.waitFor(({ kind }) => kind === 'mail', 30_000);
  stage.writeRules(RULES.replace('alert: CrashLoop', 'alert: Crashes'));
  const end = await stage.inbox.waitFor(({ kind, headline }) => kind === 'mail' && /RESOLVED|Crashes/.test(headline), 30_000);
  await daemon.cycles(4);
  assert.ok(stage.headlines('mail').length <= 3, stage.headlines('mail').join('\n'));
  assert.match(JSON.stringify(stage.told), /rule was removed/, end.headline);
});

test('a restart with a broken rule file starts on the rules that were in force, says so, and takes the mended file over', async () => {
  await using stage = await Stage.open();
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
  const before = stage.start();
  await before.cycles(1);
  before.signal('SIGKILL');
  await before.ended;
  stage.writeRules(`${RULES}    nonsense: true\n`);
  const daemon = stage.start();
  await daemon.says(/level=error.*nonsense/);
  await daemon.says(/started on the rules that were in force last/);
  await daemon.cycles(1);
  assert.ok((await daemon.health()).reasons.some((reason) => /nonsense/.test(reason)));
  stage.writeRules(RULES);
  await daemon.says(/msg="rules reloaded"/, { ms: 20_000 });
  assert.ok(!(await daemon.health()).reasons.some((reason) => /nonsense/.test(reason)));
});

test('an emptied rules folder is told and changes nothing, until a file says that no rules are wanted', async () => {
  await using stage = await Stage.open();
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
  const daemon = stage.start();
  await stage.inbox.waitFor(({ kind }) => kind === 'mail', 30_000);
  rmSync(join(stage.folder, 'rules', 'rules.yaml'));
  await daemon.says(/level=error.*no rule files/, { ms: 20_000 });
  await daemon.cycles(3);
  const { status, reasons } = await daemon.health();
  assert.equal(status, 'degraded');
  assert.ok(
    reasons.some((reason) => /the last good files are in force: .*no rule files/.test(reason)),
    reasons.join('\n'),
  );
  assert.equal((await daemon.list('/api/v1/alerts'))[0]?.['state'], 'firing');
  stage.writeRules('rules: []\n');
  await stage.inbox.waitFor(({ kind, headline }) => kind === 'mail' && /RESOLVED/.test(headline), 30_000);
});
