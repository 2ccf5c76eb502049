import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CollectError, type CollectReason } from '../../../src/base/errors.ts';
import { Metrics } from '../../../src/base/metrics.ts';
import { Credentials } from '../../../src/kubernetes/session/credentials.ts';
import { ApiClient } from '../../../src/kubernetes/session/http.ts';
import { loadKubeconfig } from '../../../src/kubernetes/session/kubeconfig.ts';
import { Collecting, impatientClock } from '../collecting.ts';
import { temporaryFolder } from '../temporary-folder.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A client of a plain HTTP server that gives these answers in turn, the last one again and again. */
async function clientOf(...answers: Answer[]) {
  const folder = temporaryFolder();
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    answer?.(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an AddressInfo.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokenFile = folder.write('token', 'first\n');
  const kubeconfig = folder.write(
    'kubeconfig',
    `current-context: c
clusters: [{ name: c, cluster: { server: "${url}", insecure-skip-tls-verify: true } }]
contexts: [{ name: c, context: { cluster: c, user: u } }]
users:
  - name: u
    user:
      tokenFile: token
`,
  );
  const clock = impatientClock();
  const load = () => loadKubeconfig({ kubeconfig, context: null, env: {}, home: '/nonexistent' });
  const credentials = new Credentials(await load(), { reload: load, env: {}, clock });
  const metrics = new Metrics();
  const client = new ApiClient({
    server: url,
    credentials,
    requestsPerSecond: 1000,
    maxInFlight: 5,
    version: '1.2.3',
    metrics,
    clock,
    random: () => 0.5,
    redact: (text) => text.replaceAll('hunter2', '***'),
  });
  return {
    client,
    clock,
    metrics,
    requests,
    tokenFile,
    folder,
    server,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
      folder[Symbol.dispose]();
    },
  };
}

