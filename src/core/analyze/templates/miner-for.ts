import type { Selection } from '../../model/selector.ts';
import type { Window } from '../../model/window/window.ts';
import { workloadKey } from '../../model/workload.ts';
import { PatternMiner } from './pattern-miner.ts';

const EVERY_POD: Selection = { match: [], except: [] };

/** A miner that goes on from what the window has, so that patterns keep their ids over a restart. */
export function minerFor(window: Pick<Window, 'workloads' | 'patterns'>): PatternMiner {
  const miner = new PatternMiner();
  for (const { workload, containers } of window.workloads()) {
    for (const container of containers) {
      const history = window.patterns(workloadKey(workload), container, EVERY_POD);
      if (history === null || history.patterns.length === 0) continue;
      const scope = miner.scope(workload, container);
      for (const pattern of history.patterns) miner.know(scope, pattern);
    }
  }
  return miner;
}
