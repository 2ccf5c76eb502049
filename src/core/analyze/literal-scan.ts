/** Bytes to look for; `folded` ignores the case of ASCII letters. */
export interface Literal {
  readonly text: string;
  readonly folded: boolean;
}

/** The shortest literal that can be looked for. */
export const MIN_LITERAL = 3;
/** A longer window would skip further but rarely pays. */
const MAX_WINDOW = 8;

/** What most text consists of: the pairs of letters that a window should not end with. */
const COMMON_PAIRS = new Set(
  `th he in er an re nd on en at ou ed ha to or it is hi es ng st ar te se le al ti ro ra li de ri io ic ne me ea co ve ce ma om ur ll ss
  ch ho us nt as la el et ec ac ct pe pa ot un ss si lo em ge tr id po so ol ad am il ta ke ey ag op`.split(/\s+/),
);

/**
 * Looks for many literals in one pass (Wu and Manber's algorithm with blocks of two bytes): most pairs of bytes occur in no literal, so
 * that most of the text is skipped. Of a longer literal the window looks at the part that is rarest in text.
 */
export class LiteralScanner {
  /** Indexes of the literals that the last `scan` found, each once, in `found[0, count)`. */
  readonly found: Uint16Array;
  count = 0;
  readonly #literals: readonly { readonly bytes: Buffer; readonly folded: boolean; readonly offset: number }[];
  readonly #window: number;
  /** How far the window moves, by the last two bytes in it. */
  readonly #shift = new Uint8Array(65536);
  /** By the pair of bytes that a window ends with: one more than the index of its literals in `#ending`. */
  readonly #endingOf = new Uint16Array(65536);
  readonly #ending: number[][] = [];

  /** Literals have at least MIN_LITERAL bytes (UTF-8). */
  constructor(literals: readonly Literal[]) {
    const found = literals.map(({ text, folded }) => ({ bytes: Buffer.from(folded ? lower(text) : text), folded }));
    this.found = new Uint16Array(literals.length);
    this.#window = Math.min(MAX_WINDOW, ...found.map(({ bytes }) => bytes.length));
    this.#literals = found.map((literal) => ({ ...literal, offset: rarestPart(literal.bytes, this.#window) }));
    this.#shift.fill(this.#window - 1);
    for (const [index, { bytes, folded, offset }] of this.#literals.entries()) {
      for (let i = 1; i < this.#window; i++) {
        for (const pair of pairs(bytes[offset + i - 1] ?? 0, bytes[offset + i] ?? 0, folded)) {
          const distance = this.#window - 1 - i;
          this.#shift[pair] = Math.min(this.#shift[pair] ?? 0, distance);
          if (distance === 0) this.#endsWith(pair, index);
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
        this.#check(bytes, i - this.#window + 1, { start, end, pair });
        i++;
      } else i += step;
    }
    return this.count > 0;
  }

  #endsWith(pair: number, index: number): void {
    const known = this.#ending[(this.#endingOf[pair] ?? 0) - 1];
    if (known === undefined) this.#endingOf[pair] = this.#ending.push([index]);
    else known.push(index);
  }

  /** `at` is where the window begins, in a text of `[start, end)`. */
  #check(
    bytes: Buffer,
    at: number,
    { start, end, pair }: { readonly start: number; readonly end: number; readonly pair: number },
  ): void {
    for (const index of this.#ending[(this.#endingOf[pair] ?? 0) - 1] ?? []) {
      const literal = this.#literals[index];
      if (literal === undefined) continue;
      const begin = at - literal.offset;
      if (begin < start || begin + literal.bytes.length > end || !occursAt(literal.bytes, literal.folded, bytes, begin)) continue;
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

/** Where the window of a literal lies best. */
function rarestPart(bytes: Buffer, window: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let offset = 0; offset + window <= bytes.length; offset++) {
    let cost = 0;
    for (let i = 1; i < window; i++) {
      const weight = i === window - 1 ? 4 : 1; // what it ends with leads to a comparison, the rest to a shorter step
      cost += weight * commonness(bytes[offset + i - 1] ?? 0, bytes[offset + i] ?? 0);
    }
    if (cost < least) [best, least] = [offset, cost];
  }
  return best;
}

function commonness(first: number, second: number): number {
  const pair = String.fromCharCode(first, second);
  if (COMMON_PAIRS.has(pair)) return 4;
  if (/[a-z]{2}|[0-9]{2}| [a-z0-9]|[a-z] /.test(pair)) return 2;
  return 1;
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
