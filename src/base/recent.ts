import { keepNewest } from './keep-newest.ts';

/** Remembers what was made for the newest keys, so that what is dear to make and never changes is not made again and again. */
export class Recent<Value> {
  readonly #size: number;
  readonly #values = new Map<string, Value>();

  /** `size` is how many values are kept. */
  constructor(size: number) {
    this.#size = size;
  }

  /** What was made for the key; `make` is called when there is nothing yet, and nothing is kept when it throws. */
  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    const value = known ?? make();
    keepNewest(this.#values, this.#size, [key, value]);
    return value;
  }
}
