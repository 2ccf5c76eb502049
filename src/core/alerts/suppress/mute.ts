import { localDay } from '../../../base/wall-time.ts';
import type { Alert } from '../../model/alert.ts';
import type { Mute, Suppression } from '../../model/suppression.ts';
import { formatTime } from '../facts.ts';
import { matchesAnyOf } from '../routing.ts';
import { zoneTimes } from './zone.ts';

const DAY_MINUTES = 24 * 60;

/** Which window mutes an alert at a moment, if one does. */
export function muter(mutes: readonly Mute[], at: number): (alert: Alert) => Suppression | null {
  const open = mutes.flatMap((mute) => {
    const until = mutedUntil(mute, at);
    return until === null ? [] : [{ mute, until }];
  });
  return ({ labels }) => {
    const found = open.find(({ mute }) => mute.match.length === 0 || matchesAnyOf(mute.match, labels));
    if (found === undefined) return null;
    const { until, mute } = found;
    return { by: 'mute', text: `muted until ${formatTime(until, mute.timezone)}`, id: null, until };
  };
}

/**
 * The end of the window that is open at a moment; `null` when none is. The wall clock decides: a time that a change of the clock leaves out
 * counts as the moment of the change; of one that comes twice, the first begins a window and the second ends it.
 */
export function mutedUntil({ weekdays, from, to, timezone }: Mute, at: number): number | null {
  const today = localDay(at, timezone);
  for (const day of [today - 1, today]) {
    // The epoch began on a Thursday.
    if (!weekdays.has((((day + 4) % 7) + 7) % 7)) continue;
    const start = zoneTimes(day, from, timezone).first;
    const end = zoneTimes(day, to > from ? to : to + DAY_MINUTES, timezone).last;
    if (start <= at && at < end) return end;
  }
  return null;
}
