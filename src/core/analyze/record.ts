import type { Writable } from '../../base/writable.ts';
import { LEVELS, type Level } from '../model/log-line.ts';
import { BufferPool } from './buffer-pool.ts';
import { TIMESTAMP_LENGTH, TimestampReader, TimestampWriter } from './timestamp.ts';

/*
 * The stored form of records. One record is one line of text,
 *
 *   2026-11-21T14:00:00.123456789Z E503 the text
 *
 * with one letter for the level (`-TDIWEF`) and three digits (or `---`) for the status. Further lines of a stitched record follow,
 * each behind one space. The text may hold any byte; 0x0A only ever separates its lines.
 */

const LEVEL_LETTERS = Buffer.from('-TDIWEF', 'latin1');
/** Timestamp, space, level, status, space. */
const HEAD_LENGTH = TIMESTAMP_LENGTH + 6;
const EMPTY = Buffer.alloc(0);
const NEWLINE = 0x0a;
const SPACE = 0x20;
const DASH = 0x2d;

/** What is known of a record beside its text. `status` is 0 when it has none. */
export interface RecordHead {
  readonly second: number;
  readonly nanos: number;
  readonly level: Level;
  readonly status: number;
}

/** What a record encoder's buffer has room for, at first. */
export const RECORD_BUFFER_BYTES = 320 * 1024;

/** Encodes records one after the other: `begin`, then any number of `addLine`, and so on, then `encoded` and `clear`. */
export class RecordEncoder {
  /** Bytes encoded since the last `clear`. */
  length = 0;
  readonly #timestamp: TimestampWriter;
  readonly #pool: BufferPool;
  #bytes: Buffer = EMPTY;
  /** Where the text of the record that was begun last begins. */
  #textStart = 0;

  /** Encoders that are used in turns can share what writes their timestamps, and their buffers. */
  constructor(timestamp = new TimestampWriter(), pool = new BufferPool(RECORD_BUFFER_BYTES)) {
    this.#timestamp = timestamp;
    this.#pool = pool;
  }

