import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { MOST_WAITING, TargetedCycles } from '../../../src/app/cycle/targeted-cycles.ts';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import { container, pod } from '../../build.ts';
import { eventually } from '../../faults/eventually.ts';

type Next = () => Promise<{ readonly reads: readonly { readonly containers: ReadonlySet<string> | null }[] } | null>;

/** Runs targeted cycles over an engine that only notes what it is given: the reads of each cycle, batch by batch. */
function started({ delay = 0, clock = systemClock }: { readonly delay?: number; readonly clock?: Clock } = {}) {
  const cycles: number[][] = [];
  const abort = new AbortController();
  const engine = {
    judgesAt: null,
    async judgeWaiting() {},
    async targeted(next: Next) {
      const batches: number[] = [];
      cycles.push(batches);
      for (let batch = await next(); batch !== null; batch = await next()) {
        batches.push(batch.reads.length);
        await systemClock.sleep(delay, abort.signal);
      }
      return [];
    },
  };
  const targeted = new TargetedCycles({ engine, clock, logger: silentLogger, onJudged() {} });
  const done = targeted.run(abort.signal);
  return {
    targeted,
    cycles,
    async [Symbol.asyncDispose]() {
      abort.abort();
      await done;
    },
  };
}

const read = (name: string, containers: readonly string[] | null = null) => ({
  pod: pod({ name, containers: [container()] }),
  containers: containers === null ? null : new Set(containers),
});

suite('targeted cycles', () => {
  /** Time does not pass: what waits for a later time waits for ever. */
  const still: Clock = {
    ...systemClock,
    monotonic: () => 0,
    sleep: (ms, signal) => (ms > 0 ? once(signal, 'abort').then(() => undefined) : systemClock.sleep(ms, signal)),
  };

  test('begin at once; what comes before the next commit may be made joins the one that runs', async () => {
    await using on = started({ clock: still });
    on.targeted.add({ reads: [read('a')], observed: [] });
    await eventually('a cycle', 30_000, () => on.cycles.length === 1);
    on.targeted.add({ reads: [read('b')], observed: [] });
    await eventually('another cycle', 30_000, () => on.cycles.length === 2);
    on.targeted.add({ reads: [read('c')], observed: [] });
    await eventually('a joined batch', 30_000, () => on.cycles[1]?.length === 2);
    assert.deepEqual(on.cycles, [[1], [1, 1]]);
  });

  test('wait for nothing more where something is due', async () => {
    await using on = started({ clock: still });
    for (const count of [1, 2, 3]) {
      on.targeted.add({ reads: [read('a')], observed: [], isDue: true });
      await eventually('a cycle', 30_000, () => on.cycles.length === count);
    }
    on.targeted.add({ reads: [read('b')], observed: [] });
    await eventually('a cycle', 30_000, () => on.cycles.length === 4);
    on.targeted.add({ reads: [read('c')], observed: [], isDue: true });
    await eventually('a joined batch', 30_000, () => on.cycles[3]?.length === 2);
    on.targeted.add({ reads: [read('d')], observed: [] });
    await eventually('a new cycle', 30_000, () => on.cycles.length === 5);
  });

  test('are committed in time, however much comes', async () => {
    await using on = started({ delay: 20 });
    const feed = setInterval(() => on.targeted.add({ reads: [read('a')], observed: [] }), 5);
    try {
      await eventually('three cycles', 30_000, () => on.cycles.length >= 3);
    } finally {
      clearInterval(feed);
    }
  });

  test('read a pod once for all that was asked of it', async () => {
    await using on = started();
    for (const containers of [['a'], ['b'], null]) on.targeted.add({ reads: [read('x', containers)], observed: [] });
    await eventually('a cycle', 30_000, () => on.cycles[0]?.length === 1);
    assert.deepEqual(on.cycles[0], [1]);
  });

  test('take no more than their bound', () => {
    const targeted = new TargetedCycles({
      engine: { judgesAt: null, async judgeWaiting() {}, targeted: async () => [] },
      clock: systemClock,
      logger: silentLogger,
      onJudged() {},
    });
    for (let index = 0; index < MOST_WAITING; index++) assert.ok(targeted.add({ reads: [read(`pod-${index}`)], observed: [] }));
    assert.equal(targeted.add({ reads: [read('one more')], observed: [] }), false);
  });
});
