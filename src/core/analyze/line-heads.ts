import type { Level } from '../model/log-line.ts';
import { type Facts, noStatusBehind, type StatusBehind } from './formats/format.ts';
import {
  ASKED,
  CREDIT,
  GROUP_END,
  GROUPS,
  HASHED,
  HEAD_ANSWER,
  HEAD_BYTES,
  HEAD_LENGTH,
  HEAD_RANGES,
  HEADS,
  LISTS,
  LONE_BYTES,
  LONE_QUESTION,
  LONE_TEXT,
  MAX_CREDIT,
  MAX_LENGTH,
  MIN_HASHED,
  NUMBERS,
  prepareTables,
  QUESTION,
  TAGS,
  WAYS,
} from './scan/head-lookup.ts';

/** So many lines of a group have to be recognised for each head that is remembered, but for the first ones. */
const WORTH = 16;
/** A head that is shorter is not remembered. */
const MIN_LENGTH = 8;
/** A head's number says what was remembered of it: the level, in three bits; the length, in seven; and what reads the status behind it. */
const LEVEL_MASK = 7;
const LENGTH_SHIFT = 3;
const LENGTH_MASK = 127;
const STATUS_SHIFT = 10;

type Head = Pick<Facts, 'level' | 'head' | 'anyDigits' | 'statusBehind'>;

/** Where heads are remembered, and what answers the questions that lie in `[first, last)` of it. */
export interface HeadTables {
  readonly buffer: ArrayBuffer;
  readonly lookUp: (first: number, last: number) => number;
}

/**
 * Remembers heads of lines that alone decide the level: a program writes the same head in front of every message, but for the digits of
 * its times and numbers, so that most lines need only be compared with one that was read before. A head is told by a number, which is not 0.
 */
export class LineHeads {
  /** How many there is room taken for, and how many took the place of others since all were forgotten. */
  #used = 0;
  #worn = 0;
  /** How many were remembered, and forgotten for others; and how many when lines were last scanned. */
  #remembered = 0;
  #forgotten = 0;
  #rememberedThen = 0;
  #forgottenThen = 0;
  readonly #bytes: Buffer;
  readonly #words: DataView;
  readonly #lookUp: HeadTables['lookUp'];
  /** What heads have for `statusBehind`. */
  readonly #statuses: StatusBehind[] = [];
  /** By list: which head the next one takes the place of when there is no room. */
  readonly #oldest = new Uint8Array(LISTS);

  constructor({ buffer, lookUp }: HeadTables) {
    this.#bytes = Buffer.from(buffer);
    this.#words = new DataView(buffer);
    this.#lookUp = lookUp;
    prepareTables(this.#words);
    this.#clear();
  }

  /** The head with which the line begins and does not end; 0 when none is remembered. */
  find(bytes: Buffer, start: number, end: number): number {
    if (end - start <= GROUP_END) return 0;
    bytes.copy(this.#bytes, LONE_TEXT, start, Math.min(end, start + LONE_BYTES));
    return this.#ask(end - start);
  }

  /** Lines are scanned now, each for its head. */
  scanned(): void {
    this.#rememberedThen = this.#remembered;
    this.#forgottenThen = this.#forgotten;
  }

  /** Whether what a scan told is still so: that a line has this head, or none. */
  isCurrent(head: number): boolean {
    return head === 0 ? this.#remembered === this.#rememberedThen : this.#forgotten === this.#forgottenThen;
  }

  /** What reads the status of a line with that head. */
  statusBehind(head: number): StatusBehind {
    return this.#statuses[head >> STATUS_SHIFT] ?? noStatusBehind;
  }

  /** Remembers of the line `bytes[start, end)` that those that begin like `bytes[start, facts.head)` have its level. */
  add(bytes: Buffer, start: number, end: number, facts: Head): void {
    if (this.#worn >= LISTS * WAYS) this.#clear();
    const length = facts.head - start;
    if (length < MIN_LENGTH || length > MAX_LENGTH || facts.head >= end || end - start <= GROUP_END) return;
    if (this.find(bytes, start, end) > 0) return;
    const group = this.#asked('group');
    const credit = this.#word(CREDIT + 4 * group) - WORTH;
    if (credit < 0) return;
    this.#setWord(CREDIT + 4 * group, credit);
    // What was filed by more of its bytes is not found any more, and remembered anew.
    const hashed = Math.max(MIN_HASHED, length);
    this.#bytes[HASHED + group] = Math.min(this.#bytes[HASHED + group] || hashed, hashed);
    if (this.#ask(end - start) > 0) return;
    const index = this.#roomIn(this.#asked('first'));
    this.#setWord(TAGS + 4 * index, this.#asked('tag'));
    const place = HEADS + HEAD_BYTES * this.#words.getUint16(NUMBERS + 2 * index, true);
    this.#write(place, bytes.subarray(start, facts.head), facts.anyDigits);
    const known = this.#statuses.indexOf(facts.statusBehind);
    const status = known === -1 ? this.#statuses.push(facts.statusBehind) - 1 : known;
    this.#setWord(place + HEAD_ANSWER, (status << STATUS_SHIFT) | (length << LENGTH_SHIFT) | facts.level);
    this.#remembered++;
  }

  /** The head of the text that was copied, of so many bytes. */
  #ask(length: number): number {
    this.#setWord(LONE_QUESTION + QUESTION.text, LONE_TEXT);
    this.#setWord(LONE_QUESTION + QUESTION.limit, LONE_TEXT + length);
    this.#lookUp(LONE_QUESTION, LONE_QUESTION + 1);
    return this.#word(LONE_QUESTION + QUESTION.text);
  }

  #roomIn(first: number): number {
    const list = first / WAYS;
    for (let index = first; index < first + WAYS; index++) {
      if (this.#word(TAGS + 4 * index) !== 0) continue;
      this.#words.setUint16(NUMBERS + 2 * index, this.#used++, true);
      return index;
    }
    const oldest = this.#oldest[list] ?? 0;
    this.#oldest[list] = (oldest + 1) % WAYS;
    this.#forgotten++;
    this.#worn++;
    return first + oldest;
  }

  /** What programs wrote that are long gone, and how little of lines was hashed for them, is not kept for ever. */
  #clear(): void {
    this.#bytes.fill(0, HASHED, CREDIT);
    this.#bytes.fill(0, TAGS, NUMBERS);
    for (let group = 0; group < GROUPS; group++) this.#setWord(CREDIT + 4 * group, MAX_CREDIT);
    this.#used = 0;
    this.#worn = 0;
    this.#forgotten++;
  }

  #write(place: number, text: Uint8Array, anyDigits: boolean): void {
    for (let i = 0; i < MAX_LENGTH; i++) {
      const byte = text[i] ?? 0;
      const isDigit = anyDigits && byte >= 0x30 && byte <= 0x39;
      this.#bytes[place + i] = isDigit ? 0x30 : byte;
      this.#bytes[place + HEAD_RANGES + i] = i >= text.length ? 0xff : isDigit ? 9 : 0;
    }
    this.#setWord(place + HEAD_LENGTH, text.length);
  }

  #asked(what: keyof typeof ASKED): number {
    return this.#word(ASKED[what]);
  }

  #word(place: number): number {
    return this.#words.getInt32(place, true);
  }

  #setWord(place: number, word: number): void {
    this.#words.setInt32(place, word, true);
  }
}

/** The level of lines with that head. */
export function levelOfHead(head: number): Level {
  return (head & LEVEL_MASK) as Level; // what `add` was given
}

export function lengthOfHead(head: number): number {
  return (head >> LENGTH_SHIFT) & LENGTH_MASK;
}
