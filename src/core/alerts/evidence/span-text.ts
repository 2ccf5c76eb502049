import { DAY, HOUR, humanDuration } from '../../../base/duration.ts';

/** The window drops whole cycles, and what alerts is not of the time before: a day has nearly 24 hours. */
const NEARLY_A_DAY = DAY - HOUR;

/** The time before an alert as people say it: `the day before`, `the 5 h before`. */
export function spanText(from: number, to: number): string {
  return to - from >= NEARLY_A_DAY ? 'the day before' : `the ${humanDuration(to - from)} before`;
}
