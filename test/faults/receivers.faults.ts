import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InboxFault } from '../../demo/inbox/inbox.ts';
import { eventually } from './eventually.ts';
import { Stage } from './stage.ts';

function crash(stage: Stage, name: string): void {
  stage.cluster.addPod({ namespace: 'shop', name }).container().write('x').crash();
}

/** The crashing pods in the order in which a channel was told of them. */
function order(stage: Stage, kind: 'slack' | 'mail'): readonly string[] {
  return stage.headlines(kind, /CRITICAL/).map((headline) => /shop\/([\w-]+)/.exec(headline)?.[1] ?? headline);
}

for (const [name, fault] of [
  ['answers 500', { kind: 'status', status: 500, body: 'server_error' }],
  ['does not answer', { kind: 'hang' }],
  ['asks for patience', { kind: 'status', status: 429, body: 'rate_limited', retryAfterSeconds: 2 }],
] as const satisfies readonly (readonly [string, InboxFault])[]) {
  test(`while Slack ${name} mail goes on; what is owed survives a kill and comes in order`, async () => {
    await using stage = await Stage.open();
    stage.inbox.setFault('slack', fault);
    const first = stage.start();
    await first.cycles(1);
    crash(stage, 'first');
    await stage.inbox.waitFor(({ kind, headline }) => kind === 'mail' && /first/.test(headline), 30_000);
    crash(stage, 'second');
    await stage.inbox.waitFor(({ kind, headline }) => kind === 'mail' && /second/.test(headline), 30_000);
    await first.says(/msg="message not delivered/, { ms: 30_000 });
    await eventually(
      'mail is done',
      10_000,
      async () => (await first.list('/api/v1/deliveries?receiver=mail&status=pending')).length === 0,
    );
    await first.cycles(2); // and that it is done is on the disk by then
    await first.stop('SIGKILL');
    const second = stage.start();
    crash(stage, 'third');
    await stage.inbox.waitFor(({ kind, headline }) => kind === 'mail' && /third/.test(headline), 30_000);
    assert.deepEqual(stage.headlines('slack'), []);
    const pending = await second.list('/api/v1/deliveries?receiver=slack&status=pending');
    assert.equal(pending.length, 3);
    await eventually('the page says what Slack is doing', 30_000, async () =>
      /slack[\s\S]*3 (waiting|pending|messages)/.test((await second.get('/')).text),
    );
    stage.inbox.setFault('slack', null);
    await eventually('Slack was told of all', 90_000, () => order(stage, 'slack').length === 3);
    assert.deepEqual(order(stage, 'slack'), ['first', 'second', 'third']);
    assert.deepEqual(order(stage, 'mail'), ['first', 'second', 'third'], 'mail heard of each once');
    assert.equal(second.count(/msg="message not delivered/) <= 2, true, second.log);
  });
}

test('a channel that refuses for good is a dead letter on the page and in /healthz, and told by mail', async () => {
  await using stage = await Stage.open();
  stage.inbox.setFault('slack', { kind: 'status', status: 410, body: 'channel_is_archived' });
  const daemon = stage.start();
  await daemon.cycles(1);
  crash(stage, 'first');
  const notice = await stage.inbox.waitFor(({ kind, headline }) => kind === 'mail' && /slack/.test(headline), 30_000);
  assert.match(notice.headline, /receiver slack refuses messages/);
  const { status, reasons } = await daemon.health();
  assert.equal(status, 'degraded');
  assert.ok(
    reasons.some((reason) => /receiver slack refuses messages/.test(reason)),
    reasons.join('\n'),
  );
  assert.match((await daemon.get('/')).text, /channel_is_archived/);
  const dead = await daemon.list('/api/v1/deliveries?status=dead');
  assert.equal(dead.length, 1);
  assert.match(String(dead[0]?.['last_error']), /410.*channel_is_archived/);
  assert.doesNotMatch(daemon.log + JSON.stringify(reasons), /services\/T0DEMO/, 'the webhook is a secret');
  await daemon.stop('SIGKILL');
  const next = stage.start();
  await next.cycles(2);
  assert.equal((await next.health()).status, 'degraded', 'a restart does not hide it');
  stage.inbox.setFault('slack', null);
  crash(stage, 'second');
  await stage.inbox.waitFor(({ kind, headline }) => kind === 'slack' && /second/.test(headline), 30_000);
  await eventually('all is well again', 10_000, async () =>
    (await next.health()).reasons.every((reason) => !/slack/.test(reason)),
  );
  assert.equal(stage.headlines('mail', /refuses messages/).length, 1, 'told once');
});
