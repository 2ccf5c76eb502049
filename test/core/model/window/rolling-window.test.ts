import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { HOUR, MINUTE } from '../../../../src/base/duration.ts';
import type { Alert } from '../../../../src/core/model/alert.ts';
import type { Cycle, Gap } from '../../../../src/core/model/cycle.ts';
import type { Matcher } from '../../../../src/core/model/matcher.ts';
import { RollingWindow, type WindowOptions } from '../../../../src/core/model/window/rolling-window.ts';
import { MinuteTable } from '../../../../src/core/model/window/window-minutes.ts';
import { clock, container, cycle, EVERYTHING, minute, pod, refOf, restartsOf, selector, usage } from '../../../build.ts';

const KEY = 'shop/Deployment/checkout';
const ERRORS: Matcher = { kind: 'level', atLeast: 5 };
const PANIC: Matcher = { kind: 'pattern', pattern: 'panic' };

function windowOf(cycles: readonly Cycle[], options: Partial<WindowOptions> = {}): RollingWindow {
  const window = new RollingWindow({ span: 24 * HOUR, staleness: 25 * MINUTE, counters: [], ...options });
  for (const each of cycles) window.add(each);
  return window;
}

const at = (time: string) => clock(time) / MINUTE;

suite('counts', () => {
  const lines = (of = pod()) => [
    {
      ref: refOf(of),
      minutes: [
        minute('10:03', { levels: { info: 7, error: 2, fatal: 1 }, statuses: { 5: 4 }, matched: { 'pattern=panic': 3 } }),
      ],
    },
  ];

  test('built-in matchers need no counter', () => {
    const window = windowOf([cycle('10:10', { states: [pod()], minutes: lines() })]);
    const count = (matcher: Matcher) => window.counts(KEY, 'app', matcher, EVERYTHING)?.at(at('10:03'));
    assert.equal(count({ kind: 'everything' }), 14);
    assert.equal(count(ERRORS), 3);
    assert.equal(count({ kind: 'status_class', class: 5 }), 4);
    assert.equal(count({ kind: 'any_status' }), 4);
  });

  test('any other matcher is counted when the window was told to, else null', () => {
    const window = windowOf([cycle('10:10', { states: [pod()], minutes: lines() })], {
      counters: [{ matcher: PANIC, selection: EVERYTHING }],
    });
    assert.equal(window.counts(KEY, 'app', PANIC, EVERYTHING)?.at(at('10:03')), 3);
    assert.equal(window.counts(KEY, 'app', { kind: 'status', status: 503 }, EVERYTHING), null);
  });

  test('pods of a workload are summed, and cycles add up', () => {
    const second = pod({ name: 'checkout-2' });
    const both = cycle('10:10', { states: [pod(), second], minutes: [...lines(), ...lines(second)] });
    const late = cycle('10:20', { states: [pod(), second], minutes: lines() });
    assert.equal(windowOf([both, late]).counts(KEY, 'app', ERRORS, EVERYTHING)?.at(at('10:03')), 9);
  });

  test('a selection on single pods is counted apart', () => {
    const [web, batch] = [pod({ labels: { tier: 'web' } }), pod({ name: 'checkout-2', labels: { tier: 'batch' } })];
    const selection = { match: [selector({ labels: { tier: 'web' } })], except: [] };
    const window = windowOf([cycle('10:10', { states: [web, batch], minutes: [...lines(web), ...lines(batch)] })], {
      counters: [{ matcher: ERRORS, selection }],
    });
    assert.equal(window.counts(KEY, 'app', ERRORS, selection)?.at(at('10:03')), 3);
    assert.equal(window.counts(KEY, 'app', ERRORS, EVERYTHING)?.at(at('10:03')), 6);
  });

  test('a cycle that is added twice counts once', () => {
    const one = cycle('10:10', { states: [pod()], minutes: lines() });
    assert.equal(windowOf([one, one]).counts(KEY, 'app', ERRORS, EVERYTHING)?.at(at('10:03')), 3);
  });
});

