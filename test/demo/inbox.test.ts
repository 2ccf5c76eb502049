import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });

async function post(url: string, payload: unknown): Promise<{ status: number; body: string; retryAfter: string | null }> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const reply = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return { status: reply.status, body: await reply.text(), retryAfter: reply.headers.get('retry-after') };
}

function mailer(inbox: Inbox) {
  return createTransport({ host: '127.0.0.1', port: Number(new URL(inbox.smtpUrl).port), ignoreTLS: true });
}

suite('a Slack payload', () => {
  const cases: readonly { name: string; payload: unknown; answer: string }[] = [
    { name: 'text alone', payload: { text: 'hello' }, answer: 'ok' },
    { name: 'blocks with a fallback', payload: { text: 'hello', blocks: [header('h'), section('s')] }, answer: 'ok' },
    {
      name: 'blocks in an attachment',
      payload: { text: 't', attachments: [{ color: '#ff0000', blocks: [section('s')] }] },
      answer: 'ok',
    },
    { name: '50 blocks', payload: { blocks: Array.from({ length: 50 }, () => ({ type: 'divider' })) }, answer: 'ok' },
    { name: '51 blocks', payload: { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, answer: 'invalid_blocks' },
    { name: 'a section of 3,000 characters', payload: { blocks: [section('x'.repeat(3000))] }, answer: 'ok' },
    { name: 'a section of 3,001 characters', payload: { blocks: [section('x'.repeat(3001))] }, answer: 'invalid_blocks' },
    { name: 'an empty section', payload: { blocks: [{ type: 'section' }] }, answer: 'invalid_blocks' },
    { name: 'an empty text in a section', payload: { blocks: [section('')] }, answer: 'invalid_blocks' },
    { name: 'a header of 150 characters', payload: { blocks: [header('x'.repeat(150))] }, answer: 'ok' },
    { name: 'a header of 151 characters', payload: { blocks: [header('x'.repeat(151))] }, answer: 'invalid_blocks' },
    {
      name: 'a header with markup',
      payload: { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
      answer: 'invalid_blocks',
    },
    {
      name: 'eleven fields',
      payload: { blocks: [{ type: 'section', fields: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'f' })) }] },
      answer: 'invalid_blocks',
    },
    {
      name: 'a button without an address',
      payload: {
        blocks: [{ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'b' }, url: 'nowhere' }] }],
      },
      answer: 'invalid_blocks',
    },
    { name: 'an unknown block', payload: { blocks: [{ type: 'poem' }] }, answer: 'invalid_blocks' },
    { name: 'neither text nor blocks', payload: {}, answer: 'no_text' },
    { name: 'no JSON', payload: 'hello', answer: 'invalid_payload' },
  ];
  for (const { name, payload, answer } of cases) {
    test(`${name} is answered ${answer}`, async () => {
      await using inbox = await startInbox();
      const reply = await post(inbox.slackUrl, payload);
      assert.deepEqual([reply.status, reply.body], [answer === 'ok' ? 200 : 400, answer]);
      assert.equal(inbox.messages().length, answer === 'ok' ? 1 : 0);
    });
  }
});

suite('faults', () => {
  test('a limited webhook says when to come again, then accepts', async () => {
    await using inbox = await startInbox();
    inbox.setFault('slack', { kind: 'status', status: 429, retryAfterSeconds: 3, times: 1 });
    const limited = await post(inbox.slackUrl, { text: 'a' });
    assert.deepEqual([limited.status, limited.retryAfter], [429, '3']);
    assert.equal((await post(inbox.slackUrl, { text: 'a' })).status, 200);
  });

  test('a hanging webhook ends with the inbox', async () => {
    const inbox = await startInbox();
    inbox.setFault('webhook', { kind: 'hang' });
    const waiting = assert.rejects(post(inbox.webhookUrl, {}));
    // The webhook hangs only once its request has arrived; a request that is answered after it proves that.
    await post(inbox.slackUrl, { text: 'a' });
    await inbox.close();
    await waiting;
  });

  for (const code of [451, 550]) {
    test(`a mail server can answer ${code}`, async () => {
      await using inbox = await startInbox();
      inbox.setFault('mail', { kind: 'status', status: code, times: 1 });
      const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' };
      await assert.rejects(mailer(inbox).sendMail(mail), { responseCode: code });
      await mailer(inbox).sendMail(mail);
      assert.equal(inbox.messages().length, 1);
    });
  }
});

