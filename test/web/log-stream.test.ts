import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../src/core/model/log-line.ts';
import type { StatusView } from '../../src/web/view.ts';
import { logLine } from './build-page.ts';
import { statusView } from './fixture.ts';
import { serving } from './serving.ts';

const LINES = Array.from({ length: 30 }, (_, i) =>
  logLine('shop-1/cart', `14:03:${String(i).padStart(2, '0')}`, { text: `line ${i}` }),
);

type Lines = StatusView['lines'];

const viewOf = (lines: Lines, overrides: Partial<StatusView> = {}) =>
  statusView({
    workloads: [],
    overrides: { lines, linesSince: (_cycle, search, signal) => lines(search, signal), ...overrides },
  });

const textsOf = (body: string): readonly unknown[] =>
  body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly text: unknown }).text); // what the API writes: a log line

/** Lines one after the other for as long as somebody takes them. */
async function* endless(signal: AbortSignal, given: { count: number }): AsyncGenerator<LogLine> {
  const [line] = LINES;
  while (line !== undefined && !signal.aborted) {
    given.count++;
    yield { ...line, text: 'x'.repeat(10_000) };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a stream has every line without pages, one object a line', async (t) => {
  const api = await serving(t, statusView({ workloads: [], lines: LINES }));
  const answer = await api.get('/api/v1/logs?stream=true&workload=cart');
  assert.equal(answer.headers.get('content-type'), 'application/x-ndjson; charset=utf-8');
  assert.deepEqual(textsOf(answer.text), LINES.map(({ text }) => text).reverse());
  assert.deepEqual(textsOf((await api.get('/api/v1/logs?stream=true&contains=line%202&limit=3')).text), [
    'line 29',
    'line 28',
    'line 27',
  ]);
  assert.equal((await api.get('/api/v1/logs?stream=true&grep=(')).status, 400);
  assert.equal((await api.get('/api/v1/logs?stream=perhaps')).status, 400);
});

test('lines arrive while the search goes on', async (t) => {
  const more = Promise.withResolvers<void>();
  const view = viewOf(async function* () {
    yield* LINES.slice(0, 1);
    await more.promise;
    yield* LINES.slice(1, 2);
  });
  const { address } = await serving(t, view);
  const response = await fetch(`${address}/api/v1/logs?stream=true`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.deepEqual(textsOf((await reader?.read())?.value ?? ''), ['line 0']);
  more.resolve();
  assert.deepEqual(textsOf((await reader?.read())?.value ?? ''), ['line 1']);
  assert.equal((await reader?.read())?.done, true);
});

test('a client that goes away ends the search, and one that does not read holds it back', { timeout: 60_000 }, async (t) => {
  const ended = Promise.withResolvers<void>();
  const given = { count: 0 };
  const view = viewOf(async function* (_search, signal) {
    try {
      yield* endless(signal, given);
    } finally {
      ended.resolve();
    }
  });
  const { address } = await serving(t, view);
  const gone = new AbortController();
  const response = await fetch(`${address}/api/v1/logs?stream=true`, { signal: gone.signal });
  await response.body?.getReader().read();
  let before = -1;
  // Held back once the buffers on the way are full: nothing more is asked for from one look to the next.
  while (before !== given.count) {
    before = given.count;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  gone.abort();
  await ended.promise;
});

test('following answers before there is a line', { timeout: 60_000 }, async (t) => {
  const view = viewOf(statusView({ workloads: [] }).lines, { async *linesSince() {} });
  const { address } = await serving(t, view);
  const started = performance.now();
  const response = await fetch(`${address}/api/v1/logs?follow=true`);
  // Else the first sign of life comes after 10 s.
  assert.ok(performance.now() - started < 9_000);
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

test('following gives the newest cycle’s lines once it is there', { timeout: 60_000 }, async (t) => {
  const [first, second] = LINES;
  assert.ok(first !== undefined && second !== undefined);
  const asked: (string | null)[] = [];
  const base = statusView({ workloads: [] });
  const id = base.window().cycles.at(-1)?.id ?? '';
  let cycles = base.window().cycles;
  const view = viewOf(base.lines, {
    window: () => ({ ...base.window(), cycles }),
    async *linesSince(cycle) {
      asked.push(cycle);
      yield cycle === null ? first : second;
    },
  });
  const { address } = await serving(t, view);
  const response = await fetch(`${address}/api/v1/logs?follow=true`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.deepEqual(textsOf((await reader?.read())?.value ?? ''), ['line 0']);
  const [newest] = cycles.slice(-1);
  assert.ok(newest !== undefined);
  cycles = [...cycles, { ...newest, id: 'newer' }];
  assert.deepEqual(textsOf((await reader?.read())?.value ?? ''), ['line 1']);
  assert.deepEqual(asked, [null, id]);
  await reader?.cancel();
});
