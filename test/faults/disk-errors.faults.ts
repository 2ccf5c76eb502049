import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { assertEachOnce, NumberedLines } from './numbered-lines.ts';
import { Stage } from './stage.ts';

/** Runs a program whose fsync fails from the 60th to the 140th; with one thread for files, which makes them all. */
const STRACE = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync'];
const FAILING = [...STRACE, '-e', 'inject=fsync,fdatasync:error=EIO:when=60..140'];

test('while the disk reports errors alerts go on, the page says so, and afterwards no line is missing', async (context) => {
  const probe = spawnSync(STRACE[0] ?? '', [...STRACE.slice(1), process.execPath, '-e', '0']);
  if (probe.status !== 0) {
    context.skip(`needs strace: ${probe.error?.message ?? probe.stderr.toString().trim()}`);
    return;
  }
  await using stage = await Stage.open();
  const lines = new NumberedLines('steady', stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container());
  const timer = setInterval(() => lines.print(2), 100);
  try {
    const daemon = stage.start({ UV_THREADPOOL_SIZE: '1' }, FAILING);
    await eventually('/healthz says so', 120_000, async () =>
      (await daemon.health()).reasons.some((reason) => /input\/output error/.test(reason)),
    );
    stage.cluster.addPod({ namespace: 'shop', name: 'broken' }).container().write('x').crash();
    for (const kind of ['slack', 'mail'] as const)
      await stage.inbox.waitFor((message) => message.kind === kind && /broken/.test(message.headline), 60_000);
    await eventually('/healthz is well again', 120_000, async () =>
      (await daemon.health()).reasons.every((reason) => !/input\/output|in memory/.test(reason)),
    );
    assert.equal((await assertEachOnce(stage, daemon, [lines])).get(lines.key), 0);
    assert.deepEqual([stage.headlines('slack').length, stage.headlines('mail').length], [1, 1]);
    assert.deepEqual(await daemon.stop(), { status: 0, signal: null });
    const next = stage.start();
    await next.cycles(2);
    assert.equal(stage.headlines('mail').length, 1, 'and not again after a restart');
    assert.equal((await next.list('/api/v1/alerts'))[0]?.['state'], 'firing');
  } finally {
    clearInterval(timer);
  }
});
