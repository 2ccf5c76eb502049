import type { LogEntry, PodEntry, RestartEntry, SceneEntries, UsageEntry } from '../../config/rule-tests/test-type.ts';
import type { ClusterEvent, Usage } from '../../core/model/cycle.ts';
import type { ObjectReading } from '../../core/model/objects/object-reading.ts';
import type { NodeState, PodState } from '../../core/model/pod.ts';
import type { ProbeReading } from '../../core/model/probe.ts';
import { type Workload, workloadKey } from '../../core/model/workload.ts';
import { usualName, withPods } from './default-pod.ts';
import { eventsBetween, type ScenePod } from './event-series.ts';
import { nodesAt, objectsAt, unreadAt } from './object-scene.ts';
import { type Change, type PodTrack, podAt } from './pod-track.ts';
import { probesBetween } from './probe-scene.ts';
import { type SelfScene, selfAt } from './self-scene.ts';

/** One line of a container at a moment. */
export interface SceneLine {
  readonly at: number;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly text: string;
}

/** The cluster that a rule test describes, at any moment. */
export interface Scene {
  readonly namespaces: readonly string[];
  podsAt(at: number): readonly PodState[];
  usageAt(at: number): readonly Usage[];
  objectsAt(at: number): ObjectReading;
  nodesAt(at: number, pods: readonly PodState[]): readonly NodeState[];
  /** Events of (from, to]. */
  eventsBetween(from: number, to: number): readonly ClusterEvent[];
  /** What Tocsin notices of itself. */
  selfAt(at: number): SelfScene;
  /** Of the whole minutes in [from, to); `null` without probes. */
  probesBetween(from: number, to: number): ProbeReading | null;
  /** Sources that cannot be read, as the API calls them. */
  unreadAt(at: number): ReturnType<typeof unreadAt>;
  /** Lines of [from, to), in the order of their times. */
  linesBetween(from: number, to: number): readonly SceneLine[];
}

/** Sets the scene; `start` is the moment of the first cycle. */
export function sceneOf(written: SceneEntries & { readonly every: number }, start: number): Scene {
  const test = withPods(written);
  const byPod = tracksOf(test, start);
  const tracks = [...byPod.values()];
  const owners = [tracks, test.workloads, test.jobs, test.cron_jobs, test.events].flat().map(({ workload }) => workload);
  const others = [
    ...test.autoscalers.map((e) => e.autoscaler),
    ...test.claims.map((e) => e.claim),
    ...test.quotas.map((e) => e.quota),
  ];
  const byWorkload = Map.groupBy(tracks, ({ workload }) => workloadKey(workload));
  const podOfEvent = (workload: Workload, named: string | null, at: number): ScenePod => {
    const usual = named ?? usualName({ workload });
    const track = byPod.get(`${workload.namespace}/${usual}`);
    if (named !== null || track !== undefined) return { name: usual, uid: (track && podAt(track, at, start)?.uid) ?? null };
    const pods = (byWorkload.get(workloadKey(workload)) ?? []).flatMap((each) => podAt(each, at, start) ?? []);
    return pods.find(({ phase }) => phase === 'Pending') ?? pods[0] ?? { name: usual, uid: null };
  };
  return {
    namespaces: [...new Set([...owners, ...others].map(({ namespace }) => namespace))].sort(),
    podsAt: (at) => tracks.map((track) => podAt(track, at, start)).filter((pod) => pod !== null),
    usageAt: (at) => usageAt(test.usage, at),
    nodesAt: (at, pods) => nodesAt(test, at, pods),
    objectsAt: (at) => objectsAt(test, at),
    eventsBetween: (from, to) => test.events.flatMap((entry) => eventsBetween(entry, { from, to }, podOfEvent)),
    selfAt: (at) => selfAt(test, at),
    probesBetween: (from, to) => probesBetween(test.probes, from, to),
    unreadAt: (at) => unreadAt(test, at),
    linesBetween: (from, to) => test.logs.flatMap((entry) => seriesBetween(entry, from, to)).sort((a, b) => a.at - b.at),
  };
}

