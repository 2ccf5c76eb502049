import type { Level } from '../../model/log-line.ts';

/** The status of a line whose head ends at `position`, 0 when it has none; -1 when the line has to be read as a whole. */
export type StatusBehind = (bytes: Buffer, position: number, end: number, mayHaveStatus: boolean) => number;

/** Of lines that have none unless a word introduces it. */
export const noStatusBehind: StatusBehind = (_bytes, _position, _end, mayHaveStatus) => (mayHaveStatus ? -1 : 0);

/** Facts of which nothing is known yet. */
export function emptyFacts(mayHaveStatus: boolean): Facts {
  return { level: 0, status: 0, head: -1, anyDigits: true, statusBehind: noStatusBehind, mayHaveStatus };
}

/** What a format reads from a line. One object is reused for all lines. */
export interface Facts {
  level: Level;
  /** HTTP status of the request that the line records, 0 when none. */
  status: number;
  /**
   * Set by `parse`: the position behind the last byte that was looked at, when the bytes in front of it alone decide the level, but for
   * the status that the line may have; else -1.
   */
  head: number;
  /** Set with `head`: whether they decide it whatever digits stand among them. */
  anyDigits: boolean;
  /** Set with `head`: reads the status of a line that begins so. */
  statusBehind: StatusBehind;
  /** False when no word that introduces a status in JSON, logfmt or a request line occurs in the line. */
  mayHaveStatus: boolean;
}

/**
 * One way of writing log lines. `parse` looks at `bytes[start, end)` (one line without its end, without ANSI codes, not empty and
 * beginning with no blank) and answers whether the line is of this format; if so it has set `level` and `status`. It keeps no state and
 * allocates nothing on its common path.
 */
export interface Format {
  readonly name: string;
  readonly description: string;
  /** The bytes that a line of this format can begin with, as a string; `null`: any. Only these are offered. */
  readonly first: string | null;
  /** Whether the first 28 bytes alone, whatever digits they hold, show that the line is not of this format; then `parse` need not be asked. */
  readonly isRuledOut?: (bytes: Buffer, start: number, end: number) => boolean;
  readonly parse: (bytes: Buffer, start: number, end: number, facts: Facts) => boolean;
}

export const DIGITS = '0123456789';
export const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
