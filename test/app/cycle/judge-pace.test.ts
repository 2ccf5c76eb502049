import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JudgePace } from '../../../src/app/cycle/judge-pace.ts';
import { workload } from '../../build.ts';

const CART = workload('shop/cart');
const CHECKOUT = workload('shop/checkout');
const BILLING = workload('bank/billing');

test('a namespace is judged at once, then at most every five seconds; others do not wait for it', () => {
  const pace = new JudgePace();
  assert.deepEqual([...pace.take([CART], 0)], ['shop/Deployment/cart']);
  assert.deepEqual([...pace.take([CHECKOUT, BILLING], 1_000)], ['bank/Deployment/billing']);
  assert.equal(pace.nextAt, 5_000);
  assert.deepEqual([...pace.take([], 4_999)], []);
  assert.deepEqual([...pace.take([], 5_000)], ['shop/Deployment/checkout']);
  assert.equal(pace.nextAt, null);
});

test('what waits is forgotten once everything was judged', () => {
  const pace = new JudgePace();
  pace.take([CART], 0);
  pace.take([CHECKOUT], 1);
  pace.clear();
  assert.equal(pace.nextAt, null);
  assert.deepEqual([...pace.take([], 9_000)], []);
});
