import type { FedLine } from './feed-lines.ts';
import { linesOfFile } from './log-file.ts';
import { type FileLine, readFileLine } from './log-form.ts';
import { type LogOrigin, originOfFile, originOfPod } from './log-origin.ts';

/** Lines in a row of one container. */
export interface LogBatch {
  readonly origin: LogOrigin;
  readonly lines: readonly FedLine[];
}

/** Parts of one line are put together up to here, in characters. */
const LONGEST_RECORD = 4 * 1024 * 1024;

/** Which lines are read, epoch milliseconds. */
export interface ReadSpan {
  readonly from: number;
  readonly to: number;
  /** No log has a later time: one that stands in a line is no time of it. */
  readonly latest: number;
}

/** Reads a log file line by line, as far as it is asked to. Lines are taken in the order of the file; one that is older than those before counts as theirs. */
export class LogReader {
  readonly #lines: AsyncIterator<string>;
  readonly #origin: LogOrigin;
  readonly #span: ReadSpan;
  #next: { readonly origin: LogOrigin; readonly line: FedLine } | null = null;
  #newest = Number.NEGATIVE_INFINITY;
  /** Parts of a line whose end has not come. */
  #begun: FileLine | null = null;

  private constructor(path: string, span: ReadSpan) {
    this.#lines = linesOfFile(path)[Symbol.asyncIterator]();
    this.#origin = originOfFile(path);
    this.#span = span;
  }

  /** Rejects when the file cannot be read. */
  static async open(path: string, span: ReadSpan): Promise<LogReader> {
    const reader = new LogReader(path, span);
    await reader.#advance();
    return reader;
  }

  /** When the next line was written, epoch milliseconds; `null` at the end. */
  get nextAt(): number | null {
    return this.#next === null ? null : this.#newest;
  }

  /** At most `most` lines of one container from before `end`; `null` when there is none. */
  async take(end: number, most: number): Promise<LogBatch | null> {
    const first = this.#next;
    if (first === null || this.#newest >= end) return null;
    const lines: FedLine[] = [];
    while (this.#next !== null && this.#newest < end && lines.length < most && this.#next.origin === first.origin) {
      lines.push(this.#next.line);
      await this.#advance();
    }
    return { origin: first.origin, lines };
  }

  async #advance(): Promise<void> {
    for (let read = await this.#lines.next(); read.done !== true; read = await this.#lines.next()) {
      const line = this.#dated(read.value);
      const whole = line === null ? null : this.#joined(line);
      if (whole?.partial === true) continue;
      const next = whole ?? this.#continued(read.value);
      if (next === null) continue;
      const at = next.second * 1000 + Math.floor(next.nanos / 1e6);
      if (at < this.#span.from) continue;
      if (at >= this.#span.to) break;
      this.#newest = Math.max(this.#newest, at);
      this.#next = { origin: this.#originOf(next), line: { second: next.second, nanos: next.nanos, text: next.text } };
      return;
    }
    this.#next = null;
  }

  #dated(text: string): FileLine | null {
    const line = readFileLine(text);
    return line === null || line.second * 1000 > this.#span.latest ? null : line;
  }

  /** The line with the parts before it, which have its time; partial while more must come. */
  #joined(line: FileLine): FileLine {
    const joined = this.#begun === null ? line : { ...this.#begun, text: this.#begun.text + line.text, partial: line.partial };
    const isPartial = joined.partial && joined.text.length < LONGEST_RECORD;
    this.#begun = isPartial ? joined : null;
    return { ...joined, partial: isPartial };
  }

  /** A line without a time belongs to the one before; at the beginning of a file to nothing. */
  #continued(text: string): FileLine | null {
    const before = this.#next?.line;
    return before === undefined ? null : { ...before, text, partial: false };
  }

  #originOf({ namespace, kind, workload, pod, container }: FileLine): LogOrigin {
    if (pod === undefined || container === undefined) return this.#origin;
    const key = `${namespace}/${pod}/${container}`;
    let origin = this.#known.get(key);
    if (origin === undefined) {
      const guessed = originOfPod(namespace ?? this.#origin.workload.namespace, pod, container);
      const isNamed = namespace !== undefined && kind !== undefined && workload !== undefined;
      origin = isNamed ? { ...guessed, workload: { namespace, kind, name: workload } } : guessed;
      this.#known.set(key, origin);
    }
    return origin;
  }

  /** One object per container, so that lines in a row are known by it. */
  readonly #known = new Map<string, LogOrigin>();
}
