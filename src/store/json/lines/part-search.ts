import { decodeRecords, type RecordView, recordText } from '../../../core/analyze/record.ts';
import type { LineQuery } from '../../../core/model/line-query.ts';
import type { FoundLine } from './found-lines.ts';
import type { SegmentPart } from './search-plan.ts';

/** The search through what is wanted of one segment; it can be interrupted. */
export class PartSearch {
  readonly #part: SegmentPart;
  readonly #frame: Buffer;
  readonly #query: LineQuery;
  /** Where it goes on within the segment, and the latest time before that. */
  #start: number;
  #second: number;
  #nanos: number;

  constructor(part: SegmentPart, frame: Buffer, query: LineQuery) {
    this.#part = part;
    this.#frame = frame;
    this.#query = query;
    this.#start = part.start;
    this.#second = part.carrySecond;
    this.#nanos = part.carryNanos;
  }

  /** Finds lines until the end of the part (true), or until a time of `performance.now()` (false). Throws an Error when the bytes are not whole records. */
  run(found: (line: FoundLine) => void, until: number): boolean {
    const begin = this.#start;
    const bytes = this.#frame.subarray(this.#part.offset + begin, this.#part.offset + this.#part.end);
    let isLate = false;
    decodeRecords(bytes, (record) => {
      if (isLate) return false;
      this.#start = begin + record.end;
      if (record.second > this.#second || (record.second === this.#second && record.nanos > this.#nanos)) {
        this.#second = record.second;
        this.#nanos = record.nanos;
      }
      const matches = this.#matches(record, begin);
      if (matches === false) return true;
      const text = recordText(bytes, record);
      if (matches || this.#query.text?.matches(text) !== false) found(this.#lineOf(record, begin, text));
      isLate = performance.now() > until;
      return true;
    });
    return this.#start >= this.#part.end;
  }

  /** `null`: its text has to be decoded to know. */
  #matches({ level, second, nanos, textStart, textEnd }: RecordView, begin: number): boolean | null {
    const { minLevel, from, to, text } = this.#query;
    if (level < minLevel) return false;
    const at = second * 1000 + Math.floor(nanos / 1e6);
    if (at < from || at >= to) return false;
    const base = this.#part.offset + begin;
    if (text === null) return true;
    const [first, last] = [base + textStart, base + textEnd];
    return text.mayHold(this.#frame, first, last) && text.matchesEncoded(this.#frame, first, last);
  }

  #lineOf(record: RecordView, begin: number, text: string): FoundLine {
    const { second, nanos, level, status } = record;
    return {
      line: { second, nanos, ref: this.#part.ref, level, status, text },
      part: this.#part,
      start: begin + record.start,
      end: begin + record.end,
      second: this.#second,
      nanos: this.#nanos,
    };
  }
}
