import { type ContainerState, conditionOf, type PodState } from '../pod.ts';

/** Why containers wait that are about to start, and why those wait whose crashes are told by themselves. */
const ORDINARY: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing', 'CrashLoopBackOff']);
/** One failure, whose state flips between the two. */
const IMAGE: ReadonlySet<string> = new Set(['ErrImagePull', 'ImagePullBackOff']);

/**
 * Why a pod cannot run, as far as its state says so without a container having ended: empty when nothing is the matter. Another text is worth a
 * judgement between the collections.
 */
export function podTrouble(pod: PodState): string {
  if (pod.deletedAt !== null || pod.phase === 'Succeeded') return '';
  const scheduled = conditionOf(pod, 'PodScheduled');
  return [
    ...(pod.phase === 'Failed' ? [`failed: ${pod.reason}`] : []),
    ...(scheduled?.status === 'False' && scheduled.reason === 'Unschedulable' ? ['unschedulable'] : []),
    ...pod.containers.flatMap(waiting),
  ].join(', ');
}

function waiting({ name, state }: ContainerState): readonly string[] {
  if (state.kind !== 'waiting' || ORDINARY.has(state.reason)) return [];
  return [`${name}: ${IMAGE.has(state.reason) ? 'ImagePullBackOff' : state.reason}`];
}
