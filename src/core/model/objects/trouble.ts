import type { NodeState } from '../pod.ts';
import type { ClusterObject, WorkloadObject } from './cluster-object.ts';

/**
 * What is the matter with an object, as far as it says so itself: empty when nothing is. Changes of it are worth a judgement between the
 * collections, and other changes are not.
 */
export function objectTrouble(object: ClusterObject): string {
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return workloadTrouble(object);
    case 'Job':
      return object.state === 'failed' ? `failed: ${object.reason}` : '';
    case 'CronJob':
    case 'HorizontalPodAutoscaler':
    case 'PersistentVolumeClaim':
    case 'ResourceQuota':
      return '';
    default:
      return object satisfies never;
  }
}

/** The same of a node; that it takes no new pods is worth knowing, too. */
export function nodeTrouble({ ready, conditions, unschedulable }: NodeState): string {
  const reason = conditions.find(({ type }) => type === 'Ready')?.reason ?? '';
  const pressures = conditions
    .filter(({ type, status }) => type.endsWith('Pressure') && status === 'True')
    .map(({ type }) => type);
  return [...(ready === 'True' ? [] : [`${ready}: ${reason}`]), ...pressures, ...(unschedulable ? ['cordoned'] : [])].join(', ');
}

/** While a rollout goes on, pods are missing on purpose. */
export function isRolling(each: WorkloadObject): boolean {
  if (!each.observed || each.updated < each.updateTarget) return true;
  return each.kind === 'Deployment' && each.progress !== null && each.progress.reason !== 'NewReplicaSetAvailable';
}

/** Whether it has a way to go in which only the time since its last step tells that it is stuck: a Deployment has a deadline of its own. */
export function standsStill(each: WorkloadObject): boolean {
  return !each.observed || (each.kind !== 'Deployment' && each.updated < each.updateTarget);
}

function workloadTrouble(each: WorkloadObject): string {
  const { progress, failure, desired, available, misscheduled, paused } = each;
  const isMissing = available < desired && !paused && !isRolling(each);
  return [
    ...(progress?.status === 'False' ? [`stuck: ${progress.reason}`] : []),
    ...(failure?.status === 'True' ? [`refused: ${failure.reason}`] : []),
    ...(isMissing ? ['missing pods'] : []),
    ...(misscheduled > 0 ? ['misscheduled'] : []),
  ].join(', ');
}
