import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BufferPool } from '../../../src/core/analyze/buffer-pool.ts';

test('as many buffers as it may are kept for later, and no more', () => {
  const pool = new BufferPool(8, 2);
  const given = Array.from({ length: 3 }, () => pool.take());
  for (const buffer of given) pool.give(buffer);
  const taken = given.map(() => pool.take());
  assert.equal(taken.filter((buffer) => given.includes(buffer)).length, 2);
});

test('a buffer of another size is not kept', () => {
  const pool = new BufferPool(8);
  const other = Buffer.alloc(9);
  pool.give(other);
  assert.notEqual(pool.take(), other);
});
