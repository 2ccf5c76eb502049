import { DAY } from '../../base/duration.ts';
import type { Transition } from '../../core/model/alert.ts';
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

interface BudgetInput extends Omit<ReplayOptions, 'onEvaluation' | 'keepsEvaluations'> {
  /** Alerts a day for each rule. */
  readonly budget: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Tries other thresholds on everything that a store holds: in a first pass the values at the end of each cycle and the alerts' peaks are noted, in a
 * second one the rules are judged with thresholds between them.
 */
export async function suggestThresholds(
  store: Pick<Store, 'cycles'>,
  { budget, from, to, ...options }: BudgetInput,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const tuned = options.rules.filter(({ enabled, condition }) => enabled && condition.withThreshold !== undefined);
  const values = new Map(tuned.map(({ alert }) => [alert, new SeenValues()]));
  const first = new Replay({ ...options, rules: tuned, keepsEvaluations: true });
  for await (const _ of judged(store, first, { to, signal })) {
    for (const { alert, samples } of first.evaluations) for (const { value } of samples) values.get(alert)?.add(value);
    for (const { alert, peak } of first.alerts) values.get(alert)?.add(peak);
  }
  const variants = tuned.flatMap((rule) => variantsOf(rule, values.get(rule.alert)?.list ?? []));
  const second = new Replay({ ...options, rules: variants.map(({ judged }) => judged) });
  const counts = new Map<string, number>();
  for await (const transitions of judged(store, second, { to, signal })) {
    for (const { alert, to: state, at } of transitions)
      if (state === 'firing' && at >= from) counts.set(alert.alert, (counts.get(alert.alert) ?? 0) + 1);
  }
  const days = Math.max((to - from) / DAY, Number.EPSILON);
  const perDay = (alert: string) => (counts.get(alert) ?? 0) / days;
  return tuned.map((rule) => {
    const own = variants.filter((variant) => variant.rule === rule).map(({ judged }) => judged);
    const [asIs] = own;
    const isMore = rule.condition.worst === 'lowest' ? -1 : 1;
    const fitting = own
      .filter(({ alert }) => perDay(alert) <= budget)
      .toSorted((a, b) => isMore * ((a.condition.threshold ?? 0) - (b.condition.threshold ?? 0)));
    const [best] = fitting;
    return {
      rule,
      perDay: asIs === undefined ? 0 : perDay(asIs.alert),
      suggested: best?.condition.threshold ?? null,
      suggestedPerDay: best === undefined ? null : perDay(best.alert),
    };
  });
}

/** What each cycle changed. */
async function* judged(
  store: Pick<Store, 'cycles'>,
  replay: Replay,
  { to, signal }: { readonly to: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly Transition[], void, undefined> {
  for await (const cycle of withHeapRoom(store.cycles())) {
    signal.throwIfAborted();
    if (cycle.at > to) break;
    yield replay.add(cycle);
  }
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
  /** The rule under a name of its own, with another threshold; the first one has the rule's. */
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
    const other = index === 0 ? condition : (condition.withThreshold?.(threshold) ?? condition);
    return { rule, judged: { ...rule, alert: `${rule.alert}#${index}`, condition: other } };
  });
}

/** Two digits that count, upwards: as a person would write it. */
function rounded(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(12));
}
