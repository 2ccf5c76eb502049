import type { ContainerMinutes, Cycle } from './cycle.ts';
import type { LineValue, LineValueId } from './line-value.ts';
import type { Level } from './log-line.ts';
import type { Matcher, MatcherId } from './matcher.ts';
import type { ContainerPatterns } from './pattern.ts';

/** What is counted in lines for rules. */
export interface LineCounts {
  readonly matchers: readonly Matcher[];
  readonly values: readonly LineValue[];
}

/** Records whose patterns are looked for: of levels in [from, below). */
export interface PatternLevels {
  readonly from: Level;
  readonly below: number;
}

/** What a cycle was made without, of what rules ask for. */
export interface Uncounted extends LineCounts {
  /** `null` when its patterns are known. */
  readonly patterns: PatternLevels | null;
}

/** The patterns of some levels, found in the stored lines of a cycle. */
export interface LatePatterns extends PatternLevels {
  readonly found: readonly ContainerPatterns[];
}

/** What a committed cycle was made without, counted from its stored lines: what rules ask for that are newer than it. */
export interface LateCounts {
  /** Everything that was counted, also when it was found nowhere. */
  readonly counted: readonly (MatcherId | LineValueId)[];
  /** Without columns; minutes in which nothing was found are left out. */
  readonly minutes: readonly ContainerMinutes[];
  /** With those that the cycle was made with, patterns are known from that level on; left out when none were looked for. */
  readonly patterns?: LatePatterns;
}

/** The cycle with what was counted later. */
export function withLate(cycle: Cycle, late: LateCounts | null): Cycle {
  if (late === null) return cycle;
  const { counted, minutes, patterns } = late;
  const whole = { ...cycle, counted: [...(cycle.counted ?? []), ...counted], minutes: [...cycle.minutes, ...minutes] };
  if (patterns === undefined) return whole;
  const from = Math.min(patterns.from, cycle.patternsFrom ?? patterns.from) as Level; // one of the two
  return { ...whole, patternsFrom: from, patterns: [...cycle.patterns, ...patterns.found] };
}

/** The levels of which a cycle's patterns are not known yet, for rules that ask for those from `wanted` on; `null` when they are. */
export function patternsMissing(cycle: Pick<Cycle, 'patternsFrom'>, wanted: Level): PatternLevels | null {
  const { patternsFrom } = cycle;
  return patternsFrom === undefined || patternsFrom <= wanted ? null : { from: wanted, below: patternsFrom };
}
