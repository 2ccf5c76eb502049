/** Bytes of a line, beside its length, by which it is looked up: as many, spread over the line. */
const LOOKED_AT = 8;

interface Known<T> {
  readonly bytes: Buffer;
  readonly value: T;
}

/**
 * What was read of the lines of one file and of the one before it. Lines are told from each other by their bytes: those that stand again as they stood
 * are neither made a text nor read again.
 */
export class KnownLines<T> {
  #before = new Map<number, Known<T>[]>();
  #now = new Map<number, Known<T>[]>();

  /** A further file: what did not stand in the last one is forgotten. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** What was read of a line of the same bytes; `undefined` when there was none. */
  get(line: Buffer): T | undefined {
    const mark = markOf(line);
    const isSame = (each: Known<T>) => each.bytes.equals(line);
    const now = this.#now.get(mark)?.find(isSame);
    const known = now ?? this.#before.get(mark)?.find(isSame);
    // The bytes of the first time: those of the line belong to a whole frame.
    if (known !== undefined && now === undefined) this.#put(mark, known);
    return known?.value;
  }

  /** Remembers what was read of a line, and returns it. */
  add(line: Buffer, value: T): T {
    this.#put(markOf(line), { bytes: Buffer.from(line), value });
    return value;
  }

  #put(mark: number, known: Known<T>): void {
    const own = this.#now.get(mark);
    if (own === undefined) this.#now.set(mark, [known]);
    else own.push(known);
  }
}

/** Equal for equal lines, and nearly never for others. */
function markOf(line: Buffer): number {
  let mark = line.length;
  for (let index = 1; index <= LOOKED_AT; index++) {
    mark = (Math.imul(mark, 31) + (line[Math.floor((line.length * index) / (LOOKED_AT + 1))] ?? 0)) | 0;
  }
  return mark;
}
