import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { messageOf } from '../../src/base/errors.ts';
import { eventually } from './eventually.ts';
import { assertEachOnce, NumberedLines } from './numbered-lines.ts';
import { Stage } from './stage.ts';

test('on a full disk alerts go on, the page says so, and afterwards no line is missing', async (context) => {
  await using stage = await Stage.open();
  mkdirSync(stage.data);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', stage.data], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`needs to mount a small file system: ${messageOf(error).trim()}`);
    return;
  }
  const lines = new NumberedLines('steady', stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container());
  let timer: NodeJS.Timeout | undefined;
  try {
    const daemon = stage.start();
    await daemon.cycles(2);
    const filler = join(stage.data, 'filler');
    assert.throws(() => writeFileSync(filler, Buffer.alloc(16 * 1024 ** 2)), { code: 'ENOSPC' });
    // Cycles from before may be deleted to make room; what is printed from now on may not be lost.
    timer = setInterval(() => lines.print(2), 100);
    // More than a frame of lines: the disk is found to be full in the middle of the reading.
    const noisy = stage.cluster.addPod({ namespace: 'shop', name: 'noisy' }).container();
    for (let i = 0; i < 40; i++) noisy.write(randomBytes(48 * 1024).toString('base64'));
    await eventually('/healthz says so', 30_000, async () =>
      (await daemon.health()).reasons.some((reason) => /no space left/.test(reason)),
    );
    stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
    for (const kind of ['slack', 'mail'] as const)
      await stage.inbox.waitFor((message) => message.kind === kind && /broken/.test(message.headline), 30_000);
    await daemon.cycles(3);
    assert.match((await daemon.get('/')).text, /no space left/);
    assert.ok(daemon.count(/level=(warn|error) (?!msg="store repaired")/) <= 5, daemon.log);
    rmSync(filler);
    await eventually('/healthz is well again', 60_000, async () =>
      (await daemon.health()).reasons.every((reason) => !/no space left|in memory/.test(reason)),
    );
    assert.equal((await assertEachOnce(stage, daemon, [lines])).get(lines.key), 0);
    assert.equal(stage.headlines('slack').length, 1, 'told once');
    assert.equal(stage.headlines('mail').length, 1, 'told once');
    assert.deepEqual(await daemon.stop(), { status: 0, signal: null });
    const next = stage.start();
    await next.cycles(2);
    assert.equal(stage.headlines('mail').length, 1, 'and not again after a restart');
    assert.equal((await next.list('/api/v1/alerts'))[0]?.['state'], 'firing');
    await next.stop();
  } finally {
    clearInterval(timer);
    execFileSync('umount', ['-l', stage.data]);
  }
});

test('a second daemon on the same data ends with 1 and one line that names the first', async () => {
  await using stage = await Stage.open();
  const first = stage.start();
  await first.cycles(1);
  const second = stage.start();
  assert.deepEqual(await second.ended, { status: 1, signal: null });
  assert.match(second.log, new RegExp(`in use by process ${first.pid} .*tocsin run`));
  assert.equal(second.count(/^tocsin run:/), 1, second.log);
  assert.equal(second.log.trim().split('\n').length, 2, 'that it waits, and that it gives up');
  await first.cycles(1);
  const read = await stage.command('logs');
  assert.equal(read.status, 0, 'reading goes on beside it');
});

test('torn files are set aside, said on the page, and neither lose an alert nor tell it again', async () => {
  await using stage = await Stage.open();
  const lines = new NumberedLines('steady', stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container());
  lines.print(20);
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
  const first = stage.start();
  for (const kind of ['slack', 'mail'] as const) await stage.inbox.waitFor((message) => message.kind === kind, 30_000);
  await eventually('nothing is owed', 20_000, async () => (await first.list('/api/v1/deliveries?status=pending')).length === 0);
  await first.cycles(2);
  await first.stop();
  const alerts = join(stage.data, 'alerts.json');
  truncateSync(alerts, Math.floor(readFileSync(alerts).length / 2));
  const newest = readdirSync(join(stage.data, 'cycles')).sort().at(-1) ?? '';
  truncateSync(join(stage.data, 'cycles', newest, 'cycle.json'), 10);
  lines.print(20);
  const next = stage.start();
  await next.cycles(2);
  const { status, reasons } = await next.health();
  assert.equal(status, 'degraded');
  assert.equal(reasons.filter((reason) => /set aside/.test(reason)).length, 2, reasons.join('\n'));
  assert.match((await next.get('/')).text, /set aside/);
  const [alert] = await next.list('/api/v1/alerts');
  assert.equal(alert?.['state'], 'firing');
  assert.equal((await assertEachOnce(stage, next, [lines])).get(lines.key), 0);
  assert.deepEqual(stage.told.map(({ kind }) => kind).sort(), ['mail', 'slack']);
});
