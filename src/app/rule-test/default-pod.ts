import type { PodEntry, SceneEntries } from '../../config/rule-tests/test-type.ts';
import { type WorkloadKey, workloadKey } from '../../core/model/workload.ts';

type Entry = SceneEntries['logs' | 'restarts' | 'usage' | 'pods'][number];

/** A scene in which lines, restarts and usage that name no pod are about one that there is. */
export function withPods<S extends SceneEntries>(scene: S): S {
  const byWorkload = Map.groupBy(scene.pods, ({ workload }) => workloadKey(workload));
  const withPod = <T extends Entry>(entry: T): T => ({ ...entry, pod: podOf(entry, byWorkload) });
  const { logs, restarts, usage, pods } = scene;
  return {
    ...scene,
    logs: logs.map(withPod),
    restarts: restarts.map(withPod),
    usage: usage.map(withPod),
    pods: pods.map((entry) => ({ ...entry, pod: entry.pod ?? usualName(entry) })),
  };
}

/** NAME-1, but where `pods` speaks of the workload's others alone: then the first of these that is there at the entry's time, else the first. */
function podOf(entry: Entry, byWorkload: ReadonlyMap<WorkloadKey, readonly PodEntry[]>): string {
  const usual = usualName(entry);
  const pods = entry.pod === null ? (byWorkload.get(workloadKey(entry.workload)) ?? []) : [];
  const names = [...new Set(pods.map(({ pod }) => pod ?? usual))];
  if (names.length === 0 || names.includes(usual)) return entry.pod ?? usual;
  const isThere = (name: string) => {
    const newest = pods.filter(({ pod, at }) => pod === name && at <= entry.at).toSorted((a, b) => b.at - a.at)[0];
    return newest !== undefined && newest.gone !== true;
  };
  return names.find(isThere) ?? names[0] ?? usual;
}

/** Of the pod of a workload whose pods are not named. */
export function usualName({ workload }: Pick<Entry, 'workload'>): string {
  return `${workload.name}-1`;
}
