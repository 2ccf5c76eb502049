import type { CompiledPattern } from '../pattern.ts';

/** The bytes `[start, end)` of a record's text, as it is encoded (see record.ts). */
export interface EncodedText {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** What matchers see of a record. */
export interface Candidate {
  readonly level: number;
  readonly status: number;
  /** By pattern index: a bit for each part of the pattern of which a literal occurred in the record. */
  readonly hits: Uint8Array;
  /** The beginning of the record's text, as far as patterns search. */
  readonly text: () => string;
  /** The same, before it is decoded; left out where there is only the text. */
  readonly encoded?: EncodedText;
  /** Takes what matches the record when that is known later, as the index of a matcher. Left out: it has to be known at once. */
  readonly later?: () => (index: number) => void;
}

/** Whether a pattern occurs in the record; `null` when its text has to be decoded to know. */
export function testEncoded(pattern: CompiledPattern, { encoded }: Candidate): boolean | null {
  return encoded === undefined ? null : pattern.testEncoded(encoded.bytes, encoded.start, encoded.end);
}
