import { HOUR, MINUTE, SECOND } from '../base/duration.ts';

/** The first wait and the longest one between two attempts. */
export const FIRST_WAIT = SECOND;
export const LONGEST_WAIT = 15 * MINUTE;

/** A receiver that asks for more patience than this is asked again all the same. */
export const LONGEST_ASKED = HOUR;

/**
 * How long to wait after the `failures`-th failure in a row, in milliseconds: doubling from 1 s to 15 min, shortened by up to a half
 * by chance (`random` in [0, 1)), so that several receivers do not come back at once. What the receiver asked for is kept, up to an hour.
 */
export function retryWait(failures: number, retryAfterMs: number | null, random: number): number {
  if (retryAfterMs !== null) return Math.min(Math.max(retryAfterMs, 0), LONGEST_ASKED);
  const ceiling = Math.min(FIRST_WAIT * 2 ** Math.min(failures - 1, 20), LONGEST_WAIT);
  return Math.max(FIRST_WAIT, ceiling * (1 - random / 2));
}

/** Milliseconds of a `Retry-After` header, which has seconds or a date; `null` when it is absent or neither. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * SECOND);
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
