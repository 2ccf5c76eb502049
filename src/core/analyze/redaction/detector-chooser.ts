import { type Findings, type Literal, LiteralScanner, type NumberTest } from '../literal-scan.ts';
import { Occurrence } from '../occurrence.ts';
import type { Detector } from './detector.ts';

/** One byte that a password in a URL has behind it, and an e-mail address in it. */
const MARK = '@';
const BITS = 32;

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
  /** For lines in their order, and for those of them that are looked at. */
  readonly #marks: Occurrence;
  readonly #mark: Occurrence;
  /** A bit for each detector that is chosen. */
  readonly #chosen: Uint32Array;

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
    this.#marks = new Occurrence(this.#byMark.length > 0 ? MARK : '');
    this.#mark = new Occurrence(this.#byMark.length > 0 ? MARK : '');
    this.#byNumber = detectors.flatMap(({ isNumber }, index) => (isNumber === undefined ? [] : [{ index, isNumber }]));
    const numbers = this.#byNumber;
    this.isNumber = numbers.length === 0 ? null : (bytes, at, end) => numbers.some(({ isNumber }) => isNumber(bytes, at, end));
    this.#scanner = new LiteralScanner(this.keywords, this.isNumber);
    this.#bySuspicion = detectors.flatMap(({ nextSuspect: next }, index) => (next === undefined ? [] : [{ index, next }]));
    this.#chosen = new Uint32Array(Math.ceil(detectors.length / BITS));
  }

  /** Whether a detector suspects `block[start, end)` although it may hold no keyword. The lines of a block that does not change cost little in their order. */
  isSuspect(block: Buffer, start: number, end: number): boolean {
    if (this.#marks.within(block, start, end)) return true;
    return this.#bySuspicion.length > 0 && this.#isNext(block, start, end);
  }

  #isNext(block: Buffer, start: number, end: number): boolean {
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
    for (let i = 0; i < findings.count; i++) {
      const owners = this.#owners[findings.found[i] ?? 0] ?? [];
      for (let owner = 0; owner < owners.length; owner++) this.#take(owners[owner] ?? 0);
    }
    if (findings.hasNumber) for (const { index } of this.#byNumber) this.#take(index);
    if (this.#mark.within(bytes, start, end)) this.#takeMarked(bytes, start, end);
    for (const each of this.#bySuspicion) if (each.next(bytes, start, end) < end) this.#take(each.index);
    return this.#taken();
  }

  #take(index: number): void {
    const word = Math.floor(index / BITS);
    this.#chosen[word] = (this.#chosen[word] ?? 0) | (1 << (index % BITS));
  }

  #takeMarked(bytes: Buffer, start: number, end: number): void {
    const line = bytes.subarray(start, end);
    for (const { index, isMarked } of this.#byMark) if (hasMark(line, isMarked)) this.#take(index);
  }

  /** What was taken, which is forgotten. */
  #taken(): readonly number[] {
    const taken: number[] = [];
    for (let word = 0; word < this.#chosen.length; word++) {
      for (let left = this.#chosen[word] ?? 0; left !== 0; left &= left - 1)
        taken.push(word * BITS + BITS - 1 - Math.clz32(left & -left));
      this.#chosen[word] = 0;
    }
    return taken;
  }

  #find(bytes: Buffer, start: number, end: number): Findings {
    this.#scanner.scan(bytes, start, end);
    return this.#scanner;
  }
}

function hasMark(line: Buffer, isMarked: NonNullable<Detector['isMarked']>): boolean {
  let from = 0;
  for (let at = line.indexOf(MARK); at !== -1; at = line.indexOf(MARK, from)) {
    if (isMarked(line, at, from)) return true;
    from = at + 1;
  }
  return false;
}
