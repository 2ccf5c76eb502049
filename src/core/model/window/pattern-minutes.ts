import type { PatternMinutes } from './window.ts';
import { MinuteTable } from './window-minutes.ts';

/** Counts stand in one column. */
const COLUMN = [0];

/** What was found of a time: that the pattern never came in it after having been unseen. */
interface Quiet {
  readonly from: number;
  readonly to: number;
  readonly unseen: number;
  /** When it came last before `to`. */
  readonly last: number;
}

/** One pattern's counts by minute. */
export class PatternTable implements PatternMinutes {
  readonly #table = new MinuteTable();
  #quiet: Quiet | null = null;

  add(minute: number, count: number): void {
    this.#table.add(minute, 0, count);
    if (this.#quiet !== null && minute < this.#quiet.to) this.#quiet = null;
  }

  expire(minute: number): void {
    this.#table.expire(minute);
    // What began by what has expired is not known any more.
    if (this.#quiet !== null && minute > this.#quiet.from - this.#quiet.unseen) this.#quiet = null;
  }

  at(minute: number): number {
    return this.#table.get(minute, 0);
  }

  between(from: number, to: number): number {
    return this.#table.total(from, to, COLUMN);
  }

  newest(before: number): number | null {
    return this.#table.newest(before, COLUMN);
  }

  begin(from: number, to: number, unseen: number): number | null {
    if (this.#isQuiet(from, to, unseen)) return null;
    for (let minute = this.#table.next(from, to, COLUMN); minute !== null; minute = this.#table.next(minute + 1, to, COLUMN)) {
      const before = this.newest(minute);
      if (before === null || before < minute - unseen) return minute;
      // What comes within `unseen` after this one has not been unseen.
      if (minute + unseen >= to) break;
    }
    const last = this.newest(to);
    if (last !== null && (this.#quiet === null || to > this.#quiet.to)) this.#quiet = { from, to, unseen, last };
    return null;
  }

  /** Rules ask minute after minute, nearly always in vain: after it came last it cannot begin for so long. */
  #isQuiet(from: number, to: number, unseen: number): boolean {
    const quiet = this.#quiet;
    if (quiet === null || quiet.unseen !== unseen || from < quiet.from) return false;
    return to <= Math.max(quiet.to, quiet.last + unseen + 1);
  }
}
