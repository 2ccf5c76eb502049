/** How many unused buffers are kept, if nothing else is said. */
const MAX_FREE = 16;

/** Buffers of one size that are used again: large ones cost page faults and garbage collection each time they are made anew. */
export class BufferPool {
  /** Of every buffer that {@link take} gives. */
  readonly size: number;
  readonly #free: Buffer[] = [];
  readonly #mostFree: number;

  constructor(size: number, mostFree = MAX_FREE) {
    this.size = size;
    this.#mostFree = mostFree;
  }

  /** A buffer with any bytes in it. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Nobody uses the buffer any more. One of another size is left to the garbage collection. */
  give(buffer: Buffer): void {
    if (buffer.length === this.size && this.#free.length < this.#mostFree) this.#free.push(buffer);
  }
}
