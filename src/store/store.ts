import type { Segment, SegmentSink } from '../core/analyze/segment.ts';
import type { Cycle, CycleSummary } from '../core/model/cycle.ts';
import type { LateCounts } from '../core/model/late-counts.ts';
import type { LineQuery } from '../core/model/line-query.ts';
import type { LogLine } from '../core/model/log-line.ts';
import type { Evidence } from '../core/model/notification.ts';
import type { AlertsDocument } from '../core/model/state.ts';
import type { Workload } from '../core/model/workload.ts';

/** A collection being written. Nothing of it is visible until `commit`. */
export interface CycleDraft extends SegmentSink {
  /**
   * Takes over the lines of a committed cycle, before any other line is written: the commit then replaces that cycle, in one step.
   * The cycle to commit must have all that the other had.
   */
  takeOver(id: string): Promise<void>;
  /**
   * Makes the cycle durable, lines first, and visible as a whole; idempotent per id. Rejects with `StoreError` and leaves nothing behind when it cannot.
   * `state`, when given, is committed with it in the same step as far as the engine can; else it is saved by {@link Store.saveAlerts} next.
   */
  commit(cycle: Cycle): Promise<void>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/**
 * Where 24 hours of cycles and the alert state are kept. One writer; opening waits up to 20 s for another one to end.
 * Every method that resolves has made its effect durable (a power cut does not take it back).
 */
export interface Store extends AsyncDisposable {
  /** What the start repaired, set aside or could not read, in words for the log and the page. */
  readonly repairs: readonly string[];
  /** Committed cycles, oldest first. */
  summaries(): readonly CycleSummary[];
  /**
   * Whole cycles, oldest first, one at a time. One that cannot be read is set aside, told through `repairs`, and skipped. `only`: their pods,
   * minutes and patterns may lack those of other workloads, which makes few workloads several times as fast to read.
   */
  cycles(only?: (workload: Workload) => boolean): AsyncIterable<Cycle>;
  newest(): Promise<Cycle | null>;
  /** One whole cycle; `null` when there is none of this id, or none that can be read. */
  cycle(id: string): Promise<Cycle | null>;
  /** A cycle's log lines as they were written, in the order of each container, those of `only` alone; little is in memory at a time. */
  segments(id: string, only?: (workload: Workload) => boolean): AsyncIterable<Segment>;
  /** Keeps counts that a committed cycle was made without: from then on it has them. Does nothing when it has expired. */
  saveLate(id: string, late: LateCounts): Promise<void>;
  begin(id: string): Promise<CycleDraft>;
  /** Matching lines; ends early when `signal` aborts. Lines of equal time keep their file order. */
  lines(query: LineQuery, signal: AbortSignal): AsyncIterable<LogLine>;
  loadAlerts(): Promise<AlertsDocument>;
  saveAlerts(document: AlertsDocument): Promise<void>;
  readonly sent: SentMessages;
  saveEvidence(id: string, evidence: Evidence): Promise<void>;
  loadEvidence(id: string): Promise<Evidence | null>;
  /** Deletes what is older than the window, then the oldest cycles while the size is above `max_size`. Returns the ids deleted and why. */
  expire(now: number): Promise<{ readonly expired: readonly string[]; readonly forSize: readonly string[] }>;
  /** Bytes on disk. */
  size(): number;
}

/** What receivers have taken since the alerts document was saved, remembered over a kill. */
export interface SentMessages {
  /** Of messages that the saved document may still owe. */
  readonly ids: ReadonlySet<string>;
  /** Remembers within the call that a receiver took the message, until a document is saved that owes none of these; throws where it cannot. */
  note(messageId: string): void;
}
