/**
 * How often which numbers occurred: the counts of buckets whose bounds grow by a constant factor, as index and count in turns, by rising index.
 * There are at most 1,384 buckets; each one's number is within {@link RELATIVE_ERROR} of all that fell into it, and distributions add up without loss.
 */
export type Distribution = readonly number[];

export const RELATIVE_ERROR = 0.02;

const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);
/** Numbers from 1e-12 to 1e12 have buckets of their own; smaller ones count as 0, greater ones as the greatest. */
const MOST_INDEX = 691;
const ZERO_INDEX = -MOST_INDEX - 1;

/** Counts numbers of at least 0. */
export class DistributionBuilder {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** How many numbers were counted. */
  get total(): number {
    return this.#total;
  }

  add(value: number): void {
    this.#count(bucketOf(value), 1);
  }

  addAll(distribution: Distribution): void {
    for (let i = 0; i + 1 < distribution.length; i += 2) this.#count(distribution[i] ?? 0, distribution[i + 1] ?? 0);
  }

  /** The number that a share of all numbers (0 to 1) does not exceed; `null` when none were counted. */
  quantile(share: number): number | null {
    if (this.#total === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#total - 1e-9));
    let below = 0;
    for (const index of this.#indexes()) {
      below += this.#counts.get(index) ?? 0;
      if (below >= rank) return numberOf(index);
    }
    return null;
  }

  build(): Distribution {
    return this.#indexes().flatMap((index) => [index, this.#counts.get(index) ?? 0]);
  }

  #count(index: number, count: number): void {
    this.#counts.set(index, (this.#counts.get(index) ?? 0) + count);
    this.#total += count;
  }

  #indexes(): readonly number[] {
    return [...this.#counts.keys()].sort((a, b) => a - b);
  }
}

/** Two distributions together. */
export function merged(a: Distribution, b: Distribution): Distribution {
  const all = new DistributionBuilder();
  all.addAll(a);
  all.addAll(b);
  return all.build();
}

function bucketOf(value: number): number {
  if (value <= 0) return ZERO_INDEX;
  const index = Math.ceil(Math.log(value) / LOG_GROWTH);
  return index < -MOST_INDEX ? ZERO_INDEX : Math.min(index, MOST_INDEX);
}

function numberOf(index: number): number {
  return index === ZERO_INDEX ? 0 : (2 * GROWTH ** index) / (GROWTH + 1);
}
