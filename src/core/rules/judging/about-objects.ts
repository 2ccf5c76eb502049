import type { Touched } from '../../model/window/touched.ts';
import type { WorkloadKey } from '../../model/workload.ts';
import type { Condition } from '../condition.ts';

/** Whether its subjects are objects rather than the workloads of pods. */
export function isAboutObjects({ whyGone }: Condition): boolean {
  return whyGone !== undefined;
}

/** The subjects of which there is something new that the condition looks at. */
export function newsFor(condition: Condition, { pods, objects, events }: Touched): ReadonlySet<WorkloadKey> {
  const own = isAboutObjects(condition) ? objects : pods;
  return condition.countsEvent === undefined ? own : new Set([...own, ...events]);
}
