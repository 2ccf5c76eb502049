import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MINUTE, SECOND } from '../base/duration.ts';

/** More takes memory, and of less V8 marks the heap more often: of 24 MiB steady work takes 8 MiB less and a sixth more CPU than of 32. */
const ROOM_BYTES = 28 * 1024 * 1024;
/** How often it is looked how much the heap holds. */
const LOOK_MS = 2 * SECOND;
/** For a shorter rest the heap is not made small, unless it is many times as long as the work. */
const LONG_REST_MS = MINUTE;
const LONG_REST = 10;
/** So little is marked in no time, however short the rest. */
const SMALL_BYTES = 64 * 1024 * 1024;
/** For a rest as long as that, what little there is is collected at once. */
const COLLECTED_REST_MS = 10 * SECOND;

/**
 * From now on V8 gives back what it does not need, rather than keep it for later (docs/adr/0006). V8 looks at these flags each time, so they may change; on
 * the command line the first would also cut the space for new objects to an eighth for good.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--heap-growing-percent=0');
  setFlagsFromString('--flush-bytecode');
}

/**
 * Runs work that may let the heap grow; after it the heap is kept small again, but for a short rest: making it small and letting it grow again marks all of it
 * half a dozen times. `rest` says how long the next one is, in milliseconds.
 */
export async function withLargerHeap<T>(work: () => Promise<T>, rest: () => number = () => Number.POSITIVE_INFINITY): Promise<T> {
  const began = performance.now();
  letHeapGrow();
  const timer = setInterval(giveRoom, LOOK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    const isCheap = getHeapStatistics().used_heap_size <= SMALL_BYTES;
    const pause = rest();
    if (isCheap || pause >= Math.min(LONG_REST_MS, LONG_REST * (performance.now() - began))) keepHeapSmall();
    // What a cycle runs once would be compiled anew for each: a few collections of garbage are enough to forget it.
    else setFlagsFromString('--no-flush-bytecode');
    if (isCheap && pause >= COLLECTED_REST_MS) collectGarbage();
  }
}

let collector: NodeJS.GCFunction | null = null;

/**
 * Gives back all that is free, in some 50 ms. V8 looks for garbage as memory is asked for, and who rests asks for none: a cycle's would stay until the next one.
 * The function is known only to contexts that are made after the flag was set.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  collector ??= runInNewContext('gc') as NodeJS.GCFunction; // what the flag is for
  collector({ type: 'major', execution: 'sync', flavor: 'last-resort' });
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
