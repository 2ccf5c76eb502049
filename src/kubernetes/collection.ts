import type { Glob } from '../base/glob.ts';
import type { LineSink } from '../core/analyze/line-sink.ts';
import type { Cycle } from '../core/model/cycle.ts';
import type { ContainerRef } from '../core/model/log-line.ts';
import type { ObjectKindName } from '../core/model/objects/cluster-object.ts';
import type { Workload } from '../core/model/workload.ts';
import type { Followers } from './hot/followers.ts';
import type { CursorClaims } from './logs/cursor-book.ts';
import type { LateReads } from './logs/late-reads.ts';

/** How what came of followed instances is read. */
interface FeedsRequest {
  readonly from: Pick<Followers, 'feedOf' | 'hasPod'>;
  /** Of a followed instance only the feed is read, without a request, unless it has to be proved. */
  readonly areTrusted: boolean;
}

/** How logs are read, and where they were left. */
export interface LogsRequest {
  /** Where the logs were left, and who reads them. */
  readonly cursors: CursorClaims;
  /** Milliseconds; how far back the first read of a container goes. */
  readonly lookback: number;
  /** Bytes. */
  readonly maxLine: number;
  readonly maxPerContainer: number;
  /** Where the new lines of one container instance go. */
  readonly sinkFor: (ref: ContainerRef) => LineSink;
  /** What came of followed instances; left out when none can be. */
  readonly feeds?: FeedsRequest;
  /** Takes secrets out of termination and event messages. */
  readonly redact: (text: string) => string;
  /** Monotonic milliseconds; no read begins after that, and what was not read is a gap. Left out: all is read, however long it takes. */
  readonly readUntil?: number;
}

/** What one collection is to read. */
export interface CollectionRequest extends LogsRequest {
  readonly include: readonly Glob[];
  readonly exclude: readonly Glob[];
  /** From the newest committed cycle; empty at first. */
  readonly eventCounts: Readonly<Record<string, number>>;
  /** The moment that the cycle stands for, and when it really started; epoch milliseconds. */
  readonly at: number;
  readonly startedAt: number;
  /** The kinds of objects that rules ask for. */
  readonly objects: ReadonlySet<ObjectKindName>;
  /** Reasons of Normal events that rules ask for. */
  readonly normalEvents: readonly string[] | 'all';
  /** The workload of a pod that is gone, as far as it is known. */
  readonly ownerOf: (uid: string) => Workload | null;
  /** Containers that end or write much after they were read; left out where nothing shows that. */
  readonly late?: LateReads;
  readonly onProgress: (done: number, total: number, lines: number) => void;
}

/** What one collection saw. It never fails as a whole but for an API server that cannot be reached or refuses who we are (`CollectError`). */
export type Collection = Pick<
  Cycle,
  | 'namespaces'
  | 'podsComplete'
  | 'states'
  | 'nodes'
  | 'objects'
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
