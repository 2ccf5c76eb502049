import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { suite, test } from 'node:test';
import { Secret } from '../../src/base/secret.ts';
import type { Notification } from '../../src/core/model/notification.ts';
import { email } from '../../src/notify/email.ts';
import type { Outcome } from '../../src/notify/notifier.ts';
import { parseSmtpUrl } from '../../src/notify/smtp-url.ts';
import { alert, evidence, notification, notified } from '../core/alerts/build-alert.ts';
import { reply, smtpReceiver } from './smtp-receiver.ts';

const tls = {
  cert: readFileSync(new URL('../fixtures/tls/localhost.crt', import.meta.url)),
  key: readFileSync(new URL('../fixtures/tls/localhost.key', import.meta.url)),
};

function send(
  smtp: string,
  fields: Parameters<typeof notification>[0] = {},
  to: readonly string[] = ['ops@example.com'],
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome> {
  const spec = { smtp, smtp_file: null, from: 'Tocsin <tocsin@example.com>', to };
  const message: Notification = notification({ receiver: 'mail', ...fields });
  return email.create(spec, { receiver: 'mail', secrets: { smtp: new Secret(smtp) } }).send(message, signal);
}

suite('email', () => {
  test('a mail has the first line as subject, text and HTML, and stands in its thread', async () => {
    await using server = await smtpReceiver();
    assert.deepEqual(await send(`smtp://127.0.0.1:${server.port}`), { kind: 'accepted' });
    assert.deepEqual(await send(`smtp://127.0.0.1:${server.port}`, { id: 'message-2' }), { kind: 'accepted' });
    const [first, second] = server.received.map(({ mail }) => mail);
    assert.equal(first?.subject, 'CRITICAL · shop-1/checkout: CrashLoopBackOff, 7 restarts in 30 min');
    assert.equal(first?.from?.address, 'tocsin@example.com');
    assert.match(first?.text ?? '', /Namespace {2}shop-1/);
    assert.match(first?.html ?? '', /<h1[^>]*>CRITICAL · shop-1\/checkout/);
    assert.doesNotMatch(first?.html ?? '', /<img|<script|src=/);
    assert.ok(first?.inReplyTo);
    assert.equal(first.inReplyTo, second?.inReplyTo);
    assert.notEqual(first.messageId, second?.messageId);
    const header = (key: string) => first.headers.find((each) => each.key === key)?.value;
    assert.equal(header('auto-submitted'), 'auto-generated');
    assert.equal(header('references'), first.inReplyTo);
  });

  test('a retry of the same message has the same Message-ID', async () => {
    await using server = await smtpReceiver();
    await send(`smtp://127.0.0.1:${server.port}`);
    await send(`smtp://127.0.0.1:${server.port}`);
    const [first, second] = server.received.map(({ mail }) => mail.messageId);
    assert.ok(first);
    assert.equal(first, second);
  });

  test('no text can add a header or markup', async () => {
    await using server = await smtpReceiver();
    const evil = 'x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>\0<img src=https://evil>\u202e';
    const subject = alert({ alert: evil, summary: evil, labels: { alert: evil, namespace: evil, workload: evil } });
    const proof = evidence(subject.id, { lastLines: [{ at: '', pod: evil, container: evil, level: evil, text: evil }] });
    await send(`smtp://127.0.0.1:${server.port}`, {
      firing: [notified(subject, { evidence: proof, description: evil, condition: evil, phrase: evil })],
    });
    const [{ mail, to }] = [server.received[0] ?? assert.fail('nothing received')];
    assert.deepEqual(to, ['ops@example.com']);
    assert.equal(mail.bcc, undefined);
    assert.ok(!mail.headers.some(({ key }) => key === 'bcc'));
    assert.doesNotMatch(mail.html ?? '', /<script|<img|\u202e|\0/);
    assert.doesNotMatch(mail.text ?? '', /\u202e|\0/);
  });

  for (const { name, options, kind, message } of [
    { name: '421 at the greeting', options: { onConnect: refuse(421, 'too busy') }, kind: 'retry', message: /too busy|421/ },
    {
      name: '450 for the recipient',
      options: { onRcptTo: refuse(450, 'greylisted') },
      kind: 'retry',
      message: /ops@example\.com was refused.*450.*greylisted/,
    },
    { name: '452 for the sender', options: { onMailFrom: refuse(452, 'no space') }, kind: 'retry', message: /452.*no space/ },
    {
      name: '550 for the recipient',
      options: { onRcptTo: refuse(550, 'no such user') },
      kind: 'refused',
      message: /ops@example\.com was refused.*550.*no such user/,
    },
    { name: '554 after DATA', options: { onData: refuseData(554, 'spam') }, kind: 'refused', message: /554.*spam/ },
    { name: '451 after DATA', options: { onData: refuseData(451, 'later') }, kind: 'retry', message: /451.*later/ },
  ] as const)
    test(`${name} is ${kind === 'retry' ? 'tried again' : 'final'}`, async () => {
      await using server = await smtpReceiver(options);
      const outcome = await send(`smtp://127.0.0.1:${server.port}`);
      assert.equal(outcome.kind, kind);
      assert.match('message' in outcome ? outcome.message : '', message);
    });

  test('of several recipients the refused one is told, and the others get the mail once', async () => {
    await using server = await smtpReceiver({
      onRcptTo: ({ address }, _, done) => done(address.startsWith('gone') ? reply(550, 'no such user') : null),
    });
    const outcome = await send(`smtp://127.0.0.1:${server.port}`, {}, ['ops@example.com', 'gone@example.com']);
    assert.equal(outcome.kind, 'accepted');
    assert.match(outcome.kind === 'accepted' ? (outcome.problem ?? '') : '', /gone@example\.com was refused/);
    assert.deepEqual(server.received[0]?.to, ['ops@example.com']);
  });

  test('a recipient that is refused for now is still owed the mail, alone', async () => {
    let greylisted = true;
    await using server = await smtpReceiver({
      onRcptTo: ({ address }, _, done) => done(address.startsWith('grey') && greylisted ? reply(450, 'greylisted') : null),
    });
    const to = ['ops@example.com', 'grey@example.com'];
    const outcome = await send(`smtp://127.0.0.1:${server.port}`, {}, to);
    assert.equal(outcome.kind, 'retry');
    assert.deepEqual(outcome.kind === 'retry' ? outcome.recipients : null, ['grey@example.com']);
    greylisted = false;
    await send(`smtp://127.0.0.1:${server.port}`, { recipients: ['grey@example.com'] }, to);
    assert.deepEqual(
      server.received.map((each) => each.to),
      [['ops@example.com'], ['grey@example.com']],
    );
  });

  test('a connection that drops after DATA is tried again', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 test\r\n');
      socket.on('data', (chunk) => {
        const line = chunk.toString();
        if (/^(EHLO|MAIL|RCPT)/.test(line)) socket.write('250 ok\r\n');
        else if (line.startsWith('DATA')) socket.write('354 go on\r\n');
        else socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const outcome = await send(`smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
    assert.equal(outcome.kind, 'retry');
    await new Promise((resolve) => server.close(resolve));
  });

  test('nobody listening is tried again', async () => {
    const outcome = await send('smtp://127.0.0.1:1');
    assert.equal(outcome.kind, 'retry');
    assert.match(outcome.kind === 'retry' ? outcome.message : '', /ECONNREFUSED/);
  });

  test('an abort ends an attempt that hangs', async () => {
    const stop = new AbortController();
    await using server = await smtpReceiver({ onRcptTo: () => stop.abort() });
    assert.equal((await send(`smtp://127.0.0.1:${server.port}`, {}, ['a@example.com'], stop.signal)).kind, 'retry');
  });
});

suite('email over TLS', () => {
  test('without STARTTLS nothing is sent where it is required', async () => {
    await using server = await smtpReceiver();
    const outcome = await send(`smtp://localhost:${server.port}?tls=required`);
    assert.equal(outcome.kind, 'retry');
    assert.match(outcome.kind === 'retry' ? outcome.message : '', /STARTTLS/);
    assert.equal(server.received.length, 0);
  });

  for (const mode of ['required', 'optional'])
    test(`a certificate that nobody vouches for ends it with tls=${mode}, never without encryption`, async () => {
      await using server = await smtpReceiver(tls);
      const outcome = await send(`smtp://localhost:${server.port}?tls=${mode}`);
      assert.equal(outcome.kind, 'retry');
      assert.match(outcome.kind === 'retry' ? outcome.message : '', /self-signed certificate/);
      assert.equal(server.received.length, 0);
    });

  test('a bad certificate ends smtps', async () => {
    await using server = await smtpReceiver({ ...tls, secure: true });
    const outcome = await send(`smtps://localhost:${server.port}`);
    assert.match(outcome.kind === 'retry' ? outcome.message : '', /self-signed certificate/);
    assert.equal(server.received.length, 0);
  });

  test('tls=optional sends without where STARTTLS is not offered, tls=none never asks', async () => {
    await using plain = await smtpReceiver();
    assert.equal((await send(`smtp://localhost:${plain.port}?tls=optional`)).kind, 'accepted');
    await using offering = await smtpReceiver(tls);
    assert.equal((await send(`smtp://localhost:${offering.port}?tls=none`)).kind, 'accepted');
    assert.equal(offering.received[0]?.secure, false);
  });

  test('credentials reach the server and no message', async () => {
    const seen: string[] = [];
    await using server = await smtpReceiver({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username = '', password = '' }, _, done) {
        seen.push(`${username}:${password}`);
        done(null, password === 'p@ss/word1' ? { user: username } : undefined);
      },
    });
    assert.equal((await send(`smtp://user:p%40ss%2Fword1@127.0.0.1:${server.port}`)).kind, 'accepted');
    const outcome = await send(`smtp://user:wrong-secret@127.0.0.1:${server.port}`);
    assert.deepEqual(seen, ['user:p@ss/word1', 'user:wrong-secret']);
    assert.equal(outcome.kind, 'refused');
    assert.doesNotMatch(JSON.stringify(outcome), /wrong-secret/);
  });
});

suite('smtp URL', () => {
  for (const [url, expected] of [
    ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, secure: true, startTls: 'required', auth: null }],
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, secure: false, startTls: 'required', auth: null }],
    [
      'smtp://u%40x:p%3A@mail.example.com:25',
      { host: 'mail.example.com', port: 25, secure: false, startTls: 'required', auth: { user: 'u@x', pass: 'p:' } },
    ],
    ['smtp://localhost:1025', { host: 'localhost', port: 1025, secure: false, startTls: 'none', auth: null }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025, secure: false, startTls: 'none', auth: null }],
    ['smtp://relay:25?tls=none', { host: 'relay', port: 25, secure: false, startTls: 'none', auth: null }],
    ['smtp://127.0.0.1?tls=required', { host: '127.0.0.1', port: 587, secure: false, startTls: 'required', auth: null }],
    ['http://mail', 'smtp must begin with smtps:// or smtp://'],
    ['mail.example.com', 'smtp is not a URL'],
    ['smtp://mail?tls=maybe', 'smtp: tls must be required, optional or none'],
  ] as const)
    test(`${url} is ${typeof expected === 'string' ? 'refused' : expected.startTls}`, () =>
      assert.deepEqual(parseSmtpUrl(url), expected));
});

function refuse(code: number, text: string) {
  return (...args: readonly unknown[]): void => {
    const done = args.at(-1);
    if (typeof done === 'function') done(reply(code, text));
  };
}

function refuseData(code: number, text: string) {
  return (stream: NodeJS.ReadableStream, _: unknown, done: (error: Error) => void): void => {
    stream.on('end', () => done(reply(code, text)));
    stream.resume();
  };
}