type Entry = LogEntry | RestartEntry | PodEntry | UsageEntry;

function podOf(entry: Entry): string {
  return entry.pod ?? usualName(entry);
}

function tracksOf(test: SceneEntries, start: number): ReadonlyMap<string, PodTrack> {
  const tracks = new Map<string, { workload: PodTrack['workload']; pod: string; changes: Change[]; fromStart: boolean }>();
  const track = (entry: Entry) => {
    const key = `${entry.workload.namespace}/${podOf(entry)}`;
    const found = tracks.get(key) ?? { workload: entry.workload, pod: podOf(entry), changes: [], fromStart: true };
    tracks.set(key, found);
    return found;
  };
  for (const entry of test.pods) {
    const found = track(entry);
    found.fromStart = false;
    found.changes.push({ kind: 'state', at: entry.at, entry });
  }
  for (const entry of test.restarts) {
    const { changes } = track(entry);
    for (let i = 0; i < entry.count; i++) changes.push({ kind: 'restart', at: entry.at + i * entry.every, entry });
  }
  // An init container that fails is tried again while its pod starts; what an entry of `restarts` makes of another one ran before.
  for (const entry of [...test.logs, ...test.usage, ...test.restarts.filter(({ role }) => role !== 'init')]) {
    const found = track(entry);
    // A container that logs, uses something or restarts exists from its pod's beginning, and has the limits that were said first.
    const since = found.fromStart ? start : Math.min(...found.changes.map((change) => change.at));
    const { container } = entry;
    const role = 'role' in entry ? entry.role : null;
    if (!('limits' in entry)) found.changes.push({ kind: 'seen', at: since, container, role, limits: null, requests: null });
    else {
      const isFirst = !test.usage.some(
        (each) => each.at < entry.at && podOf(each) === podOf(entry) && sameContainer(each, entry),
      );
      const { limits, requests } = entry;
      const at = isFirst ? since : Math.max(since, entry.at);
      found.changes.push({ kind: 'seen', at, container, role, limits, requests });
    }
  }
  for (const { changes } of tracks.values())
    changes.sort((a, b) => a.at - b.at || Number(b.kind === 'seen') - Number(a.kind === 'seen'));
  return tracks;
}

function sameContainer(one: UsageEntry, other: UsageEntry): boolean {
  return one.workload.namespace === other.workload.namespace && one.container === other.container;
}

function usageAt(entries: readonly UsageEntry[], at: number): readonly Usage[] {
  const newest = new Map<string, UsageEntry>();
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    if (entry.at <= at) newest.set(`${entry.workload.namespace}/${podOf(entry)}/${entry.container}`, entry);
  }
  return [...newest.values()]
    .filter((entry) => entry.until === null || at < entry.until)
    .map((entry) => ({
      namespace: entry.workload.namespace,
      pod: podOf(entry),
      container: entry.container,
      at,
      cpu: entry.cpu,
      memory: memoryAt(entry, at),
    }));
}

function memoryAt({ at: from, until, memory, memory_to: target }: UsageEntry, at: number): number {
  if (target === null || until === null || until <= from) return memory;
  return memory + ((target - memory) * (at - from)) / (until - from);
}

function seriesBetween(entry: LogEntry, from: number, to: number): readonly SceneLine[] {
  const first = Math.max(0, Math.ceil((from - entry.at) / entry.every));
  const last = Math.min(entry.count - 1, Math.ceil((to - entry.at) / entry.every) - 1);
  const lines: SceneLine[] = [];
  for (let i = first; i <= last; i++) {
    for (const text of entry.line.replace(/\n$/, '').split('\n')) {
      lines.push({
        at: entry.at + i * entry.every,
        namespace: entry.workload.namespace,
        pod: podOf(entry),
        container: entry.container,
        text,
      });
    }
  }
  return lines;
}
