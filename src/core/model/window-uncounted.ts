import type { Cycle } from './cycle.ts';
import { type Matcher, type MatcherId, matcherId } from './matcher.ts';

/** The minutes whose lines a cycle read, half-open. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which cycles were collected before a matcher was counted: for it, their minutes are unknown until their stored lines were counted. */
export class WindowUncounted {
  readonly #wanted: ReadonlySet<MatcherId>;
  /** By cycle, oldest first; only those with something uncounted. */
  readonly #cycles = new Map<string, { readonly at: number; readonly span: Span; readonly matchers: Set<MatcherId> }>();

  constructor(wanted: Iterable<MatcherId>) {
    this.#wanted = new Set(wanted);
  }

  add(cycle: Cycle): void {
    if (cycle.counted === undefined) return;
    const counted = new Set(cycle.counted);
    const matchers = new Set([...this.#wanted].filter((id) => !counted.has(id)));
    const span = matchers.size === 0 ? null : spanOf(cycle);
    if (span !== null) this.#cycles.set(cycle.id, { at: cycle.at, span, matchers });
  }

  get isEmpty(): boolean {
    return this.#cycles.size === 0;
  }

  /** The newest cycle with one of some matchers uncounted, and which those are. */
  next(of: readonly Matcher[]): { readonly cycle: string; readonly matchers: readonly Matcher[] } | null {
    for (const [cycle, { matchers: open }] of [...this.#cycles].reverse()) {
      const matchers = of.filter((each) => open.has(matcherId(each)));
      if (matchers.length > 0) return { cycle, matchers };
    }
    return null;
  }

  /** How many cycles have one of the matchers uncounted. */
  count(matchers: readonly MatcherId[]): number {
    return [...this.#cycles.values()].filter((cycle) => matchers.some((id) => cycle.matchers.has(id))).length;
  }

  isCounted(cycle: string): boolean {
    return !this.#cycles.has(cycle);
  }

  /** Takes some matchers of a cycle as counted; returns those of them that were not. */
  settle(cycle: string, counted: readonly MatcherId[]): ReadonlySet<MatcherId> {
    const entry = this.#cycles.get(cycle);
    const settled = new Set(counted.filter((id) => entry?.matchers.delete(id)));
    if (entry?.matchers.size === 0) this.#cycles.delete(cycle);
    return settled;
  }

  /** Whether the matcher was counted in all minutes of a span. */
  isWhole(matcher: MatcherId, from: number, to: number): boolean {
    for (const { span, matchers } of this.#cycles.values())
      if (span.from < to && span.to > from && matchers.has(matcher)) return false;
    return true;
  }

  expire(before: number): void {
    for (const [id, { at }] of this.#cycles) if (at < before) this.#cycles.delete(id);
  }
}

function spanOf({ minutes }: Cycle): Span | null {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const each of minutes) {
    for (const { minute } of each.minutes) {
      from = Math.min(from, minute);
      to = Math.max(to, minute + 1);
    }
  }
  return from < to ? { from, to } : null;
}
