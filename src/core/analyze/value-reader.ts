import { type LineValue, type LineValueId, lineValueId } from '../model/line-value.ts';
import { fieldPresence } from './fields/field-test.ts';
import { isRequestField } from './fields/request-field.ts';
import { valueIn } from './fields/value-in.ts';

/** A finished record: its text lies in the encoder. */
interface ReadRecord {
  readonly status: number;
  readonly text: () => string;
}

interface Wanted {
  readonly value: LineValue;
  /** One of these occurs in a record that has a key of that name. */
  readonly literals: readonly Buffer[];
  readonly ofRequests: boolean;
}

/** Reads the numbers whose distributions rules judge. */
export class ValueReader {
  readonly ids: readonly LineValueId[];
  readonly #wanted: readonly Wanted[];

  constructor(values: readonly LineValue[]) {
    const wanted = new Map(values.map((value) => [lineValueId(value), value]));
    this.ids = [...wanted.keys()];
    this.#wanted = [...wanted.values()].map((value) => ({
      value,
      literals: (fieldPresence(value.field).required[0] ?? []).map(({ text }) => Buffer.from(text)),
      ofRequests: isRequestField(value.field),
    }));
  }

  /** Calls `found` with the index (in `ids`) and the number of every value that the record has. */
  read(
    record: ReadRecord,
    { bytes, textStart, length }: { readonly bytes: Buffer; readonly textStart: number; readonly length: number },
    found: (index: number, value: number) => void,
  ): void {
    const text = bytes.subarray(textStart, length);
    for (const [index, { value, literals, ofRequests }] of this.#wanted.entries()) {
      const mayHave =
        (ofRequests && record.status !== 0) || literals.length === 0 || literals.some((each) => text.includes(each));
      if (!mayHave) continue;
      const number = valueIn({ text: record.text(), status: record.status }, value);
      if (number !== null) found(index, number);
    }
  }
}
