import { hashAt, passOver } from './scan/literal-filter.ts';
import { PLACES } from './scan/literal-program.ts';
import { type PreparedLiterals, prepareLiterals, type SharedText, type Tails } from './scan/prepared-literals.ts';

/** Bytes to look for; `folded` ignores the case of ASCII letters. */
export interface Literal {
  readonly text: string;
  readonly folded: boolean;
  /** One of these characters (ASCII) has to stand before it; as `folded` as the text. */
  readonly before?: string;
  /** One of these has to follow; as `folded` as the text. */
  readonly behind?: readonly string[];
  /** Whether it counts only where a token can begin: behind no letter or digit, unless that belongs to an escaped or encoded character. */
  readonly opens?: true;
}

/** Whether a number that is wanted begins at `at`, below `end`: asked where one of at least 13 digits may begin that is as payment cards have them. */
export type NumberTest = (bytes: Uint8Array, at: number, end: number) => boolean;

/** What a scan found. */
export type Findings = Pick<LiteralScanner, 'found' | 'count' | 'hasNumber'>;

/** The shortest literal that can be looked for, with what has to follow it. */
export const MIN_LITERAL = PLACES - 1;

/**
 * Looks for many literals in line after line. A block is passed over once, as a whole, when the first of its lines is asked for: lines
 * of a block that does not change cost next to nothing when they are given in their order.
 */
export class LiteralScanner {
  /** Indexes of the literals that the last `scan` found, each once, in `found[0, count)`. */
  readonly found: Uint16Array;
  count = 0;
  /** Whether the last `scan` found a number that is wanted. */
  hasNumber = false;
  readonly #prepared: PreparedLiterals;
  readonly #isNumber: NumberTest | null;
  /** By literal: the last look that found it. */
  readonly #foundIn: Uint32Array;
  #looks = 0;
  #block: Buffer | null = null;
  /** Of the block, the places in `[#from, #reached)` are known; those before `#next` were handed out. */
  #from = 0;
  #reached = 0;
  #places = new Uint32Array(64);
  #known = 0;
  #next = 0;
  /** The same of numbers. */
  #numbers = new Uint32Array(64);
  #knownNumbers = 0;
  #nextNumber = 0;
  /** Lines begin behind this, or the block is passed over again. */
  #behind = 0;
  /** There is no place from there up to this. */
  #clear = 0;

  /** With what has to follow them, literals have at least MIN_LITERAL bytes (UTF-8). */
  constructor(literals: readonly Literal[], isNumber: NumberTest | null = null) {
    this.found = new Uint16Array(literals.length);
    this.#foundIn = new Uint32Array(literals.length);
    this.#prepared = prepareLiterals(literals);
    this.#isNumber = isNumber;
  }

  /** Whether any literal or wanted number occurs in `block[start, end)`. The block must not have changed since it was first given. */
  scan(block: Buffer, start: number, end: number): boolean {
    this.count = 0;
    this.hasNumber = false;
    if (block === this.#block && start >= this.#behind && end <= this.#clear) {
      this.#behind = end;
      return false;
    }
    return (this.#prepared.count > 0 || this.#isNumber !== null) && this.#look(block, start, end);
  }

  #look(block: Buffer, start: number, end: number): boolean {
    if (block !== this.#block || start < this.#behind || start > this.#reached) this.#begin(block, start);
    this.#behind = end;
    this.#looks = (this.#looks + 1) >>> 0;
    for (;;) {
      this.#clear = Math.min(this.#lookAtPlaces(start, end), this.#lookAtNumbers(start, end));
      if (this.#reached >= end) return this.count > 0 || this.hasNumber;
      this.#pass(block);
    }
  }

  /** Looks at the known places of literals before `end`; returns up to where there is no other. */
  #lookAtPlaces(start: number, end: number): number {
    for (; this.#next < this.#known; this.#next++) {
      const place = this.#from + (this.#places[this.#next] ?? 0) - PLACES + 1;
      if (place >= end) return place;
      if (place >= start) this.#compare(place, start, end);
    }
    return this.#reached;
  }

  #lookAtNumbers(start: number, end: number): number {
    for (; this.#nextNumber < this.#knownNumbers; this.#nextNumber++) {
      const place = this.#from + (this.#numbers[this.#nextNumber] ?? 0);
      if (place >= end) return place;
      if (place >= start && this.#block !== null && this.#isNumber?.(this.#block, place, end)) this.hasNumber = true;
    }
    return this.#reached;
  }

  #begin(block: Buffer, start: number): void {
    this.#block = block;
    this.#reached = start;
    this.#known = 0;
    this.#next = 0;
    this.#knownNumbers = 0;
    this.#nextNumber = 0;
  }

