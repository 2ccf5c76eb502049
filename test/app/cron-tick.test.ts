import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextCronTick } from '../../src/app/cron-tick.ts';

const at = (time: string) => Date.parse(time);
const tick = (schedule: string, timeZone: string | null, after: string) => {
  const next = nextCronTick(schedule, timeZone, at(after));
  return next === null ? null : new Date(next).toISOString();
};

test('a schedule is read in its own time zone, also when clocks change', () => {
  assert.equal(tick('30 3 * * *', 'Europe/Berlin', '2026-07-01T00:00:00Z'), '2026-07-01T01:30:00.000Z');
  assert.equal(tick('30 3 * * *', 'Europe/Berlin', '2026-12-01T00:00:00Z'), '2026-12-01T02:30:00.000Z');
  assert.equal(tick('0 9 * * 1-5', 'America/New_York', '2026-03-06T15:00:00Z'), '2026-03-09T13:00:00.000Z');
  assert.equal(tick('30 3 * * *', null, '2026-07-01T00:00:00Z'), '2026-07-01T03:30:00.000Z');
});

test('a time that the clock passes over does not come, and one that comes twice comes', () => {
  assert.equal(tick('30 2 * * *', 'Europe/Berlin', '2026-03-28T02:00:00Z'), '2026-03-30T00:30:00.000Z');
  assert.equal(tick('*/15 2 * * *', 'Europe/Berlin', '2026-03-28T02:00:00Z'), '2026-03-30T00:00:00.000Z');
  assert.equal(tick('30 0 * * *', 'America/Santiago', '2026-09-05T05:00:00Z'), '2026-09-07T03:30:00.000Z');
  assert.equal(tick('0 3 * * *', 'Europe/Berlin', '2026-03-28T02:30:00Z'), '2026-03-29T01:00:00.000Z');
  assert.equal(tick('30 2 * * *', 'Europe/Berlin', '2026-10-24T02:00:00Z'), '2026-10-25T00:30:00.000Z');
});

test('the writings that Kubernetes knows are read', () => {
  assert.equal(tick('@hourly', null, '2026-07-01T00:10:00Z'), '2026-07-01T01:00:00.000Z');
  assert.equal(tick('0 0 ? * ?', null, '2026-07-01T00:10:00Z'), '2026-07-02T00:00:00.000Z');
  assert.equal(tick('0 0 * JAN sun', null, '2026-07-01T00:10:00Z'), '2027-01-03T00:00:00.000Z');
  assert.equal(tick('TZ=Asia/Tokyo 0 6 * * *', null, '2026-07-01T00:00:00Z'), '2026-07-01T21:00:00.000Z');
});

test('a day of the month and a day of the week are alternatives', () => {
  assert.equal(tick('0 0 13 * 5', null, '2026-07-01T00:00:00Z'), '2026-07-03T00:00:00.000Z');
});

test('a moment itself is not after itself, and what cannot be read has no moment', () => {
  assert.equal(tick('0 * * * *', null, '2026-07-01T01:00:00Z'), '2026-07-01T02:00:00.000Z');
  for (const schedule of ['@every 1h', 'nonsense', '', '61 * * * *', '0 0 31 2 *'])
    assert.equal(tick(schedule, null, '2026-07-01T01:00:00Z'), null);
  assert.equal(tick('0 * * * *', 'Mars/Olympus', '2026-07-01T01:00:00Z'), null);
});
