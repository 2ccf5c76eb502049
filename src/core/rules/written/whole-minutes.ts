import { DAY, formatDuration, MINUTE } from '../../../base/duration.ts';
import { duration } from '../../../base/schema/scalars.ts';
import { refine, type Type } from '../../../base/schema/type.ts';

const MOST = 7 * DAY;

/** Milliseconds of a time over which lines are counted: whole minutes, at most a week. */
export function wholeMinutes(): Type<number> {
  return refine(duration(MINUTE), (ms, fail) => {
    if (ms > MOST) return fail(`expected at most ${formatDuration(MOST)}, found ${formatDuration(ms)}`);
    return ms % MINUTE === 0
      ? ms
      : fail(`expected whole minutes such as 10m, since lines are counted by the minute; found ${formatDuration(ms)}`);
  });
}
