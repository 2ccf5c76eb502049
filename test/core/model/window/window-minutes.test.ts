import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MinuteTable } from '../../../../src/core/model/window/window-minutes.ts';

const FIRST = 29_000_000;
const added = fc.record({
  minute: fc.integer({ min: FIRST, max: FIRST + 500 }),
  column: fc.integer({ min: 0, max: 3 }),
  count: fc.integer({ min: 1, max: 5 }),
});
const span = fc.tuple(fc.integer({ min: FIRST - 10, max: FIRST + 510 }), fc.integer({ min: 0, max: 510 }));

test('a table answers as its counts one by one would, few or many, in any order, and after some were forgotten', () => {
  fc.assert(
    fc.property(
      fc.array(added, { maxLength: 600 }),
      fc.array(span, { minLength: 5, maxLength: 10 }),
      fc.subarray([0, 1, 2, 3], { minLength: 1 }),
      fc.option(fc.integer({ min: FIRST, max: FIRST + 500 })),
      (counts, spans, columns, forgotten) => {
        const table = new MinuteTable();
        for (const { minute, column, count } of counts) table.add(minute, column, count);
        if (forgotten !== null) table.expire(forgotten);
        // Of what is forgotten nothing is asked.
        const least = forgotten ?? FIRST - 10;
        const known = counts.filter(({ minute, column }) => minute >= least && columns.includes(column));
        for (const [begin, length] of spans) {
          const from = Math.max(begin, least);
          const to = from + length;
          const inside = known.filter(({ minute }) => minute >= from && minute < to);
          const sum = inside.reduce((total, { count }) => total + count, 0);
          assert.equal(table.total(from, to, columns), sum);
          const first = inside.length === 0 ? null : Math.min(...inside.map(({ minute }) => minute));
          assert.equal(table.next(from, to, columns), first);
          const before = known.filter(({ minute }) => minute < to).map(({ minute }) => minute);
          const newest = table.newest(to, columns);
          assert.equal(newest !== null && newest < least ? null : newest, before.length === 0 ? null : Math.max(...before));
          const at = known.filter(({ minute }) => minute === from).reduce((total, { count }) => total + count, 0);
          assert.equal(table.sum(from, columns), at);
        }
      },
    ),
  );
});
