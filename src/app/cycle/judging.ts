import type { Cycle } from '../../core/model/cycle.ts';
import type { AlertsDocument } from '../../core/model/state.ts';
import type { RollingWindow } from '../../core/model/window/rolling-window.ts';
import { isUntouched, type Touched } from '../../core/model/window/touched.ts';
import { suspended } from '../../core/rules/judging/suspended.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { Slots } from '../../kubernetes/session/rate-limit.ts';
import type { RuleEvaluation } from '../../web/view.ts';
import { AnnotationProblems } from '../alerts/annotation-problems.ts';
import { type Owing, oweByNow, saveAlerts } from '../alerts/owe.ts';
import { suspendedRules } from '../patterns/suspended-rules.ts';
import type { EngineParts } from './engine-parts.ts';
import { judgeCycle } from './judge-cycle.ts';
import { LastWords } from './last-words.ts';

/** Judges cycles by the rules in force over the window as it is, and remembers how each rule was judged last. */
export class Judging {
  readonly annotations: AnnotationProblems;
  readonly lastWords: LastWords;
  readonly #parts: EngineParts;
  readonly #current: () => { readonly rules: readonly Rule[]; readonly window: RollingWindow };
  /** A judgement begins with the alerts as they are, so that nothing else marks them before it is saved. */
  readonly #turn = new Slots(1);
  readonly #evaluations = new Map<string, RuleEvaluation>();

  constructor(parts: EngineParts, current: () => { readonly rules: readonly Rule[]; readonly window: RollingWindow }) {
    this.#parts = parts;
    this.#current = current;
    this.annotations = new AnnotationProblems(parts.policy.receivers, parts.logger);
    this.lastWords = new LastWords(parts);
  }

  evaluation(alert: string): RuleEvaluation | null {
    return this.#evaluations.get(alert) ?? null;
  }

  /** Other rules are in force. */
  forget(): void {
    this.#evaluations.clear();
  }

  /** Judges a cycle of the window: as a whole, or some of what a targeted one looked at. */
  async judge(cycle: Pick<Cycle, 'id'>, now: number, only?: Touched): Promise<void> {
    if (only !== undefined && isUntouched(only)) return;
    const evaluations = await this.#turn.hold(() =>
      judgeCycle({
        ...this.#parts,
        ...this.#owing(),
        cycle,
        now,
        lookback: this.#parts.collect.lookback,
        lastWords: this.lastWords,
        rules: this.#judgedRules(),
        ...(only === undefined ? {} : { only }),
      }),
    );
    for (const evaluation of evaluations) this.#evaluations.set(evaluation.alert, evaluation);
    if (only === undefined) this.annotations.look(this.#current().window.newest);
  }

  /** Puts out what has become due by time alone, after a change of the document. */
  async owe(change: (document: AlertsDocument) => AlertsDocument): Promise<void> {
    await this.#turn.hold(() =>
      saveAlerts(this.#parts, (document) => oweByNow(this.#owing(), change(document), this.#parts.clock.now())),
    );
  }

  #owing(): Owing {
    const { policy, newId, window: span } = this.#parts;
    return { policy, newId, span, ...this.#current() };
  }

  #judgedRules(): readonly Rule[] {
    const { rules } = this.#current();
    const blind = new Set(suspendedRules(rules, this.#parts.patternWorker.suspended));
    return blind.size === 0 ? rules : rules.map((rule) => (blind.has(rule) ? suspended(rule) : rule));
  }
}
