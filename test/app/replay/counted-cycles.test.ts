import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountedCycles } from '../../../src/app/replay/counted-cycles.ts';
import { PackedCounts } from '../../../src/app/replay/packed-counts.ts';
import { HOUR } from '../../../src/base/duration.ts';
import type { PatternRunner } from '../../../src/core/analyze/matching/pattern-runner.ts';
import type { LateCounts } from '../../../src/core/model/late-counts.ts';
import type { Minute } from '../../../src/core/model/minute.ts';
import { json } from '../../../src/store/json/json.ts';
import { clock, minute } from '../../build.ts';
import { rule } from '../../build-rule.ts';
import { commit, containerOf, listOf, options, segmentOf, temporaryFolder } from '../../store/store-fixture.ts';

const UNHURRIED: PatternRunner = { run: () => Promise.reject(new Error('nothing was to be put off')), isSuspended: () => false };
const RULES = [rule('log_match', { pattern: 'refused' }), rule('new_pattern', { level: 'info' })];
const HOURS = ['08', '09', '10', '11'];

/** What two passes over a day read, and how often each of its cycles was counted. */
async function twice(keep: number) {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  for (const hour of HOURS) {
    const said = segmentOf(containerOf(), [{ at: `${hour}:30:00`, text: `order ${hour} was refused` }]);
    const minutes = [{ ref: said.ref, minutes: [minute(`${hour}:30`, { levels: { info: 1 } })] }];
    await commit(store, clock(`${hour}:30`) + HOUR / 2, [said], { minutes, counted: [], patternsFrom: 4 });
  }
  const counted: string[] = [];
  const onCount = (cycle: string) => counted.push(cycle);
  const parts = { rules: RULES, runner: UNHURRIED, keep, onCount, onDamage: assert.fail };
  const cycles = new CountedCycles(store, parts, new AbortController().signal);
  const passes = [await listOf(cycles.cycles()), await listOf(cycles.cycles())].map((pass) =>
    pass.map(({ id, minutes, patterns, counted: of }) => ({ id, minutes: [...minutes], patterns, of })),
  );
  return { counted, passes };
}

test('a cycle is counted once where there is room for what was counted, and else again, with the same result', async () => {
  const [kept, dropped] = [await twice(1024 * 1024), await twice(0)];
  assert.equal(kept.counted.length, HOURS.length);
  assert.equal(dropped.counted.length, 2 * HOURS.length);
  for (const { passes } of [kept, dropped]) assert.deepEqual(passes[1], passes[0]);
  assert.deepEqual(kept.passes, dropped.passes);
  assert.deepEqual(
    kept.passes[0]?.map(({ patterns }) => patterns.flatMap((each) => each.patterns.map(({ template }) => template))),
    HOURS.map(() => ['order <num> was refused']),
  );
});

test('only the lines of the workloads that are asked for are counted', async () => {
  await using folder = await temporaryFolder();
  await using store = await json.open(options(folder.path));
  const said = ['shop/checkout', 'shop/cart'].map((of) =>
    segmentOf(containerOf({ of }), [{ at: '08:30:00', text: 'an order was refused' }]),
  );
  const minutes = said.map(({ ref }) => ({ ref, minutes: [minute('08:30', { levels: { info: 1 } })] }));
  await commit(store, clock('09:00'), said, { minutes, counted: [], patternsFrom: 4 });
  const parts = { rules: RULES, runner: UNHURRIED, keep: 0, onCount: () => undefined, onDamage: assert.fail };
  const of = async (only?: (workload: { readonly name: string }) => boolean) => {
    const [cycle] = await listOf(new CountedCycles(store, { ...parts, only }, new AbortController().signal).cycles());
    const counted = cycle === undefined ? [] : [...cycle.minutes].filter((each) => each.minutes.some(hasMatched));
    return counted.map(({ ref }) => ref.workload.name).sort();
  };
  assert.deepEqual(await of(), ['cart', 'checkout']);
  assert.deepEqual(await of(({ name }) => name === 'cart'), ['cart']);
});

function hasMatched({ matched }: Minute): boolean {
  return Object.keys(matched).length > 0;
}

test('counts take no more than the room for them', async () => {
  const late = (number: number): LateCounts => ({
    counted: ['pattern=refused'],
    minutes: [{ ref: containerOf(), minutes: [{ minute: number, counts: [], matched: { 'pattern=refused': 1 } }] }],
  });
  const fits = async (room: number, count: number) => {
    const packed = new PackedCounts(room);
    for (let number = 0; number < count; number++) await packed.keep(String(number), late(number + 1_000_000));
    const found = await Promise.all(Array.from({ length: count }, (_, number) => packed.get(String(number))));
    for (const [number, each] of found.entries()) if (each !== null) assert.deepEqual(each, late(number + 1_000_000));
    return found.filter((each) => each !== null).length;
  };
  let size = 1;
  while ((await fits(size, 1)) === 0) size++;
  assert.equal(await fits(3 * size + size / 2, 10), 3);
  assert.equal(await fits(0, 10), 0);
});
