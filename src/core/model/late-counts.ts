import type { ContainerMinutes } from './cycle.ts';
import type { MatcherId } from './matcher.ts';

/** What a committed cycle was made without, counted from its stored lines: the matchers of rules that are newer than it. */
export interface LateCounts {
  /** Every matcher that was counted, also when it matched nothing. */
  readonly counted: readonly MatcherId[];
  /** Without columns; minutes in which nothing matched are left out. */
  readonly minutes: readonly ContainerMinutes[];
}
