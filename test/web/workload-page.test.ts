import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/base/duration.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { Secret } from '../../src/base/secret.ts';
import { RollingWindow } from '../../src/core/model/window/rolling-window.ts';
import { DEFAULT_AUTH } from '../../src/web/auth/page-auth.ts';
import { clock, container, cycle, minute, pod, refOf } from '../build.ts';
import { alert, logLine, rule } from './build-page.ts';
import { NOW, statusView } from './fixture.ts';
import { manyWorkloads, withAlerts } from './scenes.ts';
import { serving } from './serving.ts';

const PAGE = '/workloads/shop-1/Deployment/checkout';

test('a workload has its state, charts, alerts, rollouts and lines', async (t) => {
  const { get } = await serving(t, withAlerts());
  const { status, text } = await get(PAGE);
  assert.equal(status, 200);
  for (const title of ['Log lines in 5 min, by level', 'Errors among log lines', 'Restarts in 5 min', 'CPU of', 'Memory of'])
    assert.match(text, new RegExp(`<title id="[a-z]+-title">${title}`));
  assert.match(text, /<dt>Ready<\/dt><dd>1 of 3<\/dd>/);
  assert.match(text, /<title>CrashLoopBackOff, critical: from 13:52, firing<\/title>/);
  assert.match(text, /<title>Rollout at 13:40: image of app: registry\.example\.com\/shop\/checkout:4\.11\.2 → registry/);
  assert.match(text, /href="\/alerts\/CrashLoopBackOff-0001"/);
  assert.match(text, /40 lines/);
  assert.match(text, /order accepted/);
});

test('what was not seen is unknown, neither zero nor fine', async (t) => {
  const seen = pod({ of: 'shop-1/checkout' });
  const lines = { ref: refOf(seen), minutes: [minute('13:05', { levels: { info: 6, error: 2 } })] };
  const window = new RollingWindow({ span: 24 * HOUR, staleness: 25 * MINUTE, counters: [], lookback: 5 * MINUTE });
  window.add(cycle('13:10', { states: [seen], minutes: [lines], namespaces: ['shop-1'] }));
  window.add(cycle('14:00', { states: [seen], namespaces: [] }));
  const { get } = await serving(
    t,
    statusView({ workloads: [], overrides: { window: () => window, strip: () => ['ok', 'unknown'] } }),
  );
  const { text } = await get(PAGE);
  assert.match(text, /<desc id="lines-desc">8 lines, most of them at 13:05; 2 error or fatal; 6 info\.<\/desc>/);
  assert.match(text, /<desc id="memory-desc">Nothing was measured\.<\/desc>/);
  for (const chart of ['restarts', 'cpu', 'memory'])
    assert.match(text, new RegExp(`id="${chart}-desc">[^<]*</desc><path class="grid"[^>]*/><path class="unseen"`), chart);
  assert.match(text, /<dt>CPU<\/dt><dd>not measured<\/dd>/);
});

test('the form searches the lines of this workload alone', async (t) => {
  const { get } = await serving(t, withAlerts());
  assert.match((await get(`${PAGE}?grep=48213`)).text, /<h2 id="found">1 line<small>/);
  assert.match((await get(`${PAGE}?level=warning`)).text, /<h2 id="found">6 lines<small>/);
  assert.match((await get(`${PAGE}?grep=timed+out`)).text, /No line matches/);
  const refused = await get(`${PAGE}?grep=(`);
  assert.equal(refused.status, 400);
  assert.match(refused.text, /grep is no RE2 pattern/);
  assert.match(refused.text, /<svg class="day"/);
  assert.equal((await get(`${PAGE}?namespace=shop-2`)).status, 400);
});

