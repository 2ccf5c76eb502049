import type { Cursor, Cycle } from '../core/model/cycle.ts';
import { CursorBook, type CursorClaims, containerKey } from '../kubernetes/cursor-book.ts';
import { CycleIds } from './cycle-ids.ts';

/** What of the committed cycles the next ones build on. */
export class Resumption {
  readonly ids: CycleIds;
  readonly book: CursorBook;
  /** Committed targeted cycles that no scheduled one has taken over yet. */
  #unfolded: readonly Cycle[];
  #at: number | null;
  #eventCounts: Readonly<Record<string, number>>;

  private constructor(from: {
    readonly id: string | null;
    readonly at: number | null;
    readonly cursors: readonly Cursor[];
    readonly unfolded: readonly Cycle[];
    readonly eventCounts: Readonly<Record<string, number>>;
  }) {
    this.ids = new CycleIds(from.id);
    this.book = new CursorBook(from.cursors);
    this.#unfolded = from.unfolded;
    this.#at = from.at;
    this.#eventCounts = from.eventCounts;
  }

  /** From the store's cycles, oldest first: the newest scheduled one, and over it what targeted ones have read since. */
  static begin(): ResumptionBuilder {
    let id: string | null = null;
    let scheduled: Cycle | null = null;
    let since: Cycle[] = [];
    const unfolded: Cycle[] = [];
    return {
      add(cycle) {
        id = cycle.id;
        // Their cursors are looked at in the end: of a day of cycles nearly all are of no use.
        since = cycle.trigger === 'scheduled' ? [cycle] : [...since, cycle];
        if (cycle.trigger === 'scheduled') scheduled = cycle;
        else unfolded.push(cycle);
      },
      end() {
        const cursors = new Map<string, readonly Cursor[]>();
        for (const each of since)
          for (const [key, own] of Map.groupBy(each.cursors, ({ ref }) => containerKey(ref.uid, ref.container)))
            cursors.set(key, own);
        const eventCounts = scheduled?.eventCounts ?? {};
        const at = scheduled?.at ?? null;
        return new Resumption({ id, at, cursors: [...cursors.values()].flat(), unfolded, eventCounts });
      },
    };
  }

  /** When the newest scheduled cycle stood; `null` before the first. */
  get at(): number | null {
    return this.#at;
  }

  /** From the newest scheduled cycle. */
  get eventCounts(): Readonly<Record<string, number>> {
    return this.#eventCounts;
  }

  /** Targeted cycles that the next scheduled one takes over. Those of other rules stay as they are until they leave the window. */
  foldable(patternsFrom: Cycle['patternsFrom']): readonly Cycle[] {
    return this.#unfolded.filter((cycle) => cycle.patternsFrom === patternsFrom);
  }

  /** A cycle was committed that read with these claims; a scheduled one has taken over `folds`. */
  take(cycle: Cycle, claims: CursorClaims, folds: readonly Cycle[] = []): void {
    claims.settle(cycle.cursors, cycle.trigger === 'scheduled');
    if (cycle.trigger === 'targeted') {
      this.#unfolded = [...this.#unfolded, cycle];
      return;
    }
    this.#unfolded = this.#unfolded.filter((each) => !folds.includes(each));
    this.#at = cycle.at;
    this.#eventCounts = cycle.eventCounts;
  }
}

interface ResumptionBuilder {
  add(cycle: Cycle): void;
  end(): Resumption;
}
