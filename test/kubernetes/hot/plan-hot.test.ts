import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Cursor } from '../../../src/core/model/cycle.ts';
import { HotPlanner } from '../../../src/kubernetes/hot/hot-planner.ts';
import { planHot } from '../../../src/kubernetes/hot/plan-hot.ts';

const T0 = 1_800_000_000_000;
const MIB = 1024 * 1024;
const NONE: ReadonlySet<string> = new Set();

function cursor(name: string, options: { rate: number; readAt?: number; node?: string } & Partial<Cursor>): Cursor {
  const { rate, readAt = T0, node = 'node-1', ...more } = options;
  const workload = { namespace: 'ns', kind: 'Pod', name };
  return {
    ref: { workload, pod: name, uid: name, container: 'app', containerID: `containerd://${name}`, node, image: 'image' },
    ...{ since: 1, count: 1, chain: 'c', first: 'f', lastAt: readAt, drained: false, missing: 0 },
    pace: { rate, at: readAt },
    ...more,
  };
}

const names = (refs: readonly { readonly pod: string }[]) => refs.map(({ pod }) => pod);
const following = (follows: readonly Cursor[]) => new Set(follows.map(({ ref }) => ref.containerID));

/** Takes every stream of the node. */
const FASTER = Array.from({ length: 5 }, (_, i) => cursor(`faster-${i}`, { rate: 1024 * 1024 }));

test('a container is read before 2 MiB have come together, and not sooner than 15 s after the last read', () => {
  const rates = fc.integer({ min: 100, max: 100 * 1024 });
  fc.assert(
    fc.property(rates, fc.integer({ min: 0, max: 3_600_000 }), (rate, since) => {
      const isRead = planHot([...FASTER, cursor('a', { rate })], NONE, T0 + since).reads.length > 0;
      if (since < 15_000) assert.ok(!isRead);
      // Two seconds of slack for a read to find its turn.
      else if ((rate * (since + 2_000)) / 1_000 >= 2 * MIB) assert.ok(isRead);
      else if ((rate * (since + 4_000)) / 1_000 < 2 * MIB) assert.ok(!isRead);
    }),
  );
});

test('a quiet container needs no read between the cycles', () => {
  const plan = planHot([cursor('a', { rate: 1024 })], NONE, T0 + 600_000);
  assert.deepEqual(plan, { reads: [], follows: [], nextAt: T0 + 2048_000 - 3_000 });
});

test('a container is followed as long as there are streams, until it has calmed down', () => {
  const at = (rate: number, known: ReadonlySet<string>) => planHot([cursor('a', { rate })], known, T0).follows.length;
  assert.equal(at(500 * 1024, NONE), 1);
  assert.equal(at(4 * 1024 + 1, NONE), 1);
  assert.equal(at(4 * 1024, NONE), 0);
  assert.equal(at(3 * 1024, new Set(['containerd://a'])), 1);
  assert.equal(at(2 * 1024, new Set(['containerd://a'])), 0);
});

test('streams go to the fastest, at most 5 on a node and 50 in all, and never is more read at once than 10 others', () => {
  const fleet = fc.array(fc.record({ rate: fc.integer({ min: 0, max: 2_000_000 }), node: fc.integer({ min: 0, max: 20 }) }), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(fleet, fc.integer({ min: 0, max: 100_000 }), (containers, since) => {
      const cursors = containers.map(({ rate, node }, i) => cursor(`c${i}`, { rate, node: `node-${node}` }));
      const { reads, follows } = planHot(cursors, NONE, T0 + since);
      assert.ok(follows.length <= 50 && reads.length <= 10);
      for (const own of Map.groupBy(follows, ({ ref }) => ref.node).values()) assert.ok(own.length <= 5);
      const followed = new Set(names(follows.map(({ ref }) => ref)));
      assert.ok(names(reads).every((name) => !followed.has(name)));
      const left = cursors.filter(({ ref, pace }) => !followed.has(ref.pod) && (pace?.rate ?? 0) > 4 * 1024);
      for (const { ref, pace } of left) {
        const sameNode = follows.filter((other) => other.ref.node === ref.node);
        const isFull = follows.length === 50 || sameNode.length === 5;
        const better = follows.length === 50 ? follows : sameNode;
        assert.ok(isFull && (follows.length === 50 || better.every((other) => (other.pace?.rate ?? 0) >= (pace?.rate ?? 0))));
      }
    }),
  );
});

test('a container beyond the streams is read every 15 s, the one with most unread first', () => {
  const cursors = Array.from({ length: 20 }, (_, i) => cursor(`c${i}`, { rate: 200 * 1024 + i }));
  const { reads, follows } = planHot(cursors, NONE, T0 + 15_000);
  assert.deepEqual(names(follows.map(({ ref }) => ref)), ['c19', 'c18', 'c17', 'c16', 'c15']);
  assert.deepEqual(names(reads), ['c14', 'c13', 'c12', 'c11', 'c10', 'c9', 'c8', 'c7', 'c6', 'c5']);
});

test('what is followed is not read beside its stream, also while the stream is being given up', () => {
  const cursors = [...FASTER, cursor('a', { rate: 20 * 1024 })];
  assert.equal(planHot(cursors, NONE, T0 + 600_000).reads.length, 1);
  assert.equal(planHot(cursors, following(cursors), T0 + 600_000).reads.length, 0);
});

test('instances that have ended, are gone or were never read are left to the cycles', () => {
  const rate = 500 * 1024;
  const cursors = [
    cursor('drained', { rate, drained: true }),
    cursor('gone', { rate, missing: 1 }),
    cursor('unread', { rate, count: 0 }),
  ];
  assert.deepEqual(planHot(cursors, NONE, T0 + 600_000), { reads: [], follows: [], nextAt: Number.POSITIVE_INFINITY });
});

test('a plan that is kept as long as nothing changes is the one that would be made anew', () => {
  const fleet = fc.array(fc.record({ rate: fc.integer({ min: 0, max: 200_000 }), followed: fc.boolean() }), { maxLength: 12 });
  const step = fc.record({ ms: fc.integer({ min: -5_000, max: 60_000 }), fleet: fc.option(fleet), drops: fc.boolean() });
  fc.assert(
    fc.property(fleet, fc.array(step, { maxLength: 30 }), (first, steps) => {
      const planner = new HotPlanner();
      const book = { version: 0, cursors: [] as Cursor[], all: () => book.cursors };
      let known: ReadonlySet<string> = NONE;
      let now = T0;
      for (const { ms, fleet: changed, drops } of [{ ms: 0, fleet: first, drops: false }, ...steps]) {
        now += ms;
        if (changed !== null) {
          book.version++;
          book.cursors = changed.map(({ rate }, i) => cursor(`c${i}`, { rate, readAt: now, node: `node-${i % 3}` }));
          known = following(book.cursors.filter((_, i) => changed[i]?.followed));
        } else if (drops) known = new Set([...known].slice(1));
        assert.deepEqual({ ...planner.plan(book, known, now), nextAt: 0 }, { ...planHot(book.cursors, known, now), nextAt: 0 });
      }
    }),
  );
});

test('the cursors are looked through again only when something has changed or is due', () => {
  const planner = new HotPlanner();
  let looks = 0;
  const book = { version: 1, all: () => [cursor('a', { rate: 1024 })].filter(() => ++looks > 0) };
  for (let second = 0; second < 2045; second++) planner.plan(book, NONE, T0 + second * 1000);
  assert.equal(looks, 1);
  assert.equal(planner.plan(book, NONE, T0 + 2045_000).reads.length, 1);
  assert.equal(looks, 2);
});
