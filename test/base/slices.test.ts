import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce, inSlices } from '../../src/base/slices.ts';

function* busy(steps: number, ms: number): Generator<undefined, number> {
  for (let step = 0; step < steps; step++) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    yield;
  }
  return steps;
}

test('others have a turn while steps are run to their end', async () => {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  assert.equal(await inSlices(busy(30, 5)), 30);
  isDone = true;
  assert.ok(turns >= 5, `${turns} turns in 150 ms`);
});

test('what a step throws is thrown', async () => {
  function* failing(): Generator<undefined, number> {
    yield;
    throw new Error('broken');
  }
  await assert.rejects(inSlices(failing()), /broken/);
});

test('nothing comes between steps that are run at once', async () => {
  let isDone = false;
  const others = new Promise<boolean>((resolve) => setImmediate(() => resolve(isDone)));
  assert.equal(atOnce(busy(4, 10)), 4);
  isDone = true;
  assert.equal(await others, true);
});
