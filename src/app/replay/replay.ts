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
  /** Whether {@link Replay.evaluations} are asked for: what moves no alert is judged for them at the end of each cycle. */
  readonly keepsEvaluations?: boolean;
}

/** A window for cycles to be judged by all of these rules. */
export function windowFor({ rules, span, period, lookback }: Omit<ReplayOptions, 'cluster'>): RollingWindow {
  return new RollingWindow({ span, staleness: STALE_PERIODS * period, lookback, ...keptFor(rules) });
}

/** Judges cycles of the past in their order, as the daemon would have: nothing is stored or told. */
export class Replay {
  readonly window: RollingWindow;
  #options: ReplayOptions;
  #alerts: readonly Alert[] = [];
  #evaluations: readonly Evaluation[] = [];
  #judged: Pick<Verdict, 'judgedTo' | 'judgedCycle'> = { judgedTo: null, judgedCycle: null };

  /** Replays that share a window, one for all of their rules, have to be given each cycle before any of them is given the next. */
  constructor(options: ReplayOptions, window = windowFor(options)) {
    this.#options = options;
    this.window = window;
  }

  /** Every alert so far, as it stands. */
  get alerts(): readonly Alert[] {
    return this.#alerts;
  }

  /** The newest judgement of every rule that the last cycle was judged by. */
  get evaluations(): readonly Evaluation[] {
    return this.#evaluations;
  }

  /** Takes the alerts as telling them has left them: marked, and without those that nobody needs any more. */
  keep(alerts: readonly Alert[]): void {
    this.#alerts = alerts;
  }

  /** Judges by these of its rules only from now on, and forgets the alerts of the others. */
  keepRules(rules: readonly Rule[]): void {
    if (rules.length === this.#options.rules.length) return;
    const kept = new Set(rules.map(({ alert }) => alert));
    this.#options = { ...this.#options, rules };
    this.#alerts = this.#alerts.filter(({ alert }) => kept.has(alert));
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
      isForAlertsOnly: this.#options.keepsEvaluations !== true,
    });
    this.#alerts = verdict.alerts;
    this.#evaluations = verdict.evaluations;
    this.#judged = { judgedTo: verdict.judgedTo, judgedCycle: verdict.judgedCycle };
    return verdict.transitions;
  }
}
