import type { LineValueId } from './line-value.ts';
import type { ContainerRef, Level } from './log-line.ts';
import type { MatcherId } from './matcher.ts';
import type { Minute } from './minute.ts';
import type { ObjectSource } from './objects/cluster-object.ts';
import type { ObjectReading } from './objects/object-reading.ts';
import type { ContainerPatterns } from './pattern.ts';
import type { NodeState, PodState, Termination } from './pod.ts';
import type { ProbeReading } from './probe.ts';
import type { SelfReport } from './self-report.ts';
import type { Workload } from './workload.ts';

/** Why something could not be seen. */
export type GapReason =
  | 'rotated' // the kubelet rotated the log between two reads
  | 'missed_instances' // more than one restart between two reads
  | 'truncated' // more than `max_per_container` in one cycle
  | 'read_failed' // the read gave up; what is missing may still come with a later read
  | 'node_skipped' // the node's reads failed too often in this cycle
  | 'gone'; // the pod or the instance was removed before it was read to its end

/** A span of one container's log that could not be read. Times are epoch milliseconds, half-open; `from` is `null` when unknown. */
export interface Gap {
  readonly namespace: string;
  readonly workload: Workload;
  readonly pod: string;
  readonly container: string;
  readonly from: number | null;
  readonly to: number;
  readonly reason: GapReason;
  /** About how many bytes of log text are missing, from the pace around the gap; left out when that is not known. */
  readonly bytes?: number;
}

/** A source that could not be read in a cycle. */
export interface SourceError {
  readonly source: 'namespaces' | 'pods' | 'nodes' | 'events' | 'metrics' | 'logs' | 'store' | ObjectSource;
  /** `null` for cluster-wide sources. */
  readonly namespace: string | null;
  /** A `CollectReason`, or `absent` for a metrics API that is not installed. */
  readonly reason: string;
  readonly message: string;
}

/** The newest line of a cursor, in file order. */
export interface CursorTail {
  /** Over its time, length and beginning. */
  readonly hash: string;
  /** How many lines of this very time and text there were up to it. */
  readonly count: number;
}

/** How fast a container writes. */
export interface Pace {
  /** Bytes of log text a second, a mean over the reads so far that favours the newest ones. */
  readonly rate: number;
  /** The newest of those reads, epoch milliseconds. */
  readonly at: number;
}

/**
 * Where the next log read of one container instance resumes (kubernetes.md section 2.2).
 * The next response to `sinceTime = since` must begin with exactly the `count` lines whose chained hash is `chain`.
 */
export interface Cursor {
  readonly ref: ContainerRef;
  /** Epoch seconds; `null` before the first line was read. */
  readonly since: number | null;
  readonly count: number;
  readonly chain: string;
  /** Hash of the first of those lines; empty when `count` is 0. */
  readonly first: string;
  /** Kubelet timestamp of the newest line that was read: epoch milliseconds (rounded down), `null` before the first. */
  readonly lastAt: number | null;
  /** The instance has ended and was read to its end: never ask for it again. */
  readonly drained: boolean;
  /** Complete pod lists in a row that did not have the pod: forgotten at two. */
  readonly missing: number;
  /** The container's restart count when this was its instance: shows how many instances were missed since. */
  readonly restarts?: number;
  /** How many lines a private key that began before can still hide; left out when none is open. */
  readonly keyLines?: number;
  /** Left out for one that hardly writes. */
  readonly pace?: Pace;
  /** Only of a followed instance, whose known lines may lie on both sides of a rotation: shows where they end when the first of them is gone. */
  readonly tail?: CursorTail;
}

/** One container's CPU (cores) and memory (bytes, working set) as metrics.k8s.io had it. */
export interface Usage {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly at: number;
  readonly cpu: number;
  readonly memory: number;
}

