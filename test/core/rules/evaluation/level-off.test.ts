import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { levelsOff } from '../../../../src/core/rules/evaluation/level-off.ts';
import { fitLine } from '../../../../src/core/rules/evaluation/line-fit.ts';

const STEP = 600_000;
const points = (values: readonly number[]) => values.map((value, index) => ({ at: index * STEP, value }));
const off = (values: readonly number[]) => levelsOff(points(values), fitLine(points(values))?.slope ?? 0);
const line = (from: number, step: number, count: number) => Array.from({ length: count }, (_, index) => from + step * index);

suite('a rise', () => {
  test('that has stood still for two steps has come to rest, one step is chance', () => {
    assert.equal(off([...line(100, 50, 10), 550]), false);
    assert.equal(off([...line(100, 50, 10), 550, 550]), true);
    assert.equal(off([...line(100, 50, 10), 552, 554]), true);
  });

  test('in steps has not come to rest before it stands still for longer than on any step before', () => {
    const stairs = line(100, 100, 6).flatMap((value) => [value, value, value]);
    assert.equal(off(stairs), false);
    assert.equal(off([...stairs, 600]), true);
  });

  test('after a long rest is one all the same, and may come to rest again', () => {
    assert.equal(off([...line(100, 0, 20), ...line(110, 60, 10)]), false);
    assert.equal(off([...line(100, 0, 20), ...line(110, 60, 10), 650, 650, 650]), true);
  });

  test('along a line never comes to rest, whatever its pace', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), fc.integer({ min: 3, max: 144 }), (step, count) => {
        assert.equal(levelsOff(points(line(0, step, count)), step / STEP), false);
      }),
    );
  });
});
