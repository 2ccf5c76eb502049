const MINUTE_LENGTH = 17; // `2026-11-21T14:00:`
const ZEROS = 0x30303030;
const NO_DIGIT = 0x06060606;
const UPPER = 0xf0f0f0f0 | 0;
const EPOCH = new Uint8Array([...'1970-01-01T00:00'].map((character) => character.charCodeAt(0)));

/**
 * Reads RFC 3339 timestamps from bytes. Lines that follow each other mostly share their minute, so its bytes are
 * remembered and only compared.
 */
export class TimestampReader {
  /** Whole seconds since the epoch, and nanoseconds within that second, of the last successful `read`. */
  second = 0;
  nanos = 0;
  /** The first 16 bytes of the last timestamp, up to its minute. */
  #word0 = 0;
  #word1 = 0;
  #word2 = 0;
  #word3 = 0;
  #minuteSecond = 0;
  #bytes: Uint8Array = EPOCH;
  #view: DataView = new DataView(EPOCH.buffer);

  constructor() {
    this.#readMinute(EPOCH, 0);
  }

  /**
   * Reads a timestamp of the form `2026-11-21T14:00:00[.1 to .123456789](Z|+hh:mm|-hh:mm)` at `start`.
   * Returns the position behind it, or -1 (leaving `second` and `nanos` in an undefined state) when there is none before `end`.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < 20) return -1;
    if (bytes !== this.#bytes) this.#look(bytes);
    if (!this.#isSameMinute(start) && !this.#readMinute(bytes, start)) return -1;
    const tens = at(bytes, start + 17) - 48;
    const ones = at(bytes, start + 18) - 48;
    if (at(bytes, start + 16) !== 0x3a || tens >>> 0 > 6 || ones >>> 0 > 9 || (tens === 6 && ones > 0)) return -1;
    this.second = this.#minuteSecond + tens * 10 + ones;
    if (end - start >= TIMESTAMP_LENGTH && this.#readNineDigits(bytes, start + 19)) return start + 30;
    return this.#readFraction(bytes, start + 19, end);
  }

  /** Takes a timestamp of the same minute as that of the last successful `read`. */
  readInMinute(second: number, nanos: number): void {
    this.second = this.#minuteSecond + second;
    this.nanos = nanos;
  }

  /** Nearly every timestamp: a point, nine digits and a `Z`. */
  #readNineDigits(bytes: Uint8Array, point: number): boolean {
    const view = this.#view;
    const first = view.getInt32(point + 1) ^ ZEROS;
    const second = view.getInt32(point + 5) ^ ZEROS;
    const last = at(bytes, point + 9) - 48;
    if (bytes[point] !== 0x2e || bytes[point + 10] !== 0x5a || last >>> 0 > 9) return false;
    // A carry into the upper half of a byte shows that it is no digit.
    if (((first | (first + NO_DIGIT) | second | (second + NO_DIGIT)) & UPPER) !== 0) return false;
    this.nanos = fourDigits(first) * 100_000 + fourDigits(second) * 10 + last;
    return true;
  }

  #readFraction(bytes: Uint8Array, start: number, end: number): number {
    let position = start;
    let nanos = 0;
    if (bytes[position] === 0x2e) {
      const first = position + 1;
      position = first;
      const last = Math.min(first + 9, end);
      while (position < last) {
        const digit = at(bytes, position) - 48;
        if (digit >>> 0 > 9) break;
        nanos = nanos * 10 + digit;
        position++;
      }
      if (position === first) return -1;
      for (let digits = position - first; digits < 9; digits++) nanos *= 10;
    }
    this.nanos = nanos;
    if (position < end && bytes[position] === 0x5a) return position + 1;
    return this.#readOffset(bytes, position, end);
  }

  #look(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  #isSameMinute(start: number): boolean {
    const view = this.#view;
    return (
      view.getInt32(start + 12) === this.#word3 &&
      view.getInt32(start + 8) === this.#word2 &&
      view.getInt32(start + 4) === this.#word1 &&
      view.getInt32(start) === this.#word0
    );
  }

  #readMinute(bytes: Uint8Array, start: number): boolean {
    const year = digits(bytes, start, 4);
    const month = digits(bytes, start + 5, 2);
    const day = digits(bytes, start + 8, 2);
    const hour = digits(bytes, start + 11, 2);
    const minute = digits(bytes, start + 14, 2);
    if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d || bytes[start + 10] !== 0x54) return false;
    if (bytes[start + 13] !== 0x3a) return false;
    if (year < 1970 || month < 1 || day < 1 || hour < 0 || minute < 0) return false;
    if (month > 12 || day > daysIn(year, month) || hour > 23 || minute > 59) return false;
    // A whole number of minutes first: with a small integer all that is done to each line's time is faster.
    this.#minuteSecond = ((Date.UTC(year, month - 1, day, hour, minute) / 60_000) | 0) * 60;
    this.#word0 = this.#view.getInt32(start);
    this.#word1 = this.#view.getInt32(start + 4);
    this.#word2 = this.#view.getInt32(start + 8);
    this.#word3 = this.#view.getInt32(start + 12);
    return true;
  }

  #readOffset(bytes: Uint8Array, position: number, end: number): number {
    const sign = bytes[position];
    if (position + 6 > end || (sign !== 0x2b && sign !== 0x2d) || bytes[position + 3] !== 0x3a) return -1;
    const hours = digits(bytes, position + 1, 2);
    const minutes = digits(bytes, position + 4, 2);
    if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59) return -1;
    const offset = hours * 3600 + minutes * 60;
    this.second += sign === 0x2b ? -offset : offset;
    return position + 6;
  }
}

