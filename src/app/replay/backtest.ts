import { gatherEvidence } from '../../core/alerts/evidence/gather-evidence.ts';
import { lineMatcher } from '../../core/analyze/matching/line-matcher.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { Evidence } from '../../core/model/notification.ts';
import type { Store } from '../../store/store.ts';
import { withHeapRoom } from '../small-heap.ts';
import { Replay, type ReplayOptions } from './replay.ts';
import { Teller, type TellerOptions, type ToldMessage } from './teller.ts';

export interface BacktestOptions extends Omit<ReplayOptions, 'onEvaluation'>, TellerOptions {
  /** What is told lies in this span; what lies before it is judged as well, since rules look back. Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly onProgress: (cycles: number, of: number) => void;
}

/** One alert that fired, as it stood in the end, with what its message would have shown. */
export interface BacktestAlert {
  readonly alert: Alert;
  readonly evidence: Evidence | null;
}

export interface BacktestResult {
  readonly cycles: number;
  /** In the order in which they fired. */
  readonly alerts: readonly BacktestAlert[];
  readonly messages: readonly ToldMessage[];
}

/** Judges everything that a store holds, with other rules than those of the time. Nothing is written and nobody is told. */
export async function backtest(
  store: Pick<Store, 'cycles' | 'summaries' | 'lines'>,
  options: BacktestOptions,
  signal: AbortSignal,
): Promise<BacktestResult> {
  const replay = new Replay(options);
  const teller = new Teller(options, replay);
  const fired = new Map<string, BacktestAlert>();
  const messages: ToldMessage[] = [];
  const matches = lineMatcher();
  const total = store.summaries().length;
  let cycles = 0;
  for await (const cycle of withHeapRoom(store.cycles())) {
    signal.throwIfAborted();
    if (cycle.at > options.to) break;
    const transitions = replay.add(cycle);
    for (const { alert, to } of transitions) {
      if (to !== 'firing') continue;
      const rule = options.rules.find((each) => each.alert === alert.alert);
      if (rule === undefined || fired.has(alert.id)) continue;
      const evidence = await gatherEvidence({
        alert,
        condition: rule.condition,
        selection: rule.selection,
        window: replay.window,
        lines: (query) => store.lines(query, signal),
        matches,
        alerts: [...fired.values()].map((each) => each.alert),
        now: cycle.finishedAt,
      });
      fired.set(alert.id, { alert, evidence });
    }
    for (const alert of [...replay.alerts, ...transitions.map((each) => each.alert)]) {
      const known = fired.get(alert.id);
      if (known !== undefined) fired.set(alert.id, { ...known, alert });
    }
    messages.push(...teller.tell(cycle, transitions, (id) => fired.get(id)?.evidence ?? null));
    options.onProgress(++cycles, total);
  }
  const isInside = ({ alert: { firedAt, resolvedAt } }: BacktestAlert) =>
    firedAt !== null && firedAt <= options.to && (resolvedAt ?? options.to) >= options.from;
  return {
    cycles,
    alerts: [...fired.values()].filter(isInside),
    messages: messages.filter(({ at }) => at >= options.from && at <= options.to),
  };
}
