import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Pace } from '../../../src/core/model/cycle.ts';
import { lostBytes } from '../../../src/kubernetes/hot/lost-bytes.ts';
import { paceAfter } from '../../../src/kubernetes/hot/pace.ts';

const T0 = 1_800_000_000_000;

test('the first read tells the pace by the times of its lines', () => {
  const read = { bytes: 600_000, lostBytes: 0, firstAt: T0, lastAt: T0 + 60_000, at: T0 + 61_000 };
  assert.deepEqual(paceAfter(undefined, read), { rate: 10_000, at: T0 + 61_000 });
});

test('a burst in a first read is spread over the time since it began', () => {
  const read = { bytes: 600_000, lostBytes: 0, firstAt: T0, lastAt: T0 + 1_000, at: T0 + 60_000 };
  assert.equal(paceAfter(undefined, read)?.rate, 10_000);
});

test('a container that hardly writes has no pace', () => {
  assert.equal(paceAfter(undefined, { bytes: 0, lostBytes: 0, firstAt: null, lastAt: null, at: T0 }), undefined);
  assert.equal(
    paceAfter(undefined, { bytes: 1_000, lostBytes: 0, firstAt: T0, lastAt: T0 + 60_000, at: T0 + 60_000 }),
    undefined,
  );
  assert.equal(
    paceAfter({ rate: 100, at: T0 }, { bytes: 0, lostBytes: 0, firstAt: null, lastAt: null, at: T0 + 600_000 }),
    undefined,
  );
});

test('a clock that was set back leaves the rate', () => {
  const after = paceAfter(
    { rate: 5_000, at: T0 },
    { bytes: 9_999_999, lostBytes: 0, firstAt: T0, lastAt: T0, at: T0 - 3_600_000 },
  );
  assert.deepEqual(after, { rate: 5_000, at: T0 - 3_600_000 });
});

test('the pace of a steady writer is its rate, however its reads are spaced', () => {
  const spans = fc.array(fc.integer({ min: 1_000, max: 700_000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 10_000_000 }), spans, (rate, pauses) => {
      let at = T0;
      let pace: Pace | undefined = { rate, at };
      for (const pause of pauses) {
        at += pause;
        pace = paceAfter(pace, { bytes: (rate * pause) / 1_000, lostBytes: 0, firstAt: at - pause, lastAt: at, at });
      }
      assert.ok(pace !== undefined && Math.abs(pace.rate - rate) <= pauses.length);
    }),
  );
});

test('a change of the rate is learned within a few reads', () => {
  let pace: Pace | undefined = { rate: 1_000, at: T0 };
  for (let at = T0 + 15_000; at <= T0 + 90_000; at += 15_000)
    pace = paceAfter(pace, { bytes: 15 * 500_000, lostBytes: 0, firstAt: at - 15_000, lastAt: at, at });
  assert.ok(pace !== undefined && pace.rate > 350_000);
});

test('what was lost counts for the pace like what was read', () => {
  const read = { bytes: 1_000_000, lostBytes: 9_000_000, firstAt: T0 + 540_000, lastAt: T0 + 600_000, at: T0 + 600_000 };
  assert.equal(paceAfter({ rate: 16_667, at: T0 }, read)?.rate, 16_667);
});

test('what was lost is told by the lines behind it, else by the pace before it, else not at all', () => {
  const span = { from: T0, to: T0 + 10_000 };
  const before = { rate: 1_000, at: T0 };
  const lines = (bytes: number, ms: number) => ({ bytes, firstAt: T0, lastAt: T0 + ms });
  const none = { bytes: 0, firstAt: null, lastAt: null };
  assert.equal(lostBytes(span, before, lines(24_000, 6_000)), 40_000);
  assert.equal(lostBytes(span, before, lines(6_000, 2_000)), 20_000);
  assert.equal(lostBytes(span, undefined, lines(6_000, 2_000)), 30_000);
  assert.equal(lostBytes(span, before, lines(6_000, 500)), 10_000);
  assert.equal(lostBytes(span, undefined, none), null);
  assert.equal(lostBytes({ from: null, to: T0 }, before, lines(18_000, 6_000)), null);
});

test('a writer that is held up and catches up is told by its pace, one that has begun to write much by its lines', () => {
  const span = { from: T0, to: T0 + 10_000 };
  const lines = (bytes: number) => ({ bytes, firstAt: T0, lastAt: T0 + 6_000 });
  const before = { rate: 3_000, at: T0 };
  assert.equal(lostBytes(span, before, lines(9_000)), 25_000);
  assert.equal(lostBytes(span, before, lines(36_000)), 40_000);
  assert.equal(lostBytes(span, before, lines(60_000)), 100_000);
});
