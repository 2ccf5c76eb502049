import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { localDay, offsetAt, offsetText, wallTime } from '../../src/base/wall-time.ts';

const SUMMER = Date.UTC(2026, 6, 1, 22, 30, 5);
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/New_York',
  'Africa/Monrovia',
];

test('a wall clock has its own date, time and offset', () => {
  assert.deepEqual(wallTime(SUMMER, 'UTC'), { date: '2026-07-01', clock: '22:30:05', offset: 0 });
  assert.deepEqual(wallTime(SUMMER, 'Europe/Berlin'), { date: '2026-07-02', clock: '00:30:05', offset: 2 * 3_600_000 });
  assert.equal(offsetText(wallTime(SUMMER, 'America/St_Johns').offset), '-02:30');
  assert.equal(offsetText(offsetAt(SUMMER, 'Asia/Kathmandu')), '+05:45');
  assert.equal(offsetText(0), '+00:00');
  assert.equal(localDay(SUMMER, 'Europe/Berlin') - localDay(SUMMER, 'UTC'), 1);
});

test('it shows what Intl shows, in every zone and at any time', () => {
  const at = fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2100, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), at, (timezone, time) => {
      const { date, clock } = wallTime(time, timezone);
      assert.equal(`${date} ${clock}`, byIntl(time, timezone));
    }),
  );
});

test('a zone that nobody knows is refused', () => {
  assert.throws(() => offsetAt(SUMMER, 'Europe/Atlantis'), RangeError);
});

function byIntl(at: number, timezone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  return format.format(at).replace(',', '');
}
