import { SECOND } from '../../base/duration.ts';
import type { Pace } from '../../core/model/cycle.ts';
import { type LineSpan, rateOfLines } from './pace.ts';

/**
 * About how many bytes of log were written in a span that could not be read: from the lines behind it where they span enough time to show
 * a pace, else also from the pace before it. `null` when neither tells, or the span has no beginning.
 */
export function lostBytes(
  span: { readonly from: number | null; readonly to: number },
  before: Pace | undefined,
  after: LineSpan,
): number | null {
  // A log may be read so soon after its rotation that a second of it has to do.
  const rate = rateOfLines(after) ?? meanOf([before?.rate ?? null, rateOfLines(after, SECOND)]);
  if (span.from === null || rate === null) return null;
  return Math.round((rate * Math.max(span.to - span.from, 0)) / SECOND);
}

function meanOf(rates: readonly (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0) / known.length;
}
