import { type LineValue, type LineValueId, lineValueId } from '../model/line-value.ts';
import { fieldPresence } from './fields/field-test.ts';
import { isRequestField } from './fields/request-field.ts';
import { valueIn } from './fields/value-in.ts';
import type { Literal } from './literal-scan.ts';

/** A finished record. */
interface ReadRecord {
  readonly status: number;
  readonly text: () => string;
  /** By value index: not 0 when one of its literals occurred in the record. */
  readonly named: Uint8Array;
}

interface Wanted {
  readonly value: LineValue;
  /** A record may have it without a literal, at all or when it has a status. */
  readonly anyway: boolean;
  readonly ofRequests: boolean;
}

/** Reads the numbers whose distributions rules judge. */
export class ValueReader {
  readonly ids: readonly LineValueId[];
  /** Names of fields as lines write them; `valueOf[i]` is the index of the value that literal i belongs to. */
  readonly literals: readonly Literal[];
  readonly valueOf: readonly number[];
  readonly #wanted: readonly Wanted[];

  constructor(values: readonly LineValue[]) {
    const wanted = new Map(values.map((value) => [lineValueId(value), value]));
    this.ids = [...wanted.keys()];
    const named = [...wanted.values()].map((value) => ({ value, literals: fieldPresence(value.field).required[0] ?? [] }));
    this.#wanted = named.map(({ value, literals }) => ({
      value,
      anyway: literals.length === 0,
      ofRequests: isRequestField(value.field),
    }));
    this.literals = named.flatMap(({ literals }) => literals);
    this.valueOf = named.flatMap(({ literals }, index) => literals.map(() => index));
  }

  /** Calls `found` with the index (in `ids`) and the number of every value that the record has. */
  read(record: ReadRecord, found: (index: number, value: number) => void): void {
    for (let index = 0; index < this.#wanted.length; index++) {
      const wanted = this.#wanted[index];
      if (wanted === undefined) continue;
      const mayHave = wanted.anyway || record.named[index] !== 0 || (wanted.ofRequests && record.status !== 0);
      if (!mayHave) continue;
      const number = valueIn({ text: record.text(), status: record.status }, wanted.value);
      if (number !== null) found(index, number);
    }
  }
}
