import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../../src/base/duration.ts';
import { selector } from '../../build.ts';
import { alert, rule } from '../build-page.ts';
import { NOW, statusView } from '../fixture.ts';
import { withAlerts } from '../scenes.ts';
import { list, serving } from '../serving.ts';

test('a rule has its state, value, place, alerts and whom it judged last', async (t) => {
  const { get } = await serving(t, withAlerts());
  const { status, text } = await get('/rules/HighErrorRatio');
  assert.equal(status, 200);
  for (const pair of ['Value</dt><dd>9.4%', 'Threshold</dt><dd>5%', 'Applies to</dt><dd>everything'])
    assert.ok(text.includes(`<dt>${pair}</dd>`), pair);
  assert.match(text, /<dt>Last judged<\/dt><dd><time[^>]*>14:10</);
  assert.match(text, /<dt>Last fired<\/dt><dd><time[^>]*>14:06</);
  assert.match(text, /rules\/errors\.yaml:14/);
  assert.match(text, /href="\/alerts\/ratio-1"/);
  assert.match(text, /href="\/workloads\/shop-1\/Deployment\/cart">shop-1\/cart</);
});

test('its problems are named by file and line, those of other rules are not', async (t) => {
  const { get } = await serving(t, withAlerts());
  assert.match((await get('/rules/MemoryNearLimit')).text, /<li>rules\/usage\.yaml:12:18: unknown key/);
  assert.doesNotMatch((await get('/rules/HighErrorRatio')).text, /usage\.yaml/);
});

test('a rule that fired and resolved says when, one that never did says so', async (t) => {
  const resolved = alert({ state: 'resolved', firedAt: NOW - 50 * MINUTE, resolvedAt: NOW - 40 * MINUTE });
  const api = await serving(t, statusView({ workloads: [], alerts: [resolved] }));
  assert.match((await api.get('/rules/CrashLoopBackOff')).text, /<dt>Last fired<\/dt><dd><time[^>]*>13:25</);
  assert.match((await api.get('/rules/RestartSpike')).text, /<dt>Last fired<\/dt><dd>not in the last 24 hours</);
  const { items } = await list(api, 'rules');
  assert.deepEqual(
    items.map((item) => item['last_fired_at']),
    ['2026-11-21T13:25:00.000Z', null],
  );
});

test('those that a rule holds for come first, then those that cannot be seen, then by value', async (t) => {
  const sample = (workload: string, verdict: 'true' | 'false' | 'unknown', value: number | null) => ({
    subject: { namespace: 'shop-1', kind: 'Deployment', workload },
    verdict,
    value,
    facts: {},
  });
  const samples = [
    sample('low', 'false', 1),
    sample('dark', 'unknown', null),
    sample('high', 'false', 3),
    sample('bad', 'true', 9),
  ];
  const selection = {
    match: [selector({ namespace: 'shop-*' })],
    except: [selector({ container: 'istio-*' }), selector({ node: 'spot-*' })],
  };
  const view = statusView({
    workloads: [],
    rules: [rule({ selection })],
    overrides: { evaluation: (name) => ({ alert: name, at: NOW, samples, error: null }) },
  });
  const { text } = await (await serving(t, view)).get('/rules/CrashLoopBackOff');
  const names = [...text.matchAll(/href="\/workloads\/[^"]*">shop-1\/(\w+)</g)].map(([, name]) => name);
  assert.deepEqual(names, ['bad', 'dark', 'high', 'low']);
  assert.match(text, /Applies to<\/dt><dd>namespace=shop-\*; not container=istio-\*, or node=spot-\*</);
});
