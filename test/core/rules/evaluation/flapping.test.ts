import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MINUTE } from '../../../../src/base/duration.ts';
import type { Lapse } from '../../../../src/core/model/window/window.ts';
import { flappingAt } from '../../../../src/core/rules/evaluation/flapping.ts';
import { condition, problemsOf } from '../../../build-rule.ts';

const SPEC = { flaps: 3, within: 30 * MINUTE, share: 0.25 };

/** Whether it flaps in some minute, of lapses in minutes. */
function flaps(lapses: readonly (readonly [from: number, to: number | null])[], minute: number): boolean {
  const found = lapses.map(([from, to]): Lapse => ({ from: from * MINUTE, to: to === null ? null : to * MINUTE }));
  return flappingAt(found, minute * MINUTE, SPEC) !== null;
}

suite('flapping', () => {
  const everyEight = [0, 8, 16, 24].map((from) => [from, from + 3] as const);

  test('begins with the lapse that is one too many, and is over when none came for a third of the time', () => {
    assert.deepEqual(
      [15, 16, 24, 36, 38].map((minute) => flaps(everyEight, minute)),
      [false, true, true, true, false],
    );
  });

  test('is none where all of it happened within a third of the time, or where it was ready for nearly all of it', () => {
    assert.equal(
      flaps(
        [0, 2, 4, 6].map((from) => [from, from + 1]),
        8,
      ),
      false,
    );
    assert.equal(
      flaps(
        [0, 8, 16].map((from) => [from, from + 1]),
        17,
      ),
      false,
    );
    assert.equal(
      flaps(
        [
          [0, 0],
          [8, 8],
          [16, null],
        ],
        24,
      ),
      true,
    );
  });

  test('says how often, and since when', () => {
    const lapses = everyEight.map(([from, to]): Lapse => ({ from: from * MINUTE, to: to * MINUTE }));
    assert.deepEqual(flappingAt(lapses, 28 * MINUTE, SPEC), { since: 0, text: 'not ready 4 times within 30m' });
  });

  test('goes with not_ready, and is said by the condition', () => {
    assert.equal(condition('node', { not_ready: true, flaps: 3 }).text, 'a node not ready, or 3 times not so within 30m');
    assert.match(problemsOf('node', { pressure: 'disk', flaps: 3 }).join(), /flaps goes with not_ready/);
    assert.match(problemsOf('pod', { phase: 'Pending', flaps: 3 }).join(), /flaps goes with not_ready/);
  });
});
