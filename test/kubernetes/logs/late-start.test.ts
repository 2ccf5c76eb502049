import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lateStart } from '../../../src/kubernetes/logs/late-start.ts';

const T0 = 1_800_000_000_000;
const KIB = 1024;

/** What is said to be missing of a log that begins so many seconds after its instance, and shows so many seconds of so many KiB each. */
function missing(after: number, seconds: number, kib: number, pace?: number): number | null {
  const firstAt = T0 + after * 1000;
  const response = { bytes: seconds * kib * KIB, firstAt, position: { lastAt: firstAt + seconds * 1000 } };
  const read = { startedAt: T0, ...(pace === undefined ? {} : { pace: { rate: pace * KIB, at: T0 } }) };
  const gap = lateStart(read, null, response);
  if (gap === null) return null;
  assert.deepEqual([gap.from, gap.to, gap.reason], [T0, firstAt, 'rotated']);
  return (gap.bytes ?? 0) / KIB;
}

test('a busy log that begins long after its instance has lost what came before; a quiet one merely starts late', () => {
  assert.equal(missing(60, 10, 100), 6_000);
  assert.equal(missing(60, 10, 1), null);
});

test('a crash that leaves two seconds of lines behind a rotation is a loss where very much was written before, else a burst', () => {
  assert.equal(missing(40, 2, 500), 20_000);
  assert.equal(missing(40, 2, 500, 300), 16_000);
  assert.equal(missing(6, 2, 100), null);
  assert.equal(missing(40, 0.5, 500), null);
});

test('a fast log that begins in the second after that of its start has lost nothing: starts are told in whole seconds', () => {
  assert.equal(missing(1.9, 20, 500), null);
  assert.equal(missing(3, 20, 500), 1_500);
});
