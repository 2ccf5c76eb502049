import type { Alert } from '../../model/alert.ts';
import type { PodState } from '../../model/pod.ts';
import { conditionOf, isFinished } from '../../model/pod.ts';
import type { StateSample } from '../../model/window/window.ts';

/** Finds the nodes of an alert's pods: those that the alert names, else the workload's pods that are not ready. */
export function nodesOf(state: StateSample | null): (alert: Alert) => readonly string[] {
  return ({ labels, facts }) => {
    const own = labels['node'] ?? facts.node;
    if (own !== undefined) return [own];
    const { namespace = '', kind = '', workload = '', pod } = labels;
    const pods = state?.byWorkload.get(`${namespace}/${kind}/${workload}`) ?? [];
    const named = new Set(pod === undefined ? facts.pods : [pod]);
    const chosen = named.size > 0 ? pods.filter(({ name }) => named.has(name)) : pods.filter(isUnready);
    return [...new Set(chosen.map(({ node }) => node).filter((node) => node !== ''))];
  };
}

function isUnready(pod: PodState): boolean {
  return !isFinished(pod) && conditionOf(pod, 'Ready')?.status !== 'True';
}
