import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../../src/base/duration.ts';
import { EVIDENCE_BYTES, shrinkEvidence } from '../../../../src/core/alerts/evidence/evidence-size.ts';
import { type EvidenceInput, gatherEvidence } from '../../../../src/core/alerts/evidence/gather-evidence.ts';
import type { Cycle } from '../../../../src/core/model/cycle.ts';
import type { LineQuery } from '../../../../src/core/model/line-query.ts';
import type { ContainerRef, Level, LogLine } from '../../../../src/core/model/log-line.ts';
import type { Matcher } from '../../../../src/core/model/matcher.ts';
import { RollingWindow } from '../../../../src/core/model/window/rolling-window.ts';
import { crashLoop } from '../../../../src/core/rules/crash-loop.ts';
import { errorRatio } from '../../../../src/core/rules/error-ratio.ts';
import { clock, cycle, minute, patternOf, pod, refOf, terminationOf } from '../../../build.ts';
import { alert, evidence } from '../build-alert.ts';

const shop = pod({ of: 'shop/checkout' });
const all = { match: [], except: [] };
const errors: Matcher = { kind: 'level', atLeast: 5 };

function line(
  time: string,
  text: string,
  fields: { readonly level?: Level; readonly ref?: Partial<ContainerRef> } = {},
): LogLine {
  return {
    second: clock(time) / 1_000,
    nanos: 0,
    ref: { ...refOf(shop), ...fields.ref },
    level: fields.level ?? 3,
    status: 0,
    text,
  };
}

/** A store's lines, by the query's own tests. */
function reader(lines: readonly LogLine[]) {
  return async function* (query: LineQuery): AsyncGenerator<LogLine> {
    const found = lines.filter(
      ({ second, level, ref }) =>
        second * 1_000 >= query.from &&
        second * 1_000 < query.to &&
        level >= query.minLevel &&
        (query.containerID === null || query.containerID === ref.containerID) &&
        (query.namespace?.(ref.workload.namespace) ?? true) &&
        (query.kind?.(ref.workload.kind) ?? true) &&
        (query.workload?.(ref.workload.name) ?? true) &&
        (query.pod?.(ref.pod) ?? true) &&
        (query.container?.(ref.container) ?? true),
    );
    yield* query.order === 'newest_first' ? found.toReversed() : found;
  };
}

function gather(lines: readonly LogLine[], cycles: readonly Cycle[], fields: Partial<EvidenceInput> = {}) {
  const window = new RollingWindow({ span: DAY, staleness: 25 * MINUTE, counters: [{ matcher: errors, selection: all }] });
  for (const each of cycles) window.add(each);
  return gatherEvidence({
    alert: alert({ of: 'shop/checkout', activeAt: clock('10:00') }),
    condition: { about: 'pods', evidence: null, evaluate: () => [] },
    selection: all,
    window,
    lines: reader(lines),
    alerts: [],
    matches: (matcher, { level }) => matcher.kind === 'level' && level >= matcher.atLeast,
    now: clock('10:10'),
    ...fields,
  });
}

