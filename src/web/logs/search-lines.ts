import { DAY } from '../../base/duration.ts';
import { readLogToken, writeLogToken } from '../api/paging.ts';
import { ASKED_LEVELS, FILTER_NAMES, type Query, readChoice, readGlob, readTime } from '../api/query.ts';
import type { LineSearch, StatusView } from '../view.ts';
import type { LogSearcher } from './log-search.ts';

/** One page of lines that is asked for. */
export interface AskedLines {
  readonly view: StatusView;
  readonly logs: LogSearcher;
  readonly query: Query;
  readonly limit: number;
  /** Where the page before ended. */
  readonly next: string | undefined;
  /** No line older than this is looked for, whatever `since` says. */
  readonly from?: number;
}

/** Runs the search that a query describes, for API and page. */
export async function searchLines({ view, logs, query, limit, next, from = 0 }: AskedLines, signal: AbortSignal) {
  const search = readLineSearch(query, view.now());
  const token = next === undefined ? null : readLogToken(next);
  const since = token?.since ?? search.since;
  const page = await logs.search({ ...search, since: Math.max(since, from) }, { limit, after: token?.position ?? null }, signal);
  return { ...page, nextToken: page.next === null ? null : writeLogToken(since, page.next) };
}

/** What a query asks of lines; throws `ConfigError` for what it does not take. */
export function readLineSearch(query: Query, now: number): LineSearch {
  for (const name of [...FILTER_NAMES.filter((filter) => filter !== 'since'), 'pod', 'container']) readGlob(query, name);
  return {
    namespace: query.get('namespace') ?? null,
    kind: query.get('kind') ?? null,
    workload: query.get('workload') ?? null,
    pod: query.get('pod') ?? null,
    container: query.get('container') ?? null,
    since: Math.max(0, readTime(query, 'since', now) ?? now - DAY),
    until: readTime(query, 'until', now),
    level: readChoice(query, 'level', ASKED_LEVELS),
    grep: query.get('grep') ?? null,
    contains: query.get('contains') ?? null,
  };
}
