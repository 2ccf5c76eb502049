import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertState } from '../../../src/app/alerts/alert-state.ts';
import { pendingDelivery } from '../../../src/core/alerts/delivery.ts';
import { EMPTY_ALERTS } from '../../../src/core/model/state.ts';
import { json } from '../../../src/store/json/json.ts';
import { row } from '../../core/alerts/build-alert.ts';
import { options, temporaryFolder } from '../../store/store-fixture.ts';

const loading = { receivers: ['slack'], now: 0, newId: () => 'new' };

test('changes that come during a write are one write, in their order, and durable when they resolve', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const writes: (number | null)[] = [];
  const saveAlerts = store.saveAlerts.bind(store);
  store.saveAlerts = (document) => {
    writes.push(document.judgedTo);
    return saveAlerts(document);
  };
  const state = await AlertState.load(store, loading);
  const add = (by: number) => state.update((document) => ({ ...document, judgedTo: (document.judgedTo ?? 0) + by }));
  await Promise.all([add(1), add(2), add(3), add(4)]);
  assert.equal((await store.loadAlerts()).judgedTo, 10);
  assert.deepEqual(writes, [1, 10]);
});

test('a change that throws harms no other', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const state = await AlertState.load(store, loading);
  const results = await Promise.allSettled([
    state.update((document) => ({ ...document, judgedTo: 1 })),
    state.update(() => {
      throw new Error('a bug');
    }),
    state.update((document) => ({ ...document, judgedCycle: 'c' })),
  ]);
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  const { judgedTo, judgedCycle } = await store.loadAlerts();
  assert.deepEqual({ judgedTo, judgedCycle }, { judgedTo: 1, judgedCycle: 'c' });
});

test('what a receiver took before a kill is owed no more, though no document says so', async () => {
  await using folder = await temporaryFolder();
  const rows = ['a', 'b'].map((id) => row({ id }));
  {
    await using store = await json.open(options(folder.path));
    await store.saveAlerts({ ...EMPTY_ALERTS, outbox: rows, deliveries: rows.map((each) => pendingDelivery(each, new Map())) });
    const [first = assert.fail()] = rows;
    (await AlertState.load(store, loading)).noteSent(first);
  }
  await using store = await json.open(options(folder.path));
  const { outbox, deliveries } = (await AlertState.load(store, loading)).read();
  assert.deepEqual(
    outbox.map(({ id }) => id),
    ['b'],
  );
  assert.deepEqual(
    deliveries.map(({ status }) => status),
    ['delivered', 'pending'],
  );
});
