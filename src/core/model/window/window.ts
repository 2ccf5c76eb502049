import type { ClusterEvent, CycleSummary, Gap, RestartIncrease, TerminationRecord, Usage } from '../cycle.ts';
import type { LineValue } from '../line-value.ts';
import type { Level } from '../log-line.ts';
import type { Matcher } from '../matcher.ts';
import type { ObjectReading } from '../objects/object-reading.ts';
import type { Pattern } from '../pattern.ts';
import type { NodeState, PodState } from '../pod.ts';
import type { ProbeMinute, ProbeReading } from '../probe.ts';
import type { Selection } from '../selector.ts';
import type { SelfReport } from '../self-report.ts';
import type { Workload, WorkloadKey } from '../workload.ts';
import type { Touched } from './touched.ts';
import type { RecordEntry } from './window-records.ts';
import type { WantedCounts } from './window-uncounted.ts';

/** The cluster's state as one cycle saw it. */
export interface StateSample {
  readonly at: number;
  /** When all pods were listed: `at`, unless a targeted read has brought newer states of a few since. */
  readonly listedAt: number;
  /** When objects were seen that were seen since then, by uid. */
  readonly seenAt: ReadonlyMap<string, number>;
  /** What a targeted cycle looked at; `null` when the cycle looked at all. Of the rest nothing new is known. */
  readonly touched: Touched | null;
  readonly cycle: string;
  readonly podsComplete: boolean;
  /** Namespaces whose pods were listed completely. */
  readonly namespaces: ReadonlySet<string>;
  readonly pods: readonly PodState[];
  readonly byWorkload: ReadonlyMap<WorkloadKey, readonly PodState[]>;
  readonly nodes: readonly NodeState[];
  /** Objects beside pods and nodes; `null` where they were not listed. */
  readonly objects: ObjectReading | null;
  /** Tocsin's own condition; `null` where it was not looked at. */
  readonly self: SelfReport | null;
  readonly usageSource: 'ok' | 'absent' | 'unavailable';
  /** By `NAMESPACE/POD/CONTAINER`. */
  readonly usage: ReadonlyMap<string, Usage>;
}

/** Per-minute counts of one matcher for one workload and container name, its pods summed. */
export interface MinuteCounts {
  /** Records in that minute (minutes since the epoch); 0 when none. */
  at(minute: number): number;
  /** Records in the minutes of [from, to). */
  between(from: number, to: number): number;
  /** The newest minute before `before` that has any; `null` when the window has none. */
  newest(before: number): number | null;
  /** Whether the lines of every minute in [from, to) were counted; false while those of an earlier time still are to be, for a matcher that is new. */
  isWhole(from: number, to: number): boolean;
}

/** Distributions of one number in lines of one workload and container name, its pods together. */
export interface MinuteValues {
  /** Over the minutes of [from, to). */
  between(from: number, to: number): { readonly total: number; quantile(share: number): number | null };
  /** Whether the stored lines of [from, to) were all read for it: false while a newer rule waits for that. */
  isWhole(from: number, to: number): boolean;
}

/** Per-minute counts of one pattern. */
export interface PatternMinutes extends Omit<MinuteCounts, 'isWhole'> {
  /** The first minute of [from, to) that has any after so many minutes without one; `null` when none has. */
  begin(from: number, to: number, unseen: number): number | null;
}

/** A pattern with its counts in the window. */
export interface SeenPattern extends Pattern {
  readonly counts: PatternMinutes;
}

/** What the window knows of the patterns of one workload and container name. */
export interface PatternHistory {
  readonly patterns: readonly SeenPattern[];
  /** When some were last left out, since only so many are kept; epoch milliseconds, `null` for never. */
  readonly droppedAt: number | null;
  /**
   * Since when all patterns of a level are known, as far as the log was seen, in epoch milliseconds: before it they were not looked for, or some were
   * dropped. `null` when they are not looked for.
   */
  since(level: Level): number | null;
}

/** A state counts for so many schedule periods (interface.md section 4.1 point 3). */
export const STALE_PERIODS = 2.5;

/** What the window knows of probes. */
export interface ProbeHistory {
  /** The probes as they were set up at the newest cycle. */
  readonly targets: ProbeReading['targets'];
  /** `null` for a minute (since the epoch) without a check. */
  at(name: string, minute: number): ProbeMinute | null;
  /** Oldest first. */
  history(name: string): readonly ProbeMinute[];
}

/** Whether a minute of a workload's container was looked at: `gap` when part of it could not be read, `unseen` before the first look. */
export type Coverage = 'seen' | 'gap' | 'unseen';

/** What the status page draws for one cycle of one workload. */
export type CellState = 'ok' | 'failing' | 'unknown';

/** A change of a workload's pod template, as its pods show it. */
export interface Rollout {
  /** Epoch milliseconds: when the first pod of the template was made or, where none was, when a collection saw it. */
  readonly at: number;
  readonly dated: 'made' | 'seen';
  /** What the controller names the template by; `null` where it is the same, and the containers were changed beside it: by an autoscaler, or in place. */
  readonly revision: string | null;
  /** Images that it brought, and what they took the place of; `null`: a container that is new, or gone. */
  readonly images: readonly { readonly container: string; readonly from: string | null; readonly to: string | null }[];
  /** Limits and requests that it changed, of containers that were there before: cores and bytes, `null` for none. */
  readonly resources: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly container: string;
  readonly resource: 'cpu' | 'memory';
  readonly of: 'limit' | 'request';
  readonly from: number | null;
  readonly to: number | null;
}

