import type { CollectorEntry } from '../../config/rule-tests/test-object-type.ts';
import type { SceneEntries } from '../../config/rule-tests/test-type.ts';
import type { Cycle, Gap } from '../../core/model/cycle.ts';
import type { SelfReport } from '../../core/model/self-report.ts';

/** What a cycle says of Tocsin itself; without any word on it in the test, nothing. */
export type SelfScene = Pick<Cycle, 'gaps' | 'missed' | 'self'>;

/** What Tocsin notices of itself at a moment of a rule test: its entries so far, the later over the earlier. */
export function selfAt({ collector, every }: SceneEntries & { readonly every: number }, at: number): SelfScene {
  const entries = collector.filter((entry) => entry.at <= at).toSorted((a, b) => a.at - b.at);
  if (entries.length === 0) return { gaps: [], missed: 0 };
  const said: Partial<CollectorEntry> = Object.assign({}, ...entries.map(withoutUnsaid));
  const { broken = '', suspended = '', refusing, missed, store, clock_step: clockStep, gap } = said;
  return {
    gaps: gap == null || gap === 'none' ? [] : [gapOf(gap, at)],
    missed: missed ?? 0,
    self: {
      ...wellSelf(every),
      broken: broken === '' || broken === null ? [] : [broken],
      storeBytes: (store ?? 0) * STORE,
      refusing: refusing ?? [],
      suspended: suspended === '' || suspended === null ? [] : [suspended],
      clockStep: clockStep ?? 0,
    },
  };
}

const STORE = 2 * 1024 ** 3;

/** A Tocsin that has nothing to complain of. */
export function wellSelf(period: number): SelfReport {
  return {
    period,
    broken: [],
    storeBytes: 0,
    storeLimit: STORE,
    dropped: 0,
    refusing: [],
    suspended: [],
    clockStep: 0,
    ownAhead: 0,
    ahead: [],
  };
}

function withoutUnsaid(entry: CollectorEntry): Partial<CollectorEntry> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

function gapOf(reason: Gap['reason'], at: number): Gap {
  const workload = { namespace: 'shop', kind: 'Deployment', name: 'checkout' };
  return { namespace: 'shop', workload, pod: 'checkout-1', container: 'app', from: null, to: at, reason };
}
