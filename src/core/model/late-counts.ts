import type { ContainerMinutes, Cycle } from './cycle.ts';
import type { MatcherId } from './matcher.ts';

/** What a committed cycle was made without, counted from its stored lines: the matchers of rules that are newer than it. */
export interface LateCounts {
  /** Every matcher that was counted, also when it matched nothing. */
  readonly counted: readonly MatcherId[];
  /** Without columns; minutes in which nothing matched are left out. */
  readonly minutes: readonly ContainerMinutes[];
}

/** The cycle with what was counted later. */
export function withLate(cycle: Cycle, late: LateCounts | null): Cycle {
  if (late === null) return cycle;
  return { ...cycle, counted: [...(cycle.counted ?? []), ...late.counted], minutes: [...cycle.minutes, ...late.minutes] };
}
