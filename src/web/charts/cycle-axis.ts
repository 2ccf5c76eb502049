import { DAY } from '../../base/duration.ts';
import type { CycleSummary } from '../../core/model/cycle.ts';

/** The time that charts of the last day cover, and where on it each cycle lies. Times are epoch milliseconds. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Per cycle, oldest first: the span that it stands for, in {@link AXIS_UNITS}; whole numbers. */
  readonly spans: readonly (readonly [number, number])[];
}

/** Width of the axis: one unit is 5 minutes of a full day. */
export const AXIS_UNITS = 288;
export const SHORTEST_AXIS_MS = 600_000;
/** After this many usual distances without a cycle the chart shows a hole, since nobody was looking. */
const HOLE_FACTOR = 2.5;

/** The axis over the cycles of the last 24 hours, shorter while the store is young. */
export function cycleAxis(cycles: readonly CycleSummary[], now: number): Axis {
  const times = cycles.map((cycle) => cycle.at);
  const from = Math.max(now - DAY, Math.min(times[0] ?? now, now - SHORTEST_AXIS_MS));
  const place = (at: number) => Math.round(Math.min(1, Math.max(0, (at - from) / (now - from))) * AXIS_UNITS);
  const spans = spansOf(times, now).map(([start, end]) => [place(start), place(end)] as const);
  return { from, to: now, spans };
}

/** The time that each cycle stands for, epoch milliseconds: until the one after it, unless that is long in coming. */
export function spansOf(times: readonly number[], now: number): readonly (readonly [number, number])[] {
  const distance = usualDistance(times);
  return times.map((at, i) => {
    const after = times[i + 1] ?? now;
    return [at, after - at > HOLE_FACTOR * distance ? at + distance : after] as const;
  });
}

function usualDistance(times: readonly number[]): number {
  const distances = times.slice(1).map((at, i) => at - (times[i] ?? at));
  return distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? SHORTEST_AXIS_MS;
}
