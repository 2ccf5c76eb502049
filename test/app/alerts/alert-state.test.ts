import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertState } from '../../../src/app/alerts/alert-state.ts';
import { json } from '../../../src/store/json/json.ts';
import { options, temporaryFolder } from '../../store/store-fixture.ts';

test('changes that come during a write are one write, in their order, and durable when they resolve', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const writes: (number | null)[] = [];
  const saveAlerts = store.saveAlerts.bind(store);
  store.saveAlerts = (document) => {
    writes.push(document.judgedTo);
    return saveAlerts(document);
  };
  const state = await AlertState.load(store);
  const add = (by: number) => state.update((document) => ({ ...document, judgedTo: (document.judgedTo ?? 0) + by }));
  await Promise.all([add(1), add(2), add(3), add(4)]);
  assert.equal((await store.loadAlerts()).judgedTo, 10);
  assert.deepEqual(writes, [1, 10]);
});

test('a change that throws harms no other', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const state = await AlertState.load(store);
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
