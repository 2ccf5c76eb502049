import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCycleId, nextCycleId } from '../../src/store/cycle-id.ts';
import { clock } from '../build.ts';

test('an id is the time that the cycle begins', () => {
  assert.equal(nextCycleId(null, clock('14:00')), '20261121T140000000Z');
});

test('ids sort in their order, whatever the clock does', () => {
  const times = fc.array(fc.integer({ min: 0, max: Date.UTC(9000, 0) }), { minLength: 2 });
  fc.assert(
    fc.property(times, (clocks) => {
      let previous: string | null = null;
      for (const at of clocks) {
        const id = nextCycleId(previous, at);
        assert.ok(isCycleId(id));
        assert.ok(previous === null || id > previous);
        previous = id;
      }
    }),
  );
});

test('other texts are no ids', () => {
  for (const text of ['', '..', '20261121T140000000', '20261121T140000000Z/', 'x20261121T140000000Z'])
    assert.equal(isCycleId(text), false);
});
