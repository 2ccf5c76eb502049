import type { Frame } from '../../core/analyze/frame.ts';

/** Bytes of a line's text that its hash covers, besides its time and its length. */
const HASHED = 128;
const NOTHING = new DataView(new ArrayBuffer(0));

/** Two independent 32-bit hashes over a line's time, length and beginning; one object for all lines. */
export class LineHash {
  high = 0;
  low = 0;
  #block: Buffer | null = null;
  #view: DataView = NOTHING;

  of(frame: Frame): void {
    const { block, textStart, end } = frame;
    let high = Math.imul(0x811c9dc5 ^ frame.second, 0x01000193);
    let low = Math.imul(0x2f0b4c47 ^ frame.nanos, 0x5bd1e995);
    high = Math.imul(high ^ (end - textStart + frame.cut), 0x01000193);
    low = Math.imul(low ^ frame.second, 0x5bd1e995);
    high = Math.imul(high ^ frame.nanos, 0x01000193);
    const view = this.#viewOf(block);
    const stop = Math.min(end, textStart + HASHED);
    let i = textStart;
    // Four bytes at a time: byte by byte, hashing costs more than all else that is done to a line.
    for (const whole = stop - 3; i < whole; i += 4) {
      const word = view.getInt32(i, true);
      high = Math.imul(high ^ word, 0x01000193);
      low = Math.imul(low ^ word, 0x5bd1e995);
      // Multiplications carry upwards only.
      high ^= high >>> 16;
      low ^= low >>> 15;
    }
    for (; i < stop; i++) {
      const byte = block[i] ?? 0;
      high = Math.imul(high ^ byte, 0x01000193);
      low = Math.imul(low ^ byte, 0x5bd1e995);
    }
    this.high = high ^ (high >>> 15);
    this.low = low ^ (low >>> 13);
  }

  /** As it lies in a cursor. */
  get text(): string {
    return hex(this.high) + hex(this.low);
  }

  #viewOf(block: Buffer): DataView {
    if (block !== this.#block) {
      this.#block = block;
      this.#view = new DataView(block.buffer, block.byteOffset, block.length);
    }
    return this.#view;
  }
}

/** A 32-bit word as eight digits. */
export function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
