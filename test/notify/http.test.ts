import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Secret } from '../../src/base/secret.ts';
import { slack } from '../../src/notify/slack.ts';
import { webhook } from '../../src/notify/webhook.ts';
import { clock } from '../build.ts';
import { alert, ended, notification, notified } from '../core/alerts/build-alert.ts';
import { httpReceiver } from './http-receiver.ts';

const signal = new AbortController().signal;

function slackAt(url: string) {
  return slack.create(
    { webhook_url: url, webhook_url_file: null },
    { receiver: 'slack', secrets: { webhook_url: new Secret(url) } },
  );
}

function webhookAt(url: string, headers: Readonly<Record<string, string>> = {}) {
  const secrets = Object.fromEntries([
    ['url', new Secret(url)],
    ...Object.entries(headers).map(([name, text]) => [`headers.${name}`, new Secret(text)]),
  ]);
  return webhook.create({ url, url_file: null, headers: new Map(), headers_file: new Map() }, { receiver: 'hook', secrets });
}

suite('slack', () => {
  test('a message is posted as JSON with blocks and a plain text', async () => {
    await using server = await httpReceiver();
    assert.deepEqual(await slackAt(`${server.url}/services/x`).send(notification(), signal), { kind: 'accepted' });
    const [request] = server.received;
    assert.equal(request?.headers['content-type'], 'application/json');
    const body = JSON.parse(request?.body ?? '{}');
    assert.equal(body.text, 'CRITICAL · shop-1/checkout: CrashLoopBackOff, 7 restarts in 30 min');
    assert.equal(body.unfurl_links, false);
    assert.ok(body.blocks.length > 2);
  });

  test('what Slack says is told, with its Retry-After', async () => {
    await using server = await httpReceiver((response) => response.writeHead(429, { 'retry-after': '7' }).end('rate_limited'));
    assert.deepEqual(await slackAt(server.url).send(notification(), signal), {
      kind: 'retry',
      message: 'answered 429: rate_limited',
      retryAfterMs: 7_000,
      wholeReceiver: true,
    });
    await using gone = await httpReceiver((response) => response.writeHead(410).end('channel_is_archived'));
    assert.deepEqual(await slackAt(gone.url).send(notification(), signal), {
      kind: 'refused',
      message: 'answered 410: channel_is_archived',
    });
  });

  test('equal webhooks have one pace, which does not show them', () => {
    const [a, b, c] = [
      'https://hooks.example.com/s/one',
      'https://hooks.example.com/s/one',
      'https://hooks.example.com/s/two',
    ].map((url) => slackAt(url).pace);
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
    assert.equal(a?.interval, 1_000);
    assert.doesNotMatch(a?.key ?? '', /one|hooks/);
  });
});

suite('webhook', () => {
  test('the body is what Alertmanager would send', async () => {
    await using server = await httpReceiver();
    const oom = ended(alert({ alert: 'OOMKilled', severity: 'warning' }), '10:15');
    const message = notification({ receiver: 'hook', firing: [notified()], resolved: [notified(oom, { description: 'text' })] });
    await webhookAt(`${server.url}/hook`, { Authorization: 'Bearer abc' }).send(message, signal);
    const [request] = server.received;
    assert.equal(request?.headers.authorization, 'Bearer abc');
    assert.equal(request?.headers['content-type'], 'application/json');
    const body = JSON.parse(request?.body ?? '{}');
    assert.equal(body.version, '4');
    assert.equal(body.status, 'firing');
    assert.equal(body.receiver, 'hook');
    assert.equal(body.externalURL, 'https://tocsin.example.com');
    assert.equal(body.truncatedAlerts, 0);
    assert.deepEqual(body.groupLabels, { namespace: 'shop-1', workload: 'checkout' });
    assert.deepEqual(body.commonLabels, {
      cluster: 'production',
      namespace: 'shop-1',
      kind: 'Deployment',
      workload: 'checkout',
      container: 'app',
    });
    assert.deepEqual(body.alerts[0], {
      status: 'firing',
      labels: {
        alertname: 'CrashLoopBackOff',
        severity: 'critical',
        cluster: 'production',
        namespace: 'shop-1',
        kind: 'Deployment',
        workload: 'checkout',
        container: 'app',
      },
      annotations: {
        summary: 'checkout is crash looping: Error, exit code 1',
        runbook_url: 'https://runbooks.example.com/crash-loop',
        value: '7',
        pods: 'checkout-7d4b9c-x2x7p',
        node: 'node-3',
        image: 'registry.example.com/checkout:1.4.2',
        why: 'Error, exit code 1: the application reported an error\nRule: CrashLoopBackOff, or at least 2 restarts within 30m; now 7',
      },
      startsAt: new Date(clock('10:00')).toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: `https://tocsin.example.com/alerts/${alert().id}`,
      fingerprint: 'a1b2c3d4e5f60718',
    });
    assert.equal(body.alerts[1].status, 'resolved');
    assert.equal(body.alerts[1].endsAt, new Date(clock('10:15')).toISOString());
    assert.equal(body.alerts[1].annotations.description, 'text');
  });

  test('a redirect is not followed', async () => {
    await using target = await httpReceiver();
    await using server = await httpReceiver((response) => response.writeHead(302, { location: target.url }).end());
    const outcome = await webhookAt(server.url).send(notification(), signal);
    assert.deepEqual(outcome, { kind: 'refused', message: 'answered 302, a redirect, which is not followed' });
    assert.equal(target.received.length, 0);
  });

  test('an endless answer is not read to its end', async () => {
    await using server = await httpReceiver((response) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write('x'.repeat(1_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const outcome = await webhookAt(server.url).send(notification(), signal);
    assert.ok(outcome.kind === 'retry' && outcome.message.length < 400);
  });

  for (const [status, kind] of [
    [200, 'accepted'],
    [204, 'accepted'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [408, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ] as const)
    test(`${status} is ${kind}`, async () => {
      await using server = await httpReceiver((response) => response.writeHead(status).end());
      assert.equal((await webhookAt(server.url).send(notification(), signal)).kind, kind);
    });

  test('an address with a password in it is refused at the settings', () => {
    assert.match(webhook.problem({ url: new Secret('https://user:pw@example.com') }) ?? '', /set a header/);
  });
});
