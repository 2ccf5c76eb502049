import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/base/duration.ts';
import type { LogLine } from '../../src/core/model/log-line.ts';
import { clock } from '../build.ts';
import { alert, delivery, logLine } from './build-page.ts';
import { NOW, statusView } from './fixture.ts';
import { manyWorkloads } from './scenes.ts';
import { everything, serving } from './serving.ts';

test('pages of every list leave nothing out and repeat nothing', async (t) => {
  const api = await serving(t, manyWorkloads(250, 10));
  const workloads = await everything(api, 'workloads?limit=17');
  assert.equal(new Set(workloads.map((each) => each['workload'])).size, 250);
  assert.equal(workloads.length, 250);
  assert.equal((await everything(api, 'alerts?limit=4')).length, 25);
  assert.equal((await everything(api, 'cycles?limit=100')).length, 144);
  assert.equal((await everything(api, 'rules?limit=1')).length, 2);
});

test('pages stay in step while alerts, deliveries and lines are added', async (t) => {
  const alerts = Array.from({ length: 20 }, (_, i) => alert({ id: `a-${i}`, activeAt: NOW - i * MINUTE }));
  const deliveries = Array.from({ length: 20 }, (_, i) => delivery({ id: `d-${i}`, createdAt: NOW - i * MINUTE }));
  // Twelve lines share one time, so that a page ends among them.
  const lines: LogLine[] = Array.from({ length: 30 }, (_, i) =>
    logLine('shop-1/cart', i < 12 ? '14:00:00' : '13:59:59', { nanos: 5, text: `${i}` }),
  );
  const api = await serving(t, statusView({ workloads: [], alerts, deliveries, lines }));
  let grown = 0;
  const grow = () => {
    grown++;
    alerts.push(alert({ id: `new-${grown}`, activeAt: NOW + grown }));
    deliveries.push(delivery({ id: `new-${grown}`, createdAt: NOW + grown }));
    lines.push(logLine('shop-1/cart', '14:10:00', { text: `new-${grown}` }));
  };
  assert.deepEqual(
    (await everything(api, 'alerts?limit=3', grow)).map(({ id }) => id),
    Array.from({ length: 20 }, (_, i) => `a-${i}`),
  );
  const told = (await everything(api, 'deliveries?limit=3&since=24h', grow)).map(({ id }) => id);
  assert.deepEqual(
    told.filter((id) => !String(id).startsWith('new')),
    Array.from({ length: 20 }, (_, i) => `d-${i}`),
  );
  const texts = (await everything(api, 'logs?limit=5&since=1h', grow)).map(({ text }) => String(text));
  assert.deepEqual(
    texts.filter((text) => !text.startsWith('new')),
    Array.from({ length: 30 }, (_, i) => `${i}`),
  );
});

test('log searches beyond four at once are told to come back', async (t) => {
  const open: (() => void)[] = [];
  const view = statusView({
    workloads: [],
    overrides: {
      async *lines() {
        await new Promise<void>((resolve) => open.push(resolve));
        yield logLine('shop-1/cart', '14:00:00', { text: 'found' });
      },
    },
  });
  const { get } = await serving(t, view);
  const waiting = Array.from({ length: 4 }, () => get('/api/v1/logs'));
  while (open.length < 4) await new Promise((resolve) => setImmediate(resolve));
  for (const path of ['/api/v1/logs', '/logs']) {
    const { status, headers } = await get(path);
    assert.deepEqual([status, headers.get('retry-after')], [503, '2']);
  }
  for (const release of open) release();
  for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 200);
});

test('a client that goes away ends its search', async (t) => {
  let ended: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const started = Promise.withResolvers<void>();
  const view = statusView({
    workloads: [],
    overrides: {
      async *lines(_search, signal) {
        started.resolve();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        ended();
      },
    },
  });
  const { address } = await serving(t, view);
  const leaving = new AbortController();
  const asked = fetch(`${address}/api/v1/logs`, { signal: leaving.signal }).catch(() => 'left');
  await started.promise;
  leaving.abort();
  assert.equal(await asked, 'left');
  await end;
});

test('since of a search stays what it meant on the first page', async (t) => {
  let now = NOW;
  const asked: number[] = [];
  const lines = Array.from({ length: 3 }, (_, i) => logLine('shop-1/cart', `14:00:0${i}`, { text: `${i}` }));
  const base = statusView({ workloads: [], lines });
  const view = statusView({
    workloads: [],
    overrides: {
      now: () => now,
      lines(search, signal) {
        asked.push(search.since);
        return base.lines(search, signal);
      },
    },
  });
  await everything(await serving(t, view), 'logs?limit=1&since=30m', () => {
    now += 10 * MINUTE;
  });
  assert.deepEqual(asked, [clock('13:45'), clock('13:45'), clock('13:45')]);
});
