import { LEVELS } from '../../model/log-line.ts';
import type { Candidate } from './candidate.ts';
import type { Test } from './matcher-test.ts';

/** Statuses are below this. */
const STATUSES = 600;

const NO_HITS = new Uint8Array(0);

/** Which of some matchers take a record in which no literal occurred, by its level and status: looked at once for each of these. */
export class TakenByHead {
  readonly #indexes: readonly number[];
  readonly #tests: readonly Test[];
  readonly #known = new Array<readonly number[] | undefined>(LEVELS.length * STATUSES).fill(undefined);

  /** `indexes` are those of tests that level and status then decide. */
  constructor(indexes: readonly number[], tests: readonly Test[]) {
    this.#indexes = indexes;
    this.#tests = tests;
  }

  of(candidate: Candidate): readonly number[] {
    const head = candidate.level * STATUSES + candidate.status;
    const known = this.#known[head];
    if (known !== undefined) return known;
    const bare = { ...candidate, hits: NO_HITS };
    const taken = this.#indexes.filter((index) => this.#tests[index]?.(bare) === true);
    this.#known[head] = taken;
    return taken;
  }
}
