import { ConfigError } from '../../base/errors.ts';
import { type Workload, workloadKey } from '../../core/model/workload.ts';
import { type Query, readQuery } from '../api/query.ts';
import type { StatusView } from '../view.ts';
import { enoughSince } from './enough-since.ts';
import type { LogPage, LogSearcher } from './log-search.ts';
import { type PatternRow, patternRows, readPatternFilters } from './pattern-rows.ts';
import { PATTERNS_SHOWN } from './pattern-table.ts';
import { searchLines } from './search-lines.ts';

const WORKLOAD_FIELDS = ['namespace', 'kind', 'workload'] as const;
/** What is asked of the lines of one workload. */
const LINE_FIELDS = ['pod', 'container', 'level', 'grep', 'contains', 'since'] as const;
export const LOG_FIELDS = [...WORKLOAD_FIELDS, ...LINE_FIELDS] as const;

/** What stands in the form, as written; empty where nothing is asked. */
export type LogForm = Readonly<Record<(typeof LOG_FIELDS)[number], string>>;

/** How many lines a page shows at once: of all workloads, and below the charts of one. */
const LINES_PER_PAGE = { all: 200, one: 100 } as const;

/** What a search ended in: lines, or why there are none. */
export type LogOutcome =
  | {
      readonly kind: 'found';
      readonly page: LogPage;
      readonly nextToken: string | null;
      /** Those with most lines first. */
      readonly patterns: readonly PatternRow[];
    }
  | { readonly kind: 'refused' | 'busy'; readonly reason: string };

/** A search as a page shows it. */
export interface LogFinding {
  readonly form: LogForm;
  readonly outcome: LogOutcome;
}

/** A search that a page makes. */
export interface LogQuery {
  readonly view: StatusView;
  readonly logs: LogSearcher;
  /** The request's path with its query. */
  readonly target: string;
  /** The workload whose page it is; `null` where the form names workloads. */
  readonly workload: Workload | null;
}

/** Searches as the form of a page asks; `status` is what the page answers with. */
export async function searchForPage(
  asked: LogQuery,
  signal: AbortSignal,
): Promise<LogFinding & { readonly status: 200 | 400 | 503 }> {
  const form = readForm(asked);
  if (asked.logs.busy)
    return { status: 503, form, outcome: { kind: 'busy', reason: 'Too many searches run at once; try again in a moment.' } };
  try {
    return { status: 200, form, outcome: await search(asked, signal) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { status: 400, form, outcome: { kind: 'refused', reason: error.message } };
  }
}

function readForm({ target, workload }: LogQuery): LogForm {
  const written = new URLSearchParams(target.split('?')[1] ?? '');
  const field = (name: (typeof LOG_FIELDS)[number]) => (written.get(name) ?? '').slice(0, 1024);
  return {
    namespace: workload?.namespace ?? field('namespace'),
    kind: workload?.kind ?? field('kind'),
    workload: workload?.name ?? field('workload'),
    pod: field('pod'),
    container: field('container'),
    level: field('level'),
    grep: field('grep'),
    contains: field('contains'),
    since: field('since'),
  };
}

async function search({ view, logs, target, workload }: LogQuery, signal: AbortSignal): Promise<LogOutcome> {
  const query = workload === null ? readQuery(target, [...LOG_FIELDS, 'next']) : ofWorkload(workload, target);
  const limit = workload === null ? LINES_PER_PAGE.all : LINES_PER_PAGE.one;
  // One line more tells that there are older ones.
  const wanted = { query, now: view.now(), lines: limit + 1 };
  const from = workload === null ? 0 : enoughSince(view.window(), workloadKey(workload), wanted);
  const asked = { view, logs, query, from, limit, next: query.get('next') };
  const { nextToken, ...page } = await searchLines(asked, signal);
  const patterns = patternRows(view.window(), readPatternFilters(query, view.now())).slice(0, PATTERNS_SHOWN);
  return { kind: 'found', page, nextToken, patterns };
}

function ofWorkload({ namespace, kind, name }: Workload, target: string): Query {
  return new Map([...readQuery(target, [...LINE_FIELDS, 'next']), ['namespace', namespace], ['kind', kind], ['workload', name]]);
}
