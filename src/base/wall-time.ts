import { DAY, HOUR, MINUTE, SECOND } from './duration.ts';
import { Recent } from './recent.ts';

const FORMATS = new Recent<Intl.DateTimeFormat>(16);

/** What a clock on the wall shows. */
export interface WallTime {
  /** `2026-11-21`. */
  readonly date: string;
  /** `14:02:11`. */
  readonly clock: string;
  /** How far the clock is ahead of UTC, milliseconds. */
  readonly offset: number;
}

/** What a wall clock in a time zone (an IANA name) shows at a moment. */
export function wallTime(at: number, timezone: string): WallTime {
  const offset = offsetAt(at, timezone);
  const iso = new Date(at + offset).toISOString();
  return { date: iso.slice(0, 10), clock: iso.slice(11, 19), offset };
}

/** The day on the wall clock, as days since the epoch. */
export function localDay(at: number, timezone: string): number {
  return Math.floor((at + offsetAt(at, timezone)) / DAY);
}

/** How far the wall clock is ahead of UTC, in milliseconds. */
export function offsetAt(at: number, timezone: string): number {
  // The tables of all zones and languages take 6 MB as soon as anything of Intl is used.
  if (timezone === 'UTC') return 0;
  const format = FORMATS.get(timezone, () => new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }));
  const text = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (match === null) return 0;
  const ms = Number(match[2]) * HOUR + Number(match[3]) * MINUTE + Number(match[4] ?? 0) * SECOND;
  return match[1] === '-' ? -ms : ms;
}

/** `+01:00`, and `+00:53:28` for zones of old. */
export function offsetText(offset: number): string {
  const [hours = '', minutes, seconds] = new Date(Math.abs(offset)).toISOString().slice(11, 19).split(':');
  return `${offset < 0 ? '-' : '+'}${hours}:${minutes}${seconds === '00' ? '' : `:${seconds}`}`;
}
