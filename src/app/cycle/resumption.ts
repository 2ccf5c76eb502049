import type { Cursor, Cycle } from '../../core/model/cycle.ts';
import { CursorBook, type CursorClaims, containerKey } from '../../kubernetes/logs/cursor-book.ts';
import { CycleIds } from './cycle-ids.ts';

/** What of the committed cycles the next ones build on. */
export class Resumption {
  readonly ids: CycleIds;
  readonly book: CursorBook;
  #at: number | null;
  #eventCounts: Readonly<Record<string, number>>;

  private constructor(from: {
    readonly id: string | null;
    readonly at: number | null;
    readonly cursors: readonly Cursor[];
    readonly eventCounts: Readonly<Record<string, number>>;
  }) {
    this.ids = new CycleIds(from.id);
    this.book = new CursorBook(from.cursors);
    this.#at = from.at;
    this.#eventCounts = from.eventCounts;
  }

  /** From the store's cycles, oldest first: the newest scheduled one, and over it what targeted ones have read since. */
  static begin(): ResumptionBuilder {
    let id: string | null = null;
    let scheduled: Cycle | null = null;
    let since: Cycle[] = [];
    return {
      add(cycle) {
        id = cycle.id;
        // Their cursors are looked at in the end: of a day of cycles nearly all are of no use.
        since = cycle.trigger === 'scheduled' ? [cycle] : [...since, cycle];
        if (cycle.trigger === 'scheduled') scheduled = cycle;
      },
      end() {
        const cursors = new Map<string, readonly Cursor[]>();
        for (const each of since)
          for (const [key, own] of Map.groupBy(each.cursors, ({ ref }) => containerKey(ref.uid, ref.container)))
            cursors.set(key, own);
        const eventCounts = since.reduce(withCounts, {});
        return new Resumption({ id, at: scheduled?.at ?? null, cursors: [...cursors.values()].flat(), eventCounts });
      },
    };
  }

  /** When the newest scheduled cycle stood; `null` before the first. */
  get at(): number | null {
    return this.#at;
  }

  /** From the newest scheduled cycle, with what targeted ones have counted since. */
  get eventCounts(): Readonly<Record<string, number>> {
    return this.#eventCounts;
  }

  /** A cycle was committed that read with these claims. */
  take(cycle: Cycle, claims: CursorClaims): void {
    claims.settle(cycle.cursors, cycle.trigger === 'scheduled');
    if (cycle.trigger === 'targeted') {
      this.#eventCounts = withCounts(this.#eventCounts, cycle);
      return;
    }
    this.#at = cycle.at;
    this.#eventCounts = cycle.eventCounts;
  }
}

/** The same record where nothing is added: so it is seen that nothing has changed. */
function withCounts(known: Readonly<Record<string, number>>, { eventCounts }: Cycle): Readonly<Record<string, number>> {
  return Object.keys(eventCounts).length === 0 ? known : { ...known, ...eventCounts };
}

interface ResumptionBuilder {
  add(cycle: Cycle): void;
  end(): Resumption;
}
