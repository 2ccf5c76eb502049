import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.ts';
import { assertEachOnce, NumberedLines } from './numbered-lines.ts';
import { Stage } from './stage.ts';

const FROZEN_MS = 5_000;

/** Whoever waits for the heartbeat: counts what came. */
async function openListener() {
  let beats = 0;
  const server = createServer((_, response) => {
    beats++;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An address family and a port: it listens on TCP.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/beat`,
    get beats() {
      return beats;
    },
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

test('a daemon that is frozen answers nothing and sends no heartbeat; when it thaws it goes on where it was and tells nothing twice', async () => {
  await using listener = await openListener();
  await using stage = await Stage.open({ settings: { heartbeat: { url: listener.url } } });
  const lines = new NumberedLines('steady', stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container());
  const broken = stage.cluster.addPod({ namespace: 'shop', name: 'broken' });
  broken.container().write('x').crash();
  lines.print(50);
  const daemon = stage.start();
  for (const kind of ['slack', 'mail'] as const) await stage.inbox.waitFor((message) => message.kind === kind, 30_000);
  await eventually('heartbeats come', 30_000, () => listener.beats >= 2);
  const page = await daemon.address();
  daemon.signal('SIGSTOP');
  await sleep(200); // what was on its way
  const { beats } = listener;
  lines.print(50);
  await assert.rejects(fetch(`${page}/healthz`, { signal: AbortSignal.timeout(FROZEN_MS) }), { name: 'TimeoutError' });
  assert.equal(listener.beats, beats);
  daemon.signal('SIGCONT');
  await daemon.cycles(2);
  lines.print(50);
  assert.equal((await assertEachOnce(stage, daemon, [lines])).get(lines.key), 0);
  assert.ok(listener.beats > beats);
  assert.equal((await daemon.health()).code, 200);
  assert.deepEqual([stage.headlines('slack').length, stage.headlines('mail').length], [1, 1]);
  const missed = (await daemon.list('/api/v1/cycles?limit=1000')).reduce((sum, cycle) => sum + Number(cycle['missed'] ?? 0), 0);
  assert.ok(missed >= FROZEN_MS / 1000 - 2, `${missed} ticks without a cycle`);
});

test('a cycle that does not end turns /healthz to 503 within 2.5 periods and stops the heartbeat, until it ends', async () => {
  await using listener = await openListener();
  await using stage = await Stage.open({ settings: { heartbeat: { url: listener.url } } });
  stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container().write('hello');
  const daemon = stage.start();
  await daemon.cycles(2);
  assert.equal((await daemon.health()).code, 200);
  const fault = stage.cluster.faults.add({ on: /\/api\/v1\/pods\?(?!.*watch)/, effect: { kind: 'hang', afterBytes: null } });
  await eventually('the list of pods hangs', 10_000, () => fault.hits > 0);
  const asked = performance.now();
  const ill = await eventually('/healthz says so', 20_000, async () => {
    const health = await daemon.health();
    return health.code === 503 ? health : undefined;
  });
  const after = performance.now() - asked;
  assert.equal(ill.status, 'failing');
  assert.ok(ill.reasons.includes('no cycle has ended for 2.5 schedule periods'), ill.reasons.join(', '));
  assert.ok(after < 5_000, `after ${after} ms of a schedule of one second`);
  const { beats } = listener;
  await sleep(2_000); // two ticks
  assert.equal(listener.beats, beats);
  fault.remove();
  await eventually('/healthz is well again', 60_000, async () => (await daemon.health()).code === 200);
  await eventually('heartbeats come again', 30_000, () => listener.beats > beats);
});
