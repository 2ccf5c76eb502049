interface Series {
  /** Ordinal of the first point's cycle. */
  start: number;
  /** NaN stands for "not known". */
  values: Float32Array;
  length: number;
}

/** One point of a few numbers for each key and cycle, in typed arrays that are aligned with the cycles; single precision. */
export class CycleSeries {
  readonly #width: number;
  readonly #series = new Map<string, Series>();
  #times: number[] = [];
  /** Ordinal of `#times[0]`. */
  #first = 0;

  /** `width`: numbers of one point. */
  constructor(width: number) {
    this.#width = width;
  }

  /** The next cycle; points are put for it until the next one. */
  begin(at: number): void {
    this.#times.push(at);
  }

  put(key: string, point: readonly number[]): void {
    const ordinal = this.#first + this.#times.length - 1;
    const width = this.#width;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { start: ordinal, values: new Float32Array(8 * width).fill(Number.NaN), length: 0 };
      this.#series.set(key, series);
    }
    const index = ordinal - series.start;
    if ((index + 1) * width > series.values.length) {
      const grown = new Float32Array(Math.max(series.values.length * 2, (index + 1) * width)).fill(Number.NaN);
      grown.set(series.values);
      series.values = grown;
    }
    // Not by `set`: of so few numbers the call takes longer than they do.
    for (let column = 0; column < width; column++) series.values[index * width + column] = point[column] ?? Number.NaN;
    series.length = index + 1;
  }

  /** Drops a key's points: what follows is another series. */
  restart(key: string): void {
    this.#series.delete(key);
  }

  /** Every cycle's numbers of a key, oldest first, `null` where they are not known; none for an unknown key. */
  read<T>(key: string, point: (at: number, value: (column: number) => number | null) => T): readonly T[] {
    const series = this.#series.get(key);
    if (series === undefined) return [];
    const width = this.#width;
    return this.#times.map((at, index) => {
      const offset = (this.#first + index - series.start) * width;
      return point(at, (column) => {
        const found = offset < 0 || offset >= series.length * width ? Number.NaN : (series.values[offset + column] ?? Number.NaN);
        return Number.isNaN(found) ? null : found;
      });
    });
  }

  /** One number of a key where it is known, oldest first: what is asked for at every judgement. */
  column(key: string, column: number): readonly { readonly at: number; readonly value: number }[] {
    const series = this.#series.get(key);
    const found: { readonly at: number; readonly value: number }[] = [];
    if (series === undefined) return found;
    const behind = series.start - this.#first;
    for (let index = Math.max(behind, 0); index < this.#times.length && index - behind < series.length; index++) {
      const value = series.values[(index - behind) * this.#width + column] ?? Number.NaN;
      if (!Number.isNaN(value)) found.push({ at: this.#times[index] ?? 0, value });
    }
    return found;
  }

  /** Drops the points of cycles before `before`, and tells the keys that have none left. */
  expire(before: number): readonly string[] {
    const width = this.#width;
    const gone = this.#times.findIndex((at) => at >= before);
    const drop = gone === -1 ? this.#times.length : gone;
    if (drop === 0) return [];
    this.#times = this.#times.slice(drop);
    this.#first += drop;
    const ended: string[] = [];
    for (const [key, series] of this.#series) {
      const stale = this.#first - series.start;
      if (stale >= series.length) {
        this.#series.delete(key);
        ended.push(key);
      } else if (stale > series.length / 2) {
        series.values = series.values.slice(stale * width, series.length * width);
        series.length -= stale;
        series.start = this.#first;
      }
    }
    return ended;
  }
}