const never = new AbortController().signal;
const ok: Answer = (_request, response) => response.end('{"ok":true}');
const status =
  (code: number, body: string, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(code, headers).end(body);
const failure = (reason: CollectReason) => (error: unknown) => error instanceof CollectError && error.reason === reason;

test('a request carries the trimmed token and says who it is', async () => {
  await using on = await clientOf(ok);
  assert.deepEqual((await on.client.json('/api', never)).value, { ok: true });
  assert.equal(on.requests[0]?.headers.authorization, 'Bearer first');
  assert.equal(on.requests[0]?.headers['user-agent'], 'tocsin/1.2.3');
  assert.match(on.metrics.render(), /tocsin_api_requests_total\{code="200"\} 1/);
});

test('429 and 5xx are tried again after 1, 2 and 4 seconds or what Retry-After says', async () => {
  const busy = status(429, 'Too many requests, please try again later.', { 'retry-after': '7' });
  await using on = await clientOf(busy, status(503, 'no'), ok);
  assert.deepEqual((await on.client.json('/api', never)).value, { ok: true });
  assert.deepEqual(on.clock.waits, [7000, 2000]);
});

test('a failure that stays is told after four tries', async () => {
  await using on = await clientOf(status(500, '{"kind":"Status","message":"dial tcp: i/o timeout"}'));
  await assert.rejects(on.client.json('/api', never), (error) => {
    assert.ok(error instanceof CollectError);
    assert.deepEqual([error.reason, error.status], ['server_error', 500]);
    assert.equal(error.message, 'could not read /api: 500 dial tcp: i/o timeout');
    return true;
  });
  assert.equal(on.requests.length, 4);
  assert.deepEqual(on.clock.waits, [1000, 2000, 4000]);
});

test('what the server says is redacted before anybody hears of it', async () => {
  await using on = await clientOf(status(403, 'webhook denied: password=hunter2'));
  await assert.rejects(on.client.json('/api', never), /403 webhook denied: password=\*\*\*$/);
});

test('a refusal is final', async () => {
  for (const [code, reason] of [
    [400, 'invalid_answer'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'expired'],
  ] as const) {
    await using on = await clientOf(status(code, 'no'));
    await assert.rejects(on.client.json('/api', never), failure(reason));
    assert.equal(on.requests.length, 1);
  }
});

test('a connection that breaks before the answer is tried again', async () => {
  await using on = await clientOf((request) => request.socket.destroy(), ok);
  assert.deepEqual((await on.client.json('/api', never)).value, { ok: true });
});

test('an answer that breaks off is not taken for a whole one', async () => {
  await using on = await clientOf((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"ok":');
    setImmediate(() => response.destroy());
  });
  await assert.rejects(on.client.json('/api', never), failure('unreachable'));
});

test('what is no JSON is an invalid answer', async () => {
  await using on = await clientOf(status(200, '<html>'));
  await assert.rejects(on.client.json('/api', never), failure('invalid_answer'));
});

test('an answer that does not come within the deadline is a timeout, and not asked for again', async () => {
  await using on = await clientOf(() => {});
  await assert.rejects(on.client.json('/api', never, { deadline: 50 }), failure('timeout'));
  // On a busy machine not even the first one has come by then.
  assert.ok(on.requests.length <= 1);
});

test('after a 401 the token file is read again, once', async () => {
  await using rotated = await clientOf((request, response) => {
    if (request.headers.authorization === 'Bearer second') ok(request, response);
    else status(401, 'Unauthorized')(request, response);
  });
  await assert.rejects(rotated.client.json('/api', never), failure('unauthorized'));
  assert.equal(rotated.requests.length, 2);
  rotated.folder.write('token', 'second\n');
  assert.deepEqual((await rotated.client.json('/api', never)).value, { ok: true });
});

test('what the reader of a stream throws is told and not tried again', async () => {
  await using on = await clientOf(ok);
  const reading = on.client.stream('/log', never, { idle: 1000, mayRetry: () => true }, async () => {
    throw new CollectError('invalid_answer', 'no');
  });
  await assert.rejects(reading, failure('invalid_answer'));
  assert.equal(on.requests.length, 1);
});

test('a stream without a byte for its idle time is a timeout', async () => {
  await using on = await clientOf((_request, response) => void response.writeHead(200).write('x'));
  const reading = on.client.stream('/log', never, { idle: 100, mayRetry: () => true }, (body) => body.each(() => true));
  await assert.rejects(reading, failure('timeout'));
});

test('an answer that stays open takes no place among the requests in flight, and ends with its signal', async () => {
  await using on = await Collecting.start({ maxInFlight: 2 });
  const container = on.cluster.addPod({ namespace: 'shop', name: 'web' }).container().write('one');
  const { api } = on.session;
  const stop = new AbortController();
  const got = Array.from({ length: 6 }, () => Promise.withResolvers<string>());
  const streams = got.map(({ resolve }) =>
    api.open('/api/v1/namespaces/shop/pods/web/log?follow=true', stop.signal, 5_000, (body) =>
      body.each((bytes) => {
        resolve(String(bytes));
        return true;
      }),
    ),
  );
  for (const { promise } of got) assert.equal(await promise, 'one\n');
  container.write('two');
  assert.equal((await api.json('/version', new AbortController().signal)).status, 200);
  stop.abort();
  for (const stream of streams) await assert.rejects(stream, { reason: 'aborted' });
});

test('connections are kept and never more than may be in flight', async () => {
  await using on = await clientOf(ok);
  let connections = 0;
  on.server.on('connection', () => connections++);
  await Promise.all(Array.from({ length: 50 }, () => on.client.json('/api', never)));
  assert.ok(connections <= 5, `${connections} connections`);
});

test('a certificate that cannot be trusted is not tried again', async () => {
  const { Collecting } = await import('../collecting.ts');
  await using on = await Collecting.start();
  const folder = temporaryFolder();
  const kubeconfig = folder.write('k', on.cluster.kubeconfig().replace(/certificate-authority-data: .*/, ''));
  const clock = impatientClock();
  const load = () => loadKubeconfig({ kubeconfig, context: null, env: {}, home: '/nonexistent' });
  const loaded = await load();
  await using client = new ApiClient({
    ...on.options,
    clock,
    server: loaded.server,
    credentials: new Credentials(loaded, { reload: load, env: {}, clock }),
  });
  await assert.rejects(client.json('/api/v1/pods', never), failure('unreachable'));
  assert.deepEqual(clock.waits, []);
  folder[Symbol.dispose]();
});
