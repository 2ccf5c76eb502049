import type { Glob } from '../base/glob.ts';
import type { LineSink } from '../core/analyze/line-sink.ts';
import type { Cursor, Cycle } from '../core/model/cycle.ts';
import type { ContainerRef } from '../core/model/log-line.ts';

/** What one collection is to read, and where it left off. */
export interface CollectionRequest {
  readonly include: readonly Glob[];
  readonly exclude: readonly Glob[];
  /** From the newest committed cycle; empty at first. */
  readonly cursors: readonly Cursor[];
  readonly eventCounts: Readonly<Record<string, number>>;
  /** Milliseconds; how far back the first read of a container goes. */
  readonly lookback: number;
  /** Bytes. */
  readonly maxLine: number;
  readonly maxPerContainer: number;
  /** The moment that the cycle stands for, and when it really started; epoch milliseconds. */
  readonly at: number;
  readonly startedAt: number;
  /** Where the new lines of one container instance go. */
  readonly sinkFor: (ref: ContainerRef) => LineSink;
  /** Takes secrets out of termination and event messages. */
  readonly redact: (text: string) => string;
  readonly onProgress: (done: number, total: number, lines: number) => void;
}

/** What one collection saw. It never fails as a whole but for an API server that cannot be reached or refuses who we are (`CollectError`). */
export type Collection = Pick<
  Cycle,
  | 'namespaces'
  | 'podsComplete'
  | 'states'
  | 'nodes'
  | 'usage'
  | 'usageSource'
  | 'events'
  | 'eventCounts'
  | 'cursors'
  | 'gaps'
  | 'errors'
  | 'containers'
  | 'lines'
  | 'bytes'
>;
