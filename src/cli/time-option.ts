import { parseDuration } from '../base/duration.ts';
import { ConfigError } from '../base/errors.ts';

/** A flag's moment: a duration back from `now`, or a time; `null` when it was not given. Throws `ConfigError` for anything else. */
export function timeOption(flag: string, value: unknown, now: number): number | null {
  if (typeof value !== 'string') return null;
  const ms = parseDuration(value);
  const at = ms === null ? Date.parse(value) : now - ms;
  if (!Number.isNaN(at)) return at;
  throw new ConfigError(
    `expected ${flag} as a duration such as 2h or a time such as 2026-01-31T10:00:00Z, found ${JSON.stringify(value)}`,
  );
}
