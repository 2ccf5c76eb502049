import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { withLargerHeap } from '../../src/app/small-heap.ts';
import { MINUTE } from '../../src/base/duration.ts';

const used = () => getHeapStatistics().used_heap_size;
/** A few megabytes of garbage that has grown old. */
const cycle = async () => {
  let lines: string[] = [];
  for (let round = 0; round < 4; round++) lines = [...lines, ...Array.from({ length: 40_000 }, (_, i) => `${round} ${i}`)];
  await Promise.resolve();
  return lines.length;
};

test('what a cycle leaves behind is given back before a long rest, and not before a short one', async () => {
  await withLargerHeap(cycle, () => MINUTE);
  const small = used();
  await withLargerHeap(cycle, () => 0);
  assert.ok(used() > small + 1_000_000, `${used()} bytes after ${small}`);
  await withLargerHeap(cycle, () => MINUTE);
  assert.ok(used() < small + 1_000_000, `${used()} bytes after ${small}`);
});
