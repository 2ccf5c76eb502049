import { DAY } from '../base/duration.ts';
import { type Html, html } from './html.ts';

/** Writes times as people of one time zone read them. Times are epoch milliseconds. */
export interface ZoneTime {
  /** `UTC`, or `Europe/Berlin (UTC+1)`: what the page says once for all its times. */
  readonly name: string;
  /** `14:10` today, else `20 Nov 14:10`. */
  short(at: number): string;
  /** `2026-11-21 14:10:05 UTC+1`. */
  full(at: number): string;
  /** A `time` element: short, the full time on hover. */
  element(at: number): Html;
}

/** Formats in `timezone` (IANA), as seen at `now`. */
export function createZoneTime(timezone: string, now: number): ZoneTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
  });
  const parts = (at: number) => {
    const found: Record<string, string> = {};
    for (const part of format.formatToParts(at)) found[part.type] = part.value;
    const { day = '', month = '', year = '', hour = '', minute = '', second = '' } = found;
    return { day: `${day} ${month}`, year, clock: `${hour}:${minute}`, second, offset: offsetText(found['timeZoneName'] ?? '') };
  };
  const today = parts(now);
  const isToday = (at: number) => Math.abs(now - at) < DAY && parts(at).day === today.day;
  const short = (at: number) => {
    const { day, clock } = parts(at);
    return isToday(at) ? clock : `${day} ${clock}`;
  };
  const full = (at: number) => {
    const { day, year, clock, second, offset } = parts(at);
    return `${day} ${year} ${clock}:${second} ${offset}`;
  };
  return {
    name: timezone === 'UTC' ? 'UTC' : `${timezone} (${today.offset})`,
    short,
    full,
    element: (at) => html`<time datetime="${new Date(at).toISOString()}" title="${full(at)}">${short(at)}</time>`,
  };
}

function offsetText(name: string): string {
  return name === 'GMT' ? 'UTC' : name.replace('GMT', 'UTC');
}
