import type { ContainerRef, Level } from './log-line.ts';

/** Patterns that are known of one container name of one workload, and of all. The least recently seen go first. */
export const MOST_PATTERNS_PER_CONTAINER = 200;
export const MOST_PATTERNS = 10_000;

/** A line template: what a container's alike records have in common. Times are epoch milliseconds. */
export interface Pattern {
  /** Hash of the level and the template as it was first found; a template that widens later keeps its id. 16 hex digits. */
  readonly id: string;
  readonly level: Level;
  /** Words, with `<num>`, `<ip>` and so on, or `<*>`, for what varies. */
  readonly template: string;
  /** The beginning of one record, as stored. */
  readonly sample: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A pattern's records of one container instance in one cycle. */
export interface PatternCounts extends Pattern {
  /** Minute (since the epoch) and count in turns, by rising minute. */
  readonly minutes: readonly number[];
}

/** One container's patterns in one cycle. */
export interface ContainerPatterns {
  readonly ref: ContainerRef;
  readonly patterns: readonly PatternCounts[];
  /** Patterns that found no room, or had to make room: what is new can no longer be told from what was forgotten. */
  readonly dropped: number;
}
