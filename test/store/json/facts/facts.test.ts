import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json } from '../../../../src/store/json/json.ts';
import { minute, patternOf, pod, refOf } from '../../../build.ts';
import { commit, listOf, options, temporaryFolder } from '../../store-fixture.ts';

const PODS = Array.from({ length: 600 }, (_, i) => pod({ name: `checkout-${i}`, labels: { number: String(i) } }));
const minutesOf = (pods: typeof PODS) =>
  pods.map((each) => ({ ref: refOf(each), minutes: [minute('10:00', { levels: { info: 1 } })] }));
const cursorsOf = (pods: typeof PODS) =>
  pods.map((each) => ({ ref: refOf(each), since: 1, count: 2, chain: 'c', first: 'f', lastAt: 3, drained: false, missing: 0 }));

test('of cycles that are read in turn, what stands as in the one before is the same object', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const fewer = PODS.filter((_, i) => i !== 100 && i !== 400);
  const changed = PODS.map((each, i) => (i === 300 ? { ...each, message: 'changed' } : each));
  for (const [index, states] of [PODS, PODS, fewer, changed].entries()) {
    await commit(store, `10:${index}0`, [], { states, minutes: minutesOf(states), cursors: cursorsOf(states) });
  }
  const cycles = await listOf(store.cycles());
  assert.deepEqual(
    cycles.map(({ states }) => states),
    [PODS, PODS, fewer, changed],
  );
  const shared = cycles.map(({ states }, index) => {
    const before = new Set(cycles[index - 1]?.states);
    return states.filter((state) => before.has(state)).length;
  });
  assert.deepEqual(shared.slice(0, 2), [0, 600]);
  assert.ok((shared[2] ?? 0) > 400 && (shared[3] ?? 0) > 300, `${shared} shared where pods came, went and changed`);
  const refs = cycles.map(({ minutes }) => [...minutes][599]?.ref);
  assert.equal(refs[0], refs[1]);
  assert.deepEqual([...(cycles[2]?.minutes ?? [])], minutesOf(fewer));
  assert.deepEqual(cycles[2]?.cursors, cursorsOf(fewer));
});

test('of cycles that are asked for some workloads, their pods, minutes and patterns are as in the whole ones', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const pods = ['shop/checkout', 'shop/cart', 'bank/checkout'].map((of, i) => pod({ of, name: `pod-${i}` }));
  const patterns = pods.map((each, i) => ({
    ref: refOf(each),
    patterns: [patternOf(`found <num> of ${i}`, { '10:00': 1 })],
    dropped: 0,
  }));
  for (const at of ['10:00', '10:10']) await commit(store, at, [], { states: pods, minutes: minutesOf(pods), patterns });
  const whole = await listOf(store.cycles());
  assert.deepEqual(
    whole.map((each) => each.patterns),
    [patterns, patterns],
  );
  const some = await listOf(store.cycles(({ namespace, name }) => namespace === 'shop' && name === 'checkout'));
  assert.deepEqual(
    some.map((each) => [each.states, [...each.minutes], each.patterns]),
    whole.map(() => [pods.slice(0, 1), minutesOf(pods.slice(0, 1)), patterns.slice(0, 1)]),
  );
});
