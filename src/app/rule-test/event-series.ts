import type { EventEntry } from '../../config/rule-tests/test-object-type.ts';
import type { ClusterEvent } from '../../core/model/cycle.ts';
import { isOrdinaryStop } from '../../core/model/seen-event.ts';

/**
 * The events of a series in (from, to] that a collection keeps, each as one rise of one event's count; `uidOf` names a pod by its name at a moment,
 * if it is there.
 */
export function eventsBetween(
  entry: EventEntry,
  { from, to }: { readonly from: number; readonly to: number },
  uidOf: (namespace: string, pod: string, at: number) => string | null,
): readonly ClusterEvent[] {
  const { type, reason, message } = entry;
  if (isOrdinaryStop({ type, reason, message: message ?? '' })) return [];
  const first = Math.max(0, Math.floor((from - entry.at) / entry.every) + 1);
  const last = Math.min(entry.count - 1, Math.floor((to - entry.at) / entry.every));
  const { namespace, kind: owner, name: workload } = entry.workload;
  const [kind = 'Pod', name = `${workload}-1`] = entry.object?.split('/') ?? [];
  const events: ClusterEvent[] = [];
  for (let index = first; index <= last; index++) {
    const at = entry.at + index * entry.every;
    events.push({
      uid: `${namespace}-${kind}-${name}-${reason}-${entry.at}`,
      namespace,
      kind,
      name,
      objectUid: (kind === 'Pod' ? uidOf(namespace, name, at) : null) ?? `${namespace}-${name}-0`,
      workload: { namespace, kind: owner, name: workload },
      type,
      reason,
      message: message ?? '',
      at,
      count: 1,
    });
  }
  return events;
}
