import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BufferPool } from '../../../src/core/analyze/buffer-pool.ts';
import {
  decodeRecords,
  decodeRecordsBackwards,
  RecordEncoder,
  type RecordHead,
  recordText,
} from '../../../src/core/analyze/record.ts';
import type { Level } from '../../../src/core/model/log-line.ts';

type Record = RecordHead & { readonly lines: readonly Buffer[] };

function encode(records: readonly Record[]): Buffer {
  const encoder = new RecordEncoder();
  for (const record of records) {
    const [first = Buffer.alloc(0), ...rest] = record.lines;
    encoder.begin(record, first, 0, first.length);
    for (const line of rest) encoder.addLine(line, 0, line.length);
  }
  return encoder.encoded();
}

function decode(bytes: Buffer, walk: typeof decodeRecords): Record[] {
  const records: Record[] = [];
  walk(bytes, (view) => {
    const { second, nanos, level, status, textStart, textEnd } = view;
    const lines = bytes.toString('latin1', textStart, textEnd).replaceAll('\n ', '\n').split('\n');
    records.push({ second, nanos, level, status, lines: lines.map((line) => Buffer.from(line, 'latin1')) });
    return undefined;
  });
  return records;
}

const line = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 ? 32 : byte))));
const record: fc.Arbitrary<Record> = fc.record(
  {
    second: fc.integer({ min: 0, max: 4_102_444_800 }),
    nanos: fc.integer({ min: 0, max: 999_999_999 }),
    level: fc.integer({ min: 0, max: 6 }).map((level) => level as Level),
    status: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 599 })),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
  },
  { noNullPrototype: true },
);

describe('stored records', () => {
  test('a stored record is readable text', () => {
    const second = Date.UTC(2026, 10, 21, 14) / 1000;
    const bytes = encode([
      { second, nanos: 5, level: 5, status: 503, lines: [Buffer.from('boom'), Buffer.from('  at x')] },
      { second: second + 60, nanos: 0, level: 0, status: 0, lines: [Buffer.from('')] },
    ]);
    assert.equal(bytes.toString(), '2026-11-21T14:00:00.000000005Z E503 boom\n   at x\n2026-11-21T14:01:00.000000000Z ---- \n');
  });

  test('records of any bytes come back as they were, in either direction', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const bytes = encode(records);
        assert.deepEqual(decode(bytes, decodeRecords), records);
        assert.deepEqual(decode(bytes, decodeRecordsBackwards), records.toReversed());
      }),
    );
  });

  test('the text of a stitched record has its lines joined', () => {
    const bytes = encode([{ second: 0, nanos: 0, level: 0, status: 0, lines: ['a', ' b', '', 'ü'].map((s) => Buffer.from(s)) }]);
    decodeRecords(bytes, (view) => {
      assert.equal(recordText(bytes, view), 'a\n b\n\nü');
      return undefined;
    });
  });

  test('a visitor that returns false ends the walk', () => {
    const one: Record = { second: 1, nanos: 0, level: 0, status: 0, lines: [Buffer.from('x')] };
    for (const walk of [decodeRecords, decodeRecordsBackwards]) {
      let seen = 0;
      walk(encode([one, one, one]), () => ++seen < 2);
      assert.equal(seen, 2);
    }
  });

  test('an encoder that was cleared begins anew, in a buffer that others may have had', () => {
    const pool = new BufferPool(64);
    const [one, other] = [new RecordEncoder(undefined, pool), new RecordEncoder(undefined, pool)];
    const head = { second: 1, nanos: 0, level: 1, status: 0 } as const;
    one.begin(head, Buffer.from('first'), 0, 5);
    const buffer = one.encoded().buffer;
    one.clear();
    assert.equal(one.length, 0);
    other.begin(head, Buffer.from('other'), 0, 5);
    assert.equal(other.encoded().buffer, buffer);
    assert.equal(other.encoded().includes('first'), false);
  });

  test('a record that is larger than the buffer is whole', () => {
    const encoder = new RecordEncoder(undefined, new BufferPool(64));
    const lines = Array.from({ length: 5 }, (_, index) => Buffer.from(String(index).repeat(50)));
    encoder.begin({ second: 1, nanos: 0, level: 1, status: 0 }, lines[0] ?? assert.fail(), 0, 50);
    for (const line of lines.slice(1)) encoder.addLine(line, 0, 50);
    assert.deepEqual(decode(encoder.encoded(), decodeRecords), [{ second: 1, nanos: 0, level: 1, status: 0, lines }]);
  });

  test('bytes that are not whole records are refused', () => {
    const good = encode([{ second: 1, nanos: 0, level: 0, status: 0, lines: [Buffer.from('x')] }]);
    for (const bad of [good.subarray(0, -1), good.subarray(1), Buffer.from('hello\n'), Buffer.from(' x\n')])
      for (const walk of [decodeRecords, decodeRecordsBackwards])
        assert.throws(() => walk(bad, () => undefined), /could not decode records/);
  });
});
