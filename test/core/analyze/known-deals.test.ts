import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { LiteralScanner } from '../../../src/core/analyze/literal-scan.ts';
import { createRedactor } from '../../../src/core/analyze/redact.ts';
import { knownDeal } from '../../../src/core/analyze/scan/known-deals.ts';
import { dealLiterals } from '../../../src/core/analyze/scan/literal-buckets.ts';
import { BUCKETS, passOver } from '../../../src/core/analyze/scan/literal-filter.ts';
import { PLACES } from '../../../src/core/analyze/scan/literal-program.ts';

const { keywords } = createRedactor(['default']);

describe('keywords that are dealt ahead', () => {
  test('hardly any keyword has to be dealt at the start', () => {
    const unknown = keywords.filter((keyword) => knownDeal(keyword) === undefined);
    assert.ok(unknown.length <= 30, `run "npm run deal-keywords": ${unknown.length} keywords are not dealt ahead`);
  });

  test('every keyword is found where it stands', () => {
    const scanner = new LiteralScanner(keywords);
    const lines = keywords.map(({ text, before = ' ', behind = [''] }) => `so ${before[0]}${text}${behind.at(-1)} it is`);
    const block = Buffer.from(lines.join('\n'));
    let start = 0;
    for (const [index, line] of lines.entries()) {
      const end = start + Buffer.byteLength(line);
      scanner.scan(block, start, end);
      assert.ok(scanner.found.subarray(0, scanner.count).includes(index), line);
      start = end + 1;
    }
  });

  test('whatever is said of a literal, it passes', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abKS=: %'), minLength: 3, maxLength: 8 });
    const deal = fc.option(fc.record({ bucket: fc.nat({ max: BUCKETS - 1 }), offset: fc.nat({ max: 9 }) }), { nil: undefined });
    const dealt = fc.array(fc.tuple(word, deal), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(dealt, fc.nat(), (literals, multiplier) => {
        const { tables, parts } = dealLiterals(
          literals.map(([text]) => [...Buffer.from(text)].map((byte) => [byte])),
          literals.map(([, known]) => known),
          multiplier * 2 + 1,
        );
        for (const [index, [text]] of literals.entries()) {
          const { places, count } = passOver(tables, false, Buffer.from(`..${text}..`), 0);
          const begins = [...places.subarray(0, count)].map((end) => end - PLACES + 1 - (parts[index]?.offset ?? 0));
          assert.ok(begins.includes(2), text);
        }
      }),
      { numRuns: 200 },
    );
  });
});
