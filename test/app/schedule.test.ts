import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSchedule, scheduleProblem } from '../../src/app/schedule.ts';

const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);
const now = at('10:07:30');

test('the next and the newest tick lie around a moment, and a tick is its own newest', () => {
  const schedule = compileSchedule('*/10 * * * *', 'UTC', now);
  assert.equal(schedule.next(now), at('10:10:00'));
  assert.equal(schedule.latest(now), at('10:00:00'));
  assert.equal(schedule.latest(at('10:10:00')), at('10:10:00'));
  assert.equal(schedule.latest(at('10:10:00') - 1), at('10:00:00'));
  assert.equal(schedule.next(at('10:10:00')), at('10:20:00'));
});

test('ticks between two moments are counted without the moments themselves', () => {
  const schedule = compileSchedule('*/10 * * * *', 'UTC', now);
  assert.equal(schedule.between(at('10:00:00'), at('10:10:00')), 0);
  assert.equal(schedule.between(at('10:00:00'), at('10:35:00')), 3);
  assert.equal(schedule.between(at('10:35:00'), at('10:00:00')), 0);
});

test('the period is the longest time between two ticks', () => {
  assert.equal(compileSchedule('*/10 * * * *', 'UTC', now).period, 600_000);
  assert.equal(compileSchedule('*/10 * * * * *', 'UTC', now).period, 10_000);
  assert.equal(compileSchedule('0 9,17 * * *', 'UTC', now).period, 16 * 3_600_000);
});

test('a pattern that cannot be used says why', () => {
  assert.match(scheduleProblem('every ten minutes', 'UTC', now) ?? '', /pattern/i);
  assert.match(scheduleProblem('* * * * *', 'Mars/Olympus', now) ?? '', /timezone/i);
  assert.equal(scheduleProblem('0 0 31 2 *', 'UTC', now), 'the pattern never comes');
  assert.equal(scheduleProblem('*/10 * * * *', 'Europe/Berlin', now), null);
});
