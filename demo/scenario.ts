import type { SimulatedCluster } from './cluster/simulated-cluster.ts';
import type { Actor } from './scenario/actor.ts';
import { createChance } from './scenario/chance.ts';
import { crashActors } from './scenario/crashes.ts';
import { faultActors } from './scenario/faults.ts';
import { healthyActors } from './scenario/healthy.ts';
import { objectActors } from './scenario/objects.ts';

/** How much history the cluster has when the demo starts. */
const HISTORY_SECONDS = 3600;
/** After a pause (a laptop that slept), what is older than this is left out. */
const MAX_CATCH_UP_SECONDS = 600;

/** A story that is being told in a cluster. */
export interface Scenario {
  /** Brings the cluster to `now` (epoch milliseconds), second by second. */
  advance(now: number): void;
}

/**
 * Fills a cluster with workloads and an hour of their past, ending at `start`, and tells on from there: some are healthy, and with some
 * something goes wrong within the first minutes. The same seed tells the same story.
 */
export function createScenario(cluster: SimulatedCluster, start: number, seed = 1): Scenario {
  const chance = createChance(seed);
  const actors: readonly Actor[] = [
    ...healthyActors(cluster, start, chance),
    ...crashActors(cluster, start, chance),
    ...faultActors(cluster, start, chance),
    ...objectActors(cluster, start),
  ];
  let done = -HISTORY_SECONDS - 1;
  const tellUntil = (until: number) => {
    for (let t = done + 1; t <= until; t++) for (const act of actors) act({ at: start + t * 1000, t });
    done = Math.max(done, until);
  };
  tellUntil(-1);
  return {
    advance(now) {
      // Only whole seconds that are over, for what is told of a second may lie anywhere in it.
      const until = Math.floor((now - start) / 1000) - 1;
      done = Math.max(done, until - MAX_CATCH_UP_SECONDS);
      tellUntil(until);
    },
  };
}
