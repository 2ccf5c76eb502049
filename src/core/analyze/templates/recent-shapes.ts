/** A shape of records: two hashes of 32 bits. Small integers are what maps find fastest. */
export interface Shape {
  readonly low: number;
  readonly high: number;
}

interface Entry<Value> {
  readonly high: number;
  readonly value: Value;
}

/** What is known of the newest shapes: of half as many as said at least, and of so many at most. Of two shapes with the same `low` the newer counts. */
export class RecentShapes<Value> {
  readonly #size: number;
  #young = new Map<number, Entry<Value>>();
  #old: ReadonlyMap<number, Entry<Value>> = new Map();

  constructor(size: number) {
    this.#size = size / 2;
  }

  get(low: number, high: number): Value | undefined {
    const young = this.#young.get(low);
    if (young !== undefined) return young.high === high ? young.value : undefined;
    const old = this.#old.get(low);
    if (old === undefined || old.high !== high) return undefined;
    this.#put(low, old);
    return old.value;
  }

  set(low: number, high: number, value: Value): void {
    this.#put(low, { high, value });
  }

  #put(low: number, entry: Entry<Value>): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(low, entry);
  }
}