/** A Warning event, or a rise of its count since it was last seen. */
export interface ClusterEvent {
  readonly uid: string;
  readonly namespace: string;
  /** The object that it is about. */
  readonly kind: string;
  readonly name: string;
  readonly objectUid: string;
  /** The workload of a pod that was known when the event was read. */
  readonly workload: Workload | null;
  readonly type: string;
  readonly reason: string;
  /** Redacted, at most 1,024 characters. */
  readonly message: string;
  readonly at: number;
  /** How often it happened since it was last recorded. */
  readonly count: number;
}

/** Restarts of one container of one pod, dated as interface.md section 4.1 point 7 says. */
export interface RestartIncrease {
  readonly workload: Workload;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly at: number;
  readonly count: number;
  /** Set when the pod was seen for the first time: its creation. A rule counts these only for pods younger than its `within`. */
  readonly podCreatedAt: number | null;
  /** The collection that saw it, where `at` is not that: the newest restart stands at its `finishedAt`. */
  readonly seenAt?: number;
}

/** An end of a container instance, recorded once. */
export interface TerminationRecord extends Termination {
  readonly workload: Workload;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly node: string;
  readonly image: string;
  /** `finishedAt`, or the time of the collection when the kubelet did not say. */
  readonly at: number;
  /** Set for init containers (sidecars are none): people write their reasons as kubectl does, `Init:Error`. */
  readonly init?: true;
}

/** One container's minutes in one cycle. */
export interface ContainerMinutes {
  readonly ref: ContainerRef;
  readonly minutes: readonly Minute[];
}

/** What is listed of a cycle without opening its facts. */
export interface CycleSummary {
  /** Sorts by time; never used twice by one store. */
  readonly id: string;
  readonly trigger: 'scheduled' | 'targeted';
  /** The moment that the cycle stands for: the schedule's tick, else its start. Samples of state carry this time. */
  readonly at: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Counts of what was seen and read. `lines` and `bytes` are of log text as read. */
  readonly pods: number;
  readonly containers: number;
  readonly lines: number;
  readonly bytes: number;
  readonly gaps: readonly Gap[];
  readonly errors: readonly SourceError[];
  /** Scheduled ticks that passed without a cycle before this one. */
  readonly missed: number;
}

/** One committed collection, without its log lines. */
export interface Cycle extends CycleSummary {
  /** The namespaces whose pods were listed completely. Empty with `podsComplete` false when the list failed as a whole. */
  readonly namespaces: readonly string[];
  /** Whether pods of every chosen namespace were listed; if not, absence of a pod in an unlisted namespace means nothing. */
  readonly podsComplete: boolean;
  readonly states: readonly PodState[];
  /** Pods that targeted cycles saw which this one has taken over, and that were gone by its list. */
  readonly departed?: readonly PodState[];
  readonly nodes: readonly NodeState[];
  /** Workloads, jobs, autoscalers, claims and quotas; left out where they were not listed. */
  readonly objects?: ObjectReading;
  /** Left out by versions that did not look at themselves. */
  readonly self?: SelfReport;
  readonly usage: readonly Usage[];
  /** `absent`: no metrics API is installed; `unavailable`: it did not answer; then rules on usage are unknown. */
  readonly usageSource: 'ok' | 'absent' | 'unavailable';
  readonly events: readonly ClusterEvent[];
  readonly restarts: readonly RestartIncrease[];
  readonly terminations: readonly TerminationRecord[];
  /** Those of a stored cycle are read anew each time that they are gone through: a day of them would fill the memory. */
  readonly minutes: Iterable<ContainerMinutes>;
  readonly patterns: readonly ContainerPatterns[];
  /** Patterns were looked for in records of this level and worse; left out: in none. */
  readonly patternsFrom?: Level;
  /** The matchers and values that were counted in `minutes`, also those that were found nowhere; left out: all that are asked for. */
  readonly counted?: readonly (MatcherId | LineValueId)[];
  readonly cursors: readonly Cursor[];
  /** Left out where no probe is set up. */
  readonly probes?: ProbeReading;
  /** Event counts by uid, so that the next cycle records rises only. */
  readonly eventCounts: Readonly<Record<string, number>>;
}
