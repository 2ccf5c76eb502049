import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepNewest } from '../../src/base/keep-newest.ts';

test('what is put in again is the newest, and the oldest go first', () => {
  const map = new Map<string, number>();
  for (const [index, key] of ['a', 'b', 'c', 'a', 'd'].entries()) keepNewest(map, 3, [key, index]);
  assert.deepEqual(
    [...map],
    [
      ['c', 2],
      ['a', 3],
      ['d', 4],
    ],
  );
});
