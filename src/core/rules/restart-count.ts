import type { RestartIncrease } from '../model/cycle.ts';

/** How many restarts count for a rule that looks back `within` ms: those at a pod's first sight only while the pod was younger than that. */
export function countRestarts(restarts: readonly RestartIncrease[], within: number): number {
  let sum = 0;
  for (const { count, podCreatedAt, at, seenAt } of restarts)
    if (podCreatedAt === null || (seenAt ?? at) - podCreatedAt < within) sum += count;
  return sum;
}
