import type { Frame } from '../../core/analyze/frame.ts';
import type { Cursor } from '../../core/model/cycle.ts';
import { NewestLine, TailSearch } from './cursor-tail.ts';
import { hex, LineHash } from './line-hash.ts';

/** Seconds before the newest line from which the next read begins again: covers lines that are slightly out of order. */
export const OVERLAP = 2;

/** What of a cursor says where the next read resumes. */
export type Position = Pick<Cursor, 'since' | 'count' | 'chain' | 'first' | 'lastAt' | 'tail'>;

/** Nothing was read yet; `since` (epoch seconds) bounds how far back the first read goes. */
export function startingAt(since: number | null): Position {
  return { since, count: 0, chain: '', first: '', lastAt: null };
}

/** From when on nothing was seen, epoch milliseconds: the newest line, else what the first read asked for or the instance's start. */
export function unseenSince(position: Position, startedAt: number | null): number | null {
  if (position.lastAt !== null) return position.lastAt;
  if (position.since === null) return startedAt;
  return Math.max(position.since * 1000, startedAt ?? 0);
}

/**
 * `known`: was consumed by an earlier read. `new`: take it. `mismatch`: the response does not continue what was read before, so the
 * file was rotated or belongs to another instance; the line was not taken.
 */
export type Verdict = 'known' | 'new' | 'mismatch';

/**
 * Follows one log response line by line, in file order (kubernetes.md section 2.2). Kubelet filters a file that only grows by
 * `sinceTime`, so the response must begin with exactly the lines that earlier reads consumed and whose time is not before it.
 */
export class Resume {
  readonly #window = new NewestSeconds();
  readonly #hash = new LineHash();
  readonly #prefix = new Chain();
  readonly #newest: NewestLine | null;
  #start: Position;
  #verifying: boolean;
  /** Set while only the newest known line is looked for, the lines before it being in a file that was rotated away. */
  #search: TailSearch | null = null;
  #taken = 0;

  /** `tailed`: positions carry the newest line, as those of followed instances must. */
  constructor(position: Position, tailed = false) {
    this.#start = position;
    this.#newest = tailed ? new NewestLine() : null;
    this.#verifying = position.count > 0;
  }

  /** Whether everything that was known has come again (or is given up), so that what follows is new. */
  get verified(): boolean {
    return !this.#verifying;
  }

  /** Lines of the response so far, known ones included. */
  get taken(): number {
    return this.#taken;
  }

  take(frame: Frame): Verdict {
    this.#hash.of(frame);
    if (!this.#verifying) {
      this.#advance(frame);
      return 'new';
    }
    if (this.#search !== null) return this.#searchTail(frame, this.#search);
    this.#prefix.add(this.#hash);
    if (this.#prefix.count === 1 && this.#prefix.first !== this.#start.first) {
      if (this.#start.tail === undefined) return 'mismatch';
      this.#search = new TailSearch(this.#start, 0);
      return this.#searchTail(frame, this.#search);
    }
    if (this.#prefix.count === this.#start.count) {
      if (this.#prefix.text !== this.#start.chain) return 'mismatch';
      this.#verifying = false;
    }
    this.#advance(frame);
    return 'known';
  }

  /** After a confirmed rotation: every line from here on is new, beginning with the one that did not match. Only before a line was taken. */
  acceptAll(): void {
    this.#verifying = false;
    this.#search = null;
  }

  /**
   * Another read of the same file went ahead and ended at `position`, where this one was or further on: lines up to there are known.
   * False when the position does not say where that is.
   */
  skipTo(position: Position): boolean {
    if (position.tail === undefined || this.#newest === null) return false;
    const { tail } = this.#newest;
    if (tail?.hash === position.tail.hash && tail.count === position.tail.count) return true;
    this.#start = position;
    this.#verifying = true;
    this.#search = new TailSearch(position, tail?.hash === position.tail.hash ? tail.count : 0);
    return true;
  }

  /** Where the next read resumes; unchanged as long as the known lines have not all come again. */
  position(): Position {
    const window = this.#window;
    if (this.#verifying || window.newest === null) return this.#start;
    const chain = window.oldest;
    const tail = this.#newest?.tail ?? null;
    return {
      // Never before what this read asked for: earlier lines of the file were not seen and must not come back as unknown ones.
      since: Math.max(window.newest - OVERLAP, this.#start.since ?? Number.NEGATIVE_INFINITY),
      count: chain.count,
      chain: chain.text,
      first: chain.first,
      lastAt: window.newestMs,
      ...(tail === null ? {} : { tail }),
    };
  }

  #searchTail(frame: Frame, search: TailSearch): Verdict {
    if (search.isPast(frame)) return 'mismatch';
    if (search.isFound(this.#hash)) {
      this.#verifying = false;
      this.#search = null;
    }
    this.#advance(frame);
    return 'known';
  }

  #advance(frame: Frame): void {
    this.#taken++;
    this.#window.add(frame, this.#hash);
    this.#newest?.add(frame, this.#hash);
  }
}

/** The chains over the lines of the newest seconds: one for each second from which the next read may have to begin. */
class NewestSeconds {
  newest: number | null = null;
  newestMs = 0;
  /** That over the lines from a second on stands at the second's remainder: as time goes on, the chains are used again. */
  readonly #chains = Array.from({ length: OVERLAP + 1 }, () => new Chain());

  get oldest(): Chain {
    return this.#from((this.newest ?? 0) - OVERLAP);
  }

  add(frame: Frame, hash: LineHash): void {
    const { second } = frame;
    const newest = this.newest ?? Number.NEGATIVE_INFINITY;
    for (let from = Math.max(newest + 1, second - OVERLAP); from <= second; from++) this.#from(from).clear();
    if (second > newest) this.newest = second;
    const ms = second * 1000 + Math.floor(frame.nanos / 1e6);
    if (ms > this.newestMs) this.newestMs = ms;
    for (let from = Math.max(newest, second) - OVERLAP; from <= second; from++) this.#from(from).add(hash);
  }

  #from(second: number): Chain {
    const length = this.#chains.length;
    return this.#chains[((second % length) + length) % length] ?? new Chain();
  }
}

const START_HIGH = 0x9dc5811c | 0;
const START_LOW = 0x1b873593;

/** A hash over a sequence of lines. */
class Chain {
  count = 0;
  #firstHigh = 0;
  #firstLow = 0;
  #high = START_HIGH;
  #low = START_LOW;

  clear(): void {
    this.count = 0;
    this.#high = START_HIGH;
    this.#low = START_LOW;
  }

  add(hash: LineHash): void {
    if (this.count === 0) {
      this.#firstHigh = hash.high;
      this.#firstLow = hash.low;
    }
    this.count++;
    this.#high = Math.imul(((this.#high << 5) | (this.#high >>> 27)) ^ hash.high, 0x9e3779b1);
    this.#low = Math.imul(((this.#low << 7) | (this.#low >>> 25)) ^ hash.low, 0x85ebca6b) ^ (this.#high >>> 13);
  }

  get first(): string {
    return this.count === 0 ? '' : hex(this.#firstHigh) + hex(this.#firstLow);
  }

  get text(): string {
    return this.count === 0 ? '' : hex(this.#high) + hex(this.#low);
  }
}
