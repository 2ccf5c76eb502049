import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_MATCHES } from '../../../../src/core/model/minute.ts';
import { matchedRow, numbersOf } from '../../../../src/store/json/facts/matched-row.ts';
import { minuteRows } from '../../../../src/store/json/facts/minute-lines.ts';

const whole = fc.nat({ max: 2 ** 40 });
const names = fc.dictionary(fc.string({ unit: 'binary' }), fc.nat());
const distributions = fc.dictionary(fc.string(), fc.array(fc.integer()));
const row = fc.oneof(
  fc.tuple(whole, fc.array(whole)),
  fc.tuple(whole, fc.array(whole), names),
  fc.tuple(whole, fc.array(whole), names, distributions),
);
const rows = fc.array(fc.tuple(whole, fc.array(row)));
const read = (line: string, counted: readonly string[] = []) => minuteRows(Buffer.from(line, 'utf8'), counted);

test('a line of minutes says what its JSON says', () => {
  fc.assert(
    fc.property(rows, (written) => {
      const expected = written.map(([container, minutes]) => [
        container,
        minutes.map(([minute, counts, matched = NO_MATCHES, values]) =>
          // As JSON has it: a name may be `__proto__`.
          values === undefined
            ? { minute, counts, matched: again(matched) }
            : { minute, counts, matched: again(matched), values: again(values) },
        ),
      ]);
      assert.deepEqual(read(JSON.stringify(['minutes', written])), expected);
    }),
  );
});

test('matchers that the file numbers are found by their numbers', () => {
  fc.assert(
    fc.property(names, fc.array(fc.string()), (matched, others) => {
      const counted = [...new Set([...others, ...Object.keys(matched)])];
      const row = matchedRow(matched, numbersOf(counted));
      const line = JSON.stringify(['minutes', [[7, [[1, [0, 2], row]]]]]);
      assert.deepEqual(read(line, counted), [[7, [{ minute: 1, counts: [0, 2], matched: again(matched) }]]]);
    }),
  );
  assert.equal(matchedRow({ a: 1, b: 2 }, numbersOf(['a'])), null);
  assert.throws(() => read('["minutes",[[7,[[1,[0,2],[1,4]]]]]]', ['a']), /refers to matcher 1, which it does not name/);
});

test('what is no line of minutes is refused', () => {
  for (const items of [
    '[[0,[[1.5,[0,1]]]]]',
    '[[0,[[-1,[0,1]]]]]',
    '[[0,[[1,[0,null]]]]]',
    '[[0,[[1,[0,1],"x"]]]]',
    '[[0,[[1,[0,1],{"a"',
  ])
    assert.throws(() => read(`["minutes",${items}]`), /minutes/);
  assert.throws(() => read(`["minutes",[[${'9'.repeat(16)},[]]]]`), /minutes/);
});

function again<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T; // its own JSON
}
