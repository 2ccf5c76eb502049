import { isBuiltIn, type Matcher, matcherId } from '../matcher.ts';
import type { MinuteCounts } from './window.ts';
import type { MinuteTable } from './window-minutes.ts';
import type { WindowUncounted } from './window-uncounted.ts';

/** What a window knows of one matcher's counts: some columns of a table, and of which cycles it is not counted yet. */
export class WindowCounts implements MinuteCounts {
  readonly #table: MinuteTable | undefined;
  readonly #columns: readonly number[];
  readonly #matcher: Matcher;
  readonly #uncounted: Pick<WindowUncounted, 'isEmpty' | 'isWhole'>;

  /** Without a table nothing was counted. */
  constructor(
    table: MinuteTable | undefined,
    columns: readonly number[],
    { matcher, uncounted }: { readonly matcher: Matcher; readonly uncounted: Pick<WindowUncounted, 'isEmpty' | 'isWhole'> },
  ) {
    this.#table = table;
    this.#columns = columns;
    this.#matcher = matcher;
    this.#uncounted = uncounted;
  }

  at(minute: number): number {
    return this.#table?.sum(minute, this.#columns) ?? 0;
  }

  between(from: number, to: number): number {
    return this.#table?.total(from, to, this.#columns) ?? 0;
  }

  newest(before: number): number | null {
    return this.#table?.newest(before, this.#columns) ?? null;
  }

  isWhole(from: number, to: number): boolean {
    if (this.#uncounted.isEmpty || isBuiltIn(this.#matcher)) return true;
    return this.#uncounted.isWhole(matcherId(this.#matcher), from, to);
  }
}
