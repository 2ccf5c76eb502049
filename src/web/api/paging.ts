import { ConfigError } from '../../base/errors.ts';
import type { LogPosition } from '../logs/log-search.ts';

/** A page of a list, as the API answers it. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** How a list is ordered: by a key that an item keeps for ever, so that pages neither repeat nor leave out what stood in the list all along. */
export interface Order<T> {
  /** Names the list in its tokens. */
  readonly list: string;
  readonly key: (item: T) => string;
  readonly direction: 'ascending' | 'descending';
}

/** The `limit` items after the token's place. Throws `ConfigError` when the token is not one of this list's. */
export function pageOf<T>(
  items: readonly T[],
  order: Order<T>,
  { limit, next }: { readonly limit: number; readonly next: string | undefined },
): ListPage<T> {
  const sign = order.direction === 'ascending' ? 1 : -1;
  const keyed = items.map((item) => ({ item, key: order.key(item) })).sort((a, b) => sign * compare(a.key, b.key));
  const after = next === undefined ? null : readKey(next, order.list);
  const start = after === null ? 0 : keyed.findIndex(({ key }) => sign * compare(key, after) > 0);
  const rest = start === -1 ? [] : keyed.slice(start, start + limit + 1);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const found = shown.map(({ item }) => item);
  return rest.length > limit && last !== undefined
    ? { items: found, next: writeToken([order.list, last.key]) }
    : { items: found };
}

/** A key by which later times sort after earlier ones. */
export function timeKey(at: number, id: string): string {
  return `${String(at).padStart(15, '0')}/${id}`;
}

/** The token of a log search; it keeps the moment that `since` meant on the first page. */
export function writeLogToken(since: number, position: LogPosition): string {
  return writeToken(['logs', since, position.second, position.nanos, position.skip]);
}

export function readLogToken(token: string): { readonly since: number; readonly position: LogPosition } {
  const [list, ...numbers] = readToken(token);
  const [since, second, nanos, skip] = numbers.map((part) => (Number.isSafeInteger(part) ? Number(part) : -1));
  if (list !== 'logs' || since === undefined || second === undefined || nanos === undefined || skip === undefined)
    throw badToken();
  if (Math.min(since, second, nanos, skip) < 0 || nanos >= 1e9 || second > 1e11) throw badToken();
  return { since, position: { second, nanos, skip } };
}

function readKey(token: string, list: string): string {
  const [name, key] = readToken(token);
  if (name !== list || typeof key !== 'string') throw badToken();
  return key;
}

function writeToken(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function readToken(token: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(parts)) return parts;
  } catch {
    // Not JSON: told below like any other text that is no token.
  }
  throw badToken();
}

function badToken(): ConfigError {
  return new ConfigError('next is not a token of this list; take it from the page before');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