suite('evidence', () => {
  const end = terminationOf(shop, '10:05', { containerID: 'containerd://old', exitCode: 137, reason: 'OOMKilled' });
  const crashed = cycle('10:10', {
    states: [shop],
    terminations: [terminationOf(shop, '09:50'), end],
    events: Array.from({ length: 7 }, (_, i) => ({
      uid: `e${i}`,
      namespace: 'shop',
      kind: 'Pod',
      name: shop.name,
      objectUid: shop.uid,
      workload: shop.workload,
      type: 'Warning',
      reason: 'BackOff',
      message: `event ${i}`,
      at: clock('10:00') + i * MINUTE,
      count: 1,
    })),
  });

  test('a crash shows the last lines of the instance that ended, not of the one that runs', async () => {
    const old = { containerID: 'containerd://old' };
    const lines = [
      ...Array.from({ length: 40 }, (_, i) => line('10:04', `working ${i}`, { ref: old })),
      line('10:05', 'out of memory', { ref: old }),
      line('10:05', 'starting', { ref: { containerID: 'containerd://new' } }),
    ];
    const found = await gather(lines, [crashed]);
    assert.equal(found.lastLines.length, 25);
    assert.equal(found.lastLines.at(-1)?.text, 'out of memory');
    assert.equal(found.lastLines[0]?.text, 'working 16');
    assert.deepEqual(
      found.terminations.map(({ exitCode, reason }) => [exitCode, reason]),
      [
        [137, 'OOMKilled'],
        [1, 'Error'],
      ],
    );
  });

  test('a crash shows what its instance said before the runtime had dated its start', async () => {
    const brief = terminationOf(shop, '10:05', { containerID: 'containerd://old', startedAt: clock('10:05') });
    const lines = [line('10:04:59', 'no such file', { ref: { containerID: 'containerd://old' } })];
    const found = await gather(lines, [cycle('10:10', { states: [shop], terminations: [brief] })]);
    assert.deepEqual(
      found.lastLines.map(({ text }) => text),
      ['no such file'],
    );
  });

  test('an alert on logs shows the three patterns that most of its lines have', async () => {
    const ref = refOf(shop);
    const patterns = [
      patternOf('once', { '09:55': 1 }),
      patternOf('often', { '08:00': 50, '09:55': 4, '10:02': 5 }),
      patternOf('seldom', { '09:58': 3 }),
      patternOf('sometimes', { '09:59': 4 }),
      patternOf('a warning', { '09:59': 400 }, { level: 4 }),
    ];
    const found = await gather(
      [],
      [cycle('10:10', { states: [shop], patterns: [{ ref, patterns, dropped: 0 }], patternsFrom: 4 })],
      {
        condition: { about: 'logs', evidence: errors, reach: 10 * MINUTE, evaluate: () => [] },
      },
    );
    assert.deepEqual(
      found.patterns?.map(({ template, count }) => `${count} × ${template}`),
      ['9 × often', '4 × sometimes', '3 × seldom'],
    );
  });

  test('at most five events, newest first', async () => {
    const { events } = await gather([], [crashed]);
    assert.deepEqual(
      events.map(({ message }) => message),
      ['event 6', 'event 5', 'event 4', 'event 3', 'event 2'],
    );
  });

  test('what no container ended for shows what its pods say now, one of them', async () => {
    const of = (pod: string) => ({ ref: { pod } });
    const lines = [
      ...Array.from({ length: 20 }, (_, i) => line('10:01', `waiting for a leader ${i}`, of('checkout-2'))),
      line('10:01', 'of another pod', of('checkout-3')),
      line('10:02', 'no leader', of('checkout-2')),
    ];
    const hangs = { ...alert({ of: 'shop/checkout', activeAt: clock('10:00') }), facts: { pods: ['checkout-2', 'checkout-3'] } };
    const found = await gather(lines, [cycle('10:10', { states: [shop] })], { alert: hangs });
    assert.equal(found.lastLines.length, 10);
    assert.equal(found.lastLines.at(-1)?.text, 'no leader');
    assert.ok(found.lastLines.every(({ pod }) => pod === 'checkout-2'));
    const unnamed = { ...hangs, facts: {} };
    assert.deepEqual((await gather(lines, [], { alert: unnamed })).lastLines, []);
  });

  test('a job whose pods its deadline has removed shows what they said before', async () => {
    const lines = [line('09:50', 'exporting 1 of 9000'), line('10:05', 'the next run')];
    const failed = { ...alert({ of: 'shop/checkout', activeAt: clock('10:00') }), facts: {} };
    const condition = { about: 'pods', failedEnds: true, evidence: null, evaluate: () => [] } as const;
    const { lastLines } = await gather(lines, [], { alert: failed, condition });
    assert.deepEqual(
      lastLines.map(({ text }) => text),
      ['exporting 1 of 9000'],
    );
  });

  test('a silence shows the last lines before it that it misses', async () => {
    const lines = [
      ...Array.from({ length: 20 }, (_, i) => line('08:30', `tick ${i}`, { level: 5 })),
      line('08:31', 'waiting for the lock', { level: 5 }),
      line('09:59', 'of another level', { level: 3 }),
    ];
    const silent = alert({ of: 'shop/checkout', activeAt: clock('10:00') });
    const condition = { about: 'logs', evidence: errors, showsLast: true, reach: 2 * HOUR, evaluate: () => [] } as const;
    const found = await gather(lines, [cycle('10:10', { states: [shop] })], { alert: silent, condition });
    assert.deepEqual(found.matching, []);
    assert.deepEqual([found.lastLines.length, found.lastLines.at(-1)?.text], [10, 'waiting for the lock']);
  });

  test('tries under generated names are one event', async () => {
    const [event] = crashed.events;
    assert.ok(event);
    const events = ['8hc2x', 'zz9bk'].map((name) => ({
      ...event,
      message: `(combined from similar events): pods "web-${name}" is forbidden: x`,
    }));
    const found = await gather(
      [],
      [cycle('10:10', { states: [shop], events: [...events, { ...event, message: events[0]?.message.slice(31) ?? '' }] })],
    );
    assert.deepEqual(
      found.events.map(({ count }) => count),
      [3],
    );
  });

  test('an event that goes on is told once, with how often it happened', async () => {
    const states = [shop];
    const again = (at: string, count: number) => {
      const [event] = crashed.events;
      assert.ok(event);
      return cycle(at, { states, events: [{ ...event, message: 'Back-off', at: clock(at), count }] });
    };
    const { events } = await gather([], [again('09:58', 1), again('10:00', 2), again('10:02', 2)]);
    assert.deepEqual(
      events.map(({ at, message, count }) => [at, message, count]),
      [[clock('10:02'), 'Back-off', 5]],
    );
  });

  test('matching records lie within the minutes that were judged', async () => {
    const lines = [line('09:48', 'of an older matter', { level: 5 }), line('09:58', 'boom', { level: 5 })];
    const condition = errorRatio.bind({
      errors,
      of: { kind: 'everything' },
      above: 0.05,
      min_count: 1,
      minutes: { bad: 1, of: 10 },
    });
    const { matching } = await gather(lines, [cycle('10:10', { states: [shop] })], { condition });
    assert.deepEqual(
      matching.map(({ text }) => text),
      ['boom'],
    );
  });

  test('records that differ in their numbers alone are shown once', async () => {
    const lines = [
      ...Array.from({ length: 20 }, (_, i) => line('09:58', `order ${i} of user u${i}f refused`, { level: 5 })),
      line('09:59', 'card service timed out', { level: 5 }),
    ];
    const { matching } = await gather(lines, [cycle('10:10', { states: [shop] })], {
      condition: { about: 'logs', evidence: errors, evaluate: () => [] },
    });
    assert.deepEqual(
      matching.map(({ text }) => text),
      ['order 0 of user u0f refused', 'card service timed out'],
    );
  });

  test('a rule on logs shows the first matching records, each text once', async () => {
    const lines = [
      line('09:00', 'too long ago', { level: 5 }),
      line('09:58', 'fine'),
      line('09:58', 'boom', { level: 5 }),
      line('09:59', 'boom', { level: 5 }),
      line('09:59', 'of another workload', {
        level: 6,
        ref: { workload: { namespace: 'shop', kind: 'Deployment', name: 'cart' } },
      }),
      line('10:00', 'bang', { level: 6 }),
    ];
    const found = await gather(lines, [cycle('10:10', { states: [shop] })], {
      condition: { about: 'logs', evidence: errors, evaluate: () => [] },
    });
    assert.deepEqual(
      found.matching.map(({ text, level }) => [text, level]),
      [
        ['boom', 'error'],
        ['bang', 'fatal'],
      ],
    );
    assert.deepEqual(found.lastLines, []);
  });

  test('the value is shown minute by minute, and missing where nothing was seen', async () => {
    const condition = errorRatio.bind({
      errors,
      of: { kind: 'everything' },
      above: 0.05,
      min_count: 20,
      minutes: { bad: 1, of: 1 },
    });
    const minutes = Array.from({ length: 20 }, (_, i) =>
      minute(clock('09:50') + i * MINUTE, { levels: { info: 90, error: i < 10 ? 0 : 10 } }),
    );
    const cycles = [
      cycle('09:50', { states: [shop] }),
      cycle('10:00', { states: [shop] }),
      cycle('10:10', { states: [shop], minutes: [{ ref: refOf(shop), minutes }] }),
    ];
    const subject = alert({ of: 'shop/checkout', alert: 'HighErrorRatio', unit: 'ratio', activeAt: clock('10:01') });
    const { series } = await gather([], cycles, { condition, alert: subject });
    assert.equal(series.length, 30);
    const at = (time: string) => series.find((point) => point.at === clock(time))?.value;
    assert.equal(at('10:05'), 0.1);
    assert.equal(at('09:55'), 0);
    assert.equal(at('09:45'), null);
  });

  test('it has what changed before the alert, with the first of the ends that count, and how it compares', async () => {
    const looping = crashLoop.bind({ restarts: 2, within: 30 * MINUTE, together: null, at_once: null });
    const made = (revision: string, time: string) =>
      pod({ of: 'shop/checkout', name: revision, labels: { 'pod-template-hash': revision }, createdAt: clock(time) });
    const after = made('b', '09:40');
    const cycles = [
      cycle('08:30', { states: [made('a', '08:00')] }),
      cycle('10:10', {
        states: [after],
        terminations: [terminationOf(after, '09:20'), terminationOf(after, '09:50'), terminationOf(after, '09:45')],
      }),
    ];
    const before = alert({
      of: 'shop/checkout',
      id: 'before',
      activeAt: clock('08:45'),
      state: 'resolved',
      resolvedAt: clock('08:50'),
    });
    const { changes, comparison } = await gather([], cycles, { condition: looping, alerts: [before] });
    assert.deepEqual(
      changes?.items.map(({ at, dated }) => [at, dated]),
      [[clock('09:40'), 'rolled out']],
    );
    assert.equal(changes?.firstEndAt, clock('09:45'));
    assert.equal(comparison?.number?.what, 'restarts in 30 min');
    assert.equal(comparison?.fired?.count, 1);
  });

  test('an alert without a workload has evidence without a place', async () => {
    const { lastLines, events, terminations } = await gather([], [crashed], {
      alert: alert({ labels: { alert: 'NodeNotReady', node: 'n1' } }),
    });
    assert.deepEqual([lastLines, events, terminations], [[], [], []]);
  });

  test('evidence never takes more than 16 KiB, whatever the texts', () => {
    const texts = ['x'.repeat(300_000), '\u0000'.repeat(5_000), '😀'.repeat(9_000), '"\\'.repeat(5_000)];
    for (const text of texts) {
      const each = { at: '2026-11-21T10:00:00.000000000Z', pod: 'p'.repeat(253), container: 'c', level: 'error', text };
      const event = { at: 0, reason: 'r', message: text, count: 1, kind: 'Pod', name: 'p' };
      const big = evidence('x', {
        lastLines: Array.from({ length: 25 }, () => each),
        matching: Array.from({ length: 5 }, () => each),
        events: Array.from({ length: 5 }, () => event),
        terminations: Array.from({ length: 5 }, () => ({
          at: 0,
          pod: 'p',
          container: 'c',
          reason: 'Error',
          exitCode: 1,
          message: text,
        })),
        series: Array.from({ length: 30 }, (_, i) => ({ at: i * HOUR, value: 1 / 3 })),
      });
      const small = shrinkEvidence(big);
      assert.ok(Buffer.byteLength(JSON.stringify(small)) <= EVIDENCE_BYTES);
      assert.ok(small.lastLines.length > 0 && small.matching.length > 0);
      assert.ok(small.lastLines.every((kept) => kept.text.isWellFormed()));
    }
  });
});
