import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CycleIds } from '../../../src/app/cycle/cycle-ids.ts';
import { clock } from '../../build.ts';

test('ids follow the order of commits, also beside a scheduled cycle that runs', () => {
  const ids = new CycleIds(null);
  assert.equal(ids.targeted(clock('10:00')), null, 'there is no scheduled cycle to build on');
  const first = ids.beginScheduled(clock('10:00'));
  ids.scheduledTaken();
  const second = ids.targeted(clock('10:05'));
  const third = ids.beginScheduled(clock('10:10'));
  const beside = ids.targeted(clock('10:11'));
  ids.scheduledTaken();
  const last = ids.targeted(clock('10:12'));
  const inOrder = [first, second, beside, third, last];
  assert.deepEqual(inOrder.toSorted(), inOrder);
  assert.equal(new Set(inOrder).size, 5);
});

test('a scheduled cycle that was not committed leaves its id to nobody', () => {
  const ids = new CycleIds('20261121T100000000Z');
  const given = ids.beginScheduled(clock('10:10'));
  ids.scheduledEnded();
  assert.ok((ids.targeted(clock('10:11')) ?? '') > given);
});

test('beside the next scheduled cycle ids stay behind one that was judged and could not be stored', () => {
  const ids = new CycleIds('20261121T100000000Z');
  const judged = ids.beginScheduled(clock('10:10'));
  ids.scheduledTaken();
  const next = ids.beginScheduled(clock('10:20'));
  const beside = ids.targeted(clock('10:21')) ?? '';
  assert.ok(judged < beside && beside < next);
});

test('a clock that was set back leaves no room beside a scheduled cycle', () => {
  const ids = new CycleIds('20261121T100000000Z');
  ids.beginScheduled(clock('09:00'));
  assert.equal(ids.targeted(clock('09:01')), null);
});
