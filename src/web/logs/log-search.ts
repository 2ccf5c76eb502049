import { ConfigError } from '../../base/errors.ts';
import type { LogLine } from '../../core/model/log-line.ts';
import type { LineSearch, StatusView } from '../view.ts';

/** Where the next page of a search begins: after `skip` lines of exactly this time. */
export interface LogPosition {
  readonly second: number;
  readonly nanos: number;
  readonly skip: number;
}

/** A page of a search, newest line first. */
export interface LogPage {
  readonly lines: readonly LogLine[];
  /** Set when there is more. */
  readonly next: LogPosition | null;
  /** The search was given up after {@link SEARCH_DEADLINE_MS}: there may be more that was not looked at. */
  readonly late: boolean;
}

export const SEARCH_DEADLINE_MS = 20_000;
const MOST_SEARCHES = 4;
const MOST_FOLLOWERS = 16;

/** Searches stored lines for pages and API; a few at a time, so that readers of the page cannot starve collecting. */
export class LogSearcher {
  readonly #view: StatusView;
  readonly #deadlineMs: number;
  #running = 0;
  #following = 0;

  constructor(view: StatusView, deadlineMs: number = SEARCH_DEADLINE_MS) {
    this.#view = view;
    this.#deadlineMs = deadlineMs;
  }

  /** Whether another search may begin now. */
  get busy(): boolean {
    return this.#running >= MOST_SEARCHES;
  }

  /** Whether nobody else may follow now. */
  get crowded(): boolean {
    return this.#following >= MOST_FOLLOWERS;
  }

  /** At most `limit` lines from `after` on. Rejects with `ConfigError` for a bad pattern; an abort ends it early with what was found. */
  async search(
    search: LineSearch,
    page: { readonly limit: number; readonly after: LogPosition | null },
    signal: AbortSignal,
  ): Promise<LogPage> {
    if (this.busy) throw new Error('too many searches');
    this.#running++;
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    try {
      const found = await this.#collect(search, page, AbortSignal.any([signal, deadline]));
      return { ...found, late: deadline.aborted && found.next === null };
    } finally {
      this.#running--;
    }
  }

  /** Lines without end of page, counted as one search until they end or are left. */
  async *searching(lines: AsyncIterable<LogLine>): AsyncGenerator<LogLine, void, undefined> {
    this.#running++;
    try {
      yield* lines;
    } finally {
      this.#running--;
    }
  }

  /** Lines that somebody waits for; hardly ever a search. */
  async *following(lines: AsyncIterable<LogLine>): AsyncGenerator<LogLine, void, undefined> {
    this.#following++;
    try {
      yield* lines;
    } finally {
      this.#following--;
    }
  }

  async #collect(
    search: LineSearch,
    { limit, after }: { readonly limit: number; readonly after: LogPosition | null },
    signal: AbortSignal,
  ): Promise<Pick<LogPage, 'lines' | 'next'>> {
    const until = after === null ? search.until : after.second * 1000 + Math.floor(after.nanos / 1e6) + 1;
    const lines: LogLine[] = [];
    let skip = after?.skip ?? 0;
    try {
      for await (const line of this.#view.lines({ ...search, until }, signal)) {
        if (after !== null && isNewer(line, after)) continue;
        if (skip > 0 && after !== null && line.second === after.second && line.nanos === after.nanos) {
          skip--;
          continue;
        }
        if (lines.length === limit) return { lines, next: positionAfter(lines, after) };
        lines.push(line);
      }
    } catch (error) {
      if (!signal.aborted || error instanceof ConfigError) throw error;
    }
    return { lines, next: null };
  }
}

function isNewer(line: LogLine, position: LogPosition): boolean {
  return line.second > position.second || (line.second === position.second && line.nanos > position.nanos);
}

function positionAfter(lines: readonly LogLine[], before: LogPosition | null): LogPosition | null {
  const last = lines.at(-1);
  if (last === undefined) return null;
  const { second, nanos } = last;
  let skip = lines.filter((line) => line.second === second && line.nanos === nanos).length;
  // A time that fills more than one page goes on counting.
  if (before !== null && before.second === second && before.nanos === nanos) skip += before.skip;
  return { second, nanos, skip };
}
