import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClusterClock } from '../../src/app/cluster-clock.ts';
import { systemClock } from '../../src/base/clock.ts';
import { HOUR, MINUTE, SECOND } from '../../src/base/duration.ts';

const NOON = Date.UTC(2026, 10, 21, 12);

/** A machine whose clock is set at will, and the time that has truly passed. */
function machine() {
  const times = { ahead: 0, passed: 0 };
  const clock = new ClusterClock({ ...systemClock, now: () => NOON + times.passed + times.ahead, monotonic: () => times.passed });
  return Object.assign(times, { clock, hear: () => clock.heard(NOON + times.passed) });
}

describe("the cluster's clock", () => {
  test('is the machine’s while that is about right, or behind', () => {
    const it = machine();
    for (const ahead of [0, 2 * MINUTE - 1, -HOUR]) {
      it.ahead = ahead;
      it.hear();
      assert.equal(it.clock.now(), NOON + ahead);
      assert.equal(it.clock.ahead, 0);
    }
  });

  test('is the API server’s while the machine’s is minutes ahead, and goes on evenly', () => {
    const it = machine();
    it.ahead = HOUR;
    it.hear();
    assert.equal(it.clock.now(), NOON);
    it.passed = 10 * MINUTE;
    it.clock.heard(NOON + it.passed - SECOND); // dates have whole seconds
    assert.equal(it.clock.now(), NOON + 10 * MINUTE);
    assert.equal(it.clock.ahead, HOUR);
    it.ahead = 3 * HOUR;
    it.hear();
    assert.equal(it.clock.now(), NOON + 10 * MINUTE);
    it.ahead = 0;
    it.hear();
    assert.equal(it.clock.now(), NOON + 10 * MINUTE);
    assert.equal(it.clock.ahead, 0);
  });

  test('is unsure before the API server was heard, and once the machine’s was set', () => {
    const it = machine();
    assert.ok(it.clock.isUnsure);
    it.hear();
    assert.ok(!it.clock.isUnsure);
    it.passed = 3 * HOUR;
    assert.ok(!it.clock.isUnsure);
    it.ahead = HOUR;
    assert.ok(it.clock.isUnsure);
    it.hear();
    assert.ok(!it.clock.isUnsure);
  });

  test('does not heed what is no date', () => {
    const it = machine();
    it.ahead = HOUR;
    it.hear();
    it.clock.heard(Date.parse('yesterday'));
    assert.equal(it.clock.now(), NOON);
  });
});
