import type { Level } from '../model/log-line.ts';
import type { Facts, StatusBehind } from './formats/format.ts';

const EMPTY = Buffer.alloc(0);
/** Lists of shapes, and the most shapes in each; what is left of a hash tells the list. */
const LISTS = 1024;
const LIST_SHIFT = 22;
const MAX_SHAPES = 8;
/** Groups of lines that begin alike in some places. */
const GROUPS = 4096;
const GROUP_SHIFT = 20;
/** So many lines of a group have to be recognised for each shape that is remembered, but for the first ones. */
const WORTH = 16;
const MAX_CREDIT = 64 * WORTH;
/** A head that is longer is not remembered, nor a shorter one. */
const MAX_LENGTH = 96;
const MIN_LENGTH = 8;
/** The places that tell a line's group are in front of this; a line that ends there has no shape. */
const GROUP_END = 28;
const DIGIT = 0x30;
const NO_DIGIT = 0x06060606;
const UPPER = 0xf0f0f0f0 | 0;
const MULTIPLIER = 0x9e3779b1 | 0;

type Head = Pick<Facts, 'level' | 'head' | 'anyDigits' | 'statusBehind'>;

/** What a line begins with, and what that says of the line. */
export interface Shape {
  readonly length: number;
  /** Two numbers for each four bytes: the bytes, with a 0 for any digit, and which of their bits have to be the same. */
  readonly tests: Int32Array;
  readonly level: Level;
  readonly statusBehind: StatusBehind;
}

/**
 * Remembers heads of lines that alone decide the level: a program writes the same head in front of every message, but for the digits of
 * its times and numbers, so that most lines need only be compared with one that was read before.
 */
export class LineShapes {
  /** By the hash of what a line begins with; those that were found last come first. */
  readonly #lists: Shape[][] = Array.from({ length: LISTS }, () => []);
  /** By group: how much of a line is hashed, as no head of the group is shorter; 0 as long as there is none. */
  readonly #hashed = new Uint8Array(GROUPS);
  /** By group: how many shapes may still be remembered, in parts of WORTH. */
  readonly #credit = new Int32Array(GROUPS).fill(MAX_CREDIT);
  #bytes: Buffer = EMPTY;
  #view = viewOf(EMPTY);

  /** The shape with which the line begins and does not end; `null` when none is remembered. */
  find(bytes: Buffer, start: number, end: number): Shape | null {
    if (end - start <= GROUP_END) return null;
    if (bytes !== this.#bytes) this.#look(bytes);
    const hash = this.#groupHash(start);
    const group = hash >>> GROUP_SHIFT;
    const hashed = this.#hashed[group] ?? 0;
    if (hashed === 0 || start + hashed >= end) return null;
    const shapes = this.#lists[this.#listAt(start, hash, hashed)];
    if (shapes === undefined) return null;
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i];
      if (shape === undefined || start + shape.length >= end || !this.#matches(shape, start)) continue;
      this.#credit[group] = Math.min((this.#credit[group] ?? 0) + 1, MAX_CREDIT);
      if (i > 0) {
        shapes[i] = shapes[i - 1] ?? shape;
        shapes[i - 1] = shape;
      }
      return shape;
    }
    return null;
  }

  /** Remembers of the line `bytes[start, end)` that those that begin like `bytes[start, facts.head)` have its level. */
  add(bytes: Buffer, start: number, end: number, facts: Head): void {
    const length = facts.head - start;
    if (length < MIN_LENGTH || length > MAX_LENGTH || end - start <= GROUP_END) return;
    if (bytes !== this.#bytes) this.#look(bytes);
    const hash = this.#groupHash(start);
    const group = hash >>> GROUP_SHIFT;
    const credit = (this.#credit[group] ?? 0) - WORTH;
    if (credit < 0) return;
    this.#credit[group] = credit;
    // What was filed by more of its bytes is not found any more, and remembered anew.
    const hashed = Math.min(this.#hashed[group] || length, length);
    this.#hashed[group] = hashed;
    const shapes = this.#lists[this.#listAt(start, hash, hashed)];
    if (shapes === undefined) return;
    if (shapes.length >= MAX_SHAPES) shapes.pop();
    shapes.unshift(shapeOf(bytes, start, facts));
  }

  #matches({ tests, length }: Shape, start: number): boolean {
    const view = this.#view;
    // Heads of one program differ near their end.
    let position = start + length - 4;
    let next = start + ((length + 3) & ~3) - 8;
    for (let i = tests.length - 2; i >= 0; i -= 2) {
      const same = tests[i + 1] ?? 0;
      // Of a digit its value is left, and a carry shows what is none.
      const rest = view.getInt32(position, true) ^ (tests[i] ?? 0);
      if (((rest | (rest + (~same & NO_DIGIT))) & same) !== 0) return false;
      position = next;
      next -= 4;
    }
    return true;
  }

  /** Of some places of the beginning: times mostly stand first, and names and levels behind them. */
  #groupHash(start: number): number {
    const view = this.#view;
    const first = Math.imul(folded(view.getInt32(start, true)), MULTIPLIER);
    const second = Math.imul(first ^ folded(view.getInt32(start + 20, true)), MULTIPLIER);
    return Math.imul(second ^ (second >>> 15) ^ folded(view.getInt32(start + 24, true)), MULTIPLIER);
  }

  #listAt(start: number, groupHash: number, hashed: number): number {
    const view = this.#view;
    let hash = groupHash;
    for (let position = GROUP_END; position + 4 <= hashed; position += 4)
      hash = Math.imul(hash ^ folded(view.getInt32(start + position, true)), MULTIPLIER);
    return (hash ^ (hash >>> 15)) >>> LIST_SHIFT;
  }

  #look(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

/** Four bytes without the lower halves of those below 0x40: they are the same for all digits. */
function folded(word: number): number {
  return word & (UPPER | (((word >>> 6) & 0x01010101) * 0x0f));
}

function shapeOf(bytes: Buffer, start: number, { head, level, anyDigits, statusBehind }: Head): Shape {
  const length = head - start;
  const count = Math.ceil(length / 4);
  const tests = new Int32Array(count * 2);
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i] ?? 0;
    const isDigit = anyDigits && byte >= 0x30 && byte <= 0x39;
    // The last word overlaps the one before it, so that nothing behind the head is looked at.
    for (const word of i >= length - 4 && i < (count - 1) * 4 ? [i >> 2, count - 1] : [i >> 2]) {
      const offset = word === count - 1 ? length - 4 : word * 4;
      const shift = (i - offset) * 8;
      tests[word * 2] = (tests[word * 2] ?? 0) | ((isDigit ? DIGIT : byte) << shift);
      tests[word * 2 + 1] = (tests[word * 2 + 1] ?? 0) | ((isDigit ? 0xf0 : 0xff) << shift);
    }
  }
  return { length, tests, level, statusBehind };
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
