/** Texts, and which patterns are to be tested on which of them. */
export interface PatternBatch {
  readonly texts: readonly string[];
  /** Patterns as users wrote them. */
  readonly sources: readonly string[];
  /** Two numbers for each test: the index of its text, and that of its pattern. */
  readonly tests: Uint32Array;
}

/** What came of a test. `UNKNOWN`: its pattern took too long, now or before. */
export const [NO, YES, UNKNOWN] = [0, 1, 2] as const;

/** Tests texts where a slow pattern holds up nobody. */
export interface PatternRunner {
  /** One of `NO`, `YES` and `UNKNOWN` for each test, in their order. Batches are run one after the other. */
  run(batch: PatternBatch): Promise<Uint8Array>;
  /** Whether the pattern took too long before: it is not run again. */
  isSuspended(source: string): boolean;
}
