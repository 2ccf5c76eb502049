import type { CronOptions } from 'croner';

/** Croner's options for a time zone. UTC is told as an offset: for a zone, even that one, Croner loads the tables of all (`base/wall-time.ts`). */
export function cronZone(timezone: string): CronOptions {
  return timezone === 'UTC' ? { utcOffset: 0 } : { timezone };
}
