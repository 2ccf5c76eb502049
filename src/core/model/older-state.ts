import type { ContainerState, PodState } from './pod.ts';

/**
 * Whether one state of a pod was before another of the same pod. A watch that was interrupted tells late what a list has overtaken: by the
 * newest start or end of a container, which the cluster cuts to seconds, then by the restarts, then by the pod's deletion.
 */
export function isOlderState(one: PodState, other: PodState): boolean {
  const times = newestTime(one) - newestTime(other);
  if (times !== 0) return times < 0;
  const restarts = restartsOf(one) - restartsOf(other);
  if (restarts !== 0) return restarts < 0;
  return one.deletedAt === null && other.deletedAt !== null;
}

function newestTime({ containers }: PodState): number {
  return Math.max(0, ...containers.map(timeOf));
}

function timeOf({ state, last }: ContainerState): number {
  const ended = state.kind === 'terminated' ? state.finishedAt : (last?.finishedAt ?? null);
  return Math.max(ended ?? 0, state.kind === 'running' ? (state.startedAt ?? 0) : 0);
}

function restartsOf({ containers }: PodState): number {
  return containers.reduce((sum, { restarts }) => sum + restarts, 0);
}
