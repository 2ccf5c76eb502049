import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { isOrdinaryStop, risesOf, risesSince, type SeenEvent } from '../../../src/core/model/seen-event.ts';

const seen = (uid: string, count: number): SeenEvent => ({
  ...{ uid, namespace: 'shop', kind: 'Pod', name: 'p', objectUid: 'o', workload: null },
  ...{ type: 'Warning', reason: 'Failed', message: '', at: 0, count },
});
const sums = (...parts: readonly (readonly SeenEvent[])[]) => {
  const found: Record<string, number> = {};
  for (const { uid, count } of parts.flat()) found[uid] = (found[uid] ?? 0) + count;
  return found;
};

suite('events that are seen one by one', () => {
  test('are told as what they add to the counts that are known', () => {
    const { events, eventCounts } = risesOf([seen('a', 3), seen('b', 1), seen('a', 5), seen('b', 1)], { a: 2 });
    assert.deepEqual(
      events.map(({ uid, count }) => [uid, count]),
      [
        ['a', 1],
        ['b', 1],
        ['a', 2],
      ],
    );
    assert.deepEqual(eventCounts, { a: 5, b: 1 });
  });

  test('count once, whether a list that began before shows them or not', () => {
    const counts = fc.record({ begun: fc.nat(3), watched: fc.nat(3), listed: fc.nat(3) });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), counts), (all) => {
        const begun: Record<string, number> = {};
        const listed: Record<string, number> = {};
        const watched: SeenEvent[] = [];
        const rises: SeenEvent[] = [];
        for (const [uid, each] of Object.entries(all)) {
          if (each.begun > 0) begun[uid] = each.begun;
          if (each.watched > 0) watched.push(seen(uid, each.begun + each.watched));
          if (each.begun + each.listed > 0) listed[uid] = each.begun + each.listed;
          if (each.listed > 0) rises.push(seen(uid, each.listed));
        }
        const told = risesOf(watched, begun);
        const known = Object.keys(told.eventCounts).length === 0 ? begun : { ...begun, ...told.eventCounts };
        const rest = risesSince({ events: rises, eventCounts: listed }, begun, known);
        for (const [uid, each] of Object.entries(all)) {
          const most = Math.max(each.watched, each.listed);
          assert.equal(sums(told.events, rest.events)[uid] ?? 0, most);
          assert.equal(rest.eventCounts[uid] ?? 0, each.begun + most);
        }
      }),
    );
  });
});

test('of the events that a container is stopped only those that say why are more than ordinary', () => {
  const isOrdinary = (message: string, type = 'Normal', reason = 'Killing') => isOrdinaryStop({ type, reason, message });
  for (const message of [
    '',
    'Stopping container app',
    'Preempted by a pod on node node-1',
    'Container app definition changed, will be restarted',
    'Container app resize requires restart, will be restarted',
    'FailedPostStartHook',
  ])
    assert.equal(isOrdinary(message), true, message);
  for (const message of [
    'Container app failed liveness probe, will be restarted',
    'Container app failed startup probe, will be restarted',
  ])
    assert.equal(isOrdinary(message), false, message);
  assert.equal(isOrdinary('Stopping container app', 'Warning'), false);
  assert.equal(isOrdinary('', 'Normal', 'Preempted'), false);
});