/** Length of what {@link TimestampWriter} writes. */
export const TIMESTAMP_LENGTH = 30;

/** Minutes whose text a writer keeps: containers that are read in turns are mostly in the same ones. */
const KEPT_MINUTES = 64;

/** Writes timestamps as `2026-11-21T14:00:00.123456789Z`. One serves any number of containers. */
export class TimestampWriter {
  readonly #minutes = new Float64Array(KEPT_MINUTES).fill(Number.NaN);
  readonly #texts = new Uint8Array(KEPT_MINUTES * MINUTE_LENGTH);

  write(target: Uint8Array, position: number, second: number, nanos: number): void {
    const minute = Math.floor(second / 60);
    const slot = Math.abs(minute) % KEPT_MINUTES;
    const text = slot * MINUTE_LENGTH;
    if (this.#minutes[slot] !== minute) this.#keep(minute, slot);
    const within = second - minute * 60;
    for (let i = 0; i < MINUTE_LENGTH; i++) target[position + i] = at(this.#texts, text + i);
    const tens = (within / 10) | 0;
    target[position + 17] = 48 + tens;
    target[position + 18] = 48 + within - tens * 10;
    target[position + 19] = 0x2e;
    let rest = nanos;
    for (let i = position + 28; i >= position + 20; i--) {
      const next = (rest / 10) | 0;
      target[i] = 48 + rest - next * 10;
      rest = next;
    }
    target[position + 29] = 0x5a;
  }

  #keep(minute: number, slot: number): void {
    const text = new Date(minute * 60_000).toISOString();
    for (let i = 0; i < MINUTE_LENGTH; i++) this.#texts[slot * MINUTE_LENGTH + i] = text.charCodeAt(i);
    this.#minutes[slot] = minute;
  }
}

function at(bytes: Uint8Array, position: number): number {
  return bytes[position] ?? 0;
}

/** The number that four bytes are, each a digit's value. */
function fourDigits(word: number): number {
  return (word >>> 24) * 1000 + ((word >>> 16) & 0xff) * 100 + ((word >>> 8) & 0xff) * 10 + (word & 0xff);
}

/** The number of `count` decimal digits at `position`, or -1. */
function digits(bytes: Uint8Array, position: number, count: number): number {
  let value = 0;
  for (let i = position; i < position + count; i++) {
    const digit = at(bytes, i) - 48;
    if (digit >>> 0 > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
