import type { Level } from './log-line.ts';

/** Which texts are wanted. */
export interface TextFilter {
  /** Whether `bytes[start, end)` of encoded records can hold such a text: asked of whole blocks, before anything of them is decoded. */
  mayHold(bytes: Buffer, start: number, end: number): boolean;
  /** Whether the encoded text of one record, in `bytes[start, end)`, is one; `null` when it has to be decoded to know. */
  matchesEncoded(bytes: Buffer, start: number, end: number): boolean | null;
  /** Whether a record's text is one. */
  matches(text: string): boolean;
}

/** Which stored lines are wanted. All of them must hold; times are epoch milliseconds, half-open. */
export interface LineQuery {
  readonly from: number;
  readonly to: number;
  /** Globs on the parts of the workload; `null` takes all. */
  readonly namespace: ((name: string) => boolean) | null;
  readonly kind: ((name: string) => boolean) | null;
  readonly workload: ((name: string) => boolean) | null;
  readonly pod: ((name: string) => boolean) | null;
  readonly container: ((name: string) => boolean) | null;
  readonly containerID: string | null;
  readonly minLevel: Level;
  readonly text: TextFilter | null;
  readonly order: 'newest_first' | 'oldest_first';
  /** Only lines of cycles after this one; left out: of all. */
  readonly afterCycle?: string | null;
}

/** Every stored line: what a query narrows. */
export const EVERY_LINE: LineQuery = {
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
  namespace: null,
  kind: null,
  workload: null,
  pod: null,
  container: null,
  containerID: null,
  minLevel: 0,
  text: null,
  order: 'newest_first',
};
