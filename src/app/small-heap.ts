import { setFlagsFromString } from 'node:v8';
import { SECOND } from '../base/duration.ts';

/** What takes longer is worth more memory. */
const SHORT_MS = 2 * SECOND;

/**
 * From now on V8 gives back what it does not need, rather than keep it for later (docs/adr/0006). V8 looks at this flag each time, so it may change; on
 * the command line it would also cut the space for new objects to an eighth for good.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
}

/** Runs work that may let the heap grow when it is not short; after it the heap is kept small again. */
export async function withLargerHeap<T>(work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => setFlagsFromString('--no-optimize-for-size'), SHORT_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    keepHeapSmall();
  }
}
