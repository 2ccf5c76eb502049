import type { Writable } from '../../base/writable.ts';
import { lineScan } from './line-scan.ts';
import type { TextLine } from './line-sink.ts';
import { MARK, marksIn } from './scan/line-marks.ts';
import { END_BITS, FLAG, PREFIX_BYTES, RECORD_WORDS, WINDOW_BYTES } from './scan/line-program.ts';
import { TimestampReader } from './timestamp.ts';

/** Kubelet's timestamp, with an offset and nine digits, and the space behind it. */
const MAX_PREFIX = 36;
/** What is shown of a line that is no log line. */
const MAX_ORPHAN = 1024;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const EMPTY = Buffer.alloc(0);
const END_MASK = (1 << END_BITS) - 1;
const MARKS = MARK.escape | MARK.status | MARK.control;

/** One complete line. The framer never changes its block afterwards. */
export interface Frame extends TextLine {
  /** `block[lineStart, end)` is the raw line from kubelet's timestamp on, without its line end (`\n` or `\r\n`) and without what was cut. */
  readonly lineStart: number;
  /** FNV-1a (32 bits) of the dropped bytes, so that a fingerprint can cover the whole line; only of meaning when `cut` is above 0. */
  readonly cutHash: number;
}

export interface FrameHandler {
  onLine(frame: Frame): void;
  /** A complete line that does not begin with a timestamp: the rest of a line whose head was not sent, or an error text of the kubelet. At most 1 KiB of it. */
  onOrphan(text: Buffer): void;
}

/** What follows the last line end of a response. */
export interface Tail {
  /** The timestamp, if there is one, and at most `maxLine` bytes of text. */
  readonly bytes: Buffer;
  /** Bytes beyond that, and their FNV-1a hash. */
  readonly cut: number;
  readonly cutHash: number;
  /** False for what cannot be a log line, such as an error text of the kubelet. */
  readonly timestamped: boolean;
}

/**
 * Splits one log response (`timestamps=true`), given in chunks of any size, into lines. Holds at most one line of `maxLine` bytes.
 * Lines are handed over in the order of the response, as soon as their `\n` has arrived; chunks must not be changed by the caller afterwards.
 */
export class LineFramer {
  /** Complete lines without a timestamp so far. */
  orphans = 0;
  readonly #maxLine: number;
  readonly #handler: FrameHandler;
  readonly #timestamp = new TimestampReader();
  readonly #scan = lineScan();
  readonly #frame: Writable<Frame>;
  /** The beginning of a line whose end has not arrived: at most MAX_PREFIX + maxLine bytes, then only counted and hashed. */
  #carry: Buffer = EMPTY;
  #carried = 0;
  #dropped = 0;
  #droppedHash = FNV_OFFSET;
  #droppedLast = 0;

  /** `maxLine` is in bytes of text, without the timestamp. */
  constructor(maxLine: number, handler: FrameHandler) {
    this.#maxLine = maxLine;
    this.#handler = handler;
    const [nowhere, nothing] = [
      { lineStart: 0, textStart: 0, end: 0 },
      { cut: 0, cutHash: 0, marks: 0, head: -1 },
    ];
    this.#frame = { block: this.#carry, ...nowhere, second: 0, nanos: 0, ...nothing };
  }

  push(chunk: Buffer): void {
    let start = 0;
    if (this.#carried > 0) {
      const newline = chunk.indexOf(10);
      this.#keep(chunk, 0, newline === -1 ? chunk.length : newline);
      if (newline === -1) return;
      this.#finishCarried();
      start = newline + 1;
    }
    start = this.#completeAll(chunk, start);
    if (start < chunk.length) this.#keep(chunk, start, chunk.length);
  }

  /**
   * The response has ended. An unterminated tail is returned and not handed over, because the rest of it may still be written;
   * when `final` (the container has ended and the tail is known to be whole) it is handed over like a line and null is returned.
   */
  end(final: boolean): Tail | null {
    if (this.#carried === 0) return null;
    if (final) {
      this.#finishCarried();
      return null;
    }
    this.#trimCarried();
    const tail: Tail = {
      bytes: this.#carry.subarray(0, this.#carried),
      cut: this.#dropped,
      cutHash: this.#droppedHash >>> 0,
      timestamped: this.#textStart(this.#carry, 0, this.#carried) !== -1,
    };
    this.#reset();
    return tail;
  }

  /** Hands over the lines that begin at `start` and behind it; returns the position behind the last line end. */
  #completeAll(chunk: Buffer, start: number): number {
    let from = start;
    while (from < chunk.length) {
      const count = this.#scan.look(chunk, from);
      if (count > 0) from = this.#completeScanned(chunk, from, count);
      else {
        const end = chunk.length - from < WINDOW_BYTES ? -1 : chunk.indexOf(10, from);
        if (end === -1) return from;
        this.#complete(chunk, from, end);
        from = end + 1;
      }
    }
    return from;
  }

