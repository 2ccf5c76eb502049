import { type Findings, type Literal, LiteralScanner, type NumberTest } from '../literal-scan.ts';
import type { Detector } from './detector.ts';

const MARK = 0x40;

/** Finds out which of many detectors have to look at a text. */
export class DetectorChooser {
  /** Of all detectors, each once. */
  readonly keywords: readonly Literal[];
  /** Whether a number may be a secret; `null`: none is. */
  readonly isNumber: NumberTest | null;
  readonly #scanner: LiteralScanner;
  /** Indexes of the detectors of each keyword. */
  readonly #owners: readonly (readonly number[])[];
  readonly #byMark: readonly { readonly index: number; readonly isMarked: NonNullable<Detector['isMarked']> }[];
  readonly #byNumber: readonly { readonly index: number; readonly isNumber: NumberTest }[];
  readonly #bySuspicion: readonly { readonly index: number; readonly next: NonNullable<Detector['nextSuspect']> }[];
  #block: Uint8Array | null = null;
  /** Nothing is suspect in `[#from, #next)` of the block. */
  #from = 0;
  #next = 0;
  readonly #isChosen: Uint8Array;

  constructor(detectors: readonly Detector[]) {
    const owners = new Map<string, { readonly literal: Literal; readonly indexes: number[] }>();
    for (const [index, { keywords }] of detectors.entries()) {
      for (const literal of keywords) {
        const key = JSON.stringify(literal);
        const entry = owners.get(key) ?? { literal, indexes: [] };
        entry.indexes.push(index);
        owners.set(key, entry);
      }
    }
    this.keywords = [...owners.values()].map(({ literal }) => literal);
    this.#owners = [...owners.values()].map(({ indexes }) => indexes);
    this.#byMark = detectors.flatMap(({ isMarked }, index) => (isMarked === undefined ? [] : [{ index, isMarked }]));
    this.#byNumber = detectors.flatMap(({ isNumber }, index) => (isNumber === undefined ? [] : [{ index, isNumber }]));
    const numbers = this.#byNumber;
    this.isNumber = numbers.length === 0 ? null : (bytes, at, end) => numbers.some(({ isNumber }) => isNumber(bytes, at, end));
    this.#scanner = new LiteralScanner(this.keywords, this.isNumber);
    this.#bySuspicion = detectors.flatMap(({ nextSuspect: next }, index) => (next === undefined ? [] : [{ index, next }]));
    this.#isChosen = new Uint8Array(detectors.length);
  }

  /** Whether a detector suspects `block[start, end)` although it may hold no keyword. The lines of a block that does not change cost little in their order. */
  isSuspect(block: Uint8Array, start: number, end: number): boolean {
    if (this.#bySuspicion.length === 0) return false;
    if (block !== this.#block || start < this.#from || start > this.#next) {
      this.#block = block;
      this.#from = start;
      this.#next = block.length;
      for (const { next } of this.#bySuspicion) this.#next = Math.min(this.#next, next(block, start, block.length));
    }
    return this.#next < end;
  }

  /** The indexes of the detectors that have to look at `bytes[start, end)`, in order. `findings`: of a scanner whose first literals are the keywords. */
  choose(bytes: Buffer, start: number, end: number, findings: Findings = this.#find(bytes, start, end)): readonly number[] {
    const chosen: number[] = [];
    const take = (index: number) => {
      if (this.#isChosen[index] === 1) return;
      this.#isChosen[index] = 1;
      chosen.push(index);
    };
    for (let i = 0; i < findings.count; i++) for (const index of this.#owners[findings.found[i] ?? 0] ?? []) take(index);
    if (findings.hasNumber) for (const { index } of this.#byNumber) take(index);
    for (const { index, isMarked } of this.#byMark) if (hasMark(bytes, start, end, isMarked)) take(index);
    for (const each of this.#bySuspicion) if (each.next(bytes, start, end) < end) take(each.index);
    for (const index of chosen) this.#isChosen[index] = 0;
    return chosen.length > 1 ? chosen.sort((a, b) => a - b) : chosen;
  }

  #find(bytes: Buffer, start: number, end: number): Findings {
    this.#scanner.scan(bytes, start, end);
    return this.#scanner;
  }
}

function hasMark(bytes: Buffer, start: number, end: number, isMarked: NonNullable<Detector['isMarked']>): boolean {
  const line = bytes.subarray(start, end);
  let from = 0;
  for (let at = line.indexOf(MARK); at !== -1; at = line.indexOf(MARK, from)) {
    if (isMarked(line, at, from)) return true;
    from = at + 1;
  }
  return false;
}
