import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { both, containing, matching } from '../../../../src/core/analyze/matching/text-filter.ts';
import { compilePattern } from '../../../../src/core/analyze/pattern.ts';
import { decodeRecords, RecordEncoder, recordText } from '../../../../src/core/analyze/record.ts';
import type { TextFilter } from '../../../../src/core/model/line-query.ts';

const encode = (texts: readonly Buffer[]): Buffer => {
  const encoder = new RecordEncoder();
  for (const text of texts) {
    const lines: Buffer[] = [];
    for (let start = 0; start <= text.length; ) {
      const end = text.indexOf(10, start);
      lines.push(text.subarray(start, end === -1 ? text.length : end));
      start = (end === -1 ? text.length : end) + 1;
    }
    for (const [index, line] of lines.entries()) {
      if (index === 0) encoder.begin({ second: 1_790_000_000, nanos: 0, level: 3, status: 0 }, line, 0, line.length);
      else encoder.addLine(line, 0, line.length);
    }
  }
  return encoder.encoded();
};

/** The texts that a filter takes: when every record is decoded, and when blocks and records that cannot hold any are left out. */
function taken(filter: TextFilter, block: Buffer): { readonly all: readonly string[]; readonly quick: readonly string[] } {
  const [all, quick]: [string[], string[]] = [[], []];
  const mayHold = filter.mayHold(block, 0, block.length);
  decodeRecords(block, (record) => {
    const text = recordText(block, record);
    const answer = filter.matchesEncoded(block, record.textStart, record.textEnd);
    if (answer !== null) assert.equal(answer, filter.matches(text));
    if (!filter.matches(text)) return true;
    all.push(text);
    if (mayHold && filter.mayHold(block, record.textStart, record.textEnd)) quick.push(text);
    return true;
  });
  return { all, quick };
}

const filters = fc.oneof(
  fc
    .array(fc.constantFrom('a', 'B', ' ', 'é', '\n', '\ufffd', '.', 'k'), { minLength: 1, maxLength: 4 })
    .map((parts) => containing(parts.join(''))),
  fc
    .constantFrom('abB', '(?i)aab', 'a.*B', 'é é', '(ab|Ba|aé)+k', '^ a', 'a\\nB', '(?s)aa.BB', '\ufffd', 'a{3}', 'BBB|kkk', '$')
    .map((source) => matching(compilePattern(source))),
);

test('what bytes cannot hold no text holds, whatever the text', () => {
  const texts = fc.array(
    fc
      .array(fc.constantFrom('a', 'B', ' ', 'é', '\n', '\xff', 'k', 'ab', 'BB'), { maxLength: 12 })
      .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part, part === '\xff' ? 'latin1' : 'utf8')))),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(filters, texts, (filter, said) => {
      const { all, quick } = taken(filter, encode(said));
      assert.deepEqual(quick, all);
    }),
    { numRuns: 2_000 },
  );
});

test('a block without a literal of the pattern is passed over undecoded', () => {
  const block = encode([Buffer.from('one order was paid'), Buffer.from('two orders wait')]);
  for (const source of ['refused', '(?i)Timeout', 'order.*cancelled', 'refused|broken'])
    assert.equal(matching(compilePattern(source)).mayHold(block, 0, block.length), false, source);
  assert.equal(matching(compilePattern('ORDER')).mayHold(block, 0, block.length), false);
  assert.equal(matching(compilePattern('(?i)ORDER')).mayHold(block, 0, block.length), true);
});

test('a pattern looks at the first 16 KiB of a text, a plain text at all of it', () => {
  const text = `${'.'.repeat(20_000)}end`;
  assert.equal(matching(compilePattern('end')).matches(text), false);
  assert.equal(containing('end').matches(text), true);
});

test('a short record needs no decoding for a pattern, a longer one does', () => {
  const filter = matching(compilePattern('paid$'));
  const long = Buffer.from(`${'.'.repeat(20_000)}paid`);
  assert.equal(filter.matchesEncoded(long, 0, 20_004), null);
  assert.equal(filter.matchesEncoded(long, 19_990, 20_004), true);
  assert.equal(filter.matchesEncoded(long, 19_990, 20_003), false);
});

test('of two filters both must hold', () => {
  const filter = both(containing('order'), matching(compilePattern('paid$')));
  const { quick } = taken(filter, encode([Buffer.from('order 1 paid'), Buffer.from('order 2'), Buffer.from('bill paid')]));
  assert.deepEqual(quick, ['order 1 paid']);
});
