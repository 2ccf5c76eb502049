import { parseDuration } from '../../base/duration.ts';
import { ConfigError } from '../../base/errors.ts';
import { compileGlob, type Glob } from '../../base/glob.ts';
import { parseTime } from '../../base/time.ts';
import { LEVELS } from '../../core/model/log-line.ts';

/** A request's query: each name once, every name known, empty values left out. */
export type Query = ReadonlyMap<string, string>;

const LONGEST_VALUE = 1024;
const MOST_STARS = 5;

/** Reads the query of a request target. Throws `ConfigError` for an unknown or repeated name. */
export function readQuery(target: string, known: readonly string[]): Query {
  const start = target.indexOf('?');
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(start === -1 ? '' : target.slice(start + 1))) {
    if (!known.includes(name))
      throw new ConfigError(`unknown parameter ${JSON.stringify(name.slice(0, 80))}; known are ${known.join(', ')}`);
    if (query.has(name)) throw new ConfigError(`${name} is given more than once`);
    if (value.length > LONGEST_VALUE) throw new ConfigError(`${name} is longer than ${LONGEST_VALUE} characters`);
    if (value !== '' || name === 'limit' || name === 'next') query.set(name, value);
  }
  return query;
}

export const DEFAULT_LIMIT = 100;
export const MOST_ITEMS = 1000;

export function readLimit(query: Query): number {
  const text = query.get('limit');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MOST_ITEMS)
    throw new ConfigError(`limit must be a whole number from 1 to ${MOST_ITEMS}, not ${JSON.stringify(text.slice(0, 80))}`);
  return limit;
}

/** A glob, or `null` when the name is not asked for. */
export function readGlob(query: Query, name: string): Glob | null {
  const text = query.get(name);
  if (text === undefined) return null;
  // Each star multiplies what a hostile pattern can cost.
  if (text.split('*').length - 1 > MOST_STARS) throw new ConfigError(`${name} may have at most ${MOST_STARS} stars`);
  try {
    return compileGlob(text);
  } catch (error) {
    throw new ConfigError(`${name} is no glob: ${error instanceof Error ? error.message : String(error)}`, [], { cause: error });
  }
}

/** Epoch milliseconds of a duration before `now`, or of an RFC 3339 time; `null` when not asked for. */
export function readTime(query: Query, name: string, now: number): number | null {
  const text = query.get(name);
  if (text === undefined) return null;
  const duration = parseDuration(text);
  if (duration !== null) return now - duration;
  // In a query, an unescaped plus sign arrives as a space.
  const at = parseTime(text.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (at === null) {
    throw new ConfigError(
      `${name} must be a duration such as 90m, or a time such as 2026-01-31T08:00:00Z, not ${JSON.stringify(text.slice(0, 80))}`,
    );
  }
  return at;
}

/** One of the names, or `null` when not asked for. */
export function readChoice<T extends string>(query: Query, name: string, choices: readonly T[]): T | null {
  const text = query.get(name);
  if (text === undefined) return null;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new ConfigError(`${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(text.slice(0, 80))}`);
  return choice;
}

/** Levels that can be asked for; `none` would take every line. */
export const ASKED_LEVELS = LEVELS.filter((level) => level !== 'none');

/** What all lists can be filtered by. */
export interface Filters {
  readonly namespace: Glob | null;
  readonly kind: Glob | null;
  readonly workload: Glob | null;
  readonly since: number | null;
}

export const FILTER_NAMES = ['namespace', 'kind', 'workload', 'since'] as const;

export function readFilters(query: Query, now: number): Filters {
  return {
    namespace: readGlob(query, 'namespace'),
    kind: readGlob(query, 'kind'),
    workload: readGlob(query, 'workload'),
    since: readTime(query, 'since', now),
  };
}

/** Whether the filters ask for certain workloads. */
export function asksForSubjects({ namespace, kind, workload }: Filters): boolean {
  return namespace !== null || kind !== null || workload !== null;
}

/** Whether an object of a workload passes; a part that the object does not have passes only when nothing is asked of it. */
export function passes(
  filters: Filters,
  subject: {
    readonly namespace?: string | undefined;
    readonly kind?: string | undefined;
    readonly workload?: string | undefined;
  },
): boolean {
  const holds = (glob: Glob | null, value: string | undefined) => glob === null || (value !== undefined && glob.matches(value));
  return (
    holds(filters.namespace, subject.namespace) && holds(filters.kind, subject.kind) && holds(filters.workload, subject.workload)
  );
}
