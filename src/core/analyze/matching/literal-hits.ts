import type { Findings } from '../literal-scan.ts';
import type { ValueReader } from '../value-reader.ts';
import type { MatcherSet } from './matcher-set.ts';

/** What the literals that occur in one record tell of patterns and values; used again for the next one. */
export class LiteralHits {
  /** By pattern: a bit for each part of it of which a literal occurred. */
  readonly parts: Uint8Array;
  /** By value: 1 when its name occurred. */
  readonly named: Uint8Array;
  /** The patterns that have a bit, in `touched[0, count)`: few of many. */
  readonly touched: Uint16Array;
  count = 0;
  readonly #partsOf: MatcherSet['partsOf'];
  readonly #valueOf: ValueReader['valueOf'];
  #hasNames = false;

  constructor({ patterns, partsOf }: Pick<MatcherSet, 'patterns' | 'partsOf'>, values?: Pick<ValueReader, 'ids' | 'valueOf'>) {
    this.parts = new Uint8Array(patterns);
    this.touched = new Uint16Array(patterns);
    this.named = new Uint8Array(values?.ids.length ?? 0);
    this.#partsOf = partsOf;
    this.#valueOf = values?.valueOf ?? [];
  }

  /** Takes what a scanner found whose literals are `others`, then those of the patterns, then those of the values. */
  note({ found, count }: Pick<Findings, 'found' | 'count'>, others = 0): void {
    for (let i = 0; i < count; i++) {
      const literal = (found[i] ?? 0) - others;
      if (literal < 0) continue;
      const parts = this.#partsOf[literal];
      if (parts === undefined) this.#noteName(literal - this.#partsOf.length);
      else for (const { pattern, bit } of parts) this.#notePart(pattern, bit);
    }
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.parts[this.touched[i] ?? 0] = 0;
    this.count = 0;
    if (this.#hasNames) this.named.fill(0);
    this.#hasNames = false;
  }

  #notePart(pattern: number, bit: number): void {
    const known = this.parts[pattern] ?? 0;
    if (known === 0) this.touched[this.count++] = pattern;
    this.parts[pattern] = known | bit;
  }

  #noteName(literal: number): void {
    this.named[this.#valueOf[literal] ?? 0] = 1;
    this.#hasNames = true;
  }
}
