import { DAY, HOUR, MINUTE } from '../../../base/duration.ts';
import { offsetAt } from '../../../base/wall-time.ts';

/**
 * When a wall clock shows a time: `minutes` after the midnight that begins `day` (days since the epoch), which may reach into the next day.
 * The two differ where the clock is set back over it; where it is set forward over it, both are the moment of that change.
 */
export function zoneTimes(day: number, minutes: number, timezone: string): { readonly first: number; readonly last: number } {
  const wall = day * DAY + minutes * MINUTE;
  const [before, after] = [offsetAt(wall - DAY, timezone), offsetAt(wall + DAY, timezone)];
  const exact = [wall - before, wall - after].filter((at) => at + offsetAt(at, timezone) === wall);
  if (exact.length > 0) return { first: Math.min(...exact), last: Math.max(...exact) };
  const change = changeBetween(wall - after, wall - before, timezone);
  return { first: change, last: change };
}

/** The first minute of the new offset. */
function changeBetween(from: number, to: number, timezone: string): number {
  let [low, high] = [Math.min(from, to) - HOUR, Math.max(from, to) + HOUR];
  const before = offsetAt(low, timezone);
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetAt(middle, timezone) === before) low = middle;
    else high = middle;
  }
  return high;
}
