import { type EvidenceInput, gatherEvidence } from '../../core/alerts/evidence/gather-evidence.ts';
import { lineMatcher } from '../../core/analyze/matching/line-matcher.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { Evidence } from '../../core/model/notification.ts';
import type { RollingWindow } from '../../core/model/window/rolling-window.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Store } from '../../store/store.ts';
import { withHeapRoom } from '../small-heap.ts';
import { Replay, type ReplayOptions, windowFor } from './replay.ts';
import { Teller, type TellerOptions, type ToldMessage } from './teller.ts';

export interface BacktestOptions extends Omit<ReplayOptions, 'onEvaluation' | 'rules'>, Omit<TellerOptions, 'rules'> {
  /** What is told lies in this span; what lies before it is judged as well, since rules look back. Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly onProgress: (cycles: number, of: number) => void;
  /** Told of each cycle that was judged, while the window ends with it. */
  readonly onCycle?: (cycle: Cycle, window: RollingWindow) => void;
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

/**
 * Judges everything that a store holds, with other rules than those of the time: by each of some sets of rules on its own, in one pass. Their results in
 * the sets' order. Nothing is written and nobody is told.
 */
export async function backtest(
  store: Pick<Store, 'cycles' | 'summaries' | 'lines'>,
  sets: readonly [readonly Rule[], ...(readonly Rule[])[]],
  { from, to, onProgress, onCycle, ...options }: BacktestOptions,
  signal: AbortSignal,
): Promise<readonly [BacktestResult, ...BacktestResult[]]> {
  const window = windowFor({ ...options, rules: sets.flat() });
  const lines: EvidenceInput['lines'] = (query) => store.lines(query, signal);
  const matches = lineMatcher();
  const courseOf = (rules: readonly Rule[]) => new Course({ ...options, rules }, { window, lines, matches });
  const [first, ...others] = sets;
  const [course, ...further] = [courseOf(first), ...others.map(courseOf)] as const;
  const total = store.summaries().length;
  let cycles = 0;
  for await (const cycle of withHeapRoom(store.cycles())) {
    signal.throwIfAborted();
    if (cycle.at > to) break;
    for (const each of [course, ...further]) await each.add(cycle);
    onCycle?.(cycle, window);
    onProgress(++cycles, total);
  }
  const resultOf = (each: Course) => ({ cycles, ...each.result(from, to) });
  return [resultOf(course), ...further.map(resultOf)];
}

/** What one set of rules makes of the cycles. */
class Course {
  readonly #rules: readonly Rule[];
  readonly #replay: Replay;
  readonly #teller: Teller;
  readonly #evidence: Pick<EvidenceInput, 'window' | 'lines' | 'matches'>;
  readonly #fired = new Map<string, BacktestAlert>();
  readonly #messages: ToldMessage[] = [];

  constructor(
    options: ReplayOptions & TellerOptions,
    evidence: Pick<EvidenceInput, 'lines' | 'matches'> & { readonly window: RollingWindow },
  ) {
    this.#rules = options.rules;
    this.#replay = new Replay(options, evidence.window);
    this.#teller = new Teller(options, this.#replay);
    this.#evidence = evidence;
  }

  async add(cycle: Cycle): Promise<void> {
    const fired = this.#fired;
    const transitions = this.#replay.add(cycle);
    for (const { alert, to } of transitions) {
      if (to !== 'firing') continue;
      const rule = this.#rules.find((each) => each.alert === alert.alert);
      if (rule === undefined || fired.has(alert.id)) continue;
      const evidence = await gatherEvidence({
        ...this.#evidence,
        alert,
        condition: rule.condition,
        selection: rule.selection,
        alerts: [...fired.values()].map((each) => each.alert),
        now: cycle.finishedAt,
      });
      fired.set(alert.id, { alert, evidence });
    }
    for (const alert of [...this.#replay.alerts, ...transitions.map((each) => each.alert)]) {
      const known = fired.get(alert.id);
      if (known !== undefined) fired.set(alert.id, { ...known, alert });
    }
    this.#messages.push(...this.#teller.tell(cycle, transitions, (id) => fired.get(id)?.evidence ?? null));
  }

  /** What lies in the span. */
  result(from: number, to: number): Omit<BacktestResult, 'cycles'> {
    const isInside = ({ alert: { firedAt, resolvedAt } }: BacktestAlert) =>
      firedAt !== null && firedAt <= to && (resolvedAt ?? to) >= from;
    return {
      alerts: [...this.#fired.values()].filter(isInside),
      messages: this.#messages.filter(({ at }) => at >= from && at <= to),
    };
  }
}
