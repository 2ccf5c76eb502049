import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { MINUTE, SECOND } from '../../src/base/duration.ts';
import { compilePattern } from '../../src/core/analyze/pattern.ts';
import { check } from '../../src/probe/check.ts';
import { type ProbeSettings, shownUrl } from '../../src/probe/probe-settings.ts';
import { MOST_CHECKS, Prober } from '../../src/probe/prober.ts';
import { eventually } from '../faults/eventually.ts';

const TLS = { key: readFileSync('demo/cluster/tls/server.key'), cert: readFileSync('demo/cluster/tls/server.crt') };

async function serve(t: TestContext, listener: RequestListener, tls = false): Promise<URL> {
  const server: Server = tls ? createTlsServer(TLS, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return new URL(`${tls ? 'https' : 'http'}://127.0.0.1:${port}/`);
}

type Written = Partial<Omit<ProbeSettings, 'expect'>> & { readonly expect?: Partial<ProbeSettings['expect']> };

function probe(url: URL, { expect, ...fields }: Written = {}): ProbeSettings {
  const nothing = { status: ['2xx'], latency: null, body: null, certificate: null };
  return {
    name: 'front',
    url,
    method: 'GET',
    headers: {},
    every: 100,
    timeout: 2 * SECOND,
    ...fields,
    expect: { ...nothing, ...expect },
  };
}

const look = { now: Date.now, signal: new AbortController().signal };

test('an answer as expected is none of a problem, and is timed', async (t) => {
  const url = await serve(t, (_, response) => response.end('hello'));
  const { problem, latency, certificateEndsAt } = await check(probe(url, { expect: { body: compilePattern('^hel+o$') } }), look);
  assert.deepEqual([problem, certificateEndsAt], [null, null]);
  assert.ok(latency !== null && latency > 0 && latency < 2000);
});

test('status, body and time that are not as expected are each said', async (t) => {
  const url = await serve(t, (request, response) => {
    response.statusCode = request.url === '/moved' ? 302 : request.url === '/gone' ? 503 : 200;
    setTimeout(() => response.end('sorry'), request.url === '/slow' ? 60 : 0);
  });
  const at = (path: string, fields: Written = {}) => check(probe(new URL(path, url), fields), look);
  assert.equal((await at('gone')).problem, 'status 503, expected 2xx');
  assert.equal((await at('moved')).problem, 'status 302, expected 2xx');
  assert.equal((await at('moved', { expect: { status: ['2xx', '302'] } })).problem, null);
  assert.equal((await at('', { expect: { body: compilePattern('welcome') } })).problem, 'the body does not match welcome');
  assert.match((await at('slow', { expect: { latency: 20 } })).problem ?? '', /^answered after \d+ ms, expected within 20 ms$/);
});

test('no answer, a refused connection and an unknown name are failures in words', async (t) => {
  const url = await serve(t, () => undefined);
  assert.deepEqual(await check(probe(url, { timeout: 150 }), look), {
    problem: 'no answer within 150ms',
    latency: null,
    certificateEndsAt: null,
  });
  assert.equal((await check(probe(new URL('http://127.0.0.1:1/')), look)).problem, 'connection refused');
  assert.match((await check(probe(new URL('http://nowhere.invalid/')), look)).problem ?? '', /name/);
});

test('a server that changes the protocol, or speaks none of ours, fails in words and in time', async (t) => {
  const url = await serve(t, (request) => {
    request.socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n');
  });
  assert.equal((await check(probe(url), look)).problem, 'status 101, expected 2xx');
  const plain = new URL(url);
  plain.protocol = 'https:';
  const { problem } = await check(probe(plain), look);
  assert.match(problem ?? '', /^the TLS handshake failed/);
  const speech = await serve(t, (request) => request.socket.end('SSH-2.0-other\r\n'));
  assert.match((await check(probe(speech), look)).problem ?? '', /^Parse Error: Expected HTTP\/[^\n]*$/);
});

test('a certificate that nobody vouches for fails, and its end is told where it is trusted', async (t) => {
  const url = await serve(t, (_, response) => response.end(), true);
  assert.match((await check(probe(url), look)).problem ?? '', /certificate/);
});

test('headers and the method are sent, and a body of any length ends', async (t) => {
  let seen = '';
  const url = await serve(t, (request, response) => {
    seen = `${request.method} ${request.headers['x-token']}`;
    response.end(Buffer.alloc(8 * 1024 * 1024, 'x'));
  });
  const { problem } = await check(probe(url, { headers: { 'x-token': 'a' }, expect: { body: compilePattern('^x') } }), look);
  assert.deepEqual([problem, seen], [null, 'GET a']);
  assert.equal((await check(probe(url, { method: 'HEAD' }), look)).problem, null);
  assert.equal(seen, 'HEAD undefined');
});

test('checks of one probe never overlap, all probes keep to a cap, and a slow one holds up no other', async (t) => {
  const running = new Map<string, number>();
  let [most, all] = [0, 0];
  const url = await serve(t, (request, response) => {
    const path = request.url ?? '';
    running.set(path, (running.get(path) ?? 0) + 1);
    assert.equal(running.get(path), 1);
    most = Math.max(most, ++all);
    setTimeout(
      () => {
        running.set(path, (running.get(path) ?? 0) - 1);
        all--;
        response.end();
      },
      path === '/0' ? 400 : 30,
    );
  });
  const probes = Array.from({ length: 2 * MOST_CHECKS }, (_, i) => probe(new URL(`/${i}`, url), { name: `p${i}`, every: 20 }));
  let time = 5 * MINUTE;
  const prober = new Prober({ probes, clock: { ...systemClock, now: () => time }, random: () => 0 });
  const end = new AbortController();
  const run = prober.run(end.signal);
  await eventually('every probe has been checked', 20_000, () => running.size === probes.length);
  end.abort();
  await run;
  assert.ok(most <= MOST_CHECKS, `${most} at once`);
  assert.deepEqual(prober.take(time).minutes, []);
  time = 6 * MINUTE;
  const { targets, minutes } = prober.take(time);
  assert.equal(targets.length, probes.length);
  assert.ok(
    minutes.length >= probes.length - MOST_CHECKS &&
      minutes.every(({ minute, checks, failed }) => minute === 5 && checks > 0 && failed === 0),
  );
  assert.deepEqual(prober.take(time).minutes, []);
  prober.giveBack({ targets, minutes });
  assert.equal(prober.take(time).minutes.length, minutes.length);
});

test('once, every probe is asked once, and what was found is handed over at once', async (t) => {
  const url = await serve(t, (_, response) => response.writeHead(500).end());
  const prober = new Prober({ probes: [probe(url)], clock: systemClock, random: () => 0 });
  await prober.once(look.signal);
  const [minute] = prober.take(Date.now()).minutes;
  assert.deepEqual([minute?.checks, minute?.failed, minute?.reason], [1, 1, 'status 500, expected 2xx']);
});

test('an address is shown without what may be secret', () => {
  assert.equal(shownUrl(new URL('https://user:pass@example.com:8443/a?token=x#y')), 'https://example.com:8443/a');
});
