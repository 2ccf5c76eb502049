import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachByNode, shuffled } from '../../../src/kubernetes/logs/by-node.ts';
import { RateLimit, Slots } from '../../../src/kubernetes/session/rate-limit.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('one node with many items does not keep the others waiting', async () => {
  const items = [...Array.from({ length: 100 }, () => 'busy'), ...Array.from({ length: 20 }, (_, i) => `n${i}`)];
  const order: string[] = [];
  const active = new Map<string, number>();
  let peak = 0;
  let all = 0;
  let allPeak = 0;
  await forEachByNode(items, { total: 10, perNode: 2, nodeOf: (item) => item }, async (item) => {
    order.push(item);
    active.set(item, (active.get(item) ?? 0) + 1);
    peak = Math.max(peak, active.get(item) ?? 0);
    allPeak = Math.max(allPeak, ++all);
    await tick();
    all--;
    active.set(item, (active.get(item) ?? 0) - 1);
  });
  assert.equal(order.length, 120);
  assert.deepEqual([peak, allPeak], [2, 10]);
  const lastOfOthers = order.findLastIndex((item) => item !== 'busy');
  assert.ok(lastOfOthers < 45, `the last of the others came at ${lastOfOthers}`);
});

test('an error ends the work after what had begun', async () => {
  let begun = 0;
  let ended = 0;
  const work = forEachByNode([1, 2, 3, 4, 5], { total: 2, perNode: 2, nodeOf: () => 'n' }, async (item) => {
    begun++;
    await tick();
    if (item === 1) throw new Error('boom');
    await tick();
    ended++;
  });
  await assert.rejects(work, /boom/);
  assert.deepEqual([begun, ended], [2, 1]);
});

test('nothing to do is done at once', async () => {
  await forEachByNode([], { total: 2, perNode: 2, nodeOf: () => '' }, async () => assert.fail());
});

test('shuffling keeps every item', () => {
  let state = 1;
  const random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const items = Array.from({ length: 50 }, (_, i) => i);
  const mixed = shuffled(items, random);
  assert.notDeepEqual(mixed, items);
  assert.deepEqual(
    [...mixed].sort((a, b) => a - b),
    items,
  );
});

test('a token bucket lets a burst through and then keeps its rate', async () => {
  let now = 0;
  const waits: number[] = [];
  const clock = { now: () => now, monotonic: () => now, sleep: async (ms: number) => void waits.push(ms) };
  const limit = new RateLimit(10, 20, clock);
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i++) await limit.take(signal);
  assert.deepEqual(waits, []);
  await limit.take(signal);
  await limit.take(signal);
  assert.deepEqual(waits, [100, 200]);
  now = 10_000;
  for (let i = 0; i < 20; i++) await limit.take(signal);
  assert.equal(waits.length, 2);
});

test('who waits for a token goes on together with the others of the same tenth of a second', async () => {
  let now = 1030;
  const until: number[] = [];
  const clock = { now: () => now, monotonic: () => now, sleep: async (ms: number) => void until.push(now + ms) };
  const limit = new RateLimit(50, 50, clock);
  const { signal } = new AbortController();
  for (let i = 0; i < 50; i++) await limit.take(signal);
  // Due at 1050, 1070, 1090, 1110 and, asked for later, 1130.
  for (let i = 0; i < 4; i++) await limit.take(signal);
  now = 1040;
  await limit.take(signal);
  assert.deepEqual(until, [1100, 1100, 1100, 1200, 1200]);
});

test('slots are handed on in order, also by work that fails', async () => {
  const slots = new Slots(1);
  const order: number[] = [];
  const run = (n: number, fails: boolean) =>
    slots.hold(async () => {
      await tick();
      order.push(n);
      if (fails) throw new Error('no');
    });
  const results = await Promise.allSettled([run(1, true), run(2, false), run(3, false)]);
  assert.deepEqual(order, [1, 2, 3]);
  assert.equal(results[0].status, 'rejected');
});
