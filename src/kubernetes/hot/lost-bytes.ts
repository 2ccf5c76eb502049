import { SECOND } from '../../base/duration.ts';
import type { Pace } from '../../core/model/cycle.ts';
import { type LineSpan, rateOfLines } from './pace.ts';

/** Rates no further apart than this are one container's, only that a busy machine holds it up now and lets it catch up then. */
const SAME_PACE = 3;
/** What the pace of the last minute weighs then, against the seconds behind what was lost. */
const PACE_WEIGHT = 2 / 3;

/**
 * About how many bytes of log were written in a span that could not be read: from the lines behind it where they span enough time to show
 * a pace, and from the pace before it where both show the same one or the lines do not. `null` when neither tells, or the span has no beginning.
 */
export function lostBytes(
  span: { readonly from: number | null; readonly to: number },
  before: Pace | undefined,
  after: LineSpan,
): number | null {
  const rate = rateIn(before?.rate ?? null, after);
  if (span.from === null || rate === null) return null;
  return Math.round((rate * Math.max(span.to - span.from, 0)) / SECOND);
}

function rateIn(before: number | null, lines: LineSpan): number | null {
  const after = rateOfLines(lines);
  // A log may be read so soon after its rotation that a second of it has to do.
  if (after === null) return meanOf([before, rateOfLines(lines, SECOND)]);
  if (before === null || Math.max(before, after) > SAME_PACE * Math.min(before, after)) return after;
  return PACE_WEIGHT * before + (1 - PACE_WEIGHT) * after;
}

function meanOf(rates: readonly (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0) / known.length;
}
