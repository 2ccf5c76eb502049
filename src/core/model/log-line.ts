import type { Workload } from './workload.ts';

/** Index 0 is "no level stands in the line"; the order is that of severity. */
export const LEVELS = ['none', 'trace', 'debug', 'info', 'warning', 'error', 'fatal'] as const;
export type LevelName = (typeof LEVELS)[number];
/** An index into {@link LEVELS}. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Where a log line comes from: one instance of one container. */
export interface ContainerRef {
  readonly workload: Workload;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly containerID: string;
  readonly node: string;
  readonly image: string;
}

/** One stored record: a line, or a stack trace stitched to its first line (the lines joined by `\n`). Redacted, cut, without ANSI codes. */
export interface LogLine {
  /** Kubelet's timestamp: whole seconds since the epoch, and nanoseconds within that second. */
  readonly second: number;
  readonly nanos: number;
  readonly ref: ContainerRef;
  readonly level: Level;
  /** HTTP status, 0 when the line has none. */
  readonly status: number;
  readonly text: string;
}

/** RFC 3339 in UTC with nine fractional digits. */
export function formatNanoTime(second: number, nanos: number): string {
  return `${new Date(second * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, '0')}Z`;
}
