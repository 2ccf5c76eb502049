import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { assertEachOnce, NumberedLines } from './numbered-lines.ts';
import { Stage } from './stage.ts';
import { PROGRAM } from './tocsin-daemon.ts';

/** A stage whose log reads hang from now on, in the middle of a cycle. */
async function inASlowCycle(stage: Stage) {
  const lines = new NumberedLines('steady', stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container());
  lines.print(50);
  const daemon = stage.start();
  await daemon.cycles(2);
  lines.print(50);
  const fault = stage.cluster.faults.add({ on: /\/log\?/, effect: { kind: 'hang', afterBytes: 500 } });
  await eventually('a read hangs', 10_000, () => fault.hits > 0);
  return { daemon, lines, fault };
}

test('SIGTERM in the middle of a cycle that hangs ends within 20 s with 0, and the next start loses nothing', async () => {
  await using stage = await Stage.open();
  const { daemon, lines, fault } = await inASlowCycle(stage);
  const asked = performance.now();
  assert.deepEqual(await daemon.stop('SIGTERM'), { status: 0, signal: null });
  assert.ok(performance.now() - asked < 20_000);
  fault.remove();
  lines.print(50);
  const next = stage.start();
  await next.cycles(2);
  assert.equal((await assertEachOnce(stage, next, [lines])).get(lines.key), 0);
  assert.deepEqual(
    (await next.health()).reasons.filter((reason) => !/missed|no cycle/.test(reason)),
    [],
  );
});

test('a second SIGTERM ends at once, and the next start loses nothing', async () => {
  await using stage = await Stage.open();
  const { daemon, lines, fault } = await inASlowCycle(stage);
  daemon.signal('SIGTERM');
  await daemon.says(/msg=stopping/);
  const asked = performance.now();
  daemon.signal('SIGTERM');
  assert.equal((await daemon.ended).status, 1);
  assert.ok(performance.now() - asked < 2_000);
  fault.remove();
  const next = stage.start();
  await next.cycles(2);
  assert.equal((await assertEachOnce(stage, next, [lines])).get(lines.key), 0);
});

test('SIGTERM while a receiver hangs keeps what is owed', async () => {
  await using stage = await Stage.open();
  stage.inbox.setFault('slack', { kind: 'hang' });
  stage.inbox.setFault('mail', { kind: 'hang' });
  stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
  const daemon = stage.start();
  await daemon.says(/alert firing/);
  await daemon.cycles(1);
  const asked = performance.now();
  assert.deepEqual(await daemon.stop('SIGTERM'), { status: 0, signal: null });
  assert.ok(performance.now() - asked < 20_000);
  stage.inbox.setFault('slack', null);
  stage.inbox.setFault('mail', null);
  stage.start();
  for (const kind of ['slack', 'mail']) await stage.inbox.waitFor((message) => message.kind === kind, 30_000);
});

test('Ctrl-C of `once` ends it with one line and without a stack trace, and leaves a store that opens', async () => {
  await using stage = await Stage.open();
  stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container().write('hello');
  const fault = stage.cluster.faults.add({ on: /\/log\?/, effect: { kind: 'hang', afterBytes: null } });
  const child = spawn(process.execPath, [...PROGRAM, 'once', '--config', stage.settingsFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await eventually('a read hangs', 20_000, () => fault.hits > 0);
  const asked = performance.now();
  child.kill('SIGINT');
  const [status] = await once(child, 'close');
  assert.ok(performance.now() - asked < 5_000);
  assert.notEqual(status, 0);
  assert.doesNotMatch(stderr, /^\s+at |bug/m);
  fault.remove();
  const again = await stage.command('once', '--json');
  assert.equal(again.status, 0, again.stderr);
  assert.equal(JSON.parse(again.stdout).lines, 1);
});
