import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, formatDuration, humanDuration, parseDuration } from '../../src/base/duration.ts';

test('a duration is written as short as it can be read back', () => {
  const written = [0, 90_000, 3_600_000, DAY, 36 * 3_600_000, 14 * DAY].map(formatDuration);
  assert.deepEqual(written, ['0s', '1m30s', '1h', '24h', '36h', '14d']);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * DAY }), (ms) => {
      assert.equal(parseDuration(formatDuration(ms)), ms);
    }),
  );
});

test('what is no duration is none', () => {
  for (const text of ['', '5', 'm', '1.5h', '5 m', '-5m', '1w', '99999999999999999d'])
    assert.equal(parseDuration(text), null, text);
});

test('people read at most two units', () => {
  const read = [44_000, 20 * 60_000, 65 * 60_000, 2 * DAY + 3 * 3_600_000].map(humanDuration);
  assert.deepEqual(read, ['44 s', '20 min', '1 h 5 min', '2 d 3 h']);
});
