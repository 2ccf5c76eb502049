import type { Matcher } from '../../model/matcher.ts';

/** Kinds that look into a record's text. */
const COSTLY: ReadonlySet<Matcher['kind']> = new Set(['pattern', 'field', 'value']);

/** Whether a record's level and status alone decide. */
export function isOfHead(matcher: Matcher): boolean {
  return 'matchers' in matcher ? matcher.matchers.every(isOfHead) : !COSTLY.has(matcher.kind);
}

/** Whether what occurs in a record's text may keep the matcher from taking it. */
export function isTakenBack(matcher: Matcher | undefined): boolean {
  if (matcher === undefined || !('matchers' in matcher)) return false;
  return (matcher.kind === 'not' && !isOfHead(matcher)) || matcher.matchers.some(isTakenBack);
}

/** Levels and statuses before patterns. */
export function cheapFirst(matchers: readonly Matcher[]): readonly Matcher[] {
  const cost = (matcher: Matcher): number => ('matchers' in matcher ? 1 : COSTLY.has(matcher.kind) ? 2 : 0);
  return matchers.toSorted((a, b) => cost(a) - cost(b));
}
