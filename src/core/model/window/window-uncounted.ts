import type { Cycle } from '../cycle.ts';
import type { LineCounts } from '../late-counts.ts';
import { type LineValueId, lineValueId } from '../line-value.ts';
import { type Matcher, type MatcherId, matcherId } from '../matcher.ts';

type CountId = MatcherId | LineValueId;

/** The minutes whose lines a cycle read, half-open. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which cycles were collected before a matcher or value was counted: for it, their minutes are unknown until their stored lines were counted. */
export class WindowUncounted {
  readonly #wanted: LineCounts;
  /** By cycle, oldest first; only those with something uncounted. */
  readonly #cycles = new Map<string, { readonly at: number; readonly span: Span; readonly open: Set<CountId> }>();

  constructor(wanted: LineCounts) {
    this.#wanted = wanted;
  }

  add(cycle: Cycle): void {
    if (cycle.counted === undefined) return;
    const counted = new Set(cycle.counted);
    const open = new Set(idsOf(this.#wanted).filter((id) => !counted.has(id)));
    const span = open.size === 0 ? null : spanOf(cycle);
    if (span !== null) this.#cycles.set(cycle.id, { at: cycle.at, span, open });
  }

  get isEmpty(): boolean {
    return this.#cycles.size === 0;
  }

  /** The newest cycle with something uncounted, and what that is. */
  next(isWanted: (matcher: Matcher) => boolean): ({ readonly cycle: string } & LineCounts) | null {
    for (const [cycle, { open }] of [...this.#cycles].reverse()) {
      const matchers = this.#wanted.matchers.filter((each) => open.has(matcherId(each)) && isWanted(each));
      const values = this.#wanted.values.filter((each) => open.has(lineValueId(each)));
      if (matchers.length > 0 || values.length > 0) return { cycle, matchers, values };
    }
    return null;
  }

  /** How many cycles have one of these uncounted. */
  count(of: LineCounts): number {
    const ids = idsOf(of);
    return [...this.#cycles.values()].filter(({ open }) => ids.some((id) => open.has(id))).length;
  }

  isCounted(cycle: string): boolean {
    return !this.#cycles.has(cycle);
  }

  /** Takes these as counted of a cycle; returns those of them that were not. */
  settle(cycle: string, counted: readonly CountId[]): ReadonlySet<CountId> {
    const entry = this.#cycles.get(cycle);
    const settled = new Set(counted.filter((id) => entry?.open.delete(id)));
    if (entry?.open.size === 0) this.#cycles.delete(cycle);
    return settled;
  }

  /** Whether it was counted in all minutes of a span. */
  isWhole(id: CountId, from: number, to: number): boolean {
    for (const { span, open } of this.#cycles.values()) if (span.from < to && span.to > from && open.has(id)) return false;
    return true;
  }

  expire(before: number): void {
    for (const [id, { at }] of this.#cycles) if (at < before) this.#cycles.delete(id);
  }
}

function idsOf({ matchers, values }: LineCounts): readonly CountId[] {
  return [...matchers.map(matcherId), ...values.map(lineValueId)];
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
