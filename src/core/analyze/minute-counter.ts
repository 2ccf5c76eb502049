import { DistributionBuilder } from '../model/distribution.ts';
import type { LineValueId } from '../model/line-value.ts';
import type { MatcherId } from '../model/matcher.ts';
import { COLUMNS, LEVEL_COLUMN, LINES_COLUMN, type Minute, NO_MATCHES, STATUS_COLUMN, sparseCounts } from '../model/minute.ts';

interface Open {
  readonly columns: number[];
  /** By matcher index; `null` until one matches. */
  matched: number[] | null;
  /** By value index; `null` until a record has one. */
  values: (DistributionBuilder | undefined)[] | null;
}

/** A minute before all that are counted; small integers are faster than other numbers. */
const NEVER = -60;

/** Counts the records of one container by minute. */
export class MinuteCounter {
  readonly #minutes = new Map<number, Open>();
  readonly #matchers: number;
  /** The first second of the minute that is counted. */
  #from = NEVER;
  #open: Open = { columns: [], matched: null, values: null };

  /** `matchers` is how many matchers are counted. */
  constructor(matchers: number) {
    this.#matchers = matchers;
  }

  /** Counts one record of the minute that holds `second`, and makes that minute the one that `countMatched` counts for. */
  count(second: number, level: number, status: number): void {
    const within = second - this.#from;
    if (!(within >= 0 && within < 60)) this.#select(Math.floor(second / 60));
    const columns = this.#open.columns;
    add(columns, LINES_COLUMN);
    add(columns, LEVEL_COLUMN + level);
    if (status !== 0) add(columns, STATUS_COLUMN - 1 + ((status / 100) | 0));
  }

  countMatched(index: number): void {
    this.#open.matched ??= new Array<number>(this.#matchers).fill(0);
    add(this.#open.matched, index);
  }

  countValue(index: number, value: number): void {
    this.#open.values ??= [];
    let distribution = this.#open.values[index];
    if (distribution === undefined) {
      distribution = new DistributionBuilder();
      this.#open.values[index] = distribution;
    }
    distribution.add(value);
  }

  /** The same for the minute that holds `second`, whichever is counted now. */
  countMatchedIn(second: number, index: number): void {
    const [from, open] = [this.#from, this.#open];
    this.#select(Math.floor(second / 60));
    this.countMatched(index);
    [this.#from, this.#open] = [from, open];
  }

  /** What was counted, oldest minute first. Nothing can be counted after that: the counts are handed over. */
  take(ids: readonly MatcherId[], values: readonly LineValueId[]): readonly Minute[] {
    const minutes = [...this.#minutes].toSorted(([a], [b]) => a - b);
    this.#minutes.clear();
    this.#from = NEVER;
    return minutes.map(([minute, open]) => ({
      minute,
      counts: sparseCounts(open.columns),
      matched: open.matched === null ? NO_MATCHES : byId(ids, open.matched),
      ...(open.values === null ? {} : { values: distributions(values, open.values) }),
    }));
  }

  #select(minute: number): void {
    let open = this.#minutes.get(minute);
    if (open === undefined) {
      open = { columns: new Array<number>(COLUMNS).fill(0), matched: null, values: null };
      this.#minutes.set(minute, open);
    }
    this.#from = minute * 60;
    this.#open = open;
  }
}

function add(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}

function distributions(
  ids: readonly LineValueId[],
  values: readonly (DistributionBuilder | undefined)[],
): NonNullable<Minute['values']> {
  return Object.fromEntries(
    ids.flatMap((id, index) => {
      const distribution = values[index];
      return distribution === undefined ? [] : [[id, distribution.build()]];
    }),
  );
}

function byId(ids: readonly MatcherId[], matched: readonly number[]): Minute['matched'] {
  return Object.fromEntries(ids.map((id, index) => [id, matched[index] ?? 0] as const).filter(([, count]) => count > 0));
}
