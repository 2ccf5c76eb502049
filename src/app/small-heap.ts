import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { SECOND } from '../base/duration.ts';

/** So much is worth reading a day of cycles fast: twice the space for new objects, and again as much. */
const ROOM_BYTES = 32 * 1024 * 1024;
/** What takes longer is worth more memory. */
const SHORT_MS = 2 * SECOND;

/**
 * From now on V8 gives back what it does not need, rather than keep it for later (docs/adr/0006). V8 looks at these flags each time, so they may change; on
 * the command line the first would also cut the space for new objects to an eighth for good.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--heap-growing-percent=0');
}

/** Runs work that may let the heap grow when it is not short; after it the heap is kept small again. */
export async function withLargerHeap<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(letHeapGrow, SHORT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    keepHeapSmall();
  }
}

/**
 * Hands on what is read, and lets the heap grow by some room between two times that V8 marks it. Left to itself, V8 begins as soon as less is free than the
 * space for new objects: of a small heap that is nearly always, and reading a day of cycles takes half as much again.
 */
export async function* withHeapRoom<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    for await (const item of items) {
      giveRoom();
      yield item;
    }
  } finally {
    setFlagsFromString('--heap-growing-percent=0');
  }
}

function letHeapGrow(): void {
  setFlagsFromString('--no-optimize-for-size');
  giveRoom();
}

/** From what the heap holds now. */
function giveRoom(): void {
  setFlagsFromString(`--heap-growing-percent=${Math.ceil((100 * ROOM_BYTES) / getHeapStatistics().used_heap_size)}`);
}
