import { DAY } from '../../base/duration.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { RollingWindow } from '../../core/model/window/rolling-window.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Store } from '../../store/store.ts';
import { withHeapRoom } from '../small-heap.ts';
import { Replay, type ReplayOptions } from './replay.ts';

/** How a rule's threshold would have to be for at most so many alerts a day. */
export interface Suggestion {
  readonly rule: Rule;
  /** Alerts a day with the threshold as it is. */
  readonly perDay: number;
  /** The most sensitive threshold within the budget, and its alerts a day; `null` when none of those that were tried is. */
  readonly suggested: number | null;
  readonly suggestedPerDay: number | null;
}

/** Thresholds that are tried of each rule in one pass over the cycles. */
const TRIED = 12;
/** Values that are remembered of each rule to choose them from; of more, every second one is. */
const MOST_VALUES = 5_000;

/** The values at the end of each cycle and the alerts' peaks of all rules with a threshold: from them those to be tried are chosen. */
export class TunedRules {
  readonly #options: ReplayOptions;
  readonly #values: ReadonlyMap<string, SeenValues>;
  #replay: Replay | null = null;

  constructor(options: Omit<ReplayOptions, 'onEvaluation' | 'keepsEvaluations'>) {
    const rules = options.rules.filter(({ enabled, condition }) => enabled && condition.withThreshold !== undefined);
    this.#options = { ...options, rules, keepsEvaluations: true };
    this.#values = new Map(rules.map(({ alert }) => [alert, new SeenValues()]));
  }

  get options(): ReplayOptions {
    return this.#options;
  }

  /** Judges each cycle in its turn, in a window that holds for these rules, too. */
  look(cycle: Cycle, window: RollingWindow): void {
    this.#replay ??= new Replay(this.#options, window);
    const replay = this.#replay;
    replay.add(cycle);
    for (const { alert, samples } of replay.evaluations) for (const { value } of samples) this.#values.get(alert)?.add(value);
    for (const { alert, peak } of replay.alerts) this.#values.get(alert)?.add(peak);
  }

  /** Each rule with its thresholds, the one that it has first. */
  variants(): readonly Variant[] {
    return this.#options.rules.flatMap((rule) => variantsOf(rule, this.#values.get(rule.alert)?.list ?? []));
  }
}

interface BudgetInput {
  /** Alerts a day for each rule. */
  readonly budget: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Tries other thresholds on everything that a store holds, in one pass: the rules, which have looked at all of it, are judged with thresholds between the
 * values that occurred. One that has told more than the budget allows is judged no further.
 */
export async function suggestThresholds(
  store: Pick<Store, 'cycles'>,
  tuned: TunedRules,
  { budget, from, to }: BudgetInput,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const variants = tuned.variants();
  const { keepsEvaluations: _, ...options } = tuned.options;
  const replay = new Replay({ ...options, rules: variants.map(({ judged }) => judged) });
  const days = Math.max((to - from) / DAY, Number.EPSILON);
  const counts = new Map<string, number>();
  const perDay = ({ judged: { alert } }: Variant) => (counts.get(alert) ?? 0) / days;
  for await (const cycle of withHeapRoom(store.cycles())) {
    signal.throwIfAborted();
    if (cycle.at > to) break;
    for (const { alert, to: state, at } of replay.add(cycle))
      if (state === 'firing' && at >= from) counts.set(alert.alert, (counts.get(alert.alert) ?? 0) + 1);
    replay.keepRules(variants.filter((each) => each.isAsWritten || perDay(each) <= budget).map(({ judged }) => judged));
  }
  return options.rules.map((rule) => {
    const own = variants.filter((variant) => variant.rule === rule);
    const asWritten = own.find((variant) => variant.isAsWritten);
    const isMore = rule.condition.worst === 'lowest' ? -1 : 1;
    const [best] = own
      .filter((each) => perDay(each) <= budget)
      .toSorted((a, b) => isMore * ((a.judged.condition.threshold ?? 0) - (b.judged.condition.threshold ?? 0)));
    return {
      rule,
      perDay: asWritten === undefined ? 0 : perDay(asWritten),
      suggested: best?.judged.condition.threshold ?? null,
      suggestedPerDay: best === undefined ? null : perDay(best),
    };
  });
}

/** Values above 0 that occurred in the whole time, the lowest and the highest among them. */
class SeenValues {
  #some: number[] = [];
  #every = 1;
  #count = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = 0;

  add(value: number | null): void {
    if (value === null || value <= 0) return;
    this.#lowest = Math.min(this.#lowest, value);
    this.#highest = Math.max(this.#highest, value);
    if (this.#count++ % this.#every !== 0) return;
    this.#some.push(value);
    if (this.#some.length < MOST_VALUES) return;
    this.#some = this.#some.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  get list(): readonly number[] {
    return this.#count === 0 ? [] : [this.#lowest, ...this.#some, this.#highest];
  }
}

interface Variant {
  readonly rule: Rule;
  /** With the rule's own threshold. */
  readonly isAsWritten: boolean;
  /** The rule under a name of its own, with that threshold, and without words: nobody reads them. */
  readonly judged: Rule;
}

function variantsOf(rule: Rule, values: readonly number[]): readonly Variant[] {
  const { condition } = rule;
  // What is counted in whole numbers is written so: `restarts: 7`.
  const isWhole = condition.unit === 'count' && values.every(Number.isInteger) && Number.isInteger(condition.threshold);
  const shaped = (value: number) => (isWhole ? Math.ceil(rounded(value)) : rounded(value));
  const sorted = [...new Set(values.map(shaped))].sort((a, b) => a - b);
  const step = Math.max(1, sorted.length / TRIED);
  const chosen: number[] = [];
  for (let i = 0; i < sorted.length; i += step) chosen.push(sorted[Math.floor(i)] ?? 0);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  // Beyond everything that occurred there is no alert at all: that is always within the budget.
  if (lowest !== undefined && highest !== undefined)
    chosen.push(condition.worst === 'lowest' ? lowest * 0.9 : shaped(highest * 1.1), highest);
  const thresholds = [...new Set([condition.threshold ?? 0, ...chosen])];
  return thresholds.map((threshold, index) => {
    const isAsWritten = index === 0;
    const other = isAsWritten ? condition : (condition.withThreshold?.(threshold) ?? condition);
    const silent = { ...other, phrase: () => '' };
    return { rule, isAsWritten, judged: { ...rule, alert: `${rule.alert}#${index}`, summary: null, condition: silent } };
  });
}

/** Two digits that count, upwards: as a person would write it. */
function rounded(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(12));
}
