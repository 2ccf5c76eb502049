/** Cells up to here are kept as sorted pairs; beyond it a table turns dense. About 4 KB. */
const MOST_SPARSE_CELLS = 256;
/** Minutes of one column that are allocated together. */
const CHUNK = 120;
/** Room for columns in a sparse key. */
const MOST_COLUMNS = 4096;

/** By column: how many there were from the chunk's first minute up to and with each; those after the newest, which stands behind them, are as it. */
type Chunk = (Uint32Array | undefined)[];
const NEWEST = CHUNK;

/**
 * Counts per minute and column of one series. Quiet series stay a few sorted pairs; busy ones become typed arrays, one per column and
 * two hours, allocated when the first count falls into them.
 */
export class MinuteTable {
  #keys: number[] | null = [];
  #counts: number[] = [];
  readonly #chunks = new Map<number, Chunk>();
  /** No chunk lies outside of [#firstIndex, #endIndex). */
  #firstIndex = Number.POSITIVE_INFINITY;
  #endIndex = Number.NEGATIVE_INFINITY;
  #lastIndex = Number.NaN;
  #last: Chunk = [];

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

  /** Adds the counts of one minute: column and count in turns. */
  addAll(minute: number, counts: readonly number[]): void {
    const chunk = this.#keys === null ? this.#chunkAt(Math.floor(minute / CHUNK)) : null;
    for (let i = 0; i + 1 < counts.length; i += 2) {
      if (chunk === null) this.add(minute, counts[i] ?? 0, counts[i + 1] ?? 0);
      else addTo(cellsOf(chunk, counts[i] ?? 0), minute % CHUNK, counts[i + 1] ?? 0);
    }
  }

