import type { LineValue } from '../../model/line-value.ts';
import type { Level } from '../../model/log-line.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { WindowOptions } from '../../model/window/rolling-window.ts';
import type { Rule } from '../rule.ts';

/** Patterns of warnings and worse are always looked for. */
const PATTERNS_FROM: Level = 4;

/** What the analysis counts in lines for the rules. */
export interface Counted {
  readonly matchers: readonly Matcher[];
  readonly values: readonly LineValue[];
  /** The level from which on patterns are looked for. */
  readonly patternsFrom: Level;
}

export function countedFor(rules: readonly Rule[]): Counted {
  let patternsFrom = PATTERNS_FROM;
  for (const { condition } of rules)
    if (condition.patterns !== undefined && condition.patterns < patternsFrom) patternsFrom = condition.patterns;
  return {
    matchers: rules.flatMap((rule) => rule.condition.matchers),
    values: rules.flatMap((rule) => rule.condition.values ?? []),
    patternsFrom,
  };
}

/** What the window has to keep of that. */
export function keptFor(rules: readonly Rule[]): Pick<WindowOptions, 'counters' | 'values' | 'patterns' | 'patternsFrom'> {
  return {
    patternsFrom: countedFor(rules).patternsFrom,
    counters: rules.flatMap(({ condition, selection }) => condition.matchers.map((matcher) => ({ matcher, selection }))),
    values: rules.flatMap(({ condition, selection }) =>
      (condition.values ?? []).map((value) => ({ value, selection, reach: condition.reach ?? 0 })),
    ),
    patterns: rules.flatMap(({ condition, selection }) => (condition.patterns === undefined ? [] : [selection])),
  };
}
