import { MINUTE } from '../../../base/duration.ts';
import type { CycleSummary } from '../../model/cycle.ts';

/** A moment at which rules are judged. */
export interface Moment {
  readonly at: number;
  /** A whole minute: everything is judged. Else only what is about state. */
  readonly isMinute: boolean;
  /** A new state stands since this moment. */
  readonly isSample: boolean;
  /** The end of a complete collection: one in which a condition that is not about logs can be seen to be false. */
  readonly isCollection: boolean;
  /** The clock was set back, so that alerts may have been judged at later moments already. */
  readonly isSetBack: boolean;
  /** The last moment of its cycle. */
  readonly isLast: boolean;
  /** One collection's worth of whole minutes ends here; `null` when it goes on. Log conditions count it. */
  readonly closes: { readonly from: number; readonly to: number } | null;
}

/** How far judging had come before a cycle. */
export interface Judged {
  /** The newest whole minute that was judged; `null` before the first. */
  readonly to: number | null;
  /** When the cycle before stood; `null` before the first. */
  readonly previousAt: number | null;
  /** How far back the first cycle's minutes go, in milliseconds. */
  readonly lookback: number;
}

/** A cycle that began so long before what was judged says that the clock was set back: no minute is judged again, yet what is seen now is. */
const SET_BACK = 2 * MINUTE;

/** Minutes that one cycle judges at most: older ones have left the window. */
const MOST_MINUTES = 7 * 24 * 60;

/**
 * The moments that a cycle adds, in order: every whole minute up to its start, and its state's own time (interface.md section 4.1 point 1).
 * After missed cycles the minutes are closed where those would have stood, so that what began and ended meanwhile also resolves.
 */
export function momentsOf(cycle: CycleSummary, judged: Judged): readonly Moment[] {
  if (cycle.trigger === 'targeted') return [targetedMoment(cycle.at)];
  const end = floorMinute(cycle.startedAt);
  const start = Math.max(judged.to ?? end - floorMinute(judged.lookback), end - MOST_MINUTES * MINUTE);
  const setBack = (judged.to ?? 0) - cycle.startedAt > SET_BACK;
  const sampleAt = setBack ? cycle.at : Math.max(cycle.at, judged.to ?? 0);
  const times = new Set<number>();
  for (let at = start + MINUTE; at <= end; at += MINUTE) times.add(at);
  times.add(sampleAt);
  const sorted = [...times].sort((a, b) => a - b);
  const bounds = closings(cycle, judged.previousAt, { start, end });
  let from = start;
  return sorted.map((at, index) => {
    const isMinute = at > start && at <= end && at % MINUTE === 0;
    const isClosing = isMinute && bounds.has(at);
    const closes = isClosing ? { from, to: at } : null;
    if (isClosing) from = at;
    const isSample = at === sampleAt;
    const isLast = index === sorted.length - 1;
    return { at, isMinute, isSample, isCollection: isSample, isSetBack: setBack, isLast, closes };
  });
}

/** What a targeted read adds: the newest state of a few pods, and no minute, since of other containers nothing was read. */
function targetedMoment(at: number): Moment {
  return { at, isMinute: false, isSample: true, isCollection: false, isSetBack: false, isLast: true, closes: null };
}

function closings(
  cycle: CycleSummary,
  previousAt: number | null,
  { start, end }: { readonly start: number; readonly end: number },
): ReadonlySet<number> {
  const bounds = new Set([end]);
  if (previousAt === null || cycle.missed === 0) return bounds;
  const period = (cycle.at - previousAt) / (cycle.missed + 1);
  for (let at = previousAt + period; period >= MINUTE && at < end; at += period) if (at > start) bounds.add(floorMinute(at));
  return bounds;
}

/** The whole minute at or before a time. */
export function floorMinute(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE;
}
