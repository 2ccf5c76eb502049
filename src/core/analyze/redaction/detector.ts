import type { Literal, NumberTest } from '../literal-scan.ts';

/** Finds secrets of one family in a text. */
export interface Detector {
  /** One of them occurs in every text that holds such a secret, unless another member says so. At least four bytes each. */
  readonly keywords: readonly Literal[];
  /** Whether the mark of redactors at `at` may belong to one, whatever else is in the text. Another mark is right before `start`, to which none belongs, or nothing. */
  isMarked?(bytes: Uint8Array, at: number, start: number): boolean;
  /** Whether a number may be one. */
  readonly isNumber?: NumberTest;
  /** For secrets that no keyword announces: the first place from `start` on, below `end`, where one may be; `end` when there is none. */
  nextSuspect?(bytes: Uint8Array, start: number, end: number): number;
  /** Set where patterns go by characters; else they are of ASCII, and text may be given as Latin-1 whatever it is. */
  readonly byCharacter?: true;
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

/** What stands between a key and its value begins with one of these. */
const ASSIGNING = [
  '=',
  ':',
  '"',
  "'",
  '\\',
  '`',
  ']',
  '>',
  '\t',
  '|',
  '\u001b',
  ')=',
  ',"',
  ',<<',
  '**',
  '%3d',
  '%22',
  '%5d',
  '&quot;',
  '&#3',
  '&gt;',
  '}',
  '[',
  '\u201d',
  '\uff1a',
];
const SHORT = 6;
const ASSIGNING_APART = [' =', ' :', '  ', ' |', ' \t', ' ->', ' \u2502', ' \u2192'];

/** Keywords for the end of a key of any case that something is assigned to: the word alone is frequent in prose. */
export function assigned(...keys: readonly string[]): readonly Literal[] {
  return keys.flatMap((text) => {
    // What can follow is rare, and so the best to look for behind a short word; a long one is rare itself.
    const tails = text.length > SHORT ? [[...ASSIGNING, ...ASSIGNING_APART]] : [ASSIGNING, ASSIGNING_APART];
    return tails.map((behind) => ({ text, folded: true, behind }));
  });
}

/** The same for keys that are too short to count anywhere but behind no letter or digit. */
export function assignedAlone(...keys: readonly string[]): readonly Literal[] {
  return assigned(...keys).map((literal) => ({ ...literal, opens: true }));
}

/** Where little else is assigned with: each word costs, and two words more than one. */
const ASSIGNING_FIRST = ['=', ':', '"', "'", '\\', ' =', ' :'];

/** The same for short and rare keys, at half the price. */
export function assignedOnce(...keys: readonly string[]): readonly Literal[] {
  return keys.map((text) => ({ text, folded: true, behind: ASSIGNING_FIRST }));
}

/** What is assigned to a password in rarer ways: who it is of, dots that lead to it, the comma of a pair, the next line. */
export const passwordApart: Literal = {
  text: 'password',
  folded: true,
  behind: [' (', '):', '....', ' ..', ', <<', ', "', '\n '],
};

/** The same for keys whose last part is a frequent word: only where it is behind one of these characters. */
export function assignedPart(before: string, text: string): readonly Literal[] {
  return assigned(text).map((literal) => ({ ...literal, before }));
}

/** The end of `api_key`, `privateKey`, `access-key`, `secret.key` and the like, but not of `key` alone. */
export const compoundKey: readonly Literal[] = assignedPart('_-.: abcdeghiklnoprsty', 'key');
const ALPHANUMERIC = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

/** Keywords that are too short to count anywhere but where a token can begin, and before anything but a letter or digit. */
export function opening(...texts: readonly string[]): readonly Literal[] {
  return texts.map((text) => ({ text, folded: false, opens: true, behind: ALPHANUMERIC }));
}

/** Where a token can begin: behind no letter or digit, but for an escaped line end or an encoded character. */
export const TOKEN_START = String.raw`(?<=^|[^A-Za-z0-9]|\\[nrt]|%[0-9A-Fa-f]{2})`;
/** Where a token of a known length ends. */
export const TOKEN_END = '(?![A-Za-z0-9])';