suite('messages', () => {
  test('a mail is parsed with its parts and its thread', async () => {
    await using inbox = await startInbox({ now: () => 1_000 });
    await mailer(inbox).sendMail({
      from: 'Tocsin <tocsin@example.com>',
      to: ['ops@example.com', 'night@example.com'],
      subject: 'CRITICAL · shop/web: CrashLoopBackOff — näher',
      text: 'plain',
      html: '<p>rich</p>',
      inReplyTo: '<first@example.com>',
    });
    const [message] = inbox.messages();
    assert.equal(message?.kind, 'mail');
    assert.equal(message.headline, 'CRITICAL · shop/web: CrashLoopBackOff — näher');
    assert.deepEqual(message.mail.to, ['ops@example.com', 'night@example.com']);
    assert.equal(message.mail.from, 'Tocsin <tocsin@example.com>');
    assert.equal(message.mail.inReplyTo, '<first@example.com>');
    assert.equal(message.mail.text.trim(), 'plain');
    assert.match(message.mail.html, /<p>rich<\/p>/);
    assert.equal(message.at, 1_000);
  });

  test('a webhook is told by its alerts', async () => {
    await using inbox = await startInbox();
    await post(inbox.webhookUrl, { status: 'firing', alerts: [{ labels: { alertname: 'OOMKilled' } }] });
    assert.equal(inbox.messages()[0]?.headline, 'firing: OOMKilled');
  });

  test('waiting ends with a message that comes later, or with what there is instead', async () => {
    await using inbox = await startInbox();
    const later = inbox.waitFor((message) => message.headline === 'second', 5_000);
    await post(inbox.slackUrl, { text: 'first' });
    await post(inbox.slackUrl, { text: 'second' });
    assert.equal((await later).id, 2);
    await assert.rejects(
      inbox.waitFor(() => false, 1),
      /no such message within 1 ms; there are 2:\n {2}slack: first/,
    );
  });

  test('the newest 500 are kept', async () => {
    await using inbox = await startInbox();
    for (let index = 1; index <= 501; index++) await post(inbox.slackUrl, { text: `${index}` });
    assert.equal(inbox.messages().length, 500);
    assert.equal(inbox.messages()[0]?.headline, '2');
  });
});

suite('the page', () => {
  test('shows the newest message first and escapes what it shows', async () => {
    await using inbox = await startInbox();
    await post(inbox.slackUrl, { text: 'older' });
    await post(inbox.slackUrl, { text: 'newer &lt;script&gt;alert(1)&lt;/script&gt;' });
    const html = await (await fetch(inbox.url)).text();
    assert.ok(html.indexOf('newer') < html.indexOf('older'));
    assert.ok(!html.includes('<script>alert'));
    const fresh: unknown = await (await fetch(`${inbox.url}/new?after=1`)).json();
    assert.match(JSON.stringify(fresh), /"newest":2.*newer/);
  });

  test('shows a mail in a frame without scripts', async () => {
    await using inbox = await startInbox();
    await mailer(inbox).sendMail({
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 's',
      text: 't',
      html: '<p title="x">rich</p>',
    });
    const html = await (await fetch(inbox.url)).text();
    assert.match(html, /<iframe sandbox="allow-same-origin allow-popups"[^>]* srcdoc="[^"]*&lt;p title=&quot;x&quot;&gt;rich/);
  });
});
