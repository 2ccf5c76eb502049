import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PatternTable } from '../../../../src/core/model/window/pattern-minutes.ts';

const minute = fc.integer({ min: 1_000, max: 1_200 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('came' as const), minute }),
  fc.record({
    kind: fc.constant('asked' as const),
    minute,
    span: fc.constantFrom(60, 69, 30),
    unseen: fc.constantFrom(5, 20, 70),
  }),
  fc.record({ kind: fc.constant('expired' as const), minute }),
);

test('a pattern begins where it came after so long without, however it was asked before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const table = new PatternTable();
      let came: number[] = [];
      for (const each of steps) {
        if (each.kind === 'came') {
          table.add(each.minute, 1);
          came.push(each.minute);
        } else if (each.kind === 'expired') {
          table.expire(each.minute);
          came = came.filter((known) => known >= each.minute);
        } else {
          const { minute: to, span, unseen } = each;
          const begins = came.filter(
            (at) => at >= to - span && at < to && !came.some((before) => before < at && before >= at - unseen),
          );
          assert.equal(table.begin(to - span, to, unseen), begins.length === 0 ? null : Math.min(...begins));
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test('what has expired is not known to have come before, also where it was asked for while it was known', () => {
  const table = new PatternTable();
  for (const minute of [1_000, 1_001]) table.add(minute, 1);
  assert.equal(table.begin(1_001, 1_061, 70), null);
  table.expire(1_001);
  assert.equal(table.begin(1_001, 1_061, 70), 1_001);
});
