import type { MatcherId } from '../../../core/model/matcher.ts';
import { type Minute, NO_MATCHES } from '../../../core/model/minute.ts';
import { matchedOf } from './matched-row.ts';

/** One container's minutes as a line holds them: its number in the file, and what was counted. */
export type MinuteRow = readonly [container: number, minutes: readonly Minute[]];

const [OPEN, CLOSE, COMMA, BRACE, END_BRACE, QUOTE, BACKSLASH, ZERO] = [0x5b, 0x5d, 0x2c, 0x7b, 0x7d, 0x22, 0x5c, 0x30];
const HEAD = '["minutes",';
/** More digits than that are no whole number that can be read digit by digit. */
const MOST_DIGITS = 15;

/**
 * Reads a line of minutes as `encode` wrote it: nearly all of it is whole numbers, and a day of them is read several times as fast from the bytes as by
 * `JSON.parse`, which would also make two lists of everything. `counted`: the matchers that the file numbers. Throws an Error for anything else.
 */
export function minuteRows(line: Uint8Array, counted: readonly MatcherId[]): readonly MinuteRow[] {
  return new MinuteLine(line, counted).rows();
}

class MinuteLine {
  readonly #bytes: Uint8Array;
  readonly #counted: readonly MatcherId[];
  #at = HEAD.length;

  constructor(bytes: Uint8Array, counted: readonly MatcherId[]) {
    this.#bytes = bytes;
    this.#counted = counted;
  }

  rows(): readonly MinuteRow[] {
    const rows: MinuteRow[] = [];
    this.#take(OPEN);
    if (!this.#skip(CLOSE)) {
      do rows.push(this.#row());
      while (this.#more());
    }
    this.#take(CLOSE);
    return rows;
  }

  #row(): MinuteRow {
    this.#take(OPEN);
    const container = this.#number();
    this.#take(COMMA);
    this.#take(OPEN);
    const minutes: Minute[] = [];
    if (!this.#skip(CLOSE)) {
      do minutes.push(this.#minute());
      while (this.#more());
    }
    this.#take(CLOSE);
    return [container, minutes];
  }

  #minute(): Minute {
    this.#take(OPEN);
    const minute = this.#number();
    this.#take(COMMA);
    const counts = this.#numbers();
    if (!this.#more()) return { minute, counts, matched: NO_MATCHES };
    const matched = this.#matched();
    if (!this.#more()) return { minute, counts, matched };
    // What `encode` wrote there: the file's checksum is right.
    const values = this.#object() as NonNullable<Minute['values']>;
    this.#take(CLOSE);
    return { minute, counts, matched, values };
  }

  /** By number; by id where cycles of before have them, or there is no list. */
  #matched(): Minute['matched'] {
    if (this.#bytes[this.#at] === OPEN) return matchedOf(this.#numbers(), this.#counted);
    // As above.
    return this.#object() as Minute['matched'];
  }

  #numbers(): readonly number[] {
    const numbers: number[] = [];
    this.#take(OPEN);
    if (this.#skip(CLOSE)) return numbers;
    do numbers.push(this.#number());
    while (this.#more());
    return numbers;
  }

  #number(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let value = 0;
    for (let digit = (bytes[at] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[++at] ?? 0) - ZERO)
      value = value * 10 + digit;
    if (at === start || at - start > MOST_DIGITS) throw this.#foreign();
    this.#at = at;
    return value;
  }

  #object(): unknown {
    const start = this.#at;
    if (this.#bytes[start] !== BRACE) throw this.#foreign();
    this.#at = endOfObject(this.#bytes, start);
    return JSON.parse(Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, this.#at - start).toString('utf8'));
  }

  /** Whether a further item follows; else the list has ended. */
  #more(): boolean {
    if (this.#skip(COMMA)) return true;
    this.#take(CLOSE);
    return false;
  }

  #skip(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #take(byte: number): void {
    if (this.#bytes[this.#at++] !== byte) throw this.#foreign();
  }

  #foreign(): Error {
    return new Error('its minutes are not written as this version of the store does');
  }
}

/** Where an object ends that begins at `start`; braces in texts do not count. */
function endOfObject(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let isText = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === BRACE) depth++;
    else if (byte === END_BRACE && --depth === 0) return at + 1;
  }
  throw new Error('an object in its minutes has no end');
}
