import type { PatternBatch } from '../../core/analyze/matching/pattern-runner.ts';

/** A batch on its way to the thread. */
export interface PatternJob extends PatternBatch {
  /** Outlives a thread that is ended; {@link viewsOf} says what is in it. */
  readonly shared: SharedArrayBuffer;
}

const HEAD_BYTES = 8;

export function sharedFor(sources: number, tests: number): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + 8 * sources + tests);
}

/** What both sides see of a job. */
export function viewsOf(shared: SharedArrayBuffer, sources: number, tests: number) {
  return {
    /** The test that is being run; as many as there are when all are done. */
    position: new Int32Array(shared, 0, 1),
    /** CPU milliseconds by source, of tests that have ended. */
    spent: new Float64Array(shared, HEAD_BYTES, sources),
    /** Of tests before the position. */
    verdicts: new Uint8Array(shared, HEAD_BYTES + 8 * sources, tests),
  };
}
