import { LineHeads } from './line-heads.ts';
import { loadLineProgram, PADDING, RECORD_BYTES, WINDOW, WINDOW_BYTES } from './scan/line-program.ts';

/** Looks at blocks of lines, window by window. */
export class LineScan {
  /** Words for each line of the last window; see line-program.ts. */
  readonly records: Int32Array;
  readonly heads: LineHeads;
  readonly #memory: Uint8Array;
  readonly #scan: (length: number) => number;

  constructor() {
    const { buffer, records, scan, lookUp } = loadLineProgram();
    this.records = records;
    this.heads = new LineHeads({ buffer, lookUp });
    this.#memory = new Uint8Array(buffer);
    this.#scan = scan;
  }

  /** Looks at the lines that begin at `from` and behind it, as far as one window gets; answers how many of them end there. */
  look(bytes: Buffer, from: number): number {
    const end = Math.min(from + WINDOW_BYTES, bytes.length);
    this.#memory.set(bytes.subarray(from, end), WINDOW);
    this.#memory.fill(0, WINDOW + end - from, WINDOW + end - from + PADDING);
    this.heads.scanned();
    return this.#scan(end - from) / RECORD_BYTES;
  }
}

/** The only one of the process: every WebAssembly memory reserves gigabytes of address space, and what a program's lines begin with is the same for all. */
let shared: LineScan | null = null;

export function lineScan(): LineScan {
  shared ??= new LineScan();
  return shared;
}
