import type { Level } from '../model/log-line.ts';

const EMPTY = Buffer.alloc(0);
/** Shapes that are remembered in each bucket. */
const MAX_SHAPES = 16;
const BUCKETS = 256;
const UPPER = 0xf0f0f0f0 | 0;
/** So many lines have to be recognised for each that is remembered, but for the first ones. */
const WORTH = 16;
/** A head that is longer is not remembered. */
const MAX_LENGTH = 96;
/** A shorter head is not worth it, and may depend on what follows. */
const SHORTEST = 28;
const DIGIT = 0x30;

/** What a line begins with, with any digit where one stood, and what that says of the line. */
export interface Shape {
  readonly length: number;
  /** Four bytes each: the bytes, which of their bits count, and the carry that shows a digit to be none. */
  readonly words: Int32Array;
  readonly masks: Int32Array;
  readonly carries: Int32Array;
  readonly level: Level;
  readonly message: boolean;
}

/**
 * Remembers heads of lines that alone decide the level: a program writes the same head in front of every message, but for the digits of
 * its times and numbers, so that most lines need only be compared with one that was read before.
 */
export class LineShapes {
  /** By what stands in some places of the head; those that were found last come first. */
  readonly #buckets: Shape[][] = Array.from({ length: BUCKETS }, () => []);
  /** How many may still be remembered, in parts of WORTH. */
  readonly #credit = new Int32Array(BUCKETS).fill(2 * MAX_SHAPES * WORTH);
  #bytes: Buffer = EMPTY;
  #view = viewOf(EMPTY);

  /** The shape with which the line begins and does not end; `null` when none is remembered. */
  find(bytes: Buffer, start: number, end: number): Shape | null {
    if (end - start <= SHORTEST) return null;
    if (bytes !== this.#bytes) this.#look(bytes);
    const bucket = this.#bucketAt(start);
    const shapes = this.#buckets[bucket];
    if (shapes === undefined) return null;
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i];
      if (shape === undefined || start + shape.length >= end || !this.#matches(shape, start)) continue;
      this.#credit[bucket] = Math.min((this.#credit[bucket] ?? 0) + 1, 2 * MAX_SHAPES * WORTH);
      if (i > 0) {
        shapes[i] = shapes[i - 1] ?? shape;
        shapes[i - 1] = shape;
      }
      return shape;
    }
    return null;
  }

  /** Remembers that lines that begin like `bytes[start, head)` have this level. */
  add(bytes: Buffer, start: number, head: number, { level, message }: Pick<Shape, 'level' | 'message'>): void {
    const length = head - start;
    if (length < SHORTEST || length > MAX_LENGTH) return;
    if (bytes !== this.#bytes) this.#look(bytes);
    const bucket = this.#bucketAt(start);
    const shapes = this.#buckets[bucket];
    const credit = (this.#credit[bucket] ?? 0) - WORTH;
    if (shapes === undefined || credit < 0) return;
    this.#credit[bucket] = credit;
    const count = Math.ceil(length / 4);
    const words = new Int32Array(count);
    const masks = new Int32Array(count);
    const carries = new Int32Array(count);
    for (let i = 0; i < length; i++) {
      // The last word overlaps the one before it, so that nothing behind the head is looked at.
      const byte = bytes[start + i] ?? 0;
      const isDigit = byte >= 0x30 && byte <= 0x39;
      for (const word of i >= length - 4 && i < (count - 1) * 4 ? [i >> 2, count - 1] : [i >> 2]) {
        const offset = word === count - 1 ? length - 4 : word * 4;
        const shift = (3 - (i - offset)) * 8;
        words[word] = (words[word] ?? 0) | ((isDigit ? DIGIT : byte) << shift);
        masks[word] = (masks[word] ?? 0) | ((isDigit ? 0xf0 : 0xff) << shift);
        carries[word] = (carries[word] ?? 0) | ((isDigit ? 0x10 : 0) << shift);
      }
    }
    if (shapes.length >= MAX_SHAPES) shapes.pop();
    shapes.unshift({ length, words, masks, carries, level, message });
  }

  #matches({ words, masks, carries, length }: Shape, start: number): boolean {
    const view = this.#view;
    // Heads of one program differ near their end.
    let position = start + length - 4;
    for (let i = words.length - 1; i >= 0; i--) {
      const word = view.getInt32(position);
      position = start + i * 4 - 4;
      if (((word ^ (words[i] ?? 0)) & (masks[i] ?? 0)) !== 0) return false;
      if ((((word & 0x0f0f0f0f) + 0x06060606) & (carries[i] ?? 0)) !== 0) return false;
    }
    return true;
  }

  /** The upper halves of bytes: they are the same for all digits. Times mostly stand first, and names and levels behind them. */
  #bucketAt(start: number): number {
    const view = this.#view;
    const first = view.getInt32(start) & UPPER;
    const second = view.getInt32(start + 20) & UPPER;
    const third = view.getInt32(start + 24) & UPPER;
    const mixed = Math.imul(first ^ (second >>> 1) ^ (third >>> 3), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (BUCKETS - 1);
  }

  #look(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
