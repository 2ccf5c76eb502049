import { type Literal, LiteralScanner } from './literal-scan.ts';

/** Keeps the scanner of the newest literals: dealing them takes longer than reading what a targeted cycle reads. */
export class ScannerCache {
  #key = '';
  #scanner: LiteralScanner | null = null;

  /** The same scanner for the same literals. It may look at the lines of several analyses in turns. */
  scannerFor(literals: readonly Literal[]): LiteralScanner {
    const key = JSON.stringify(literals);
    if (this.#scanner === null || key !== this.#key) this.#scanner = new LiteralScanner(literals);
    this.#key = key;
    return this.#scanner;
  }
}
