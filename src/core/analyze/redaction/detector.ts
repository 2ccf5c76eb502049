import type { Literal } from '../literal-scan.ts';

/** Finds secrets of one family in a text. */
export interface Detector {
  /** One of them occurs in every text that holds such a secret, unless another member says so. At least four bytes each. */
  readonly keywords: readonly Literal[];
  /** Whether a text with the redactor's mark may hold one too, whatever else is in it. */
  readonly byMark?: true;
  /** Whether `bytes[start, end)` may hold one, for secrets that no keyword announces. */
  isSuspect?(bytes: Uint8Array, start: number, end: number): boolean;
  /** The text with each secret replaced by its mark; the same text when there is none. Twice is the same as once. */
  redact(text: string): string;
}

/** What stands where a secret was. */
export function hidden(kind: string): string {
  return `[redacted:${kind}]`;
}

/** Keywords that are looked for as they are written. */
export function exact(...texts: readonly string[]): readonly Literal[] {
  return texts.map((text) => ({ text, folded: false }));
}

/** Keywords of any case; given in lower case. */
export function folded(...texts: readonly string[]): readonly Literal[] {
  return texts.map((text) => ({ text, folded: true }));
}

/** Keywords for a key of any case that something is assigned to: the word alone is frequent in prose. */
export function assigned(...keys: readonly string[]): readonly Literal[] {
  return folded(
    ...keys.flatMap((key) => ['=', ':', '"', "'", '\\', '`', ']', ' =', ' :', '%3d'].map((behind) => `${key}${behind}`)),
  );
}

/** Where a token can begin: behind no letter or digit, but for an escaped line end or an encoded character. */
export const TOKEN_START = String.raw`(?<=^|[^A-Za-z0-9]|\\[nrt]|%[0-9A-Fa-f]{2})`;
/** Where a token of a known length ends. */
export const TOKEN_END = '(?![A-Za-z0-9])';
