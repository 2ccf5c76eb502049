import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recent } from '../../src/base/recent.ts';

test('the values of the newest keys are kept, and no more than that', () => {
  const recent = new Recent<string>(2);
  const made: string[] = [];
  const ask = (key: string) =>
    recent.get(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  assert.deepEqual(['a', 'b', 'a', 'c', 'a', 'b'].map(ask), ['A', 'B', 'A', 'C', 'A', 'B']);
  assert.deepEqual(made, ['a', 'b', 'c', 'b']);
});
