import { DAY, MINUTE } from '../../base/duration.ts';
import { EVERYTHING, type Matcher } from '../../core/model/matcher.ts';
import type { Selection } from '../../core/model/selector.ts';
import type { Window } from '../../core/model/window/window.ts';
import { type WorkloadKey, workloadKey } from '../../core/model/workload.ts';
import { levelOf } from '../../core/rules/written/matcher-type.ts';
import { ASKED_LEVELS, type Query, readChoice, readGlob, readTime } from '../api/query.ts';

const EVERY_POD: Selection = { match: [], except: [] };

/**
 * The moment from which on a workload has so many of the lines that are asked for, or as many as it has at all: to show the newest of them, nothing
 * older has to be read. 0 where the window's counts do not tell: for texts, pods, and pages after the first.
 */
export function enoughSince(
  window: Pick<Window, 'workloads' | 'counts'>,
  key: WorkloadKey,
  { query, now, lines }: { readonly query: Query; readonly now: number; readonly lines: number },
): number {
  if (['grep', 'contains', 'pod', 'next'].some((name) => query.has(name))) return 0;
  const level = readChoice(query, 'level', ASKED_LEVELS);
  const matcher: Matcher = level === null ? EVERYTHING : { kind: 'level', atLeast: levelOf(level) };
  const container = readGlob(query, 'container');
  const counts = window
    .workloads()
    .filter(({ workload }) => workloadKey(workload) === key)
    .flatMap(({ containers }) => containers.filter((name) => container === null || container.matches(name)))
    .flatMap((name) => window.counts(key, name, matcher, EVERY_POD) ?? []);
  const end = Math.floor(now / MINUTE) + 1;
  const since = (minute: number) => counts.reduce((sum, each) => sum + each.between(minute, end), 0);
  const first = Math.floor((readTime(query, 'since', now) ?? now - DAY) / MINUTE);
  const wanted = Math.min(lines, since(first));
  let [low, high] = [first, end];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (since(middle) >= wanted) low = middle;
    else high = middle - 1;
  }
  return low * MINUTE;
}