test('for the newest lines no more of the store is read than has them', async (t) => {
  const asked: number[] = [];
  const seen = pod({ of: 'shop-1/checkout', containers: [container()] });
  const minutes = [
    minute('09:00', { levels: { info: 5 } }),
    ...['13:01', '13:30'].map((at) => minute(at, { levels: { info: 70 } })),
  ];
  const window = new RollingWindow({ span: 24 * HOUR, staleness: 25 * MINUTE, counters: [] });
  window.add(cycle('14:00', { states: [seen], minutes: [{ ref: refOf(seen), minutes }] }));
  const overrides = {
    window: () => window,
    async *lines({ since }: { readonly since: number }) {
      asked.push(since);
      yield logLine('shop-1/checkout', '13:30:00', { text: 'found' });
    },
  };
  const { get } = await serving(t, statusView({ workloads: [], overrides }));
  await get(PAGE);
  await get(`${PAGE}?since=1h`);
  await get(`${PAGE}?since=10h`);
  await get(`${PAGE}?level=error`);
  await get(`${PAGE}?grep=x`);
  assert.deepEqual(asked, [clock('13:01'), clock('13:30'), clock('13:01'), clock('14:16'), NOW - 24 * HOUR]);
});

test('alerts on an object that is no workload of pods have a page too, and nobody else has', async (t) => {
  const labels = { namespace: 'shop-1', kind: 'HorizontalPodAutoscaler', workload: 'cart' };
  const { get } = await serving(t, statusView({ workloads: [], alerts: [alert({ alert: 'AutoscalerMaxedOut', labels })] }));
  const { status, text } = await get('/workloads/shop-1/HorizontalPodAutoscaler/cart');
  assert.equal(status, 200);
  assert.match(text, /AutoscalerMaxedOut/);
  assert.equal((await get('/workloads/shop-1/Deployment/cart')).status, 404);
});

test('the threshold of a rule that judges the workload is drawn', async (t) => {
  const samples = [
    { subject: { namespace: 'shop-1', kind: 'Deployment', workload: 'cart' }, verdict: 'false', value: 0, facts: {} },
  ] as const;
  const view = statusView({
    workloads: [{ path: 'shop-1/cart' }, { path: 'shop-1/checkout' }],
    rules: [rule({ alert: 'HighErrorRatio' }, { kind: 'error_ratio', threshold: 0.05, unit: 'ratio' })],
    overrides: { evaluation: (name) => ({ alert: name, at: NOW, samples, error: null }) },
  });
  const { get } = await serving(t, view);
  assert.match((await get('/workloads/shop-1/Deployment/cart')).text, /threshold 5%/);
  assert.doesNotMatch((await get(PAGE)).text, /threshold/);
});

test('names from the address are escaped, and who may not read sees nothing', async (t) => {
  const view = withAlerts();
  const { get } = await serving(t, view);
  assert.doesNotMatch((await get('/workloads/%3Cscript%3E/Deployment/%3Cb%3E')).text, /<script|<b>/);
  const token = new Secret('right-token-0123456789');
  const closed = await serving(t, view, silentLogger, { ...DEFAULT_AUTH, read: { kind: 'bearer', token } });
  for (const path of [PAGE, '/rules/HighErrorRatio', '/deliveries']) {
    const { status, text } = await closed.get(path);
    assert.deepEqual([status, text.includes('shop-1')], [401, false], path);
    assert.equal((await closed.get(path, { headers: { authorization: 'Bearer right-token-0123456789' } })).status, 200, path);
  }
});

test('the page of one of 1,000 workloads is quick', async (t) => {
  const { get } = await serving(t, manyWorkloads(1000));
  const path = '/workloads/team-00/Deployment/service-with-a-longish-name-0';
  let quickest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 10; i++) {
    const started = process.cpuUsage();
    assert.equal((await get(path)).status, 200);
    const { user, system } = process.cpuUsage(started);
    quickest = Math.min(quickest, (user + system) / 1000);
  }
  t.diagnostic(`${quickest.toFixed(1)} ms`);
  assert.ok(quickest <= 100, `${quickest} ms`);
});
