import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { silentLogger } from '../../src/base/logger.ts';
import { DEFAULT_AUTH } from '../../src/web/auth/page-auth.ts';
import { serve } from '../../src/web/server.ts';
import { statusView } from './fixture.ts';
import { allWell, withAlerts } from './scenes.ts';
import { serving } from './serving.ts';

const PAGES = ['/', '/alerts', '/alerts/ratio-1', '/rules', '/logs'];

test('every page answers with its policy, without a cookie and without naming the software', async (t) => {
  const { get } = await serving(t, withAlerts());
  for (const path of PAGES) {
    const { status, headers, text } = await get(path);
    assert.equal(status, 200, path);
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(
      headers.get('content-security-policy'),
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('set-cookie'), null);
    assert.match(text, /^<!doctype html>/);
    assert.doesNotMatch(text, /<script|\son\w+=|\sstyle=|javascript:/i, `${path} needs no script and no inline style`);
    assert.doesNotMatch(
      text,
      /(?:href|src|action)="(?:https?:)?\/\/(?!runbooks\.example\.com)/,
      `${path} loads nothing from elsewhere`,
    );
  }
});

test('only the status page refreshes itself', async (t) => {
  const { get } = await serving(t, allWell());
  for (const path of ['/', '/?q=cart', '/alerts', '/rules', '/logs']) {
    const refreshes = (await get(path)).text.includes('<meta http-equiv="refresh" content="60">');
    assert.equal(refreshes, path.split('?')[0] === '/', path);
  }
});

test('the stylesheet is named by its content and kept for ever', async (t) => {
  const { get } = await serving(t, allWell());
  const path = /href="(\/assets\/[0-9a-f]{16}\.css)"/.exec((await get('/')).text)?.[1] ?? '';
  const { status, headers, text } = await get(path);
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'text/css; charset=utf-8');
  assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.ok(text.length > 1000);
  assert.equal((await get(path, { headers: { 'if-none-match': headers.get('etag') ?? '' } })).status, 304);
});

test('writing is refused everywhere', async (t) => {
  const { get } = await serving(t, allWell());
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    for (const path of ['/', '/api/v1/alerts', '/healthz', '/nowhere']) {
      const { status, headers, text } = await get(path, { method });
      assert.equal(status, 405, `${method} ${path}`);
      assert.equal(headers.get('allow'), 'GET, HEAD');
      assert.match(JSON.parse(text).error, /not allowed/);
    }
});

test('what may be written is named where another way to write is tried', async (t) => {
  const { get } = await serving(t, allWell());
  for (const [path, allowed] of [
    ['/api/v1/silences', 'GET, HEAD, POST'],
    ['/api/v1/silences/1a2b', 'GET, HEAD, DELETE'],
    ['/rules/CrashLoopBackOff', 'GET, HEAD, POST'],
  ] as const)
    assert.equal((await get(path, { method: 'PUT' })).headers.get('allow'), allowed);
});

test('HEAD answers like GET without a body', async (t) => {
  const { get } = await serving(t, allWell());
  for (const path of [...PAGES.filter((page) => page !== '/alerts/ratio-1'), '/api/v1/workloads', '/metrics']) {
    const { status, text } = await get(path, { method: 'HEAD' });
    assert.deepEqual({ status, text }, { status: 200, text: '' }, path);
  }
});

test('what does not exist is a 404 in the language of its place', async (t) => {
  const { get } = await serving(t, allWell());
  for (const path of ['/nowhere', '/alerts/unknown', '/rules/Nothing', '/workloads/a/Deployment/b']) {
    const { status, text } = await get(path);
    assert.equal(status, 404, path);
    assert.match(text, /<h1>(Not found|No such (alert|rule|workload))<\/h1>/);
  }
  const answer = await get('/api/v1/nothing');
  assert.equal(answer.status, 404);
  assert.match(JSON.parse(answer.text).error, /nothing at \/api\/v1\/nothing/);
});

test('a path that cannot be decoded is a bad request, not a failure', async (t) => {
  const { get } = await serving(t, allWell());
  const { status, text } = await get('/alerts/%E0%A4%A');
  assert.equal(status, 400);
  assert.match(text, /<h1>Bad request<\/h1>/);
});

test('a bug shows no stack, and is logged with one', async (t) => {
  const logged: string[] = [];
  const view = statusView({
    workloads: [],
    overrides: {
      rules() {
        throw new Error('secret detail');
      },
    },
  });
  const logger = { ...silentLogger, error: (_message: string, fields = {}) => void logged.push(JSON.stringify(fields)) };
  const { get } = await serving(t, view, logger);
  for (const path of ['/rules', '/api/v1/rules']) {
    const { status, text } = await get(path);
    assert.equal(status, 500);
    assert.doesNotMatch(text, /secret detail|at .*\.ts/);
  }
  assert.match(logged[0] ?? '', /secret detail.*fixture|secret detail.*server\.test/);
});

test('health is 200 while alive, and strictly so only after a good cycle', async (t) => {
  const health = (alive: boolean, strict: boolean) => ({
    status: 'degraded' as const,
    reasons: ['no metrics API'],
    alive,
    strict,
  });
  let now = health(true, false);
  const { get } = await serving(t, statusView({ workloads: [], overrides: { health: () => now } }));
  const healthy = await get('/healthz');
  assert.equal(healthy.status, 200);
  assert.deepEqual(JSON.parse(healthy.text), { status: 'degraded', reasons: ['no metrics API'] });
  assert.equal((await get('/healthz?strict')).status, 503);
  now = health(true, true);
  assert.equal((await get('/healthz?strict')).status, 200);
  now = health(false, false);
  assert.equal((await get('/healthz')).status, 503);
});

test('readiness follows the store and the rules', async (t) => {
  let ready = false;
  const { get } = await serving(t, statusView({ workloads: [], overrides: { ready: () => ready } }));
  assert.equal((await get('/readyz')).status, 503);
  ready = true;
  assert.equal((await get('/readyz')).status, 200);
});

test('metrics are Prometheus text', async (t) => {
  const { get } = await serving(t, allWell());
  const { headers, text } = await get('/metrics');
  assert.equal(headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(text, /^# HELP tocsin_cycles_total /);
});

test('a used port is one clear error', async (t) => {
  const { address } = await serving(t, allWell());
  const port = Number(new URL(address).port);
  await assert.rejects(
    serve(allWell(), { host: '127.0.0.1', port, auth: DEFAULT_AUTH }, silentLogger, new AbortController().signal),
    new RegExp(`^Error: could not listen on 127.0.0.1:${port}: another process uses the port`),
  );
});

test('closing ends soon, whatever clients do', async () => {
  const stop = new AbortController();
  const view = statusView({
    workloads: [],
    overrides: {
      async *lines(_search, signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    },
  });
  const server = await serve(view, { host: '127.0.0.1', port: 0, auth: DEFAULT_AUTH }, silentLogger, stop.signal);
  const port = Number(new URL(server.address).port);
  const idle = connect(port, '127.0.0.1').on('error', () => {});
  const half = connect(port, '127.0.0.1').on('error', () => {});
  half.write('GET / HTTP/1.1\r\nHost: x\r\n');
  const search = fetch(`${server.address}/api/v1/logs`)
    .then((response) => response.text())
    .catch(() => 'cut');
  await fetch(`${server.address}/healthz`);
  const started = performance.now();
  stop.abort();
  await server.close();
  assert.ok(performance.now() - started < 20_000, 'cut, a second later: they would go on for longer');
  await search;
  idle.destroy();
  half.destroy();
});
