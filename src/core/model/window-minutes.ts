/** Cells up to here are kept as sorted pairs; beyond it a table turns dense. About 4 KB. */
const MOST_SPARSE_CELLS = 256;
/** Minutes of one column that are allocated together. */
const CHUNK = 120;
/** Room for columns in a sparse key. */
const MOST_COLUMNS = 4096;

type Chunk = (Uint32Array | undefined)[];

/**
 * Counts per minute and column of one series. Quiet series stay a few sorted pairs; busy ones become typed arrays, one per column and
 * two hours, allocated when the first count falls into them.
 */
export class MinuteTable {
  #keys: number[] | null = [];
  #counts: number[] = [];
  readonly #chunks = new Map<number, Chunk>();

  add(minute: number, column: number, count: number): void {
    if (this.#keys === null) {
      this.#addDense(minute, column, count);
      return;
    }
    const key = minute * MOST_COLUMNS + column;
    const index = lowerBound(this.#keys, key);
    if (this.#keys[index] === key) this.#counts[index] = (this.#counts[index] ?? 0) + count;
    else if (this.#keys.length >= MOST_SPARSE_CELLS) {
      this.#densify(this.#keys);
      this.#addDense(minute, column, count);
    } else if (index === this.#keys.length) {
      this.#keys.push(key);
      this.#counts.push(count);
    } else {
      this.#keys.splice(index, 0, key);
      this.#counts.splice(index, 0, count);
    }
  }

  get(minute: number, column: number): number {
    if (this.#keys === null) return this.#chunks.get(Math.floor(minute / CHUNK))?.[column]?.[minute % CHUNK] ?? 0;
    const key = minute * MOST_COLUMNS + column;
    const index = lowerBound(this.#keys, key);
    return this.#keys[index] === key ? (this.#counts[index] ?? 0) : 0;
  }

  /** The counts of several columns together. */
  sum(minute: number, columns: readonly number[]): number {
    let sum = 0;
    for (const column of columns) sum += this.get(minute, column);
    return sum;
  }

  /** Forgets minutes before `minute`; a dense series forgets whole chunks only. */
  expire(minute: number): void {
    if (this.#keys !== null) {
      const index = lowerBound(this.#keys, minute * MOST_COLUMNS);
      if (index > 0) {
        this.#keys.splice(0, index);
        this.#counts.splice(0, index);
      }
    }
    for (const chunk of this.#chunks.keys()) if ((chunk + 1) * CHUNK <= minute) this.#chunks.delete(chunk);
  }

  #addDense(minute: number, column: number, count: number): void {
    const index = Math.floor(minute / CHUNK);
    let chunk = this.#chunks.get(index);
    if (chunk === undefined) {
      chunk = [];
      this.#chunks.set(index, chunk);
    }
    let cells = chunk[column];
    if (cells === undefined) {
      cells = new Uint32Array(CHUNK);
      chunk[column] = cells;
    }
    cells[minute % CHUNK] = (cells[minute % CHUNK] ?? 0) + count;
  }

  #densify(keys: readonly number[]): void {
    this.#keys = null;
    for (const [index, key] of keys.entries())
      this.#addDense(Math.floor(key / MOST_COLUMNS), key % MOST_COLUMNS, this.#counts[index] ?? 0);
    this.#counts = [];
  }
}

/** The index of the first key that is not below `key`. */
function lowerBound(keys: readonly number[], key: number): number {
  const last = keys.at(-1);
  if (last === undefined || last < key) return keys.length;
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
