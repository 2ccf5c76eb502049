import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/base/duration.ts';
import type { LogLine } from '../../src/core/model/log-line.ts';
import { clock } from '../build.ts';
import { alert, delivery, logLine, NOW, statusView } from './fixture.ts';
import { allWell, manyWorkloads, withAlerts } from './scenes.ts';
import { serving } from './serving.ts';

/** A list answer; tests look into its items by name. */
interface List {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next?: string;
}

async function list(api: { json(path: string): Promise<unknown> }, path: string): Promise<List> {
  const body = await api.json(`/api/v1/${path}`);
  assert.ok(typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items), JSON.stringify(body));
  // Checked above to be an object with a list of items.
  return body as unknown as List;
}

/** Follows `next` to the end. */
async function everything(
  api: { json(path: string): Promise<unknown> },
  path: string,
  between = () => {},
): Promise<List['items']> {
  const items: Readonly<Record<string, unknown>>[] = [];
  let next: string | undefined;
  do {
    const page = await list(api, next === undefined ? path : `${path}&next=${next}`);
    items.push(...page.items);
    next = page.next;
    between();
  } while (next !== undefined);
  return items;
}

test('an alert has the fixed fields, its times in UTC and its evidence', async (t) => {
  const { items } = await list(await serving(t, withAlerts()), 'alerts?state=firing&workload=checkout');
  const { evidence, ...rest } = items[0] ?? {};
  assert.deepEqual(rest, {
    id: 'CrashLoopBackOff-0001',
    alert: 'CrashLoopBackOff',
    state: 'firing',
    unknown: false,
    severity: 'critical',
    labels: {
      alert: 'CrashLoopBackOff',
      severity: 'critical',
      cluster: 'production',
      namespace: 'shop-1',
      kind: 'Deployment',
      workload: 'checkout',
      container: 'app',
    },
    value: 7,
    peak: 7,
    threshold: 2,
    unit: 'count',
    summary: 'checkout is crash looping: Error, exit code 1',
    facts: { reason: 'Error', exit_code: 1, count: 7, pods: ['checkout-5d9c7-x2x4q', 'checkout-5d9c7-9k2lm'], node: 'node-3' },
    active_at: '2026-11-21T13:52:00.000Z',
    fired_at: '2026-11-21T13:52:00.000Z',
    resolved_at: null,
    resolved_reason: null,
    judged_at: '2026-11-21T14:10:00.000Z',
    silenced: false,
  });
  assert.match(JSON.stringify(evidence), /"last_lines":\[\{"at":"2026-11-21T13:51:40\.120456789Z"/);
});

test('a workload has counts, ratios and what its worst pod uses', async (t) => {
  const { items } = await list(await serving(t, withAlerts()), 'workloads?workload=checkout');
  const { cpu, memory, ...rest } = items[0] ?? {};
  assert.deepEqual(rest, {
    namespace: 'shop-1',
    kind: 'Deployment',
    workload: 'checkout',
    state: 'failing',
    pods: 3,
    ready: 1,
    succeeded: 0,
    failed: 0,
    restarts: 7,
    lines: 143_500,
    error_ratio: 0.01,
    alerts: [{ id: 'CrashLoopBackOff-0001', alert: 'CrashLoopBackOff', state: 'firing', severity: 'critical' }],
  });
  assert.deepEqual(cpu, { usage: 0.18, limit: 0.5, ratio: 0.36 });
  assert.ok(memory !== null);
});

test('since is the span that a workload’s counts cover', async (t) => {
  const { items } = await list(await serving(t, withAlerts()), 'workloads?workload=checkout&since=30m');
  assert.deepEqual([items[0]?.['lines'], items[0]?.['restarts']], [2_500, 7]);
});

test('a rule has its place, state and problems', async (t) => {
  const { items } = await list(await serving(t, withAlerts()), 'rules');
  const states = items.map((rule) => [rule['alert'], rule['state']]);
  assert.deepEqual(states, [
    ['CrashLoopBackOff', 'firing'],
    ['HighErrorRatio', 'firing'],
    ['MemoryNearLimit', 'firing'],
    ['PodNotReady', 'pending'],
    ['RestartSpike', 'off'],
  ]);
  assert.deepEqual(items[2]?.['problems'], ['rules/usage.yaml:12:18: unknown key "abov"; did you mean "above"?']);
  assert.deepEqual([items[1]?.['file'], items[1]?.['line'], items[1]?.['value']], ['rules/errors.yaml', 14, 0.094]);
  assert.equal(items[4]?.['last_evaluated_at'], null);
});

test('a cycle says what it could not see', async (t) => {
  const api = await serving(t, withAlerts());
  const [newest] = (await list(api, 'cycles?limit=1')).items;
  assert.deepEqual(newest?.['errors'], [
    { source: 'pods', namespace: 'batch', reason: 'forbidden', message: 'pods is forbidden' },
    { source: 'metrics', namespace: null, reason: 'absent', message: 'the server could not find the requested resource' },
  ]);
  assert.equal((await list(api, 'cycles?since=1h')).items.length, 6);
  const [narrowed] = (await list(api, 'cycles?limit=1&namespace=shop-*')).items;
  assert.deepEqual([narrowed?.['gaps'], JSON.stringify(narrowed?.['errors']).includes('batch')], [[], false]);
});

test('deliveries are listed newest first, silences and probes are empty', async (t) => {
  const api = await serving(t, withAlerts());
  assert.deepEqual(
    (await list(api, 'deliveries')).items.map(({ id }) => id),
    ['d-0002', 'd-0004', 'd-0003', 'd-0001'],
  );
  assert.deepEqual(
    (await list(api, 'deliveries?status=dead')).items.map(({ id }) => id),
    ['d-0003'],
  );
  assert.deepEqual(await list(api, 'silences'), { items: [] });
  assert.deepEqual(await list(api, 'probes'), { items: [] });
});

test('log lines come newest first with nanoseconds, and null where a line has no level or status', async (t) => {
  const view = statusView({
    workloads: [],
    lines: [
      logLine('shop-1/cart', '14:03:02', { nanos: 7, level: 0, text: 'plain' }),
      logLine('shop-1/cart', '14:03:03', { nanos: 120_000_000, level: 5, status: 504, text: 'late' }),
    ],
  });
  const { items } = await list(await serving(t, view), 'logs');
  assert.deepEqual(items, [
    {
      at: '2026-11-21T14:03:03.120000000Z',
      namespace: 'shop-1',
      kind: 'Deployment',
      workload: 'cart',
      pod: 'cart-1',
      container: 'app',
      node: 'node-1',
      level: 'error',
      status: 504,
      text: 'late',
    },
    { ...items[1], at: '2026-11-21T14:03:02.000000007Z', level: null, status: null, text: 'plain' },
  ]);
});

test('filters on log lines all hold', async (t) => {
  const api = await serving(t, withAlerts());
  const count = async (query: string) => (await list(api, `logs?${query}`)).items.length;
  assert.equal(await count('workload=cart'), 2);
  assert.equal(await count('namespace=shop-*&workload=c*&level=error'), 2);
  assert.equal(await count('grep=upstream'), 1);
  assert.equal(await count('pod=checkout-*'), 40);
  assert.equal(await count('container=nothing'), 0);
  assert.equal(await count(`since=${encodeURIComponent('2026-11-21T14:12:00Z')}&limit=1000`), 13);
  assert.equal(await count('since=2026-11-21T15:12:00+01:00&limit=1000'), 13);
});

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

test('a wrong query is a 400 that says what is wrong', async (t) => {
  const { get } = await serving(t, allWell());
  const refused: readonly (readonly [string, RegExp])[] = [
    ['alerts?limit=0', /^limit must be a whole number from 1 to 1000, not "0"$/],
    ['alerts?limit=-1', /^limit must be/],
    ['alerts?limit=1001', /^limit must be/],
    ['alerts?limit=ten', /^limit must be/],
    ['alerts?limit=', /^limit must be/],
    ['alerts?limit=1e2', /^limit must be/],
    ['alerts?next=abc', /^next is not a token of this list/],
    ['alerts?next=', /^next is not a token/],
    ['workloads?next=WyJhbGVydHMiLCIxIl0', /^next is not a token of this list/],
    ['logs?next=WyJsb2dzIiwtMSwwLDAsMF0', /^next is not a token/],
    ['alerts?since=yesterday', /^since must be a duration such as 90m, or a time/],
    ['alerts?since=2026-13-45T00:00:00Z', /^since must be/],
    ['alerts?state=broken', /^state must be one of pending, firing, resolved, not "broken"$/],
    ['logs?level=loud', /^level must be one of trace, debug, info, warning, error, fatal/],
    ['logs?grep=(', /^grep is no RE2 pattern/],
    ['alerts?namespace=%5Ba', /^namespace is no glob: "\[" is not closed$/],
    ['alerts?namespace=********', /^namespace may have at most 5 stars$/],
    ['alerts?foo=1', /^unknown parameter "foo"; known are limit, next, namespace, /],
    ['silences?foo=1', /^unknown parameter "foo"/],
    ['alerts?limit=1&limit=2', /^limit is given more than once$/],
    [`alerts?namespace=${'a'.repeat(2000)}`, /^namespace is longer than 1024 characters$/],
    ['deliveries?namespace=shop', /^unknown parameter "namespace"/],
  ];
  for (const [path, message] of refused) {
    const { status, text } = await get(`/api/v1/${path}`);
    assert.equal(status, 400, path);
    assert.match(JSON.parse(text).error, message, path);
  }
});

test('an empty filter asks for everything, as a form sends it', async (t) => {
  const { items } = await list(await serving(t, allWell()), 'workloads?namespace=&kind=&workload=&since=');
  assert.equal(items.length, 10);
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
