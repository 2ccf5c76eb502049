import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JudgePace } from '../../../src/app/cycle/judge-pace.ts';
import { type Workload, workloadKey } from '../../../src/core/model/workload.ts';
import { workload } from '../../build.ts';

const CART = workload('shop/cart');
const CHECKOUT = workload('shop/checkout');
const BILLING = workload('bank/billing');

const NOTHING = { pods: new Set<string>(), objects: new Set<string>(), events: new Set<string>() };
const pods = (...workloads: readonly Workload[]) => ({ ...NOTHING, pods: new Set(workloads.map(workloadKey)) });

test('a namespace is judged three times as news comes, then every five seconds; others do not wait for it', () => {
  const pace = new JudgePace();
  for (const at of [0, 1, 2]) assert.deepEqual([...pace.take(pods(CART), at).pods], ['shop/Deployment/cart']);
  assert.deepEqual([...pace.take(pods(CHECKOUT, BILLING), 1_000).pods], ['bank/Deployment/billing']);
  assert.equal(pace.nextAt, 5_000);
  assert.deepEqual([...pace.take(pods(), 4_999).pods], []);
  assert.deepEqual([...pace.take(pods(), 5_000).pods], ['shop/Deployment/checkout']);
  assert.equal(pace.nextAt, null);
  pace.take(pods(CART), 5_001);
  assert.equal(pace.nextAt, 10_000);
  for (const at of [30_000, 30_001, 30_002]) assert.deepEqual([...pace.take(pods(CART), at).pods], ['shop/Deployment/cart']);
  pace.take(pods(CART), 30_003);
  assert.equal(pace.nextAt, 35_000);
});

test('what is due does not wait for its namespace, and takes along what does', () => {
  const pace = new JudgePace();
  for (const at of [0, 1, 2]) pace.take(pods(CART), at);
  assert.deepEqual([...pace.take(pods(CHECKOUT), 3).pods], []);
  assert.deepEqual([...pace.take(pods(BILLING), 4, true).pods], ['bank/Deployment/billing']);
  assert.deepEqual([...pace.take(pods(CART), 5, true).pods], ['shop/Deployment/checkout', 'shop/Deployment/cart']);
  for (const at of [6, 7, 8]) pace.take(pods(CART), at, true);
  pace.take(pods(CART), 9);
  assert.equal(pace.nextAt, 5_008);
});

test('what waits can be taken before its turn, and waits no more then', () => {
  const pace = new JudgePace();
  for (const at of [0, 0, 0]) pace.take(pods(CART), at);
  pace.take(pods(CHECKOUT, BILLING), 1);
  pace.take(pods(CART), 2);
  assert.deepEqual([...pace.takeAll().pods].toSorted(), ['shop/Deployment/cart', 'shop/Deployment/checkout']);
  assert.equal(pace.nextAt, null);
  assert.deepEqual(pace.take(NOTHING, 9_000), NOTHING);
});

test('what waits keeps apart of what it is news', () => {
  const pace = new JudgePace();
  const key = workloadKey(CART);
  for (const at of [0, 0, 0]) pace.take(pods(BILLING, CART), at);
  pace.take({ ...NOTHING, events: new Set([key]) }, 1);
  pace.take({ ...NOTHING, objects: new Set([key, '/Node/node-1']) }, 2);
  assert.deepEqual(pace.take(NOTHING, 5_000), { pods: new Set(), objects: new Set([key]), events: new Set([key]) });
});
