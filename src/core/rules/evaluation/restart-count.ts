import type { RestartIncrease, TerminationRecord } from '../../model/cycle.ts';

/**
 * How many restarts count for a rule that looks back `within` ms: those at a pod's first sight only while the pod was younger than that. Of
 * each pod one restart of a container that its node lost (`ends`) is left out: a node that boots starts every pod of a DaemonSet anew.
 */
export function countRestarts(restarts: readonly RestartIncrease[], within: number, ends: readonly TerminationRecord[]): number {
  let sum = 0;
  const lost = new Set(ends.filter(isLost).map(identityOf));
  for (const restart of restarts) {
    const { count, podCreatedAt, at, seenAt } = restart;
    if (podCreatedAt !== null && (seenAt ?? at) - podCreatedAt >= within) continue;
    sum += lost.delete(identityOf(restart)) ? count - 1 : count;
  }
  return sum;
}

/** What containerd says of a container whose process it does not find when it comes up again. */
function isLost({ reason, exitCode }: TerminationRecord): boolean {
  return reason === 'Unknown' && exitCode === 255;
}

function identityOf({ uid, container }: { readonly uid: string; readonly container: string }): string {
  return `${uid}/${container}`;
}
