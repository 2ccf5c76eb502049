import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_MATCHES } from '../../../../src/core/model/minute.ts';
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
const read = (line: string) => minuteRows(Buffer.from(line, 'utf8'));

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
