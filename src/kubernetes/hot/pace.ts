import { MINUTE, SECOND } from '../../base/duration.ts';
import type { Pace } from '../../core/model/cycle.ts';

/** How fast what was seen before fades: a read after this time counts for two thirds of the pace, one after ten times as much for all of it. */
const MEMORY = MINUTE;
/** Less, in bytes a second, is not worth a place in the cursor: 24 h of it are no file that the kubelet would rotate. */
const SLOWEST = 64;
/** A shorter span of lines shows no pace: a burst at the start says nothing of the time before. */
const STEADY = 5 * SECOND;

/** New lines that were read together. */
export interface LineSpan {
  readonly bytes: number;
  /** The node's times of the first and the newest line, epoch milliseconds; `null` without one. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

/** What one read brought of one container. */
export interface PaceRead extends LineSpan {
  /** Bytes that were written since the last read and are lost. */
  readonly lostBytes: number;
  /** When the read ended, epoch milliseconds by our clock. */
  readonly at: number;
}

/** How fast a container writes after one more read; `undefined` for one that hardly writes at all. */
export function paceAfter(before: Pace | undefined, read: PaceRead): Pace | undefined {
  const rate = before === undefined ? firstRate(read) : nextRate(before, read);
  return rate < SLOWEST ? undefined : { rate: Math.round(rate), at: read.at };
}

/** Bytes a second of the lines of one response; `null` when they span too little time to tell. */
export function rateOfLines({ bytes, firstAt, lastAt }: LineSpan, shortest: number = STEADY): number | null {
  if (firstAt === null || lastAt === null || lastAt - firstAt < shortest) return null;
  return (bytes * SECOND) / (lastAt - firstAt);
}

function firstRate(read: PaceRead): number {
  if (read.firstAt === null) return 0;
  return rateOfLines(read) ?? (read.bytes * SECOND) / Math.max(read.at - read.firstAt, STEADY);
}

/** The mean over time, newer reads counting more (EWMA for unequal spans). */
function nextRate(before: Pace, { bytes, lostBytes, at }: PaceRead): number {
  const span = at - before.at;
  // The clock was set back, or two reads came at once: no span to spread the bytes over.
  if (span < SECOND) return before.rate;
  const weight = 1 - Math.exp(-span / MEMORY);
  return before.rate + weight * (((bytes + lostBytes) * SECOND) / span - before.rate);
}
