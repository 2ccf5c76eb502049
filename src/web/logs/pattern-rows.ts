import { MINUTE } from '../../base/duration.ts';
import type { Glob } from '../../base/glob.ts';
import type { Level } from '../../core/model/log-line.ts';
import { MOST_PATTERNS, MOST_PATTERNS_PER_CONTAINER } from '../../core/model/pattern.ts';
import type { Selection } from '../../core/model/selector.ts';
import type { SeenPattern, Window } from '../../core/model/window/window.ts';
import { type Workload, workloadKey } from '../../core/model/workload.ts';
import { levelOf } from '../../core/rules/written/matcher-type.ts';
import { ASKED_LEVELS, type Filters, passes, type Query, readChoice, readFilters, readGlob } from '../api/query.ts';

/** One pattern of one container name of one workload. */
export interface PatternRow {
  readonly workload: Workload;
  readonly container: string;
  readonly pattern: SeenPattern;
  /** Records since the asked time, else in the whole window. */
  readonly count: number;
  /** Whether the container had more patterns than are kept: those that were seen least lately are missing. */
  readonly isCrowded: boolean;
}

/** Which patterns are asked for. */
export interface PatternFilters extends Filters {
  readonly container: Glob | null;
  /** That level or worse; 0 for all. */
  readonly level: Level;
}

export function readPatternFilters(query: Query, now: number): PatternFilters {
  const level = readChoice(query, 'level', ASKED_LEVELS);
  return {
    ...readFilters(query, now),
    container: readGlob(query, 'container'),
    level: level === null ? 0 : levelOf(level),
  };
}

const EVERY_POD: Selection = { match: [], except: [] };

/** The patterns that are asked for, those with most records first. */
export function patternRows(window: Pick<Window, 'workloads' | 'patterns'>, filters: PatternFilters): readonly PatternRow[] {
  const from = filters.since === null ? 0 : Math.floor(filters.since / MINUTE);
  const rows: PatternRow[] = [];
  for (const { workload, containers } of window.workloads()) {
    if (!passes(filters, { namespace: workload.namespace, kind: workload.kind, workload: workload.name })) continue;
    for (const container of containers) {
      if (filters.container !== null && !filters.container.matches(container)) continue;
      const history = window.patterns(workloadKey(workload), container, EVERY_POD);
      const droppedAt = history?.droppedAt ?? null;
      const isCrowded = droppedAt !== null && droppedAt >= (filters.since ?? 0);
      for (const pattern of history?.patterns ?? []) {
        if (pattern.level < filters.level || pattern.lastAt < (filters.since ?? 0)) continue;
        const count = pattern.counts.between(from, Number.MAX_SAFE_INTEGER);
        if (count > 0) rows.push({ workload, container, pattern, count, isCrowded });
      }
    }
  }
  return rows.sort((a, b) => b.count - a.count || (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** That patterns are missing in these rows, and of which containers; `null` when none are. */
export function missingPatterns(rows: readonly PatternRow[]): string | null {
  const crowded = rows.filter(({ isCrowded }) => isCrowded);
  const names = new Set(crowded.map(({ workload: { namespace, name }, container }) => `${namespace}/${name} ${container}`));
  if (names.size === 0) return null;
  const kept = `${MOST_PATTERNS_PER_CONTAINER} patterns of a container are kept, ${MOST_PATTERNS} in all`;
  return `${kept}; of these there were more, and those seen least lately are missing: ${[...names].join(', ')}`;
}

/** Orders rows of the same count, and names one. */
export function keyOf({ workload, container, pattern }: PatternRow): string {
  return `${workloadKey(workload)}/${container}/${pattern.id}`;
}

/** The minutes that have records of the pattern since a time, newest last. */
export function minutesOf({ counts }: SeenPattern, since: number): readonly { readonly at: number; readonly count: number }[] {
  const found: { readonly at: number; readonly count: number }[] = [];
  for (
    let minute = counts.newest(Number.MAX_SAFE_INTEGER);
    minute !== null && minute * MINUTE >= since - MINUTE;
    minute = counts.newest(minute)
  )
    found.push({ at: minute * MINUTE, count: counts.at(minute) });
  return found.reverse();
}
