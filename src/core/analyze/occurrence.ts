/** Answers for line after line of a block whether some bytes occur in it, at the cost of one search through the block. */
export class Occurrence {
  readonly #needle: Buffer;
  #block: Buffer | null = null;
  /** There is no occurrence in `[#from, #next)`. */
  #from = 0;
  #next = 0;

  /** An empty needle occurs nowhere. */
  constructor(needle: string) {
    this.#needle = Buffer.from(needle, 'utf8');
  }

  /** Whether an occurrence begins in `block[start, end)`. The block must not have changed since it was first given. */
  within(block: Buffer, start: number, end: number): boolean {
    if (block !== this.#block || start < this.#from || start > this.#next) {
      this.#block = block;
      this.#from = start;
      const found = this.#needle.length === 0 ? -1 : block.indexOf(this.#needle, start);
      this.#next = found === -1 ? block.length : found;
    }
    return this.#next < end;
  }
}
