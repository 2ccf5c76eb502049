/** What must be around a place, as bits of an assertion. */
export const [LINE_BEGIN, LINE_END, TEXT_BEGIN, TEXT_END, WORD_EDGE, NO_WORD_EDGE] = [1, 2, 4, 8, 16, 32] as const;

/** Symbols that instructions take: the characters of ASCII, and one for all others. */
export const OTHER_CHARACTER = 128;
export const SYMBOLS = 129;

/** One step of a pattern's program; steps are known by their index. */
export type Instruction =
  | { readonly kind: 'either'; readonly next: number; readonly other: number }
  | { readonly kind: 'pass'; readonly next: number }
  /** Goes on where all of the assertion's bits hold. */
  | { readonly kind: 'assert'; readonly next: number; readonly needs: number }
  /** Goes on behind one character; `takes` has a 1 for each symbol. */
  | { readonly kind: 'take'; readonly next: number; readonly takes: Uint8Array }
  | { readonly kind: 'match' }
  | { readonly kind: 'fail' };

/** Larger programs make large states, and many of them. */
export const MAX_INSTRUCTIONS = 256;

/** A compiled pattern, which may begin anywhere in a text. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  /** Whether all characters outside of ASCII are the same to it; else texts that have one must be tested elsewhere. */
  readonly othersAreAlike: boolean;
}
