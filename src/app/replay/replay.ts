import type { Alert, Transition } from '../../core/model/alert.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import { RollingWindow } from '../../core/model/window/rolling-window.ts';
import { STALE_PERIODS } from '../../core/model/window/window.ts';
import { keptFor } from '../../core/rules/judging/counted.ts';
import { judge, type Verdict } from '../../core/rules/judging/judge.ts';
import type { Evaluation } from '../../core/rules/judging/rule-judge.ts';
import type { Rule } from '../../core/rules/rule.ts';

export interface ReplayOptions {
  readonly rules: readonly Rule[];
  /** The schedule's period, in milliseconds. */
  readonly period: number;
  /** How much the window holds, and how far back its first cycle's lines go, in milliseconds. */
  readonly span: number;
  readonly lookback: number;
  readonly cluster: string;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
}

/** Judges cycles of the past in their order, as the daemon would have: nothing is stored or told. */
export class Replay {
  readonly window: RollingWindow;
  readonly #options: ReplayOptions;
  #alerts: readonly Alert[] = [];
  #judged: Pick<Verdict, 'judgedTo' | 'judgedCycle'> = { judgedTo: null, judgedCycle: null };

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.window = new RollingWindow({
      span: options.span,
      staleness: STALE_PERIODS * options.period,
      lookback: options.lookback,
      ...keptFor(options.rules),
    });
  }

  /** Every alert so far, as it stands. */
  get alerts(): readonly Alert[] {
    return this.#alerts;
  }

  /** Takes the alerts as telling them has left them: marked, and without those that nobody needs any more. */
  keep(alerts: readonly Alert[]): void {
    this.#alerts = alerts;
  }

  /** Folds the next cycle in and judges it; what changed, in the order in which it happened. */
  add(cycle: Cycle): readonly Transition[] {
    this.window.add(cycle);
    const verdict = judge({
      ...this.#options,
      ...this.#judged,
      window: this.window,
      cycle,
      alerts: this.#alerts,
      isForAlertsOnly: true,
    });
    this.#alerts = verdict.alerts;
    this.#judged = { judgedTo: verdict.judgedTo, judgedCycle: verdict.judgedCycle };
    return verdict.transitions;
  }
}