  /** Begins a record whose first line is `text[start, end)`, which holds no 0x0A. */
  begin(head: RecordHead, text: Buffer, start: number, end: number): void {
    const position = this.length;
    if (position + HEAD_LENGTH + end - start + 1 > this.#bytes.length) this.#grow(HEAD_LENGTH + end - start + 1);
    const bytes = this.#bytes;
    this.#timestamp.write(bytes, position, head.second, head.nanos);
    bytes[position + 30] = SPACE;
    bytes[position + 31] = LEVEL_LETTERS[head.level] ?? DASH;
    const status = head.status;
    if (status >= 100 && status <= 999) {
      bytes[position + 32] = 48 + ((status / 100) | 0);
      bytes[position + 33] = 48 + (((status / 10) | 0) % 10);
      bytes[position + 34] = 48 + (status % 10);
    } else {
      bytes[position + 32] = DASH;
      bytes[position + 33] = DASH;
      bytes[position + 34] = DASH;
    }
    bytes[position + 35] = SPACE;
    this.#textStart = position + HEAD_LENGTH;
    this.#put(this.#textStart, text, start, end);
  }

  /** Adds a further line to the record that was begun last. */
  addLine(text: Buffer, start: number, end: number): void {
    if (this.length + end - start + 2 > this.#bytes.length) this.#grow(end - start + 2);
    this.#bytes[this.length] = SPACE;
    this.#put(this.length + 1, text, start, end);
  }

  /** What was encoded so far: the text of the record that was begun last is `bytes[textStart, length - 1)`, until the next one is begun. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get textStart(): number {
    return this.#textStart;
  }

  /** The text of the record that was begun last, at most its first `limit` bytes. */
  openText(limit: number): string {
    const text = this.#bytes.toString('utf8', this.#textStart, Math.min(this.length - 1, this.#textStart + limit));
    return text.includes('\n') ? text.replaceAll('\n ', '\n') : text;
  }

  /** What was encoded; it is only there until `clear`. */
  encoded(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** Forgets what was encoded, and gives its buffer back. */
  clear(): void {
    this.#pool.give(this.#bytes);
    this.#bytes = EMPTY;
    this.length = 0;
  }

  #put(position: number, text: Buffer, start: number, end: number): void {
    text.copy(this.#bytes, position, start, end);
    const last = position + end - start;
    this.#bytes[last] = NEWLINE;
    this.length = last + 1;
  }

  #grow(count: number): void {
    const needed = this.length + count;
    const grown =
      needed <= this.#pool.size ? this.#pool.take() : Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#pool.give(this.#bytes);
    this.#bytes = grown;
  }
}

/** One decoded record. The object is reused: take from it what is needed before returning. */
export interface RecordView extends RecordHead {
  /** `bytes[start, end)` is the whole record, its last line end included. */
  readonly start: number;
  readonly end: number;
  /** `bytes[textStart, textEnd)` is the text, with one more space at the start of each further line. */
  readonly textStart: number;
  readonly textEnd: number;
}

/** `false` ends the walk. */
type Visit = (record: RecordView) => boolean | undefined;

/** Visits the records oldest first. Throws an Error when the bytes are not whole records. */
export function decodeRecords(bytes: Buffer, visit: Visit): void {
  const decoder = new HeadDecoder(bytes);
  let start = 0;
  while (start < bytes.length) {
    let newline = bytes.indexOf(NEWLINE, start);
    while (newline !== -1 && bytes[newline + 1] === SPACE) newline = bytes.indexOf(NEWLINE, newline + 1);
    if (newline === -1) throw broken(start);
    if (visit(decoder.decode(start, newline + 1)) === false) return;
    start = newline + 1;
  }
}

/** Visits the records in the reverse of their order. Throws an Error when the bytes are not whole records. */
export function decodeRecordsBackwards(bytes: Buffer, visit: Visit): void {
  const decoder = new HeadDecoder(bytes);
  let end = bytes.length;
  while (end > 0) {
    if (bytes[end - 1] !== NEWLINE) throw broken(end);
    let start = lineBefore(bytes, end - 1);
    while (bytes[start] === SPACE && start > 0) start = lineBefore(bytes, start - 1);
    if (visit(decoder.decode(start, end)) === false) return;
    end = start;
  }
}

/** The text of a record; bytes that are not UTF-8 become U+FFFD. */
export function recordText(bytes: Buffer, record: Pick<RecordView, 'textStart' | 'textEnd'>): string {
  const text = bytes.toString('utf8', record.textStart, record.textEnd);
  return text.includes('\n') ? text.replaceAll('\n ', '\n') : text;
}

class HeadDecoder {
  readonly #bytes: Buffer;
  readonly #timestamp = new TimestampReader();
  readonly #view: Writable<RecordView> = { second: 0, nanos: 0, level: 0, status: 0, start: 0, end: 0, textStart: 0, textEnd: 0 };

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  decode(start: number, end: number): RecordView {
    const bytes = this.#bytes;
    const level = LEVEL_LETTERS.indexOf(bytes[start + TIMESTAMP_LENGTH + 1] ?? 0);
    if (end - start <= HEAD_LENGTH || level < 0 || level >= LEVELS.length) throw broken(start);
    if (this.#timestamp.read(bytes, start, end) !== start + TIMESTAMP_LENGTH) throw broken(start);
    const view = this.#view;
    view.second = this.#timestamp.second;
    view.nanos = this.#timestamp.nanos;
    view.level = level as Level; // within LEVELS: checked above
    const hundreds = bytes[start + 32] ?? 0;
    view.status = hundreds === DASH ? 0 : hundreds * 100 + (bytes[start + 33] ?? 0) * 10 + (bytes[start + 34] ?? 0) - 48 * 111;
    view.start = start;
    view.end = end;
    view.textStart = start + HEAD_LENGTH;
    view.textEnd = end - 1;
    return view;
  }
}

/** Where the line that ends before `end` begins. */
function lineBefore(bytes: Buffer, end: number): number {
  return end === 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1;
}

function broken(position: number): Error {
  return new Error(`could not decode records: no whole record at byte ${position}`);
}
