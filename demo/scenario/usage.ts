import type { SimulatedWorkload } from '../cluster/workload.ts';
import type { Second } from './actor.ts';
import type { Chance } from './chance.ts';

/** Sets the usage of a workload's running containers around a level, a little different every ten seconds. Sidecars take a third. */
export function useAround(
  workload: SimulatedWorkload,
  second: Second,
  level: { readonly cpu: number; readonly memory: number },
  chance: Chance,
): void {
  if (second.t % 10 !== 0) return;
  for (const pod of workload.pods) {
    for (const container of pod.containers) {
      if (container.phase !== 'running') continue;
      const share = (container.spec.role === 'sidecar' ? 0.3 : 1) * (0.94 + chance.next() * 0.12);
      container.setUsage({ cpu: level.cpu * share, memory: level.memory * share });
    }
  }
}
