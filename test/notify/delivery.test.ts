import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { email } from '../../src/notify/email.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { slack } from '../../src/notify/slack.ts';
import { webhook } from '../../src/notify/webhook.ts';
import { outboxOf, owing, portOf, rowsFor, runUntil } from './build-outbox.ts';
import { httpReceiver } from './http-receiver.ts';
import { reply, smtpReceiver } from './smtp-receiver.ts';

function hook(url: string, receiver = 'hook'): Notifier {
  const spec = { url, url_file: null, headers: new Map(), headers_file: new Map() };
  return webhook.create(spec, { receiver, secrets: { url: new Secret(url) } });
}

function mail(port: number, to: readonly string[] = ['ops@example.com']): Notifier {
  const smtp = `smtp://127.0.0.1:${port}`;
  const spec = { smtp, smtp_file: null, from: 'tocsin@example.com', to };
  return email.create(spec, { receiver: 'mail', secrets: { smtp: new Secret(smtp) } });
}

/** What of `message 0` to `message 9` a body tells. */
function numberOf(body: string): string {
  return /message \d/.exec(body)?.[0] ?? body;
}

suite('delivery to real servers', () => {
  test('a webhook that always fails at one message gets the others', async () => {
    await using server = await httpReceiver((response, { body }) =>
      response.writeHead(body.includes('message 0') ? 500 : 200).end(),
    );
    const port = portOf(owing(...rowsFor('hook', 5)));
    await runUntil(outboxOf(port, [hook(server.url)], systemClock), () => port.document.outbox.length === 1);
    const taken = server.received.map(({ body }) => numberOf(body)).filter((text) => text !== 'message 0');
    assert.deepEqual(taken, ['message 1', 'message 2', 'message 3', 'message 4']);
    assert.equal(port.document.outbox[0]?.notice, 'message 0');
  });

  test('a message that is refused for good is a dead letter at once, and the next goes out; told through the healthy one, once', async () => {
    await using picky = await httpReceiver((response, { body }) =>
      response.writeHead(/message [02]/.test(body) ? 400 : 200).end('invalid_payload'),
    );
    await using well = await httpReceiver();
    const port = portOf(owing(...rowsFor('hook', 4)));
    const receivers = [hook(picky.url), hook(well.url, 'other')];
    await runUntil(outboxOf(port, receivers, systemClock), () => port.document.outbox.length === 0);
    assert.deepEqual(
      port.document.deliveries.filter(({ status }) => status === 'dead').map(({ id }) => id),
      ['hook-0', 'hook-2'],
    );
    assert.equal(well.received.length, 1);
    assert.match(
      well.received[0]?.body ?? '',
      /receiver hook refuses messages: answered 400: invalid_payload; it was not told of message 0/,
    );
  });

  test('one drain also tells what is refused while it runs', async () => {
    await using gone = await httpReceiver((response) => response.writeHead(410).end());
    await using well = await httpReceiver();
    const port = portOf(owing(...rowsFor('hook', 2)));
    const box = outboxOf(port, [hook(well.url, 'other'), hook(gone.url)], systemClock);
    assert.equal(await box.drain(AbortSignal.timeout(10_000), 0), 0);
    assert.equal(well.received.length, 1);
  });

  test('Slack that asks for patience gets nothing meanwhile, then everything in order, a second apart', async () => {
    await using server = await httpReceiver((response, _, count) =>
      count === 1 ? response.writeHead(429, { 'retry-after': '2' }).end('rate_limited') : response.end('ok'),
    );
    const spec = { webhook_url: server.url, webhook_url_file: null };
    const receiver = slack.create(spec, { receiver: 'slack', secrets: { webhook_url: new Secret(server.url) } });
    const port = portOf(owing(...rowsFor('slack', 4)));
    await runUntil(outboxOf(port, [receiver], systemClock), () => port.document.outbox.length === 0);
    const [refused, ...taken] = server.received;
    assert.ok((taken[0]?.at ?? 0) - (refused?.at ?? 0) >= 2_000);
    assert.deepEqual(
      taken.map(({ body }) => numberOf(body)),
      ['message 0', 'message 1', 'message 2', 'message 3'],
    );
    for (let i = 1; i < taken.length; i++) assert.ok((taken[i]?.at ?? 0) - (taken[i - 1]?.at ?? 0) >= 1_000);
  });

  test('a mail server that drops one message and takes the rest gets the rest', async () => {
    await using server = await smtpReceiver({
      onData(stream, _, done) {
        let raw = '';
        stream.on('data', (chunk: Buffer) => (raw += chunk.toString()));
        stream.on('end', () => {
          const isPoison = raw.includes('message 0');
          if (!isPoison) got.push(numberOf(raw));
          done(isPoison ? reply(451, 'try later') : null);
        });
      },
    });
    const got: string[] = [];
    const port = portOf(owing(...rowsFor('mail', 3)));
    await runUntil(outboxOf(port, [mail(server.port)], systemClock), () => port.document.outbox.length === 1);
    assert.deepEqual(got, ['message 1', 'message 2']);
  });

  test('of three recipients one is greylisted and one unknown: each gets it once, and who is unknown is told', async () => {
    const asked = new Map<string, number>();
    await using server = await smtpReceiver({
      onRcptTo({ address }, _, done) {
        asked.set(address, (asked.get(address) ?? 0) + 1);
        if (address.startsWith('unknown')) done(reply(550, 'no such user'));
        else if (address.startsWith('grey') && asked.get(address) === 1) done(reply(450, 'greylisted'));
        else done();
      },
    });
    await using well = await httpReceiver();
    const port = portOf(owing(...rowsFor('mail', 1)));
    const to = ['ops@example.com', 'grey@example.com', 'unknown@example.com'];
    const box = outboxOf(port, [mail(server.port, to), hook(well.url)], systemClock);
    await runUntil(box, () => port.document.outbox.length === 0);
    assert.deepEqual(
      server.received.map((each) => each.to),
      [['ops@example.com'], ['grey@example.com']],
    );
    assert.equal(well.received.length, 1);
    assert.match(well.received[0]?.body ?? '', /receiver mail refused a message: unknown@example.com was refused: .*550/);
  });
});
