import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLine } from './build-page.ts';
import { statusView } from './fixture.ts';
import { allWell, withAlerts } from './scenes.ts';
import { list, serving } from './serving.ts';

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
    inhibited_by: null,
    flapping: false,
    suppressed: null,
  });
  const json = JSON.stringify(evidence);
  assert.ok(
    json.includes(
      '"items":[{"at":"2026-11-21T13:40:00.000Z","dated":"rolled out","what":"image of app","from":"checkout:4.11.2","to":"checkout:4.12.0"}]',
    ),
  );
  assert.match(json, /"worst":1,"worst_is":"highest","worst_at":"2026-11-21T03:12:00\.000Z"\},"fired":\{[^}]*"count":0/);
  assert.match(json, /"last_lines":\[\{"at":"2026-11-21T13:51:40\.120456789Z"/);
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
    lines: 142_500,
    error_ratio: 0.01,
    alerts: [
      { id: 'CrashLoopBackOff-0001', alert: 'CrashLoopBackOff', state: 'firing', severity: 'critical' },
      { id: 'replicas-1', alert: 'ReplicasMismatch', state: 'firing', severity: 'warning' },
    ],
  });
  assert.deepEqual(cpu, { usage: 0.18, limit: 0.5, ratio: 0.36 });
  assert.ok(memory !== null);
});

test('since is the span that a workload’s counts cover', async (t) => {
  const { items } = await list(await serving(t, withAlerts()), 'workloads?workload=checkout&since=30m');
  assert.deepEqual([items[0]?.['lines'], items[0]?.['restarts']], [1_500, 7]);
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

test('deliveries are listed newest first', async (t) => {
  const api = await serving(t, withAlerts());
  assert.deepEqual(
    (await list(api, 'deliveries')).items.map(({ id }) => id),
    ['d-0002', 'd-0004', 'd-0003', 'd-0001'],
  );
  assert.deepEqual(
    (await list(api, 'deliveries?status=dead')).items.map(({ id }) => id),
    ['d-0003'],
  );
});

test('what there is none of is an empty list', async (t) => {
  const api = await serving(t, allWell());
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
    ['deliveries?pod=shop', /^unknown parameter "pod"/],
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
