import { MINUTE } from '../../../base/duration.ts';
import type { EvidencePattern } from '../../model/notification.ts';
import type { Selection } from '../../model/selector.ts';
import type { SeenPattern, Window } from '../../model/window/window.ts';
import type { WorkloadKey } from '../../model/workload.ts';

/** An alert on logs shows so many patterns. */
export const TOP_PATTERNS = 3;

/** The patterns with most records in [from, to) (epoch milliseconds) among those that `takes` takes. */
export function topPatterns(
  {
    window,
    key,
    container,
    selection,
  }: { readonly window: Window; readonly key: WorkloadKey; readonly container: string; readonly selection: Selection },
  span: { readonly from: number; readonly to: number },
  takes: (pattern: SeenPattern) => boolean,
): readonly EvidencePattern[] {
  const [from, to] = [Math.floor(span.from / MINUTE), Math.ceil(span.to / MINUTE)];
  const counted = (window.patterns(key, container, selection)?.patterns ?? [])
    .filter((pattern) => pattern.lastAt >= span.from && takes(pattern))
    .map((pattern) => ({ pattern, count: pattern.counts.between(from, to) }))
    .filter(({ count }) => count > 0);
  return counted
    .sort((a, b) => b.count - a.count || (a.pattern.id < b.pattern.id ? -1 : 1))
    .slice(0, TOP_PATTERNS)
    .map(({ pattern: { id, level, template, sample }, count }) => ({ id, level, template, count, sample }));
}
