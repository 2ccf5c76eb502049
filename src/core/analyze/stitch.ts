import type { Level } from '../model/log-line.ts';
import { DIGITS, LETTERS } from './formats/format.ts';
import { beginsWith } from './formats/head/word.ts';

/** The most lines of one record. */
export const MAX_RECORD_LINES = 256;
/** Seconds between a line and the one before it, above which they do not belong together. */
const MAX_GAP = 5;
/** Nanoseconds within which a trace follows the line that reports it. */
const TRACE_GAP = 100_000_000;

const SPACE = 0x20;
const EXCEPTION = /^[A-Za-z_$]\w*[.$][\w.$]*?(?:Exception|Error|Throwable)\b|^[A-Z]\w*(?:Exception|Error): /;
const PYTHON_EXCEPTION = /^[A-Za-z_][\w.]*(?:$|: )/;
const PYTHON_LINK = /^(?:During handling of the above exception|The above exception was the direct cause)/;
const GO_FRAME =
  /^(?:goroutine \d+ \[|created by |\[signal |panic: |exit status \d|r[a-z0-9]{1,5} +0x|[^\s(]+\(.*\)$|\[?(?:recovered|originating))/;
const GO_HEAD = /^(?:panic: |fatal error: |goroutine \d+ \[)/;

/** The bytes with which a part of a record can begin whatever the record is: a blank, `Caused by`, `Suppressed`, `...`, `at`, a bracket. */
const BEGINS_PART = new Uint8Array(256);
for (const byte of Buffer.from(' \tCS.a}]', 'latin1')) BEGINS_PART[byte] = 1;
/** What the names of exceptions have. */
const IN_NAME = new Uint8Array(256);
for (const byte of Buffer.from(`${LETTERS}${DIGITS}_$.`, 'latin1')) IN_NAME[byte] = 1;

/** What kind of trace the open record is in. */
type Trace = 'none' | 'python' | 'python_end' | 'go';

/** Tells which lines of one container go on the record before them. */
export class Stitcher {
  #lines = 0;
  #bytes = 0;
  #trace: Trace = 'none';
  #second = 0;
  #nanos = 0;
  #level: Level = 0;
  #wasIndented = false;
  readonly #maxBytes: number;

  /** `maxBytes` bounds one record. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** A new record has begun with this line. */
  begin(
    bytes: Buffer,
    start: number,
    end: number,
    head: { readonly second: number; readonly nanos: number; readonly level: Level },
  ): void {
    this.#lines = 1;
    this.#bytes = end - start;
    this.#second = head.second;
    this.#nanos = head.nanos;
    this.#level = head.level;
    this.#wasIndented = false;
    const first = bytes[start];
    this.#trace = 'none';
    if (first === 0x54 && beginsWith(bytes, start, end, 'Traceback (most')) this.#trace = 'python';
    else if ((first === 0x70 || first === 0x66 || first === 0x67) && GO_HEAD.test(headOf(bytes, start, end))) this.#trace = 'go';
  }

  /** Whether the line belongs to the record that was begun last; if so it counts as its part from now on. */
  continues(bytes: Buffer, start: number, end: number, second: number, nanos: number): boolean {
    // Nearly every line: no trace is open, and it begins like no part of one.
    if (this.#level < 4 && this.#trace === 'none' && start < end && BEGINS_PART[bytes[start] ?? 0] === 0) {
      this.#wasIndented = false;
      return false;
    }
    if (this.#lines === 0 || this.#lines >= MAX_RECORD_LINES || this.#bytes + end - start > this.#maxBytes) return false;
    const gap = second - this.#second;
    if (gap > MAX_GAP || gap < -MAX_GAP || !this.#belongs(bytes, start, end, second, nanos)) return false;
    this.#lines++;
    this.#bytes += end - start;
    this.#second = second;
    this.#nanos = nanos;
    return true;
  }

  #belongs(bytes: Buffer, start: number, end: number, second: number, nanos: number): boolean {
    if (start === end) return this.#trace === 'go' || this.#trace === 'python_end';
    const first = bytes[start] ?? 0;
    if (first === SPACE || first === 0x09) {
      this.#wasIndented = true;
      return true;
    }
    const wasIndented = this.#wasIndented;
    this.#wasIndented = false;
    if (this.#trace !== 'none' && this.#continuesTrace(bytes, start, end)) return true;
    switch (first) {
      case 0x43: // C
        if (beginsWith(bytes, start, end, 'Caused by: ')) return true;
        break;
      case 0x53: // S
        if (beginsWith(bytes, start, end, 'Suppressed: ')) return true;
        break;
      case 0x2e: // .
        return /^\.\.\. \d+ (?:more|common frames omitted)/.test(headOf(bytes, start, end));
      case 0x61: // a
        if (beginsWith(bytes, start, end, 'at ') && /^at [^\s(]+ ?\(.*\)$/.test(headOf(bytes, start, end))) return true;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        return wasIndented && end - start <= 3;
      default:
    }
    return this.#level >= 4 && this.#lines === 1 && this.#isPrompt(second, nanos) && this.#beginsTrace(bytes, start, end);
  }

  #isPrompt(second: number, nanos: number): boolean {
    const gap = (second - this.#second) * 1e9 + nanos - this.#nanos;
    return gap >= 0 && gap < TRACE_GAP;
  }

  /** A trace below the line that reports it. */
  #beginsTrace(bytes: Buffer, start: number, end: number): boolean {
    if (!mayBeginTrace(bytes, start, end)) return false;
    const head = headOf(bytes, start, end);
    if (head.startsWith('Traceback (most')) this.#trace = 'python';
    else if (/^goroutine \d+ \[/.test(head)) this.#trace = 'go';
    else return EXCEPTION.test(head);
    return true;
  }

  #continuesTrace(bytes: Buffer, start: number, end: number): boolean {
    const head = headOf(bytes, start, end);
    switch (this.#trace) {
      case 'python':
        this.#trace = PYTHON_EXCEPTION.test(head) ? 'python_end' : 'none';
        return this.#trace === 'python_end';
      case 'python_end':
        if (head.startsWith('Traceback (most')) this.#trace = 'python';
        else if (!PYTHON_LINK.test(head)) this.#trace = 'none';
        return this.#trace !== 'none';
      case 'go':
        if (!GO_FRAME.test(head)) this.#trace = 'none';
        return this.#trace === 'go';
      case 'none':
        return false;
      default:
        return this.#trace satisfies never;
    }
  }
}

/** A cheaper look: `Traceback`, `goroutine`, or a name with the `E` of `Exception` and `Error` or the `T` of `Throwable` behind its first letter. */
function mayBeginTrace(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  if (first === 0x54 || first === 0x67) return true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (IN_NAME[byte] === 0) return false;
    if ((byte === 0x45 || byte === 0x54) && i > start) return true;
  }
  return false;
}

function headOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, Math.min(end, start + 300));
}
