import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOlderState } from '../../../src/core/model/older-state.ts';
import { clock, container, pod, running, terminated, termination, waiting } from '../../build.ts';

/** A crash loop as its states follow each other, and its pod's deletion. */
const course = [
  container({ state: running('10:00') }),
  container({ state: terminated('10:01') }),
  container({ restarts: 1, state: running('10:01'), last: termination('10:01') }),
  container({ restarts: 1, state: terminated('10:02'), last: termination('10:01') }),
  container({ restarts: 2, state: running('10:03'), last: termination('10:02') }),
].map((each) => pod({ containers: [each] }));
const states = [...course, ...course.slice(-1).map((each) => ({ ...each, deletedAt: clock('10:03') }))];

test('the states of a pod stand in the order of time', () => {
  for (const [i, one] of states.entries())
    for (const [j, other] of states.entries()) assert.equal(isOlderState(one, other), i < j, `${i} before ${j}`);
});

test('states that differ in nothing that has a time are of one age', () => {
  const ended = pod({ containers: [container({ state: terminated('10:01') })] });
  const waits = pod({ containers: [container({ state: waiting('CrashLoopBackOff'), last: termination('10:01') })] });
  assert.equal(isOlderState(ended, waits), false);
  assert.equal(isOlderState(waits, ended), false);
});
