import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Classifier } from '../../../src/core/analyze/classifier.ts';
import { marksIn } from '../../../src/core/analyze/scan/line-marks.ts';

const LINES = globSync('test/fixtures/formats/*.jsonl').flatMap(
  (file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { text: string }).text), // the fixtures are part of this suite
);
const WORDS = [
  'TRACE',
  'DEBUG',
  'INFO',
  'WARN',
  'ERROR',
  'FATAL',
  'info',
  'error',
  'Information',
  'status=503',
  ' ',
  '',
  '- ',
  '"',
];

/** Like the line, but for its digits and one word. */
const variant = fc
  .record({
    line: fc.constantFrom(...LINES),
    digit: fc.integer({ min: 0, max: 9 }),
    from: fc.constantFrom(...WORDS),
    to: fc.constantFrom(...WORDS),
    isSame: fc.boolean(),
  })
  .map(({ line, digit, from, to, isSame }) => {
    const other = line.replace(/\d/g, (one) => String((Number(one) + digit) % 10));
    return isSame || from === '' ? other : other.replace(from, to);
  });

function read(classifier: Classifier, line: string) {
  const bytes = Buffer.from(line);
  classifier.read(bytes, 0, bytes.length, marksIn(bytes, 0, bytes.length));
  return { level: classifier.facts.level, status: classifier.facts.status };
}

describe('classifier', () => {
  test('what was read before changes nothing about the next line', () => {
    const classifier = new Classifier();
    for (let round = 0; round < 3; round++)
      for (const line of LINES) assert.deepEqual(read(classifier, line), read(new Classifier(), line), line);
  });

  test('nor about a line that differs from it a little', () => {
    const classifier = new Classifier();
    for (const line of LINES) read(classifier, line);
    fc.assert(
      fc.property(variant, (line) => assert.deepEqual(read(classifier, line), read(new Classifier(), line), line)),
      { numRuns: 3000 },
    );
  });
});
