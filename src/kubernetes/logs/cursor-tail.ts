import { SECOND } from '../../base/duration.ts';
import type { Frame } from '../../core/analyze/frame.ts';
import type { Cursor, CursorTail } from '../../core/model/cycle.ts';
import type { LineHash } from './line-hash.ts';

/** Lines this much newer than the line that is looked for cannot be before it in the file. */
const MOST_INVERTED = 1;

/** Knows the newest line in file order. A runtime may give many lines one time, equal ones among them: those are counted. */
export class NewestLine {
  /** Lines of the newest line's time by a half of their hash. */
  readonly #counts = new Map<number, number>();
  #second = 0;
  #nanos = -1;
  #hash = '';
  #count = 0;

  get tail(): CursorTail | null {
    return this.#count === 0 ? null : { hash: this.#hash, count: this.#count };
  }

  add({ second, nanos }: Frame, hash: LineHash): void {
    if (second !== this.#second || nanos !== this.#nanos) this.#counts.clear();
    this.#second = second;
    this.#nanos = nanos;
    this.#count = (this.#counts.get(hash.high) ?? 0) + 1;
    this.#counts.set(hash.high, this.#count);
    this.#hash = hash.text;
  }
}

/** Looks for a cursor's newest line in a file that may hold only the last of the known lines. */
export class TailSearch {
  readonly #tail: CursorTail | undefined;
  readonly #lastSecond: number;
  #seen: number;

  /** `seen`: how many lines equal to it were read already. */
  constructor({ tail, lastAt }: Pick<Cursor, 'tail' | 'lastAt'>, seen: number) {
    this.#tail = tail;
    this.#lastSecond = Math.floor((lastAt ?? 0) / SECOND);
    this.#seen = seen;
  }

  /** Whether the line comes after the one that is looked for, which is then not in this file. */
  isPast(frame: Frame): boolean {
    return frame.second > this.#lastSecond + MOST_INVERTED;
  }

  isFound(hash: LineHash): boolean {
    if (hash.text === this.#tail?.hash) this.#seen++;
    return this.#seen === this.#tail?.count;
  }
}
