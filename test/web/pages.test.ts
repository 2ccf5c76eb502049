import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createZoneTime } from '../../src/web/zone-time.ts';
import { clock } from '../build.ts';
import { alert, evidence, logLine, rule } from './build-page.ts';
import { NOW, statusView } from './fixture.ts';
import { allWell, withAlerts } from './scenes.ts';
import { serving } from './serving.ts';

/** What a reader sees of a page: its text without markup. */
function textOf(page: string): string {
  return page
    .replace(/<head>[\s\S]*?<\/head>/, '')
    .replace(/<title>[\s\S]*?<\/title>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

test('the status page says that all is well and since when', async (t) => {
  const { get } = await serving(t, allWell());
  assert.match((await get('/')).text, /<h1>All is well since 11:10 \(3 h 5 min\)\.<\/h1>/);
});

test('the status page says what fires, where, since when, and shows the evidence', async (t) => {
  const { get } = await serving(t, withAlerts());
  const page = (await get('/')).text;
  assert.match(page, /<h1>2 critical and 2 warning alerts are firing; the oldest since 13:30\.<\/h1>/);
  const text = textOf(page);
  assert.match(text, /CrashLoopBackOff shop-1\/checkout · app checkout is crash looping: Error, exit code 1/);
  assert.match(text, /Last lines before it ended 13:51:40 /);
  assert.match(text, /panic: could not connect to db-0/);
  assert.match(text, /Before it: image of app: checkout:4\.11\.2 → checkout:4\.12\.0, rolled out 13:40:00/);
  assert.match(text, /Value 9\.4% \(threshold 5%\)/);
  assert.match(page, /href="\/alerts\/ratio-1"/);
});

test('a workload has one card, with what else fires for it below', async (t) => {
  const { get } = await serving(t, withAlerts());
  const cards = [...(await get('/')).text.matchAll(/<article[\s\S]*?<\/article>/g)].map(([card]) => textOf(card));
  assert.equal(cards.length, 3);
  assert.match(cards.join(), /CrashLoopBackOff shop-1\/checkout .* ReplicasMismatch checkout: 1 of 3 pods available Inhibited/);
});

test('the status page says how probes do', async (t) => {
  const { get } = await serving(t, withAlerts());
  assert.match(
    textOf((await get('/')).text),
    /checkout-from-outside https:\/\/checkout\.shop-1\S+ failing 100% 1000 ms status 503, expected 2xx 40 d/,
  );
});

test('the status page says what was read, what was not, and what the receivers do', async (t) => {
  const { get } = await serving(t, withAlerts());
  const text = textOf((await get('/')).text);
  assert.match(text, /Pods 312 Containers 489 Log lines 81,204 \(12\.3 MiB\) Took 4\.1 s Missed before it 1 cycle Next 14:20/);
  assert.match(text, /2 sources, 3 gaps/);
  assert.match(text, /pods in batch: forbidden/);
  assert.match(text, /metrics: not installed/);
  assert.match(text, /log rotated before it was read 2 ×/);
  assert.match(text, /hook webhook the receiver refused it: 410 Gone 1 refused/);
  assert.match(text, /pager webhook off: no address/);
  assert.match(text, /rules\/usage\.yaml:12:18: unknown key/);
  assert.match(text, /namespace batch cannot be read: forbidden/);
});

test('workloads with problems come first, then the rest by name', async (t) => {
  const { get } = await serving(t, withAlerts());
  const names = [...(await get('/')).text.matchAll(/class="name">.*?<a href="\/workloads\/[^"]*">([^<]+)<\/a>/g)].map(
    (match) => match[1],
  );
  const problems = ['cart', 'checkout', 'postgres', 'catalog', 'coredns'];
  assert.deepEqual(names, [...problems, 'nginx', 'kube-proxy', 'grafana', 'ledger', 'settle']);
});

test('search narrows the rows and keeps what was asked in the form', async (t) => {
  const { get } = await serving(t, withAlerts());
  const rows = (text: string) => [...text.matchAll(/<td class="name"|class="name">/g)].length;
  assert.equal(rows((await get('/?q=CART')).text), 1);
  assert.equal(rows((await get('/?q=shop-1%20cat')).text), 1);
  assert.equal(rows((await get('/?namespace=kube-system')).text), 2);
  assert.equal(rows((await get('/?state=problem')).text), 5);
  assert.equal(rows((await get('/?state=unknown')).text), 1);
  const none = (await get('/?q=%22%3E%3Cb%3E')).text;
  assert.equal(rows(none), 0);
  assert.match(none, /value="&quot;&gt;&lt;b&gt;"/);
  assert.match(none, /No workload is like that/);
});

test('restarts that an old pod already had count for nobody', async (t) => {
  const { get } = await serving(t, withAlerts());
  assert.match((await get('/?q=checkout')).text, /data-l="Restarts">7</);
});

test('an alert has its timeline, labels, rule, runbook and a chart against its threshold', async (t) => {
  const { get } = await serving(t, withAlerts());
  const page = (await get('/alerts/ratio-1')).text;
  const text = textOf(page);
  assert.match(text, /The condition became true 14:03:00 Fired 14:06:00 Told to slack 14:07:00 · at attempt 3/);
  assert.match(text, /Condition error lines above 5% \(min 20 lines\) in 3 of 10 minutes/);
  assert.match(page, /href="\/rules\/HighErrorRatio">rules\/errors\.yaml:14</);
  assert.match(page, /href="https:\/\/runbooks\.example\.com\/crash-loop"/);
  assert.match(page, /<svg class="series"/);
  const crash = textOf((await get('/alerts/CrashLoopBackOff-0001')).text);
  const context =
    /What changed before it image of app: checkout:4\.11\.2 → checkout:4\.12\.0, rolled out 13:40:00 \(12 min before\) Compared with the day before Restarts in 30 min: 7 now; in the day before median 0, at most 1 at 03:12/;
  assert.match(crash, context);
  assert.match(crash, /Terminations .* Error 1 checkout-5d9c7-x2x4q · app/);
  assert.match(crash, /Back-off restarting failed container/);
});

test('rules are shown with state, place, value and problems', async (t) => {
  const { get } = await serving(t, withAlerts());
  const text = textOf((await get('/rules')).text);
  assert.match(text, /HighErrorRatio error lines above 5% .* rules\/errors\.yaml:14 firing Critical 1 9\.4% of 5% 14:06 14:10/);
  assert.match(text, /RestartSpike .* off Warning 0 – – not yet/);
});

test('a runbook that is no web address is no link', async (t) => {
  const view = statusView({ workloads: [], alerts: [alert()], rules: [rule({ runbook: 'javascript:alert(1)' })] });
  const { get } = await serving(t, view);
  const page = (await get('/alerts/CrashLoopBackOff-0001')).text;
  assert.match(page, /<dd>javascript:alert\(1\)<\/dd>/);
  assert.doesNotMatch(page, /href="javascript/);
});

test('the log page searches, and says why it cannot', async (t) => {
  const { get } = await serving(t, withAlerts());
  assert.match(textOf((await get('/logs')).text), /42 lines , newest first/);
  assert.match(textOf((await get('/logs?workload=cart&level=error')).text), /2 lines/);
  for (const query of ['grep=(', 'since=yesterday', 'level=loud', 'namespace=%5B', 'nonsense=1']) {
    const { status, text } = await get(`/logs?${query}`);
    assert.equal(status, 400, query);
    assert.match(textOf(text), /The search was not made/);
  }
});

test('evidence that cannot be read costs its own lines and nothing else', async (t) => {
  const view = statusView({
    workloads: [],
    alerts: [alert()],
    overrides: {
      evidence: async () => {
        throw new Error('torn');
      },
    },
  });
  const { get } = await serving(t, view);
  for (const path of ['/', '/alerts/CrashLoopBackOff-0001']) assert.match((await get(path)).text, /checkout is crash looping/);
  assert.match((await get('/api/v1/alerts')).text, /"evidence":null/);
});

test('before the first cycle and while starting the page says so', async (t) => {
  const empty = statusView({ workloads: [], cycles: [], alerts: [] });
  assert.match((await (await serving(t, empty)).get('/')).text, /<h1>Waiting for the first look at the cluster\.<\/h1>/);
  const starting = statusView({ workloads: [], cycles: [], overrides: { ready: () => false } });
  assert.match((await (await serving(t, starting)).get('/')).text, /<h1>Tocsin is starting/);
  const dead = { status: 'failing' as const, reasons: ['no cycle for 40 min'], alive: false, strict: false };
  const failing = statusView({ workloads: [], overrides: { health: () => dead } });
  assert.match(
    textOf((await (await serving(t, failing)).get('/')).text),
    /not at work: what happens now is not seen\. no cycle for 40 min/,
  );
});

const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</pre></main><iframe src="javascript:alert(1)">',
  '<svg/onload=alert(1)>',
  '&lt;script&gt;',
  '{{7*7}}${7*7}<!--',
  ']]><style>*{display:none}</style>',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '\u202Etxt.exe\u2066',
];

test('nothing that comes from the cluster becomes markup, on any page', async (t) => {
  for (const payload of PAYLOADS) {
    const line = { at: '2026-11-21T13:51:40.000000000Z', pod: payload, container: payload, level: 'error', text: payload };
    const hostile = alert({
      id: 'x',
      alert: payload,
      summary: payload,
      labels: { namespace: payload, workload: payload, container: payload, [payload]: payload },
      facts: { reason: payload, pods: [payload], node: payload, image: payload, notes: [payload] },
    });
    const found = evidence({
      matching: [line],
      lastLines: [line],
      events: [{ at: NOW, reason: payload, message: payload, count: 1, kind: payload, name: payload }],
      terminations: [{ at: NOW, pod: payload, container: payload, reason: payload, exitCode: 1, message: payload }],
    });
    const view = statusView({
      workloads: [{ path: `${payload.replaceAll('/', '|')}/${payload.replaceAll('/', '|')}` }],
      alerts: [hostile],
      evidence: new Map([['x', found]]),
      rules: [rule({ alert: payload, file: payload, runbook: `https://x/${payload}` }, { text: payload })],
      lines: [logLine('shop-1/cart', '14:00:00', { text: payload })],
      overrides: {
        cluster: payload,
        version: payload,
        health: () => ({ status: 'degraded', reasons: [payload], alive: true, strict: true }),
        problems: () => [{ file: payload, line: 1, column: 1, message: payload, severity: 'error' }],
        receivers: () => [{ name: payload, kind: payload, off: false, pending: 1, lastDeliveredAt: null, lastError: payload }],
      },
    });
    const { get } = await serving(t, view);
    const query = encodeURIComponent(payload);
    for (const path of [
      '/',
      `/?q=${query}&namespace=${query}&state=${query}`,
      '/alerts',
      '/alerts/x',
      '/rules',
      '/logs',
      `/logs?grep=${query}`,
      `/${query}`,
    ]) {
      const { text } = await get(path);
      assert.doesNotMatch(text, /<script|<img|<iframe|onload=alert\(1\)>|<style|<!--/, `${path}: ${payload}`);
      assert.doesNotMatch(
        text,
        /[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/u,
        `${path} shows control characters by name`,
      );
      const tags = [...text.matchAll(/<[a-z][^>]*>/g)].map((match) => match[0]);
      assert.deepEqual(
        tags.filter((tag) => /\son\w+=/.test(tag.replace(/"[^"]*"/g, '""'))),
        [],
        path,
      );
    }
  }
});

test('times are written in the settings’ zone with the offset at hand', () => {
  const time = createZoneTime('Europe/Berlin', NOW);
  assert.equal(time.name, 'Europe/Berlin (UTC+1)');
  assert.equal(time.short(clock('13:52')), '14:52');
  assert.equal(time.short(clock('13:52') - 86_400_000), '20 Nov 14:52');
  assert.equal(time.full(clock('13:52:07')), '21 Nov 2026 14:52:07 UTC+1');
  assert.match(String(time.exact(clock('13:52:07'))), /title="21 Nov 2026 14:52:07 UTC\+1">14:52:07</);
  assert.match(String(time.exact(clock('13:52:07') - 86_400_000)), />20 Nov 14:52:07</);
});
