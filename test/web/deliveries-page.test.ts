import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newRow } from '../../src/core/alerts/new-row.ts';
import { EMPTY_ALERTS } from '../../src/core/model/state.ts';
import { DELIVERIES_PER_PAGE } from '../../src/web/pages/deliveries-page.ts';
import { clock } from '../build.ts';
import { delivery } from './build-page.ts';
import { NOW, statusView } from './fixture.ts';
import { withAlerts } from './scenes.ts';
import { list, serving } from './serving.ts';

function rows(text: string): readonly string[] {
  return [...text.matchAll(/<tr class="top">(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row
      .replace(/<\/?(br|td|small|li)[^>]*>/g, ' ')
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

test('every message is listed with its attempts and outcome, the newest first', async (t) => {
  const { get } = await serving(t, withAlerts());
  const { status, text } = await get('/deliveries');
  assert.equal(status, 200);
  assert.deepEqual(rows(text), [
    '14:06 slack HighErrorRatio shop-1/cart delivered 3 14:07 after 1 min',
    '13:52 slack CrashLoopBackOff shop-1/checkout delivered 1 13:52 after 1 s',
    '13:52 hook CrashLoopBackOff shop-1/checkout dead the receiver refused it: 410 Gone 1 –',
    '13:52 mail CrashLoopBackOff shop-1/checkout pending could not connect: timeout 4 –',
  ]);
});

test('what a message is about is a link to the alert that had begun by then', async (t) => {
  const api = await serving(t, withAlerts());
  assert.match((await api.get('/deliveries')).text, /<a href="\/alerts\/ratio-1">HighErrorRatio shop-1\/cart<\/a>/);
  const ids = async (query: string) => (await list(api, `deliveries?${query}`)).items.map(({ id }) => id);
  assert.deepEqual(await ids('workload=cart'), ['d-0002']);
  assert.equal((await ids('namespace=shop-*&kind=Deployment')).length, 4);
  assert.deepEqual(await ids('namespace=payments'), []);
});

test('the form narrows them by receiver and outcome', async (t) => {
  const { get } = await serving(t, withAlerts());
  assert.equal(rows((await get('/deliveries?receiver=slack')).text).length, 2);
  assert.equal(rows((await get('/deliveries?status=dead')).text).length, 1);
  assert.match((await get('/deliveries?receiver=slack&status=dead')).text, /No message is like that/);
  assert.match((await get('/deliveries?receiver=%3Cb%3E')).text, /No message is like that/);
});

test('one that waits says when it is tried again', async (t) => {
  const waiting = delivery({ id: 'd-1', status: 'pending', deliveredAt: null, attempts: 2 });
  const tried = { attempts: 2, nextAttemptAt: clock('14:20'), lastError: 'timeout' };
  const outbox = [newRow({ id: 'd-1', receiver: 'slack', reason: 'fired', createdAt: clock('13:52'), ...tried })];
  const view = statusView({
    workloads: [],
    overrides: { alerts: () => ({ ...EMPTY_ALERTS, deliveries: [waiting], outbox }) },
  });
  assert.match(rows((await (await serving(t, view)).get('/deliveries')).text)[0] ?? '', /pending next attempt 14:20/);
});

test('what does not fit on one page is on the next, and hostile texts stay texts', async (t) => {
  const deliveries = Array.from({ length: DELIVERIES_PER_PAGE + 3 }, (_, i) =>
    delivery({ id: `d-${i}`, createdAt: NOW - i * 1000, alerts: ['<script>alert(1)</script>'] }),
  );
  const { get } = await serving(t, statusView({ workloads: [], deliveries }));
  const first = (await get('/deliveries')).text;
  assert.equal(rows(first).length, DELIVERIES_PER_PAGE);
  assert.doesNotMatch(first, /<script/);
  assert.match(first, /href="\/deliveries\?page=2"/);
  assert.equal(rows((await get('/deliveries?page=2')).text).length, 3);
  assert.equal(rows((await get('/deliveries?page=99')).text).length, 3);
});
