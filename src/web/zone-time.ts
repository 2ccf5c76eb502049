import { offsetText, wallTime } from '../base/wall-time.ts';
import { type Html, html } from './html.ts';

/** Writes times as people of one time zone read them. Times are epoch milliseconds. */
export interface ZoneTime {
  /** `UTC`, or `Europe/Berlin (UTC+1)`: what the page says once for all its times. */
  readonly name: string;
  /** `14:10`. */
  clock(at: number): string;
  /** `14:10` today, else `20 Nov 14:10`. */
  short(at: number): string;
  /** `21 Nov 2026 14:10:05 UTC+1`. */
  full(at: number): string;
  /** A `time` element: short, the full time on hover. */
  element(at: number): Html;
  /** The same with seconds, for what follows each other within a minute. */
  exact(at: number): Html;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

/** Formats in `timezone` (IANA), as seen at `now`. */
export function createZoneTime(timezone: string, now: number): ZoneTime {
  const today = wallTime(now, timezone);
  const written = (at: number, digits: number) => {
    const { date, clock } = wallTime(at, timezone);
    return date === today.date ? clock.slice(0, digits) : `${dayOf(date)} ${clock.slice(0, digits)}`;
  };
  const short = (at: number) => written(at, 'hh:mm'.length);
  const full = (at: number) => {
    const { date, clock, offset } = wallTime(at, timezone);
    return `${dayOf(date)} ${date.slice(0, 4)} ${clock} ${zoneText(offset)}`;
  };
  const element = (at: number, text: string) =>
    html`<time datetime="${new Date(at).toISOString()}" title="${full(at)}">${text}</time>`;
  return {
    name: timezone === 'UTC' ? 'UTC' : `${timezone} (${zoneText(today.offset)})`,
    clock: (at) => wallTime(at, timezone).clock.slice(0, 5),
    short,
    full,
    element: (at) => element(at, short(at)),
    exact: (at) => element(at, written(at, 'hh:mm:ss'.length)),
  };
}

/** `21 Nov`. */
function dayOf(date: string): string {
  return `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]}`;
}

/** `UTC`, `UTC+1` or `UTC-3:30`. */
function zoneText(offset: number): string {
  const [hours, minutes] = offsetText(offset).slice(1).split(':');
  return offset === 0 ? 'UTC' : `UTC${offset < 0 ? '-' : '+'}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
}
