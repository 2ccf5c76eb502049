import type { Alert } from '../../model/alert.ts';
import type { PodState } from '../../model/pod.ts';
import { conditionOf, isFinished } from '../../model/pod.ts';
import type { StateSample } from '../../model/window/window.ts';
import { workloadKey } from '../../model/workload.ts';
import type { LastPods } from './annotations.ts';

/**
 * Finds the nodes of an alert's pods: those that the alert names, else the workload's pods that are not ready. Of a namespace that was not listed, of
 * its pods as they were seen last.
 */
export function nodesOf(state: StateSample | null, lastPods: LastPods = () => []): (alert: Alert) => readonly string[] {
  return ({ labels, facts }) => {
    const own = labels['node'] ?? facts.node;
    if (own !== undefined) return [own];
    const { namespace = '', kind = '', workload = '', pod } = labels;
    const key = workloadKey({ namespace, kind, name: workload });
    const pods = state?.byWorkload.get(key) ?? (state?.namespaces.has(namespace) === true ? [] : lastPods(key));
    const named = new Set(pod === undefined ? facts.pods : [pod]);
    const chosen = named.size > 0 ? pods.filter(({ name }) => named.has(name)) : pods.filter(isUnready);
    return [...new Set(chosen.map(({ node }) => node).filter((node) => node !== ''))];
  };
}

function isUnready(pod: PodState): boolean {
  return !isFinished(pod) && conditionOf(pod, 'Ready')?.status !== 'True';
}
