import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutedUntil } from '../../../src/core/alerts/suppress/mute.ts';
import type { Mute } from '../../../src/core/model/suppression.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function mute(from: string, to: string, timezone = 'Europe/Berlin', days = DAYS): Mute {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const weekdays = new Set(days.map((day) => DAYS.indexOf(day)));
  return { match: [], weekdays, from: minutes(from), to: minutes(to), timezone };
}

/** The spans (UTC) that a mute covers between two moments, looked at minute by minute. */
function spans(of: Mute, from: string, to: string): readonly string[] {
  const found: string[] = [];
  let start: number | null = null;
  for (let at = Date.parse(from); at <= Date.parse(to); at += 60_000) {
    const until = mutedUntil(of, at);
    if (until !== null) start ??= at;
    else if (start !== null) {
      found.push(`${shown(start)} ${shown(at)}`);
      start = null;
    }
    if (until !== null) assert.ok(until > at, 'it ends later');
  }
  return found;
}

function shown(at: number): string {
  return new Date(at).toISOString().slice(5, 16);
}

test('a window lies on the wall clock of its time zone', () => {
  assert.deepEqual(spans(mute('22:00', '23:30'), '2026-07-01T00:00Z', '2026-07-01T23:59Z'), ['07-01T20:00 07-01T21:30']);
  assert.deepEqual(spans(mute('22:00', '23:30'), '2026-12-01T00:00Z', '2026-12-01T23:59Z'), ['12-01T21:00 12-01T22:30']);
});

test('a window that crosses midnight belongs to the day on which it begins', () => {
  const friday = mute('22:00', '06:00', 'UTC', ['fri']);
  assert.deepEqual(spans(friday, '2026-11-16T00:00Z', '2026-11-23T00:00Z'), ['11-20T22:00 11-21T06:00']);
});

test('whole days follow each other without a hole', () => {
  const weekend = mute('00:00', '24:00', 'Europe/Berlin', ['sat', 'sun']);
  assert.deepEqual(spans(weekend, '2026-11-16T00:00Z', '2026-11-30T00:00Z'), [
    '11-20T23:00 11-22T23:00',
    '11-27T23:00 11-29T23:00',
  ]);
});

test('a time that the clock leaves out in spring is the moment of the change', () => {
  // 02:00 became 03:00 at 01:00 UTC on 2026-03-29.
  assert.deepEqual(spans(mute('02:30', '04:00'), '2026-03-29T00:00Z', '2026-03-29T12:00Z'), ['03-29T01:00 03-29T02:00']);
  assert.deepEqual(spans(mute('01:30', '02:30'), '2026-03-29T00:00Z', '2026-03-29T12:00Z'), ['03-29T00:30 03-29T01:00']);
  assert.deepEqual(spans(mute('02:10', '02:50'), '2026-03-28T12:00Z', '2026-03-29T12:00Z'), []);
});

test('of a time that comes twice in autumn the first begins a window and the second ends it', () => {
  // 03:00 became 02:00 at 01:00 UTC on 2026-10-25.
  assert.deepEqual(spans(mute('02:30', '04:00'), '2026-10-24T23:00Z', '2026-10-25T12:00Z'), ['10-25T00:30 10-25T03:00']);
  assert.deepEqual(spans(mute('01:30', '02:30'), '2026-10-24T22:30Z', '2026-10-25T12:00Z'), ['10-24T23:30 10-25T01:30']);
  assert.deepEqual(spans(mute('22:00', '06:00'), '2026-10-24T12:00Z', '2026-10-25T12:00Z'), ['10-24T20:00 10-25T05:00']);
});

test('time zones with an offset of half an hour, or with a change of half an hour, are no exception', () => {
  assert.deepEqual(spans(mute('09:00', '10:00', 'Asia/Kathmandu'), '2026-05-01T00:00Z', '2026-05-01T12:00Z'), [
    '05-01T03:15 05-01T04:15',
  ]);
  // 02:00 became 01:30 at 15:00 UTC on 2026-04-04.
  assert.deepEqual(spans(mute('01:40', '02:10', 'Australia/Lord_Howe'), '2026-04-04T12:00Z', '2026-04-04T20:00Z'), [
    '04-04T14:40 04-04T15:40',
  ]);
});
