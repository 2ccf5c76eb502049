import { DAY, HOUR, MINUTE } from '../../base/duration.ts';
import { offsetAt } from '../../base/wall-time.ts';
import { SHORTEST_AXIS_MS } from './cycle-axis.ts';

/** The time that the charts of one workload cover, cut into columns of whole minutes. Times are epoch milliseconds. */
export interface DayAxis {
  readonly from: number;
  readonly to: number;
  /** What a column stands for. */
  readonly step: number;
  readonly columns: number;
}

/** Columns of a full day: five minutes each. */
const MOST_COLUMNS = 288;

/** The day before `now`, or the time since `first` where nothing is known of what was before. */
export function dayAxis(first: number, now: number): DayAxis {
  const start = Math.max(now - DAY, Math.min(first, now - SHORTEST_AXIS_MS));
  const step = Math.ceil((now - start) / MINUTE / MOST_COLUMNS) * MINUTE;
  const from = Math.ceil(start / step) * step;
  return { from, to: now, step, columns: Math.ceil((now - from) / step) };
}

/** Where a moment lies, in columns from the left; what is outside lies at the edge. */
export function columnAt({ from, step, columns }: DayAxis, at: number): number {
  return Math.min(columns, Math.max(0, (at - from) / step));
}

/** One value for each column: of the newest of the spans that cover a part of it, `null` where none does. */
export function spread<T>(axis: DayAxis, spans: readonly { readonly from: number; readonly to: number; readonly value: T }[]) {
  const found = new Array<T | null>(axis.columns).fill(null);
  for (const { from, to, value } of spans)
    found.fill(value, Math.floor(columnAt(axis, from)), Math.ceil(columnAt(axis, Math.min(to, axis.to))));
  return found;
}

const TICK_STEPS = [2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR];
const MOST_TICKS = 7;

/** Round moments on the wall clock of the time zone. */
export function ticksOf({ from, to }: DayAxis, timezone: string): readonly number[] {
  const step = TICK_STEPS.find((each) => (to - from) / each < MOST_TICKS) ?? 4 * HOUR;
  const offset = offsetAt(from, timezone);
  const first = Math.ceil((from + offset) / step) * step - offset;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => first + i * step);
}
