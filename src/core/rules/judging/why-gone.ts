import type { Labels } from '../../model/alert.ts';
import { isSurelyGone } from '../../model/objects/object-reading.ts';
import type { StateSample, Window } from '../../model/window/window.ts';
import { workloadKey } from '../../model/workload.ts';
import type { Condition } from '../condition.ts';

/** Why an alert's subject, which has no sample, is gone; `null` while that cannot be seen. */
export function whyGone(
  condition: Condition,
  labels: Labels,
  { state, window, isLast }: { readonly state: StateSample | null; readonly window: Window; readonly isLast: boolean },
): string | null {
  if (condition.whyGone !== undefined) return state === null ? null : condition.whyGone(labels, state);
  const { namespace = '', kind = '', workload: name = '', container } = labels;
  // The lines of a collection are judged minute by minute, its list of pods only says what is there at its end.
  if (state === null || !wasListed(state, namespace) || (condition.about === 'logs' && !isLast)) return null;
  const key = workloadKey({ namespace, kind, name });
  const pods = state.byWorkload.get(key);
  if (pods === undefined) {
    // Between its runs a cron job has no pods, and a history limit that deletes failed ones heals nothing (kubernetes.md section 4.7.5).
    const mayReturn = kind === 'CronJob' && !isSurelyGone(state.objects, { namespace, kind, name });
    return mayReturn && window.workloads().some(({ workload }) => workloadKey(workload) === key) ? null : 'workload is gone';
  }
  const hasContainer = container === undefined || pods.some((pod) => pod.containers.some((each) => each.name === container));
  return hasContainer ? 'rule no longer selects it' : 'container is gone';
}

/** Whether all pods of a namespace were listed. */
export function wasListed(state: StateSample, namespace: string): boolean {
  return state.podsComplete || state.namespaces.has(namespace);
}
