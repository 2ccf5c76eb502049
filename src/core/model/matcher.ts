import { type LineValue, lineValueId } from './line-value.ts';
import type { Level } from './log-line.ts';

/** Which log records count. `pattern` is RE2 syntax, already compiled once to prove that it can be. */
export type Matcher =
  | { readonly kind: 'level'; readonly atLeast: Level }
  /** The first digit (`5` for `5xx`), or the whole status. */
  | { readonly kind: 'status_class'; readonly class: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** A named field's value (interface.md section 4) matches a glob as a whole. */
  | { readonly kind: 'field'; readonly name: string; readonly glob: string }
  /** The number that a field holds is greater. */
  | { readonly kind: 'value'; readonly value: LineValue; readonly above: number }
  | { readonly kind: 'any' | 'all'; readonly matchers: readonly Matcher[] }
  /** None of them takes the record. */
  | { readonly kind: 'not'; readonly matchers: readonly Matcher[] }
  /** Every record. */
  | { readonly kind: 'everything' }
  /** Every record that has a status. */
  | { readonly kind: 'any_status' };

export const EVERYTHING: Matcher = { kind: 'everything' };

/** Names a matcher's per-minute count on disk and in memory; equal matchers have equal ids, in every run. */
export type MatcherId = string;

/** Canonical: readable, stable, without spaces at its ends. */
export function matcherId(matcher: Matcher): MatcherId {
  switch (matcher.kind) {
    case 'level':
      return `level>=${matcher.atLeast}`;
    case 'status_class':
      return `status=${matcher.class}xx`;
    case 'status':
      return `status=${matcher.status}`;
    case 'pattern':
      return `pattern=${matcher.pattern}`;
    case 'field':
      return `field ${JSON.stringify(matcher.name)}=${matcher.glob}`;
    case 'value':
      return `${lineValueId(matcher.value)}>${matcher.above}`;
    case 'any':
    case 'all':
    case 'not':
      return `${matcher.kind}(${matcher.matchers.map(matcherId).sort().join(',')})`;
    case 'everything':
      return 'everything';
    case 'any_status':
      return 'any_status';
    default:
      return matcher satisfies never;
  }
}

/** The patterns that a matcher has in it. */
export function patternsIn(matcher: Matcher): readonly string[] {
  if (matcher.kind === 'pattern') return [matcher.pattern];
  return 'matchers' in matcher ? matcher.matchers.flatMap(patternsIn) : [];
}

/** Whether the built-in per-minute columns (lines, levels, status classes) answer the matcher, so that nothing needs counting for it. */
export function isBuiltIn(matcher: Matcher): boolean {
  return (
    matcher.kind === 'level' || matcher.kind === 'status_class' || matcher.kind === 'everything' || matcher.kind === 'any_status'
  );
}
