/** How many unused buffers are kept. */
const MAX_FREE = 16;

/** Buffers of one size that are used again: large ones cost page faults and garbage collection each time they are made anew. */
export class BufferPool {
  /** Of every buffer that {@link take} gives. */
  readonly size: number;
  readonly #free: Buffer[] = [];

  constructor(size: number) {
    this.size = size;
  }

  /** A buffer with any bytes in it. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Nobody uses the buffer any more. One of another size is left to the garbage collection. */
  give(buffer: Buffer): void {
    if (buffer.length === this.size && this.#free.length < MAX_FREE) this.#free.push(buffer);
  }
}
