import type { Frame } from '../core/analyze/frame.ts';
import type { Cursor } from '../core/model/cycle.ts';

/** Seconds before the newest line from which the next read begins again: covers lines that are slightly out of order. */
export const OVERLAP = 2;
/** Bytes of a line's text that its hash covers, besides its time and its length. */
const HASHED = 128;

/** What of a cursor says where the next read resumes. */
export type Position = Pick<Cursor, 'since' | 'count' | 'chain' | 'first' | 'lastAt'>;

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
  readonly #start: Position;
  readonly #window = new NewestSeconds();
  readonly #hash = new LineHash();
  readonly #prefix = new Chain();
  #verifying: boolean;
  #taken = 0;

  constructor(position: Position) {
    this.#start = position;
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
    this.#prefix.add(this.#hash);
    if (this.#prefix.count === 1 && this.#prefix.first !== this.#start.first) return 'mismatch';
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
  }

  /** Where the next read resumes; unchanged as long as the known lines have not all come again. */
  position(): Position {
    const window = this.#window;
    if (this.#verifying || window.newest === null) return this.#start;
    const chain = window.oldest;
    return {
      // Never before what this read asked for: earlier lines of the file were not seen and must not come back as unknown ones.
      since: Math.max(window.newest - OVERLAP, this.#start.since ?? Number.NEGATIVE_INFINITY),
      count: chain.count,
      chain: chain.text,
      first: chain.first,
      lastAt: window.newestMs,
    };
  }

  #advance(frame: Frame): void {
    this.#taken++;
    this.#window.add(frame, this.#hash);
  }
}

/** The chains over the lines of the newest seconds: one for each second from which the next read may have to begin. */
class NewestSeconds {
  newest: number | null = null;
  newestMs = 0;
  /** `#chains[i]` covers the lines whose second is at least `newest - OVERLAP + i`. */
  readonly #chains = Array.from({ length: OVERLAP + 1 }, () => new Chain());

  get oldest(): Chain {
    return this.#chains[0] ?? new Chain();
  }

  add(frame: Frame, hash: LineHash): void {
    const { second } = frame;
    const newest = this.newest;
    if (newest === null || second > newest) {
      const passed = newest === null ? OVERLAP + 1 : Math.min(second - newest, OVERLAP + 1);
      // The chains that no read will begin from any more become those of the new seconds.
      const freed = this.#chains.splice(0, passed);
      for (const chain of freed) chain.clear();
      this.#chains.push(...freed);
      this.newest = second;
    }
    const ms = second * 1000 + Math.floor(frame.nanos / 1e6);
    if (ms > this.newestMs) this.newestMs = ms;
    const base = (this.newest ?? second) - OVERLAP;
    for (let i = 0; i <= OVERLAP && base + i <= second; i++) this.#chains[i]?.add(hash);
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

/** Two independent 32-bit FNV-1a hashes over a line's time, length and beginning; one object for all lines. */
class LineHash {
  high = 0;
  low = 0;

  of(frame: Frame): void {
    const { block, textStart, end } = frame;
    let high = Math.imul(0x811c9dc5 ^ frame.second, 0x01000193);
    let low = Math.imul(0x2f0b4c47 ^ frame.nanos, 0x5bd1e995);
    high = Math.imul(high ^ (end - textStart + frame.cut), 0x01000193);
    low = Math.imul(low ^ frame.second, 0x5bd1e995);
    high = Math.imul(high ^ frame.nanos, 0x01000193);
    const stop = Math.min(end, textStart + HASHED);
    for (let i = textStart; i < stop; i++) {
      const byte = block[i] ?? 0;
      high = Math.imul(high ^ byte, 0x01000193);
      low = Math.imul(low ^ byte, 0x5bd1e995);
    }
    this.high = high ^ (high >>> 15);
    this.low = low ^ (low >>> 13);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