/** A setting of an object that is another than at the look before. */
export interface ObjectChange {
  /** The collection that saw it, epoch milliseconds. */
  readonly at: number;
  /** `replicas`, `schedule`. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** A workload that the window knows, with the container names that it has had. Seen are its pods, or lines of them. */
export interface SeenWorkload {
  readonly workload: Workload;
  readonly containers: readonly string[];
  /** As they were seen last. */
  readonly pods: readonly PodState[];
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** A time in which a pod or a node that had been ready was not, epoch milliseconds; `to` is `null` while it lasts. */
export interface Lapse {
  readonly from: number;
  readonly to: number | null;
}

/** What is recorded with its time: see the methods of {@link Window} by these names. */
export type RecordKind = 'restarts' | 'terminations' | 'events' | 'lapses';

/** Minutes [from, to) of one container name of a workload whose lines came with a later read than they should have. */
export interface LateMinutes {
  readonly key: WorkloadKey;
  readonly container: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The rolling 24 hours in memory, built from committed cycles in their order. Half-open spans; times are epoch milliseconds.
 * Log lines are not in it. Rebuilt from the store at start and when the rules' matchers change.
 */
export interface Window {
  /** Oldest first. */
  readonly cycles: readonly CycleSummary[];
  /** Those of them that looked at everything: one a tick. */
  readonly scheduled: readonly CycleSummary[];
  /** The newest state, however old. */
  readonly newest: StateSample | null;
  /** The newest state at or before `at` that is not older than 2.5 schedule periods. */
  sampleAt(at: number): StateSample | null;
  workloads(): readonly SeenWorkload[];
  /** `null` for one that it does not know. */
  workload(key: WorkloadKey): SeenWorkload | null;
  /** Of the window, oldest first. */
  rollouts(key: WorkloadKey): readonly Rollout[];
  /** Of the object that the key names, oldest first. */
  objectChanges(key: WorkloadKey): readonly ObjectChange[];
  /** Dated in (from, to], oldest first; of the containers that the selection takes, as their pods were when it was recorded. */
  restarts(key: WorkloadKey, from: number, to: number, selection?: Selection): readonly RestartIncrease[];
  /** The same of all containers, each with its pod as it was then; `null` where that was not listed. */
  restartedPods(key: WorkloadKey, from: number, to: number): readonly RecordEntry<RestartIncrease>[];
  terminations(key: WorkloadKey, from: number, to: number, selection?: Selection): readonly TerminationRecord[];
  events(key: WorkloadKey, from: number, to: number): readonly ClusterEvent[];
  /** Of a pod (its uid) or a node (its name), oldest first. */
  lapses(id: string): readonly Lapse[];
  /** Whether any record of these kinds, of whatever workload, may be dated in (from, to]. */
  happened(kinds: readonly RecordKind[], from: number, to: number): boolean;
  /** Everything that had events: workloads, and objects that are none as if they were. */
  eventOwners(): readonly Workload[];
  /** Counts of a matcher, restricted to the pods that the selection takes; `null` when the window was not told to count it. */
  counts(key: WorkloadKey, container: string, matcher: Matcher, selection: Selection): MinuteCounts | null;
  /** Of the containers that the selection takes; `null` when the window was not told to keep it. */
  values(key: WorkloadKey, container: string, value: LineValue, selection: Selection): MinuteValues | null;
  /** Of the pods that the selection takes; `null` when the window was not told to keep them apart. */
  patterns(key: WorkloadKey, container: string, selection: Selection): PatternHistory | null;
  /** How many cycles were collected before one of these was counted, and wait for that. */
  uncountedCycles(of: WantedCounts): number;
  coverage(key: WorkloadKey, container: string, minute: number): Coverage;
  /** The first minute (since the epoch) that is not `unseen`; `null` before the first look. */
  firstLook(key: WorkloadKey, container: string): number | null;
  /** Whether every minute in [from, to) is `seen`: what nearly every judgement finds, asked once. */
  isSeen(key: WorkloadKey, container: string, minutes: { readonly from: number; readonly to: number }): boolean;
  gaps(key: WorkloadKey, from: number, to: number): readonly Gap[];
  /** Of a scheduled cycle, one of the newest: which minutes that none before it could read it has made good. */
  late(cycle: string): readonly LateMinutes[];
  /** What one container instance has used, one sample per cycle since it was started, oldest first. */
  usageTrend(
    uid: string,
    container: string,
    resource: 'cpu' | 'memory',
  ): readonly { readonly at: number; readonly value: number }[];
  /** The highest use from which a container of this name fell back while it ran; `null` when none has. */
  fallenFrom(key: WorkloadKey, container: string, resource: 'cpu' | 'memory'): number | null;
  /** Synthetic checks, minute by minute. */
  readonly probes: ProbeHistory;
  /** One usage point per cycle, oldest first: the worst pod's share or, without a limit, its absolute use. */
  usageHistory(key: WorkloadKey): readonly {
    readonly at: number;
    readonly cpu: number | null;
    readonly memory: number | null;
    readonly cpuLimit: number | null;
    readonly memoryLimit: number | null;
  }[];
}
