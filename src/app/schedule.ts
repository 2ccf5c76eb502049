import { Cron } from 'croner';
import { MINUTE } from '../base/duration.ts';
import { cronZone } from './cron-zone.ts';

/** The longest gap between ticks is looked for among this many. */
const TICKS_LOOKED_AT = 50;
/** Missed ticks are counted up to here. */
const MOST_MISSED = 10_000;

/** A Croner pattern as pure calculation. All times are epoch milliseconds. */
export interface Schedule {
  /** The longest time between two ticks that follow each other: what "2.5 schedule periods" is counted in. */
  readonly period: number;
  /** The first tick after `time`. */
  next(time: number): number | null;
  /** The newest tick at or before `time`. */
  latest(time: number): number | null;
  /** How many ticks lie in (from, to). */
  between(from: number, to: number): number;
  /** Calls back at every tick until aborted; Croner corrects for suspended machines and stepped clocks. */
  start(onTick: () => void, signal: AbortSignal): void;
}

/** Compiles a pattern; throws `Error` with Croner's reason when it cannot. */
export function compileSchedule(pattern: string, timezone: string, now: number): Schedule {
  const cron = new Cron(pattern, { paused: true, ...cronZone(timezone) });
  const next = (time: number) => cron.nextRun(new Date(time))?.getTime() ?? null;
  const ticks = cron.nextRuns(TICKS_LOOKED_AT, new Date(now)).map((tick) => tick.getTime());
  if (ticks.length === 0) throw new Error('the pattern never comes');
  let period = 0;
  for (let i = 1; i < ticks.length; i++) period = Math.max(period, (ticks[i] ?? 0) - (ticks[i - 1] ?? 0));
  return {
    period: period === 0 ? 10 * MINUTE : period,
    next,
    // Croner's search backwards excludes its reference, so that a tick at `time` needs the millisecond.
    latest: (time) => cron.previousRuns(1, new Date(time + 1))[0]?.getTime() ?? null,
    between(from, to) {
      let count = 0;
      for (let tick = next(from); tick !== null && tick < to && count < MOST_MISSED; tick = next(tick)) count++;
      return count;
    },
    start(onTick, signal) {
      const job = new Cron(pattern, { ...cronZone(timezone), protect: true }, onTick);
      signal.addEventListener('abort', () => job.stop(), { once: true });
    },
  };
}

/** Why a pattern cannot be used, or `null`: for `check` and the settings. */
export function scheduleProblem(pattern: string, timezone: string, now: number): string | null {
  try {
    compileSchedule(pattern, timezone, now);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
