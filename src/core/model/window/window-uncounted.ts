import type { Cycle } from '../cycle.ts';
import { type LateCounts, type LineCounts, type PatternLevels, patternsMissing, type Uncounted } from '../late-counts.ts';
import { type LineValueId, lineValueId } from '../line-value.ts';
import type { Level } from '../log-line.ts';
import { type Matcher, type MatcherId, matcherId } from '../matcher.ts';

type CountId = MatcherId | LineValueId;

/** What rules ask for; without a level no patterns. */
export interface WantedCounts extends LineCounts {
  readonly patternsFrom?: Level | undefined;
}

/** The minutes whose lines a cycle read, half-open. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Entry {
  readonly at: number;
  /** `null` when it read no line. */
  readonly span: Span | null;
  readonly open: Set<CountId>;
  patterns: PatternLevels | null;
}

/** Which cycles were collected before a matcher, value or level of patterns was counted: for it, their minutes are unknown until their stored lines were counted. */
export class WindowUncounted {
  readonly #wanted: WantedCounts;
  /** By cycle, oldest first; only those with something uncounted. */
  readonly #cycles = new Map<string, Entry>();

  constructor(wanted: WantedCounts) {
    this.#wanted = wanted;
  }

  add(cycle: Cycle): void {
    const counted = new Set(cycle.counted);
    const open = new Set(cycle.counted === undefined ? [] : idsOf(this.#wanted).filter((id) => !counted.has(id)));
    const { patternsFrom } = this.#wanted;
    const patterns = patternsFrom === undefined ? null : patternsMissing(cycle, patternsFrom);
    const span = open.size === 0 ? null : spanOf(cycle);
    if (span === null) open.clear();
    if (span !== null || patterns !== null) this.#cycles.set(cycle.id, { at: cycle.at, span, open, patterns });
  }

  get isEmpty(): boolean {
    return this.#cycles.size === 0;
  }

  /** The newest cycle with something uncounted, and what that is. */
  next(isWanted: (matcher: Matcher) => boolean): ({ readonly cycle: string } & Uncounted) | null {
    for (const [cycle, { open, patterns }] of [...this.#cycles].reverse()) {
      const matchers = this.#wanted.matchers.filter((each) => open.has(matcherId(each)) && isWanted(each));
      const values = this.#wanted.values.filter((each) => open.has(lineValueId(each)));
      if (matchers.length > 0 || values.length > 0 || patterns !== null) return { cycle, matchers, values, patterns };
    }
    return null;
  }

  /** How many cycles have one of these uncounted. */
  count(of: WantedCounts): number {
    const ids = idsOf(of);
    const { patternsFrom: from } = of;
    const waits = ({ open, patterns }: Entry) =>
      ids.some((id) => open.has(id)) || (from !== undefined && patterns !== null && from < patterns.below);
    return [...this.#cycles.values()].filter(waits).length;
  }

  isCounted(cycle: string): boolean {
    return !this.#cycles.has(cycle);
  }

  /** Takes these as counted of a cycle; returns those of them that were not, and the levels whose patterns were not known. */
  settle(
    cycle: string,
    { counted, patterns }: Pick<LateCounts, 'counted' | 'patterns'>,
  ): { readonly counts: ReadonlySet<CountId>; readonly patterns: PatternLevels | null } {
    const entry = this.#cycles.get(cycle);
    const counts = new Set(counted.filter((id) => entry?.open.delete(id)));
    const missing = entry?.patterns ?? null;
    const areKnown = missing !== null && patterns !== undefined && patterns.from <= missing.from;
    if (entry !== undefined && areKnown) entry.patterns = null;
    if (entry?.open.size === 0 && entry.patterns === null) this.#cycles.delete(cycle);
    return { counts, patterns: areKnown ? missing : null };
  }

  /** Whether it was counted in all minutes of a span. */
  isWhole(id: CountId, from: number, to: number): boolean {
    for (const { span, open } of this.#cycles.values())
      if (span !== null && span.from < to && span.to > from && open.has(id)) return false;
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