suite('MinuteTable', () => {
  test('it answers like a map, sparse or dense', () => {
    const cell = fc.tuple(
      fc.integer({ min: 29_000_000, max: 29_000_400 }),
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 1, max: 9 }),
    );
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 600 }), (cells) => {
        const table = new MinuteTable();
        const map = new Map<string, number>();
        for (const [when, column, count] of cells) {
          table.add(when, column, count);
          map.set(`${when} ${column}`, (map.get(`${when} ${column}`) ?? 0) + count);
        }
        for (const [when, column] of cells) assert.equal(table.get(when, column), map.get(`${when} ${column}`));
        assert.equal(table.get(28_000_000, 0), 0);
        const [from, to, columns] = [29_000_090, 29_000_310, [3, 7]];
        const within = cells.filter(([when, column]) => when < to && columns.includes(column));
        const counted = within.filter(([when]) => when >= from).reduce((sum, [, , count]) => sum + count, 0);
        assert.equal(table.total(from, to, columns), counted);
        assert.equal(table.newest(to, columns), within.length === 0 ? null : Math.max(...within.map(([when]) => when)));
      }),
      { numRuns: 30 },
    );
  });

  test('it forgets what is older, at once while sparse, by the chunk once dense', () => {
    const table = new MinuteTable();
    for (let index = 0; index < 2000; index++) table.add(29_000_000 + index, 0, 1);
    table.expire(29_001_500);
    assert.equal(table.get(29_000_100, 0), 0);
    assert.equal(table.get(29_001_500, 0), 1);
  });
});

suite('coverage', () => {
  const gap = (from: string | null, to: string, reason: Gap['reason'] = 'rotated'): Gap => ({
    namespace: 'shop',
    workload: pod().workload,
    pod: 'checkout-1',
    container: 'app',
    from: from === null ? null : clock(from),
    to: clock(to),
    reason,
  });
  const seen = (window: RollingWindow, ...times: string[]) => times.map((time) => window.coverage(KEY, 'app', at(time)));

  test('what was read without a loss is seen, from the lookback to the start of the newest cycle', () => {
    const window = windowOf([cycle('10:10', { states: [pod({ createdAt: clock('07:00') })] })]);
    assert.deepEqual(seen(window, '09:09', '09:10', '10:09', '10:10'), ['unseen', 'seen', 'seen', 'unseen']);
  });

  test('a young pod is seen from its creation on', () => {
    const window = windowOf([cycle('10:10', { states: [pod({ createdAt: clock('10:05:30') })] })]);
    assert.deepEqual(seen(window, '10:04', '10:05', '10:06'), ['unseen', 'seen', 'seen']);
  });

  test('a gap is no sight, whatever the other pods had', () => {
    const second = pod({ name: 'checkout-2' });
    const window = windowOf([cycle('10:10', { states: [pod(), second], gaps: [gap('10:02', '10:04:30')] })]);
    assert.deepEqual(seen(window, '10:01', '10:02', '10:04', '10:05'), ['seen', 'gap', 'gap', 'seen']);
    assert.equal(window.gaps(KEY, clock('10:00'), clock('10:10')).length, 1);
    assert.equal(window.gaps(KEY, clock('10:05'), clock('10:10')).length, 0);
  });

  test('a gap of unknown start reaches back to the last look', () => {
    const cycles = [cycle('10:00', { states: [pod()] }), cycle('10:10', { states: [pod()], gaps: [gap(null, '10:09')] })];
    assert.deepEqual(seen(windowOf(cycles), '09:59', '10:00', '10:08', '10:09'), ['seen', 'gap', 'gap', 'seen']);
  });

  test('what a read gave up on is whole again after the next read; what rotated away is not', () => {
    for (const [reason, after] of [
      ['read_failed', 'seen'],
      ['rotated', 'gap'],
    ] as const) {
      const failed = cycle('10:10', { states: [pod()], gaps: [gap('10:02', '10:10', reason)] });
      assert.deepEqual(seen(windowOf([failed]), '10:05'), ['gap']);
      assert.deepEqual(seen(windowOf([failed, cycle('10:20', { states: [pod()] })]), '10:05'), [after]);
    }
  });

  test('logs of a namespace that are refused are not seen', () => {
    const error = { source: 'logs', namespace: 'shop', reason: 'forbidden', message: '' } as const;
    const window = windowOf([cycle('10:00', { states: [pod()] }), cycle('10:10', { states: [pod()], errors: [error] })]);
    assert.deepEqual(seen(window, '09:59', '10:05'), ['seen', 'unseen']);
  });

  test('a namespace that was not listed is not seen until it is again', () => {
    const cycles = [cycle('10:00', { states: [pod()] }), cycle('10:10', { states: [], namespaces: [], podsComplete: false })];
    assert.deepEqual(seen(windowOf(cycles), '10:05'), ['unseen']);
    assert.deepEqual(seen(windowOf([...cycles, cycle('10:20', { states: [pod()] })]), '10:05'), ['seen']);
  });
});

