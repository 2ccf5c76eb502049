import { type ContainerState, conditionOf, isFinished, type PodState } from '../pod.ts';

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

/** The same, and else whether the pod is on its way, or runs and is not ready: empty for one that is well, or is not meant to be ready. */
export function podStanding(pod: PodState): string {
  const trouble = podTrouble(pod);
  if (trouble !== '' || pod.deletedAt !== null || isFinished(pod)) return trouble;
  if (conditionOf(pod, 'PodScheduled')?.reason === 'SchedulingGated') return '';
  if (pod.phase === 'Pending') return 'pending';
  const ready = conditionOf(pod, 'Ready');
  return ready === undefined || ready.status === 'True' || ready.reason === 'PodCompleted' ? '' : 'not ready';
}

function waiting({ name, state }: ContainerState): readonly string[] {
  if (state.kind !== 'waiting' || ORDINARY.has(state.reason)) return [];
  return [`${name}: ${IMAGE.has(state.reason) ? 'ImagePullBackOff' : state.reason}`];
}