  #pass(block: Buffer): void {
    const pass = passOver(this.#prepared.tables, this.#isNumber !== null, block, this.#reached);
    this.#places = copyOf(pass.places, pass.count, this.#places);
    this.#numbers = copyOf(pass.numbers, pass.numberCount, this.#numbers);
    this.#from = this.#reached;
    this.#reached = pass.reached;
    [this.#known, this.#next] = [pass.count, 0];
    [this.#knownNumbers, this.#nextNumber] = [pass.numberCount, 0];
  }

  /** Which literals have their fingerprint at `place` of a text of `[start, end)`. */
  #compare(place: number, start: number, end: number): void {
    const block = this.#block;
    if (block === null) return;
    const { sharingOf, sharing, tables } = this.#prepared;
    const texts = sharing[(sharingOf[hashAt(block, place, tables.multiplier)] ?? 0) - 1];
    if (texts === undefined) return;
    for (const text of texts) {
      const begin = place - text.offset;
      const tail = begin + text.bytes.length;
      if (begin < start || tail > end || !isAt(text, block, begin)) continue;
      for (const literal of text.literals) {
        const { index, behind, opens, before } = literal;
        if (this.#foundIn[index] === this.#looks) continue;
        if (behind !== null && !isFollowed(behind, block, tail, end)) continue;
        if (opens && !isOpening(block, start, begin)) continue;
        if (before !== null && (begin === start || before[block[begin - 1] ?? 0] !== 1)) continue;
        this.#foundIn[index] = this.#looks;
        this.found[this.count++] = index;
      }
    }
  }
}

/** `places[0, count)` in `into`, or in what has room for them. */
function copyOf(places: Uint32Array, count: number, into: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const room = count > into.length ? new Uint32Array(Math.min(places.length, count * 2)) : into;
  for (let i = 0; i < count; i++) room[i] = places[i] ?? 0;
  return room;
}

/** From its end: of what was found by a part of it, most often that part is at its begin. */
function isAt({ bytes, folded, lastByte }: SharedText, block: Buffer, at: number): boolean {
  let i = bytes.length - 1;
  if (byteAt(block, at + i, folded) !== lastByte) return false;
  while (--i >= 0) if (byteAt(block, at + i, folded) !== bytes[i]) return false;
  return true;
}

/** Whether one of the texts stands between `from` and `end`. */
function isFollowed(texts: Tails, block: Buffer, from: number, end: number): boolean {
  let tails: Tails | undefined = texts;
  for (let at = from; tails !== undefined && !tails.isEnd; at++) tails = at < end ? tails.next.get(block[at] ?? 0) : undefined;
  return tails !== undefined;
}

/** A byte; of a letter the small one, where case is ignored. */
function byteAt(block: Buffer, at: number, folded: boolean): number {
  const byte = block[at] ?? 0;
  return folded && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** Whether a token can begin at `at`. */
function isOpening(block: Buffer, start: number, at: number): boolean {
  if (at === start || !isAlphanumeric(block[at - 1] ?? 0)) return true;
  if (at - 2 >= start && block[at - 2] === 0x5c) return true;
  return at - 3 >= start && block[at - 3] === 0x25;
}

function isAlphanumeric(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