  get(minute: number, column: number): number {
    if (this.#keys === null) {
      const cells = this.#find(Math.floor(minute / CHUNK))?.[column];
      return cells === undefined ? 0 : upTo(cells, minute % CHUNK) - upTo(cells, (minute % CHUNK) - 1);
    }
    const key = minute * MOST_COLUMNS + column;
    const index = lowerBound(this.#keys, key);
    return this.#keys[index] === key ? (this.#counts[index] ?? 0) : 0;
  }

  /** The counts of several columns together. */
  sum(minute: number, columns: readonly number[]): number {
    let sum = 0;
    for (let i = 0; i < columns.length; i++) sum += this.get(minute, columns[i] ?? 0);
    return sum;
  }

  /** The counts of several columns over the minutes in [from, to). */
  total(from: number, to: number, columns: readonly number[]): number {
    let total = 0;
    if (this.#keys !== null) {
      const end = to * MOST_COLUMNS;
      for (let index = lowerBound(this.#keys, from * MOST_COLUMNS); (this.#keys[index] ?? end) < end; index++)
        if (columns.includes((this.#keys[index] ?? 0) % MOST_COLUMNS)) total += this.#counts[index] ?? 0;
      return total;
    }
    const end = Math.min(Math.ceil(to / CHUNK), this.#endIndex);
    for (let index = Math.max(Math.floor(from / CHUNK), this.#firstIndex); index < end; index++) {
      const chunk = this.#find(index);
      if (chunk === undefined) continue;
      const first = Math.max(from - index * CHUNK, 0);
      const last = Math.min(to - index * CHUNK, CHUNK) - 1;
      for (let i = 0; i < columns.length; i++) {
        const cells = chunk[columns[i] ?? 0];
        if (cells !== undefined && first <= last) total += upTo(cells, last) - upTo(cells, first - 1);
      }
    }
    return total;
  }

  /** The newest minute before `before` in which one of the columns counts something; `null` when none does. */
  newest(before: number, columns: readonly number[]): number | null {
    if (this.#keys !== null) {
      for (let index = lowerBound(this.#keys, before * MOST_COLUMNS) - 1; index >= 0; index--) {
        const key = this.#keys[index] ?? 0;
        if (columns.includes(key % MOST_COLUMNS)) return Math.floor(key / MOST_COLUMNS);
      }
      return null;
    }
    for (let index = Math.min(Math.ceil(before / CHUNK), this.#endIndex) - 1; index >= this.#firstIndex; index--) {
      const [first, end] = [index * CHUNK, Math.min(before, (index + 1) * CHUNK)];
      if (this.total(first, end, columns) === 0) continue;
      for (let minute = end - 1; minute >= first; minute--) if (this.sum(minute, columns) > 0) return minute;
    }
    return null;
  }

  /** The first minute of [from, to) in which one of the columns counts something; `null` when none does. */
  next(from: number, to: number, columns: readonly number[]): number | null {
    if (this.#keys !== null) {
      const end = to * MOST_COLUMNS;
      for (let index = lowerBound(this.#keys, from * MOST_COLUMNS); (this.#keys[index] ?? end) < end; index++) {
        const key = this.#keys[index] ?? 0;
        if (columns.includes(key % MOST_COLUMNS)) return Math.floor(key / MOST_COLUMNS);
      }
      return null;
    }
    const last = Math.min(Math.ceil(to / CHUNK), this.#endIndex);
    for (let index = Math.max(Math.floor(from / CHUNK), this.#firstIndex); index < last; index++) {
      if (this.#find(index) === undefined) continue;
      const end = Math.min(to, (index + 1) * CHUNK);
      for (let minute = Math.max(from, index * CHUNK); minute < end; minute++) if (this.sum(minute, columns) > 0) return minute;
    }
    return null;
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
    this.#lastIndex = Number.NaN;
    for (const chunk of this.#chunks.keys()) if ((chunk + 1) * CHUNK <= minute) this.#chunks.delete(chunk);
    this.#firstIndex = Math.max(this.#firstIndex, Math.floor(minute / CHUNK));
  }

  #addDense(minute: number, column: number, count: number): void {
    addTo(cellsOf(this.#chunkAt(Math.floor(minute / CHUNK)), column), minute % CHUNK, count);
  }

  #chunkAt(index: number): Chunk {
    const known = this.#find(index);
    if (known !== undefined) return known;
    const chunk: Chunk = [];
    this.#chunks.set(index, chunk);
    this.#firstIndex = Math.min(this.#firstIndex, index);
    this.#endIndex = Math.max(this.#endIndex, index + 1);
    return chunk;
  }

  #find(index: number): Chunk | undefined {
    // Counts come, and are asked for, minute after minute: nearly always it is the one of the last time.
    if (index === this.#lastIndex) return this.#last;
    const chunk = this.#chunks.get(index);
    if (chunk === undefined) return undefined;
    this.#lastIndex = index;
    this.#last = chunk;
    return chunk;
  }

  #densify(keys: readonly number[]): void {
    this.#keys = null;
    for (const [index, key] of keys.entries())
      this.#addDense(Math.floor(key / MOST_COLUMNS), key % MOST_COLUMNS, this.#counts[index] ?? 0);
    this.#counts = [];
  }
}

function cellsOf(chunk: Chunk, column: number): Uint32Array {
  let cells = chunk[column];
  if (cells === undefined) {
    cells = new Uint32Array(CHUNK + 1);
    chunk[column] = cells;
  }
  return cells;
}

function addTo(cells: Uint32Array, index: number, count: number): void {
  const newest = cells[NEWEST] ?? 0;
  if (index > newest) {
    const before = cells[newest] ?? 0;
    // Nearly always it is the next one: to fill anything costs more than to put it.
    for (let i = newest + 1; i < index; i++) cells[i] = before;
    cells[index] = before + count;
    cells[NEWEST] = index;
    return;
  }
  for (let i = index; i <= newest; i++) cells[i] = (cells[i] ?? 0) + count;
}

/** How many there were up to a minute of a chunk; none before its first. */
function upTo(cells: Uint32Array, minute: number): number {
  return minute < 0 ? 0 : (cells[Math.min(minute, cells[NEWEST] ?? 0)] ?? 0);
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
