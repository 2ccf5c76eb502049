import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/base/duration.ts';
import { compileGlob } from '../../src/base/glob.ts';
import { containing } from '../../src/core/analyze/matching/text-filter.ts';
import type { Cycle } from '../../src/core/model/cycle.ts';
import type { Evidence } from '../../src/core/model/notification.ts';
import { EMPTY_ALERTS } from '../../src/core/model/state.ts';
import { nextCycleId } from '../../src/store/cycle-id.ts';
import type { StoreKind } from '../../src/store/store-kind.ts';
import { clock, cycle, distributionOf, minute, node, patternOf, pod, refOf, restartsOf, terminationOf, usage } from '../build.ts';
import { cronJobObject, jobObject, reading, workloadObject } from '../build-objects.ts';
import { row } from '../core/alerts/build-alert.ts';
import {
  commit,
  containerOf,
  linesOf,
  listOf,
  options,
  query,
  segmentOf,
  temporaryFolder,
  textsOf,
} from '../store/store-fixture.ts';

/** What every store engine must do. */
export function testStore(kind: StoreKind): void {
  describe(`the ${kind.kind} store`, () => {
    const opened = async (fields: Parameters<typeof options>[1] = {}) => {
      const folder = await temporaryFolder();
      const settings = options(folder.path, fields);
      const store = await kind.open(settings);
      return {
        store,
        settings,
        async [Symbol.asyncDispose]() {
          await store[Symbol.asyncDispose]();
          await folder[Symbol.asyncDispose]();
        },
      };
    };
    const reopened = async (before: Awaited<ReturnType<typeof opened>>) => {
      await before.store[Symbol.asyncDispose]();
      return kind.open(before.settings);
    };

    test('is empty at first', async () => {
      await using room = await opened();
      assert.deepEqual(room.store.summaries(), []);
      assert.equal(await room.store.newest(), null);
      assert.deepEqual(await listOf(room.store.cycles()), []);
      assert.deepEqual(await linesOf(room.store), []);
      assert.deepEqual(await room.store.loadAlerts(), EMPTY_ALERTS);
      assert.equal(await room.store.loadEvidence('none'), null);
      assert.deepEqual(room.store.repairs, []);
    });

    test('gives a whole cycle back, also after it was opened again', async () => {
      await using room = await opened();
      const crashing = pod({ name: 'checkout-1', labels: { ['__proto__']: 'x', tier: 'web' } });
      const ref = refOf(crashing);
      const cursor = { ref, since: 1, count: 2, chain: 'c', first: 'f', lastAt: null, drained: true, missing: 1 };
      const made = await commit(room.store, '10:00', [segmentOf(ref, [{ at: '09:59', text: 'hello' }])], {
        states: [crashing],
        nodes: [node(), node({ name: 'node-2', ready: 'False' })],
        objects: reading([workloadObject(), jobObject({ state: 'failed' }), cronJobObject()], ['ResourceQuota']),
        usage: [usage(crashing, { cpu: 0.25, memory: 1e6 })],
        restarts: [restartsOf(crashing, '09:55')],
        terminations: [terminationOf(crashing, '09:55')],
        minutes: [
          { ref, minutes: [minute('09:58', { levels: { error: 3 } }), minute('09:59', { matched: { 'pattern=x y': 2 } })] },
          { ref, minutes: [{ ...minute('09:59'), values: { 'ms=latency': distributionOf([1, 20, 20]) } }] },
        ],
        patterns: [
          { ref, patterns: [patternOf('disk <num> is full', { '09:58': 2, '09:59': 1 })], dropped: 0 },
          { ref: { ...ref, container: 'sidecar' }, patterns: [patternOf('disk <num> is full', { '09:59': 7 })], dropped: 3 },
        ],
        patternsFrom: 4,
        cursors: [
          cursor,
          { ...cursor, ref: { ...ref, container: 'sidecar' }, since: null, drained: false, missing: 0, restarts: 3, keyLines: 9 },
          { ...cursor, ref: { ...ref, container: 'busy' }, pace: { rate: 9, at: 10 } },
          { ...cursor, ref: { ...ref, container: 'followed' }, pace: { rate: 9, at: 10 }, tail: { hash: 'h', count: 2 } },
          { ...cursor, ref: { ...ref, container: 'calmed' }, tail: { hash: 'h', count: 1 } },
        ],
        eventCounts: { 'uid-1': 7, ['__proto__']: 3 },
        gaps: [
          {
            namespace: 'shop',
            workload: crashing.workload,
            pod: 'checkout-1',
            container: 'app',
            from: null,
            to: 5,
            reason: 'rotated',
            bytes: 4_096,
          },
        ],
        missed: 2,
      });
      const withMinutes = (of: Cycle | null) => of && { ...of, minutes: [...of.minutes] };
      assert.deepEqual(withMinutes(await room.store.newest()), made);
      const again = await reopened(room);
      assert.deepEqual((await listOf(again.cycles())).map(withMinutes), [made]);
      assert.deepEqual(again.summaries()[0]?.gaps, made.gaps);
      assert.equal(again.summaries()[0]?.missed, 2);
      assert.deepEqual(again.repairs, []);
      await again[Symbol.asyncDispose]();
    });

    test('shows nothing of a cycle before its commit, and nothing after it was abandoned', async () => {
      await using room = await opened();
      const made = cycle('10:00');
      const draft = await room.store.begin(made.id);
      await draft.write(segmentOf(containerOf(), [{ at: '09:59', text: 'hello' }]));
      assert.deepEqual(room.store.summaries(), []);
      assert.deepEqual(await linesOf(room.store), []);
      await draft.abandon();
      assert.equal(await room.store.newest(), null);
      await commit(room.store, '10:00');
      assert.equal(room.store.summaries().length, 1, 'the id of what was abandoned can be used');
    });

    test('replaces the cycles that a commit takes over, with their lines before its own', async () => {
      await using room = await opened();
      const ref = containerOf();
      for (const [index, at] of ['10:00', '10:01', '10:02'].entries())
        await commit(room.store, at, [segmentOf(ref, [{ at: `09:5${index}`, text: `line ${index}` }])]);
      const [first, ...taken] = room.store.summaries().map(({ id }) => id);
      const made = cycle('10:10');
      const draft = await room.store.begin(made.id);
      for (const id of taken) await draft.takeOver(id);
      await draft.write(segmentOf(ref, [{ at: '09:59', text: 'own' }]));
      assert.equal(room.store.summaries().length, 3, 'nothing is replaced before the commit');
      await draft.commit(made);
      const listed = (store: typeof room.store) => store.summaries().map(({ id }) => id);
      assert.deepEqual(listed(room.store), [first, made.id]);
      const every = ['line 0', 'line 1', 'line 2', 'own'];
      assert.deepEqual(await textsOf(room.store, { order: 'oldest_first' }), every);
      const since = async (afterCycle: string | undefined) =>
        textsOf(room.store, { order: 'oldest_first', afterCycle: afterCycle ?? null });
      assert.deepEqual(await since(first), every.slice(1));
      assert.deepEqual(await since(taken[0]), every.slice(2));
      assert.deepEqual(await since(taken[1]), every.slice(3));
      const again = await reopened(room);
      assert.deepEqual(listed(again), [first, made.id]);
      assert.deepEqual(await textsOf(again, { order: 'oldest_first' }), every);
      await again.expire(clock('10:11'));
      assert.deepEqual(again.repairs, []);
      await again[Symbol.asyncDispose]();
    });

    test('keeps the cycles that an abandoned draft had taken over', async () => {
      await using room = await opened();
      await commit(room.store, '10:00', [segmentOf(containerOf(), [{ at: '09:59', text: 'kept' }])]);
      const draft = await room.store.begin(cycle('10:10').id);
      await draft.takeOver(room.store.summaries()[0]?.id ?? '');
      await draft.abandon();
      assert.deepEqual(await textsOf(room.store), ['kept']);
    });

    test('commits an id once', async () => {
      await using room = await opened();
      const segment = segmentOf(containerOf(), [{ at: '09:59', text: 'hello' }]);
      const made = await commit(room.store, '10:00', [segment]);
      await commit(room.store, '10:00', [segment]);
      assert.deepEqual(
        room.store.summaries().map(({ id }) => id),
        [made.id],
      );
      assert.deepEqual(await textsOf(room.store), ['hello']);
    });

    test('keeps the lines of several cycles and containers apart and in order', async () => {
      await using room = await opened();
      const [a, b] = [containerOf({ pod: 'a' }), containerOf({ pod: 'b', container: 'sidecar' })];
      await commit(room.store, '10:00', [
        segmentOf(a, [
          { at: '09:51', text: 'a1' },
          { at: '09:53', text: 'a2' },
        ]),
        segmentOf(b, [
          { at: '09:52', text: 'b1' },
          { at: '10:00:05', text: 'b2, read late in its cycle' },
        ]),
        segmentOf(a, [{ at: '09:53', nanos: 1, text: 'a3' }]),
      ]);
      await commit(room.store, '10:10', [segmentOf(a, [{ at: '10:00:03', text: 'a4, before b2' }])]);
      const oldestFirst = ['a1', 'b1', 'a2', 'a3', 'a4, before b2', 'b2, read late in its cycle'];
      assert.deepEqual(await textsOf(room.store, { order: 'oldest_first' }), oldestFirst);
      assert.deepEqual(await textsOf(room.store), oldestFirst.toReversed());
      assert.deepEqual(await textsOf(room.store, { pod: (name) => name === 'b' }), ['b2, read late in its cycle', 'b1']);
      const [line] = await linesOf(room.store, { order: 'oldest_first' });
      assert.deepEqual(line?.ref, a);
    });

    test('keeps file order within a container whose clock went back', async () => {
      await using room = await opened();
      const ref = containerOf();
      await commit(room.store, '10:00', [
        segmentOf(ref, [
          { at: '09:51:30', text: '1' },
          { at: '09:51:30', nanos: 9, text: '2' },
        ]),
        segmentOf(ref, [
          { at: '09:51:30', nanos: 5, text: '3' },
          { at: '09:51:10', text: '4' },
          { at: '09:51:10', text: '5' },
        ]),
        segmentOf(ref, [{ at: '09:51:20', text: '6' }]),
      ]);
      assert.deepEqual(await textsOf(room.store, { order: 'oldest_first' }), ['1', '2', '3', '4', '5', '6']);
      assert.deepEqual(await textsOf(room.store), ['6', '5', '4', '3', '2', '1']);
    });

    test('finds lines by every part of a query', async () => {
      await using room = await opened();
      const shop = containerOf({ of: 'shop/checkout' });
      const job = containerOf({ of: 'batch/Job/report', container: 'main' });
      await commit(room.store, '10:00', [
        segmentOf(shop, [
          { at: '09:50', text: 'slow', level: 'warning' },
          { at: '09:51', text: 'broken\n  at line 1\n', level: 'error' },
          { at: '09:52', nanos: 999_999_999, text: 'grüße', level: 'none' },
        ]),
        segmentOf(job, [{ at: '09:51', text: 'done', level: 'info' }]),
      ]);
      const find = (fields: Parameters<typeof query>[0]) => textsOf(room.store, { order: 'oldest_first', ...fields });
      assert.deepEqual(await find({ namespace: (name) => compileGlob('sh*').matches(name), minLevel: 4 }), [
        'slow',
        'broken\n  at line 1\n',
      ]);
      assert.deepEqual(await find({ kind: (name) => name === 'Job' }), ['done']);
      assert.deepEqual(await find({ workload: (name) => name === 'report' }), ['done']);
      assert.deepEqual(await find({ container: (name) => name === 'main' }), ['done']);
      assert.deepEqual(await find({ containerID: job.containerID }), ['done']);
      assert.deepEqual(await find({ minLevel: 5 }), ['broken\n  at line 1\n']);
      assert.deepEqual(await find({ text: containing('ü') }), ['grüße']);
      assert.deepEqual(await find({ from: clock('09:51'), to: clock('09:52') }), ['broken\n  at line 1\n', 'done']);
      assert.deepEqual(await find({ from: clock('09:52') + 999 }), ['grüße']);
      assert.deepEqual(await find({ from: clock('09:52') + 1000 }), []);
      assert.deepEqual(await find({ to: clock('09:50') }), []);
    });

    test('gives the segments of a cycle back as they were written', async () => {
      await using room = await opened();
      const [one, other] = [containerOf(), containerOf({ of: 'shop/cart' })];
      const written = [
        segmentOf(one, [{ at: '09:50', text: 'first' }]),
        segmentOf(other, [{ at: '09:51', text: 'second' }]),
        segmentOf(one, [{ at: '09:52', text: 'third\n  of two lines', level: 'error' }]),
      ];
      const { id } = await commit(room.store, '10:00', written);
      assert.deepEqual(await listOf(room.store.segments(id)), written);
      assert.deepEqual(await listOf(room.store.segments(id, ({ name }) => name === 'cart')), [written[1]]);
      assert.deepEqual(await listOf(room.store.segments((await commit(room.store, '10:10')).id)), []);
      assert.deepEqual(await listOf(room.store.segments('unknown')), []);
    });

    test('keeps what is counted of a cycle later, adds to it, and forgets it with the cycle', async () => {
      await using room = await opened();
      const ref = containerOf();
      const minutes = [{ ref, minutes: [minute('09:58', { matched: { 'pattern=x': 2 } })] }];
      const { id } = await commit(room.store, '10:00', [], { minutes, counted: ['pattern=x'] });
      await commit(room.store, '10:10');
      const late = (matched: Readonly<Record<string, number>>) => ({
        counted: Object.keys(matched),
        minutes: [{ ref, minutes: [{ minute: clock('09:58') / MINUTE, counts: [], matched }] }],
      });
      await room.store.saveLate(id, late({ 'pattern=y': 3, 'status=503': 1 }));
      await room.store.saveLate(id, late({ 'pattern=y': 4, ['__proto__']: 5 }));
      await room.store.saveLate('20200101T000000000Z', late({ 'pattern=y': 1 }));
      await using store = await reopened(room);
      const found = await store.cycle(id);
      assert.deepEqual(new Set(found?.counted), new Set(['pattern=x', 'status=503', 'pattern=y', '__proto__']));
      const sums = new Map<string, number>();
      for (const each of found?.minutes ?? [])
        for (const { matched } of each.minutes)
          for (const [name, count] of Object.entries(matched)) sums.set(name, (sums.get(name) ?? 0) + count);
      assert.deepEqual(
        Object.fromEntries(sums),
        Object.fromEntries([
          ['pattern=x', 2],
          ['status=503', 1],
          ['pattern=y', 4],
          ['__proto__', 5],
        ]),
      );
      assert.equal((await store.cycle('20200101T000000000Z')) ?? null, null);
      const size = store.size();
      await store.expire(clock('10:05') + DAY);
      assert.equal(await store.cycle(id), null);
      assert.ok(store.size() < size);
    });

    test('ends a search when its signal aborts', async () => {
      await using room = await opened();
      await commit(room.store, '10:00', [
        segmentOf(
          containerOf(),
          Array.from({ length: 100 }, (_, i) => ({ at: '09:59', text: String(i) })),
        ),
      ]);
      const abort = new AbortController();
      const seen: string[] = [];
      for await (const line of room.store.lines(query(), abort.signal)) {
        if (seen.push(line.text) === 3) abort.abort();
      }
      assert.equal(seen.length, 3);
      assert.deepEqual(await listOf(room.store.lines(query(), abort.signal)), []);
    });

    test('keeps alerts and evidence', async () => {
      await using room = await opened();
      const evidence: Evidence = {
        alert: 'a-1',
        at: clock('11:00'),
        lastLines: [{ at: '2026-11-21T11:00:00.000000001Z', pod: 'p', container: 'c', level: 'error', text: 'boom' }],
        matching: [],
        events: [],
        terminations: [],
        series: [{ at: 1, value: null }],
      };
      await room.store.saveEvidence('a-1', evidence);
      const document = { ...EMPTY_ALERTS, judgedTo: clock('11:00'), judgedCycle: 'c' };
      await Promise.all([room.store.saveAlerts(EMPTY_ALERTS), room.store.saveAlerts(document)]);
      assert.deepEqual(await room.store.loadAlerts(), document);
      const again = await reopened(room);
      assert.deepEqual(await again.loadAlerts(), document);
      assert.deepEqual(await again.loadEvidence('a-1'), evidence);
      assert.equal(await again.loadEvidence('../lock'), null);
      await again[Symbol.asyncDispose]();
    });

    test('remembers over a reopening what was sent, until a document owes it no more', async () => {
      await using room = await opened();
      const outbox = [row({ id: 'a' }), row({ id: 'b', revision: 2 })];
      await room.store.saveAlerts({ ...EMPTY_ALERTS, outbox });
      room.store.sent.note('b.2');
      const again = await reopened(room);
      assert.deepEqual([...again.sent.ids], ['b.2']);
      await again.saveAlerts({ ...EMPTY_ALERTS, outbox });
      assert.deepEqual([...again.sent.ids], ['b.2'], 'it is still owed there');
      await again.saveAlerts({ ...EMPTY_ALERTS, outbox: outbox.slice(0, 1) });
      assert.deepEqual([...again.sent.ids], []);
      await again[Symbol.asyncDispose]();
    });

    test('deletes what has left the window, but never the newest cycle', async () => {
      await using room = await opened();
      const made = [];
      for (const at of ['10:00', '10:10', '10:20'])
        made.push(await commit(room.store, at, [segmentOf(containerOf(), [{ at, text: at }])]));
      const ids = made.map(({ id }) => id);
      assert.deepEqual(await room.store.expire(clock('10:10') + DAY), { expired: ids.slice(0, 1), forSize: [] });
      assert.deepEqual(await textsOf(room.store), ['10:20', '10:10']);
      assert.deepEqual(await room.store.expire(clock('10:30') + DAY), { expired: ids.slice(1, 2), forSize: [] });
      assert.equal((await room.store.newest())?.id, ids[2]);
      assert.deepEqual(await (await reopened(room)).summaries().map(({ id }) => id), ids.slice(2));
    });

    test('deletes one hour at most for a time that nothing has confirmed', async () => {
      await using room = await opened();
      for (let i = 0; i < 18; i++) await commit(room.store, clock('06:00') + i * 10 * MINUTE);
      const jump = clock('06:00') + 2 * DAY;
      assert.equal((await room.store.expire(jump)).expired.length, 6);
      assert.equal((await room.store.expire(clock('09:00'))).expired.length, 0, 'the clock was set right again');
      assert.equal((await room.store.expire(jump)).expired.length, 6);
      assert.equal(
        (await room.store.expire(jump + 10 * MINUTE)).expired.length,
        5,
        'the second time tells the same: all but the newest',
      );
    });

    test('deletes the oldest cycles when it is too large', async () => {
      await using room = await opened({ maxSize: 200_000 });
      const noise = () => Array.from({ length: 400 }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
      const made = [];
      for (let i = 0; i < 5; i++) {
        const records = Array.from({ length: 200 }, () => ({ at: '10:00', text: noise() }));
        made.push(await commit(room.store, clock('10:00') + i * MINUTE, [segmentOf(containerOf(), records)]));
      }
      assert.ok(room.store.size() > 200_000);
      const { expired, forSize } = await room.store.expire(clock('11:00'));
      assert.deepEqual(expired, []);
      assert.ok(forSize.length > 0);
      assert.deepEqual(
        forSize,
        made.slice(0, forSize.length).map(({ id }) => id),
      );
      assert.ok(room.store.size() <= 200_000);
    });

    test('can be read beside its writer, and not be written twice', async () => {
      await using room = await opened();
      await commit(room.store, '10:00', [segmentOf(containerOf(), [{ at: '09:59', text: 'hello' }])]);
      await room.store.saveAlerts({ ...EMPTY_ALERTS, judgedTo: 1 });
      await using reader = await kind.open({ ...room.settings, access: 'read' });
      assert.deepEqual(await textsOf(reader), ['hello']);
      assert.equal((await reader.loadAlerts()).judgedTo, 1);
      await assert.rejects(reader.begin(nextCycleId(null, clock('10:10'))), /open for reading/);
      await assert.rejects(kind.open(room.settings), { name: 'StoreError', reason: 'in_use' });
      assert.equal((await room.store.expire(clock('10:00') + HOUR)).expired.length, 0);
    });
  });
}
