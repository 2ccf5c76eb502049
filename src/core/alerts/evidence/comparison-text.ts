import { humanDuration } from '../../../base/duration.ts';
import type { Comparison, FiredBefore, NumberComparison } from '../../model/context.ts';
import { formatValue } from '../../rules/evaluation/value-text.ts';
import { formatClock } from '../facts.ts';
import { spanText } from './span-text.ts';

/** How an alert compares with the day before, one short line each: `Share of error lines in a minute: 34% now; in the day before median 0.4%, at most 2.1% at 03:12`. */
export function comparisonTexts({ number, fired }: Comparison, timezone: string): readonly string[] {
  return [...(number === null ? [] : [numberText(number, timezone)]), ...(fired === null ? [] : [firedText(fired, timezone)])];
}

function numberText({ what, unit, now, from, to, median, worst, worstIs, worstAt }: NumberComparison, timezone: string): string {
  const said = (value: number) => formatValue(value, unit);
  const head = `${what.charAt(0).toUpperCase()}${what.slice(1)}: ${said(now)} now`;
  const span = spanText(from, to);
  if (worst === 0 && median === 0) return `${head}; none in ${span}`;
  if (said(worst) === said(median)) return `${head}; mostly ${said(worst)} in ${span}`;
  const limit = worstIs === 'highest' ? 'at most' : 'at least';
  return `${head}; in ${span} median ${said(median)}, ${limit} ${said(worst)} at ${clockOf(worstAt, timezone)}`;
}

function firedText({ from, to, count, lastAt, lastFor, lastUntil }: FiredBefore, timezone: string): string {
  if (count === 0 || lastAt === null) return `It had not fired in ${spanText(from, to)}`;
  const often = count === 1 ? 'once' : `${count} times`;
  // A time of the day alone would be taken for that of the day before.
  if (lastUntil !== undefined) return `It had fired in the day before, until ${clockOf(lastUntil, timezone)}`;
  const long = lastFor === null ? '' : `, for ${humanDuration(lastFor)}`;
  return `It had fired ${often} in the day before, last at ${clockOf(lastAt, timezone)}${long}`;
}

/** To the minute. */
function clockOf(at: number, timezone: string): string {
  return formatClock(at, timezone).slice(0, 5);
}
