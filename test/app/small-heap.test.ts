import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withHeapRoom } from '../../src/app/small-heap.ts';

async function* items(read: number[]): AsyncGenerator<number> {
  try {
    for (let item = 0; item < 3; item++) {
      read.push(item);
      yield item;
    }
  } finally {
    read.push(-1);
  }
}

test('what is read with room for the heap comes one at a time, as it is', async () => {
  const read: number[] = [];
  const taken: number[] = [];
  for await (const item of withHeapRoom(items(read))) {
    taken.push(item);
    assert.equal(read.at(-1), item);
  }
  assert.deepEqual(taken, [0, 1, 2]);
});

test('who has enough ends the reading', async () => {
  const read: number[] = [];
  for await (const _ of withHeapRoom(items(read))) break;
  assert.deepEqual(read, [0, -1]);
});
