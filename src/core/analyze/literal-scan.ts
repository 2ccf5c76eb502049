/** Bytes to look for; `folded` ignores the case of ASCII letters. */
export interface Literal {
  readonly text: string;
  readonly folded: boolean;
}

/** The shortest literal that can be looked for. */
export const MIN_LITERAL = 3;
/** A longer window would skip further but rarely pays. */
const MAX_WINDOW = 8;

/**
 * Looks for many literals in one pass (Wu and Manber's algorithm with blocks of two bytes): most pairs of bytes occur in no literal, so
 * that most of the text is skipped.
 */
export class LiteralScanner {
  /** Indexes of the literals that the last `scan` found, each once, in `found[0, count)`. */
  readonly found: Uint16Array;
  count = 0;
  readonly #literals: readonly { readonly bytes: Buffer; readonly folded: boolean }[];
  readonly #window: number;
  /** How far the window moves, by the last two bytes in it. */
  readonly #shift = new Uint8Array(65536);
  /** The literals whose window ends with a pair of bytes. */
  readonly #ending = new Map<number, number[]>();

  /** Literals have at least MIN_LITERAL bytes (UTF-8). */
  constructor(literals: readonly Literal[]) {
    this.#literals = literals.map(({ text, folded }) => ({ bytes: Buffer.from(folded ? lower(text) : text), folded }));
    this.found = new Uint16Array(literals.length);
    this.#window = Math.min(MAX_WINDOW, ...this.#literals.map(({ bytes }) => bytes.length));
    this.#shift.fill(this.#window - 1);
    for (const [index, { bytes, folded }] of this.#literals.entries()) {
      for (let i = 1; i < this.#window; i++) {
        for (const pair of pairs(bytes[i - 1] ?? 0, bytes[i] ?? 0, folded)) {
          const distance = this.#window - 1 - i;
          this.#shift[pair] = Math.min(this.#shift[pair] ?? 0, distance);
          if (distance === 0) this.#ending.set(pair, [...(this.#ending.get(pair) ?? []), index]);
        }
      }
    }
  }

  /** Whether any literal occurs in `bytes[start, end)`. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    this.count = 0;
    if (this.#literals.length === 0) return false;
    const shift = this.#shift;
    let i = start + this.#window - 1;
    while (i < end) {
      const pair = ((bytes[i - 1] ?? 0) << 8) | (bytes[i] ?? 0);
      const step = shift[pair] ?? 1;
      if (step === 0) {
        this.#check(bytes, i - this.#window + 1, end, pair);
        i++;
      } else i += step;
    }
    return this.count > 0;
  }

  #check(bytes: Buffer, start: number, end: number, pair: number): void {
    for (const index of this.#ending.get(pair) ?? []) {
      const literal = this.#literals[index];
      if (literal === undefined || start + literal.bytes.length > end) continue;
      if (!occursAt(literal.bytes, literal.folded, bytes, start)) continue;
      if (!this.#isFound(index)) this.found[this.count++] = index;
    }
  }

  #isFound(index: number): boolean {
    for (let i = 0; i < this.count; i++) if (this.found[i] === index) return true;
    return false;
  }
}

function occursAt(literal: Buffer, folded: boolean, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < literal.length; i++) {
    const byte = bytes[start + i] ?? 0;
    if (literal[i] !== (folded && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)) return false;
  }
  return true;
}

function pairs(first: number, second: number, folded: boolean): number[] {
  if (!folded) return [(first << 8) | second];
  return variants(first).flatMap((a) => variants(second).map((b) => (a << 8) | b));
}

function variants(byte: number): number[] {
  return byte >= 0x61 && byte <= 0x7a ? [byte, byte & ~0x20] : [byte];
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