suite('the window', () => {
  test('it holds its span and forgets what is older', () => {
    const early = cycle('00:10', {
      states: [pod({ of: 'shop/gone' })],
      minutes: [{ ref: refOf(pod({ of: 'shop/gone' })), minutes: [minute('00:05', { levels: { error: 3 } })] }],
      restarts: [restartsOf(pod({ of: 'shop/gone' }), '00:10')],
    });
    const window = windowOf([early, cycle('10:10', { states: [pod()] })], { span: 6 * HOUR });
    assert.equal(window.cycles.length, 1);
    assert.deepEqual(
      window.workloads().map(({ workload }) => workload.name),
      ['checkout'],
    );
    assert.deepEqual(window.restarts('shop/Deployment/gone', 0, clock('10:10')), []);
  });

  test('records are dated in (from, to], oldest first', () => {
    const restarts = ['10:07', '10:03', '10:10'].map((time) => restartsOf(pod(), time));
    const window = windowOf([cycle('10:10', { states: [pod()], restarts })]);
    assert.deepEqual(
      window.restarts(KEY, clock('10:03'), clock('10:10')).map((each) => each.at),
      [clock('10:07'), clock('10:10')],
    );
  });

  test('two thousand records of one workload are kept, the newest', () => {
    const restarts = Array.from({ length: 2_100 }, (_, index) => restartsOf(pod(), clock('10:00') + index));
    const window = windowOf([cycle('10:10', { states: [pod()], restarts })]);
    const kept = window.restarts(KEY, 0, clock('10:10'));
    assert.deepEqual([kept.length, kept[0]?.at], [2_000, clock('10:00') + 100]);
  });

  test('a cycle that is added step by step is listed when all of it is there, and adds what it does at once', () => {
    const both = [pod(), pod({ name: 'checkout-2' })];
    const lines = both.map((of) => ({ ref: refOf(of), minutes: [minute('10:03', { levels: { error: 2 } })] }));
    const added = cycle('10:10', {
      states: both,
      minutes: lines,
      usage: both.map((of) => usage(of, { cpu: 0.5, memory: 256 })),
    });
    const [atOnce, inSteps] = [windowOf([added]), windowOf([])];
    const errors = (window: RollingWindow) => window.counts(KEY, 'app', ERRORS, EVERYTHING)?.at(at('10:03'));
    let steps = 0;
    for (const _ of inSteps.addInSteps(added)) {
      steps++;
      if (inSteps.cycles.length === 0) assert.deepEqual(inSteps.scheduled, []);
      else assert.equal(errors(inSteps), 4);
    }
    assert.ok(steps > both.length, `${steps} steps`);
    assert.deepEqual([inSteps.cycles, inSteps.scheduled], [atOnce.cycles, atOnce.scheduled]);
    assert.deepEqual(inSteps.newest, atOnce.newest);
    assert.deepEqual([errors(inSteps), errors(atOnce)], [4, 4]);
    assert.deepEqual(inSteps.usageHistory(KEY), atOnce.usageHistory(KEY));
  });

  test('unchanged pods are shared between samples, and known until they are absent from a complete list', () => {
    const window = windowOf([cycle('10:00', { states: [pod()] }), cycle('10:10', { states: [structuredClone(pod())] })]);
    assert.equal(window.sampleAt(clock('10:00'))?.pods[0], window.newest?.pods[0]);
    window.add(cycle('10:20', { states: [], namespaces: [], podsComplete: false }));
    assert.equal(window.pods.length, 1);
    window.add(cycle('10:30', { states: [] }));
    assert.equal(window.pods.length, 0);
  });

  test('only states that can still be judged by are kept', () => {
    const window = windowOf(
      Array.from({ length: 60 }, (_, index) => cycle(clock('00:10') + index * 10 * MINUTE, { states: [pod()] })),
    );
    const newest = window.newest?.at ?? 0;
    assert.equal(window.sampleAt(newest - 30 * MINUTE)?.at, newest - 30 * MINUTE);
    assert.equal(window.sampleAt(newest - 60 * MINUTE), null);
  });

  test('sixty-four states are kept at most, however often collections run', () => {
    const window = windowOf(Array.from({ length: 100 }, (_, index) => cycle(clock('10:00') + index * 1000, { states: [pod()] })));
    assert.equal(window.sampleAt(clock('10:00') + 36_000)?.at, clock('10:00') + 36_000);
    assert.equal(window.sampleAt(clock('10:00') + 35_000), null);
  });

  test('five hundred gaps of one container are kept apart, older ones as one', () => {
    const gaps = Array.from({ length: 600 }, (_, index): Gap => {
      const from = clock('09:00') + index * 2000;
      return {
        namespace: 'shop',
        workload: pod().workload,
        pod: 'checkout-1',
        container: 'app',
        from,
        to: from + 1000,
        reason: 'rotated',
      };
    });
    const window = windowOf([cycle('10:10', { states: [pod({ createdAt: clock('08:00') })], gaps })], { lookback: 2 * HOUR });
    assert.equal(window.gaps(KEY, 0, clock('10:10')).length, 500);
    assert.equal(window.coverage(KEY, 'app', at('09:00')), 'gap');
  });

  test('usage has one point per cycle: the container with the largest share of its limit', () => {
    const limits = { cpu: 1, memory: 1024 };
    const [one, two] = [
      pod({ containers: [container({ limits })] }),
      pod({ name: 'checkout-2', containers: [container({ limits })] }),
    ];
    const window = windowOf([
      cycle('10:00', { states: [one], usageSource: 'unavailable' }),
      cycle('10:10', {
        states: [one, two],
        usage: [usage(one, { cpu: 0.5, memory: 256 }), usage(two, { cpu: 0.25, memory: 512 })],
      }),
    ]);
    assert.deepEqual(window.usageHistory(KEY), [
      { at: clock('10:00'), cpu: null, memory: null, cpuLimit: null, memoryLimit: null },
      { at: clock('10:10'), cpu: 0.5, memory: 512, cpuLimit: 1, memoryLimit: 1024 },
    ]);
  });

  test('the strip is failing while an alert fires, unknown where the namespace was not listed or nothing existed yet', () => {
    const cycles = [
      cycle('10:00', { states: [] }),
      cycle('10:10', { states: [pod()] }),
      cycle('10:20', { states: [pod()] }),
      cycle('10:30', { states: [], namespaces: [], podsComplete: false }),
      cycle('10:40', { states: [pod()] }),
    ];
    const labels = { namespace: 'shop', kind: 'Deployment', workload: 'checkout' };
    const alert = { labels, firedAt: clock('10:23'), resolvedAt: clock('10:29') };
    const strip = windowOf(cycles).strip(KEY, [alert satisfies Partial<Alert>]);
    assert.deepEqual(strip, ['unknown', 'ok', 'failing', 'unknown', 'ok']);
  });
});
