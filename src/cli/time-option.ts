import { parseDuration } from '../base/duration.ts';
import { ConfigError } from '../base/errors.ts';
import { parseTime } from '../base/time.ts';

/** A flag's moment: a duration back from `now`, or a time; `null` when it was not given. Throws `ConfigError` for anything else. */
export function timeOption(flag: string, value: unknown, now: number): number | null {
  if (typeof value !== 'string') return null;
  const ms = parseDuration(value);
  // A day alone is its beginning in UTC.
  const at = ms === null ? parseTime(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00Z` : value) : now - ms;
  if (at !== null) return at;
  throw new ConfigError(
    `expected ${flag} as a duration such as 2h or a time such as 2026-01-31T10:00:00Z, found ${JSON.stringify(value)}`,
  );
}
