import { type ContainerState, endIdentity, endsOf, type PodState } from '../pod.ts';

/**
 * The containers of a pod whose logs are worth a read at once, since they may be gone soon: those that crashed or were started again since
 * `before`, and in a pod that is being deleted all that have ended. Also those that wait in CrashLoopBackOff since, for the state's sake.
 * `before` is `undefined` for a pod that was not seen before.
 */
export function endedContainers(before: PodState | undefined, after: PodState): ReadonlySet<string> {
  const ended = new Set<string>();
  const failed = after.phase === 'Failed' && before?.phase !== 'Failed';
  const isDeleted = after.deletedAt !== null;
  const isNewlyDeleted = isDeleted && (before?.deletedAt ?? null) === null;
  for (const container of after.containers) {
    const known = before?.containers.find(({ name }) => name === container.name);
    if (failed || hasEnded(known, container, { isDeleted, isNewlyDeleted })) ended.add(container.name);
  }
  return ended;
}

function hasEnded(
  before: ContainerState | undefined,
  after: ContainerState,
  { isDeleted, isNewlyDeleted }: { readonly isDeleted: boolean; readonly isNewlyDeleted: boolean },
): boolean {
  if (after.restarts > (before?.restarts ?? 0)) return true;
  const known = new Set(endsOf(before).map(endIdentity));
  const fresh = endsOf(after).filter((end) => !known.has(endIdentity(end)));
  if (fresh.some(({ exitCode }) => exitCode !== 0 || isDeleted)) return true;
  if (isNewlyDeleted && after.state.kind === 'terminated') return true;
  return isLooping(after) && !(before !== undefined && isLooping(before));
}

function isLooping({ state }: ContainerState): boolean {
  return state.kind === 'waiting' && state.reason === 'CrashLoopBackOff';
}
