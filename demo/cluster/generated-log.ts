import { type LogQuery, type LogSource, nanoTime } from './log-file.ts';

export interface GeneratedLogOptions {
  readonly now: () => number;
  /** Epoch milliseconds of the first line. */
  readonly from: number;
  /** Bytes that are written in every `spanMs`. */
  readonly bytes: number;
  readonly spanMs: number;
}

/** Bytes of every line with its timestamp and newline. */
const LINE_BYTES = 256;
const MAX_KEPT = 8;

/**
 * A log that is a pure function of time, shared by any number of containers: a steady flow of JSON lines, the same answer to the same question.
 * The last answers are kept, so that serving thousands of containers costs one rendering.
 */
export class GeneratedLog implements LogSource {
  readonly #options: GeneratedLogOptions;
  readonly #interval: number;
  readonly #kept = new Map<string, Buffer>();

  constructor(options: GeneratedLogOptions) {
    this.#options = options;
    this.#interval = options.spanMs / Math.max(1, Math.round(options.bytes / LINE_BYTES));
  }

  read(query: LogQuery): Buffer {
    const { from, now } = this.#options;
    const end = Math.floor((now() - from) / this.#interval) + 1;
    const since = query.since === null ? 0 : Math.ceil((Number(query.since / 1_000_000n) - from) / this.#interval);
    const start = Math.max(0, since, query.tailLines === null ? 0 : end - query.tailLines);
    const key = `${start}/${end}/${query.timestamps}`;
    let body = this.#kept.get(key);
    if (body === undefined) {
      body = Buffer.from(
        Array.from({ length: Math.max(0, end - start) }, (_, index) => this.#line(start + index, query)).join(''),
      );
      this.#kept.set(key, body);
      if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
    }
    return query.limitBytes === null ? body : body.subarray(0, query.limitBytes);
  }

  #line(index: number, query: LogQuery): string {
    const at = nanoTime(BigInt(Math.round(this.#options.from + index * this.#interval)) * 1_000_000n, 'Z');
    const level = index % 50 === 49 ? 'error' : index % 10 === 9 ? 'warn' : 'info';
    const text = `{"level":"${level}","msg":"request handled","path":"/api/items/${index}","status":${level === 'error' ? 502 : 200},"ms":${index % 90}`;
    const padding = 'x'.repeat(Math.max(0, LINE_BYTES - at.length - 2 - text.length - '","trace":"'.length - 1));
    return `${query.timestamps ? `${at} ` : ''}${text},"trace":"${padding}"}\n`;
  }
}