  /** Hands over the lines that a scan from `from` on told of. */
  #completeScanned(chunk: Buffer, from: number, count: number): number {
    const { records } = this.#scan;
    const frame = this.#frame;
    frame.block = chunk;
    let lineStart = from;
    let isMinuteRead = false;
    for (let i = 0; i < count * RECORD_WORDS; i += RECORD_WORDS) {
      const flags = (records[i] ?? 0) >> END_BITS;
      const end = from + ((records[i] ?? 0) & END_MASK);
      if (isMinuteRead && (flags & FLAG.sameMinute) !== 0) {
        this.#timestamp.readInMinute(records[i + 1] ?? 0, records[i + 2] ?? 0);
        frame.textStart = lineStart + PREFIX_BYTES;
      } else {
        frame.textStart = this.#textStart(chunk, lineStart, end);
        isMinuteRead = frame.textStart !== -1;
      }
      frame.lineStart = lineStart;
      frame.marks = flags & MARKS;
      frame.head = (flags & FLAG.time) === 0 ? -1 : (records[i + 3] ?? 0);
      this.#handOver(end);
      lineStart = end + 1;
    }
    return lineStart;
  }

  #complete(block: Buffer, start: number, rawEnd: number): void {
    const frame = this.#frame;
    frame.block = block;
    frame.lineStart = start;
    frame.textStart = this.#textStart(block, start, rawEnd);
    frame.marks = marksIn(block, start, rawEnd);
    frame.head = -1;
    this.#handOver(rawEnd);
  }

  /** Hands over the line of the frame, whose time was read. */
  #handOver(rawEnd: number): void {
    const frame = this.#frame;
    const { block, textStart } = frame;
    if (textStart === -1) {
      this.#orphan(block, frame.lineStart, rawEnd);
      return;
    }
    const limit = textStart + this.#maxLine;
    const last = rawEnd > textStart && block[rawEnd - 1] === 0x0d ? rawEnd - 1 : rawEnd;
    frame.second = this.#timestamp.second;
    frame.nanos = this.#timestamp.nanos;
    frame.end = last;
    frame.cut = 0;
    if (last > limit) {
      frame.end = limit;
      frame.cut = last - limit;
      frame.cutHash = fnv(FNV_OFFSET, block, limit, rawEnd) >>> 0;
    }
    this.#handler.onLine(frame);
  }

  /** The position of the text of a line that begins with a timestamp, else -1. */
  #textStart(block: Buffer, start: number, end: number): number {
    const position = this.#timestamp.read(block, start, end);
    if (position === -1 || position === end) return position;
    return block[position] === 0x20 ? position + 1 : -1;
  }

  #orphan(block: Buffer, start: number, end: number): void {
    this.orphans++;
    this.#handler.onOrphan(block.subarray(start, Math.min(end, start + Math.min(MAX_ORPHAN, this.#maxLine))));
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    let taken = start;
    if (this.#dropped === 0) {
      const room = this.#maxLine + MAX_PREFIX - this.#carried;
      taken = Math.min(end, start + room);
      const needed = this.#carried + taken - start;
      if (needed > this.#carry.length) {
        const grown = Buffer.allocUnsafe(Math.min(Math.max(needed * 2, 256), this.#maxLine + MAX_PREFIX));
        this.#carry.copy(grown, 0, 0, this.#carried);
        this.#carry = grown;
      }
      chunk.copy(this.#carry, this.#carried, start, taken);
      this.#carried = needed;
      if (taken < end) this.#trimCarried();
    }
    if (taken < end) this.#drop(chunk, taken, end);
  }

  /** Drops what a carried line has beyond `maxLine` bytes of text. */
  #trimCarried(): void {
    const limit = Math.max(this.#textStart(this.#carry, 0, this.#carried), 0) + this.#maxLine;
    if (this.#carried <= limit) return;
    this.#drop(this.#carry, limit, this.#carried);
    this.#carried = limit;
  }

  #drop(bytes: Buffer, start: number, end: number): void {
    this.#droppedHash = fnv(this.#droppedHash, bytes, start, end);
    this.#droppedLast = bytes[end - 1] ?? 0;
    this.#dropped += end - start;
  }

  #finishCarried(): void {
    const block = this.#carry.subarray(0, this.#carried);
    if (this.#dropped === 0) {
      this.#reset();
      this.#complete(block, 0, block.length);
      return;
    }
    const { cut, cutHash } = {
      cut: this.#dropped - (this.#droppedLast === 0x0d ? 1 : 0),
      cutHash: this.#droppedHash >>> 0,
    };
    this.#reset();
    const textStart = this.#textStart(block, 0, block.length);
    if (textStart === -1) {
      this.#orphan(block, 0, block.length);
      return;
    }
    const { second, nanos } = this.#timestamp;
    Object.assign(this.#frame, { block, lineStart: 0, textStart, end: block.length, second, nanos, cut, cutHash, head: -1 });
    this.#handler.onLine(this.#frame);
  }

  /** The old buffer belongs to the handler from now on. */
  #reset(): void {
    this.#carry = EMPTY;
    this.#carried = 0;
    this.#dropped = 0;
    this.#droppedHash = FNV_OFFSET;
    this.#droppedLast = 0;
  }
}

function fnv(hash: number, bytes: Buffer, start: number, end: number): number {
  let value = hash;
  for (let i = start; i < end; i++) value = Math.imul(value ^ (bytes[i] ?? 0), FNV_PRIME);
  return value;
}
