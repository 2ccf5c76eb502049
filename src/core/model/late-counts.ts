import type { ContainerMinutes, Cycle } from './cycle.ts';
import type { LineValue, LineValueId } from './line-value.ts';
import type { Matcher, MatcherId } from './matcher.ts';

/** What is counted in lines for rules. */
export interface LineCounts {
  readonly matchers: readonly Matcher[];
  readonly values: readonly LineValue[];
}

/** What a committed cycle was made without, counted from its stored lines: what rules ask for that are newer than it. */
export interface LateCounts {
  /** Everything that was counted, also when it was found nowhere. */
  readonly counted: readonly (MatcherId | LineValueId)[];
  /** Without columns; minutes in which nothing was found are left out. */
  readonly minutes: readonly ContainerMinutes[];
}

/** The cycle with what was counted later. */
export function withLate(cycle: Cycle, late: LateCounts | null): Cycle {
  if (late === null) return cycle;
  return { ...cycle, counted: [...(cycle.counted ?? []), ...late.counted], minutes: [...cycle.minutes, ...late.minutes] };
}
