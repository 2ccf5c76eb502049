import type { EventEntry } from '../../config/rule-tests/test-object-type.ts';
import type { ClusterEvent } from '../../core/model/cycle.ts';
import { isOrdinaryStop } from '../../core/model/seen-event.ts';
import type { Workload } from '../../core/model/workload.ts';

/** A pod by its name and uid; the uid is `null` while the scene has no such pod. */
export interface ScenePod {
  readonly name: string;
  readonly uid: string | null;
}

/** Whose events belong to a workload; those of other objects, such as a claim, to the object itself. */
const OF_WORKLOADS = new Set(['Pod', 'ReplicaSet', 'Job', 'CronJob', 'Deployment', 'StatefulSet', 'DaemonSet']);

/** The events of a series in (from, to] that a collection keeps, each as one rise of one event's count; `podOf` finds the pod that one is about. */
export function eventsBetween(
  entry: EventEntry,
  { from, to }: { readonly from: number; readonly to: number },
  podOf: (workload: Workload, pod: string | null, at: number) => ScenePod,
): readonly ClusterEvent[] {
  const { reason, message } = entry;
  // The kubelet calls it normal that it ends a container, whatever the cause.
  const type = entry.type ?? (reason === 'Killing' ? 'Normal' : 'Warning');
  if (isOrdinaryStop({ type, reason, message: message ?? '' })) return [];
  const first = Math.max(0, Math.floor((from - entry.at) / entry.every) + 1);
  const last = Math.min(entry.count - 1, Math.floor((to - entry.at) / entry.every));
  const [kind = 'Pod', object = null] = entry.object?.split('/') ?? [];
  const { namespace } = entry.workload;
  const workload = OF_WORKLOADS.has(kind) || object === null ? entry.workload : { namespace, kind, name: object };
  const events: ClusterEvent[] = [];
  for (let index = first; index <= last; index++) {
    const at = entry.at + index * entry.every;
    const { name, uid } = kind === 'Pod' ? podOf(workload, object, at) : { name: object ?? '', uid: null };
    events.push({
      uid: `${namespace}-${kind}-${name}-${reason}-${entry.at}`,
      namespace,
      kind,
      name,
      objectUid: uid ?? `${namespace}-${name}-0`,
      workload,
      type,
      reason,
      message: message ?? '',
      at,
      count: 1,
    });
  }
  return events;
}
