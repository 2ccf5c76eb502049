import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chance } from './chance.ts';
import { eventually } from './eventually.ts';
import { Stage } from './stage.ts';
import type { TocsinDaemon } from './tocsin-daemon.ts';

const RULES = `
rules:
  - alert: Crashed
    terminated: { count: 1, within: 1h }
    severity: critical
    summary: "{{ workload }} crashed"
`;
/** Only the watch can tell of a crash in time. */
const SELDOM = '0 0 1 1 *';

async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
  const stage = await Stage.open({ rules: RULES, settings: { schedule: SELDOM, ...settings } });
  stage.cluster.addPod({ namespace: 'shop', name: 'steady' });
  return stage;
}

async function watching(stage: Stage): Promise<TocsinDaemon> {
  const daemon = stage.start();
  await daemon.cycles(1);
  await eventually('an open watch', 10_000, () => stage.cluster.watches.open > 0);
  return daemon;
}

function crash(stage: Stage, name: string): void {
  stage.cluster.addPod({ namespace: 'shop', name }).container().write(`last words of ${name}`).restart({ exitCode: 1 });
}

const told = (stage: Stage, name: string) => stage.headlines('slack', new RegExp(`shop/${name}: `));

const headline = (name: string) => `CRITICAL · shop/${name}: Crashed, Error once in 1 h, exit code 1`;

async function isTold(stage: Stage, name: string, ms = 20_000): Promise<void> {
  await eventually(`${name} is told`, ms, () => told(stage, name).length > 0);
}

test('crashes are told within seconds after the API server was away, once each, and nothing else is', async () => {
  await using stage = await open();
  const daemon = await watching(stage);
  crash(stage, 'before');
  await isTold(stage, 'before');
  const port = Number(new URL(stage.cluster.url).port);
  await stage.cluster.close();
  crash(stage, 'meanwhile');
  await sleep(3_000); // long enough for several attempts
  await stage.cluster.listen(port);
  await isTold(stage, 'meanwhile', 40_000);
  crash(stage, 'after');
  await isTold(stage, 'after');
  assert.deepEqual(stage.headlines('slack'), ['before', 'meanwhile', 'after'].map(headline));
  assert.equal(daemon.count(/pods cannot be watched/), 1, daemon.log);
  assert.deepEqual((await daemon.health()).reasons, []);
});

test('crashes around kills of the daemon are told, and their lines are stored once', async (context) => {
  await using stage = await open();
  const random = chance(7);
  const names: string[] = [];
  await (await watching(stage)).stop('SIGKILL');
  for (let kill = 0; kill < 12; kill++) {
    const daemon = stage.start();
    await daemon.says(/msg="cycle done"/);
    for (let number = 0; number < 3; number++) {
      const name = `pod-${kill}-${number}`;
      names.push(name);
      crash(stage, name);
      await sleep(random() * 400);
    }
    await sleep(random() * 2_500); // the moment is the point: while it reads, commits, judges or sends
    await daemon.stop('SIGKILL');
  }
  const last = stage.start();
  await last.cycles(1);
  for (const name of names) await isTold(stage, name, 60_000);
  await eventually('nothing is owed', 30_000, async () => (await last.list('/api/v1/deliveries?status=pending')).length === 0);
  const twice = names.filter((name) => told(stage, name).length > 1).length;
  context.diagnostic(`${names.length} crashes, 12 kills, ${twice} messages twice`);
  assert.ok(twice <= 12, `${twice} messages came twice`);
  const lines = (await last.list('/api/v1/logs?limit=1000')).map(({ text }) => text);
  for (const name of names)
    assert.equal(lines.filter((text) => text === `last words of ${name}`).length, 1, `the words of ${name}`);
  const { reasons } = await last.health();
  assert.deepEqual(
    reasons.filter((reason) => !/missed/.test(reason)),
    [],
  );
});

test('a storm of 300 crashes costs few reads, is told in part at once and whole with the next cycle', async () => {
  await using stage = await open({ schedule: '*/45 * * * * *' });
  const daemon = await watching(stage);
  const reads = () => stage.cluster.traffic.requests.filter(({ url }) => url.includes('/log?')).length;
  const before = reads();
  for (let number = 0; number < 300; number++) crash(stage, `pod-${number}`);
  await isTold(stage, 'pod-0');
  await eventually('the burst is read', 20_000, () => reads() - before >= 100);
  await eventually('all are told', 90_000, () => new Set(stage.headlines('mail', /shop\/pod-/)).size >= 300);
  assert.equal(stage.headlines('mail', /shop\/pod-/).length, 300);
  const metrics = (await daemon.get('/metrics')).text;
  const left = Number(/tocsin_targeted_pods_total\{outcome="left"\} (\d+)/.exec(metrics)?.[1]);
  assert.ok(left >= 200, String(left));
});

test('without the permission to watch, cycles go on as ever, which is told once', async () => {
  await using stage = await open({ schedule: '*/2 * * * * *' });
  stage.cluster.deny({ verb: 'watch' });
  const daemon = stage.start();
  await daemon.cycles(3);
  assert.equal(daemon.count(/pods cannot be watched.*forbidden/), 1);
  const { status, reasons } = await daemon.health();
  assert.equal(status, 'degraded');
  assert.match(reasons.join('\n'), /changes are seen by the scheduled cycles alone: the cluster: .*forbidden/);
  crash(stage, 'late');
  await isTold(stage, 'late');
  assert.equal(stage.cluster.traffic.requests.filter(({ url }) => /\/pods\?.*watch=1/.test(url)).length, 1);
});

test('with `watch: false` nothing is watched', async () => {
  await using stage = await open({ schedule: '*/2 * * * * *', watch: false });
  const daemon = stage.start();
  await daemon.cycles(2);
  crash(stage, 'late');
  await isTold(stage, 'late');
  assert.deepEqual(
    stage.cluster.traffic.requests.filter(({ url }) => url.includes('watch=1')),
    [],
  );
  assert.doesNotMatch((await daemon.get('/metrics')).text, /targeted/);
});
