import type { RestartIncrease, TerminationRecord } from './cycle.ts';
import { type ContainerState, conditionOf, endIdentity, endsOf, isFinished, type PodState, type Termination } from './pod.ts';

/** What a collection saw beside what was known before it. */
export interface Observation {
  /** The newest known state of every pod that is not known to be gone; a pod that is not in it is seen for the first time. */
  readonly before: readonly PodState[];
  readonly after: readonly PodState[];
  /** The time of the new collection. */
  readonly at: number;
}

/** How containers end that were told to: well, or by SIGTERM or SIGKILL. */
const SIGNALLED: ReadonlySet<number> = new Set([0, 143, 137]);

/** Pod reasons of ends that the cluster, not the container, brought about. */
const DISRUPTIONS: ReadonlySet<string> = new Set(['Evicted', 'Preempting', 'NodeLost', 'NodeShutdown', 'Shutdown', 'Terminated']);

/**
 * Restarts since the last look, per pod UID and container: a counter that fell began anew. All are dated at the collection but the newest,
 * which stands at the `finishedAt` of the instance that ended. At first sight every restart is told, with the pod's creation.
 */
export function restartIncreases({ before, after, at }: Observation): readonly RestartIncrease[] {
  const known = byUid(before);
  const increases: RestartIncrease[] = [];
  for (const pod of after) {
    const previous = known.get(pod.uid);
    if (previous === pod) continue;
    for (const container of pod.containers) {
      const count = newRestarts(pod, container, containerOf(previous, container.name));
      if (count <= 0) continue;
      const increase = {
        workload: pod.workload,
        pod: pod.name,
        uid: pod.uid,
        container: container.name,
        podCreatedAt: previous === undefined ? pod.createdAt : null,
      };
      const finishedAt = container.last?.finishedAt ?? null;
      const newestAt = finishedAt === null ? at : Math.min(finishedAt, at);
      if (newestAt === at) increases.push({ ...increase, at, count });
      else {
        increases.push({ ...increase, at: newestAt, count: 1, seenAt: at });
        if (count > 1) increases.push({ ...increase, at, count: count - 1 });
      }
    }
  }
  return increases;
}

/**
 * Ends of container instances that were not seen before, each once per container ID: of the current instance and of the one before it.
 * Left out is what ends when a pod is deleted or evicted: a rollout, a scale-down, a drain.
 */
export function terminationRecords({ before, after, at }: Observation): readonly TerminationRecord[] {
  const known = byUid(before);
  const records: TerminationRecord[] = [];
  for (const pod of after) {
    const previous = known.get(pod.uid);
    if (previous === pod) continue;
    for (const container of pod.containers) {
      const seen = new Set(endsOf(containerOf(previous, container.name)).map(endIdentity));
      for (const end of endsOf(container)) {
        // At first sight an end without a time may be of any age.
        if (seen.has(endIdentity(end)) || (previous === undefined && end.finishedAt === null)) continue;
        if (isBroughtAbout(pod, container, end)) continue;
        records.push(record(pod, container, end, at));
      }
    }
  }
  return records;
}

/** A pod as it was at one moment between two collections. */
export interface Observed {
  readonly pod: PodState;
  /** Epoch milliseconds. */
  readonly seenAt: number;
  /** It was removed: this is how it was last. */
  readonly isGone: boolean;
}

/** Restarts and ends that single observations show one after the other: a crash before a pod's deletion is one, also when both came since the last look. */
export function changesOver(
  before: readonly PodState[],
  observed: readonly Observed[],
  at: number,
): { readonly restarts: readonly RestartIncrease[]; readonly terminations: readonly TerminationRecord[] } {
  const latest = new Map(byUid(before));
  const restarts: RestartIncrease[] = [];
  const terminations: TerminationRecord[] = [];
  for (const { pod } of observed) {
    const previous = latest.get(pod.uid);
    const step = { before: previous === undefined ? [] : [previous], after: [pod], at };
    restarts.push(...restartIncreases(step));
    terminations.push(...terminationRecords(step));
    latest.set(pod.uid, pod);
  }
  return { restarts, terminations };
}

function newRestarts(pod: PodState, container: ContainerState, previous: ContainerState | undefined): number {
  const counted = previous === undefined || container.restarts < previous.restarts ? 0 : previous.restarts;
  const count = container.restarts - counted;
  // The kubelet counts an eviction as one restart (kubernetes.md section 4.7.3).
  return count > 0 && isFinished(pod) && isDisrupted(pod) ? count - 1 : count;
}

/**
 * Whether the end is how the cluster stopped the container. The current instance of a pod under deletion was told to end, whatever it answered:
 * apps exit with 0, 1, 143 or 137; the instance before it ended by itself, since the kubelet starts none in such a pod, and so did one that
 * failed before the pod was told to go.
 */
function isBroughtAbout(pod: PodState, container: ContainerState, end: Termination): boolean {
  if (end.reason === 'OOMKilled' || (pod.deletedAt === null && !isDisrupted(pod))) return false;
  if (pod.deletedAt !== null && !isDisrupted(pod) && hasFailedBefore(end, pod.deletedAt)) return false;
  return container.last !== end || end.reason === 'ContainerStatusUnknown';
}

/** Both times are cut to whole seconds by who told them. A node's clock may be behind: the exit codes of the signals prove nothing. */
function hasFailedBefore({ finishedAt, exitCode }: Termination, deletedAt: number): boolean {
  return finishedAt !== null && finishedAt < deletedAt && !SIGNALLED.has(exitCode);
}

function isDisrupted(pod: PodState): boolean {
  return DISRUPTIONS.has(pod.reason) || conditionOf(pod, 'DisruptionTarget')?.status === 'True';
}

function record(pod: PodState, container: ContainerState, end: Termination, at: number): TerminationRecord {
  const { containerID, reason, exitCode, signal, message, startedAt, finishedAt } = end;
  return {
    containerID,
    reason,
    exitCode,
    signal,
    message,
    startedAt,
    finishedAt,
    workload: pod.workload,
    pod: pod.name,
    uid: pod.uid,
    container: container.name,
    node: pod.node,
    image: container.image,
    at: finishedAt ?? at,
    ...(container.role === 'init' ? { init: true } : {}),
  };
}

function byUid(pods: readonly PodState[]): ReadonlyMap<string, PodState> {
  return new Map(pods.map((pod) => [pod.uid, pod]));
}

function containerOf(pod: PodState | undefined, name: string): ContainerState | undefined {
  return pod?.containers.find((container) => container.name === name);
}
