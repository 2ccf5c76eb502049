import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Classifier, classify } from '../../../src/core/analyze/classifier.ts';
import { noStatusBehind } from '../../../src/core/analyze/formats/format.ts';
import { LineFramer } from '../../../src/core/analyze/frame.ts';
import { lengthOfHead, levelOfHead } from '../../../src/core/analyze/line-heads.ts';
import { LineScan, lineScan } from '../../../src/core/analyze/line-scan.ts';
import { marksIn } from '../../../src/core/analyze/scan/line-marks.ts';
import type { Level } from '../../../src/core/model/log-line.ts';

const LINES = globSync('test/fixtures/formats/*.jsonl').flatMap(
  (file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { text: string }).text), // the fixtures are part of this suite
);
/** Remembers nothing. */
const ANEW = new Classifier(null);
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
  '[',
  's',
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
  classifier.read(bytes, 0, bytes.length, { marks: marksIn(bytes, 0, bytes.length), head: -1 });
  return { level: classifier.facts.level, status: classifier.facts.status };
}

describe('classifier', () => {
  test('what was read before changes nothing about the next line', () => {
    const classifier = new Classifier(new LineScan().heads);
    for (let round = 0; round < 3; round++)
      for (const line of LINES) assert.deepEqual(read(classifier, line), read(ANEW, line), line);
  });

  test('a level that its message ends is not remembered for longer words, nor for words of the message', () => {
    const classifier = new Classifier(new LineScan().heads);
    const levels = ['[core] took', '[error] x', 's and more', '"GET / HTTP/2" 503 -', '(s) were found'].map((behind) => {
      const line = `[2026-11-21T14:00:00.123Z]ERROR${behind}, and so on`;
      assert.deepEqual(read(classifier, line), read(ANEW, line), line);
      return read(classifier, line).level;
    });
    assert.deepEqual(levels, [5, 5, 0, 0, 0]);
  });

  test('nor about a line that differs from it a little', () => {
    const classifier = new Classifier(new LineScan().heads);
    for (const line of LINES) read(classifier, line);
    fc.assert(
      fc.property(variant, (line) => assert.deepEqual(read(classifier, line), read(ANEW, line), line)),
      { numRuns: 3000 },
    );
  });

  test('lines of one block are read as they are alone, by what the scan of the block tells of their heads', () => {
    const scan = lineScan();
    const classifier = new Classifier(scan.heads);
    fc.assert(
      fc.property(fc.array(variant, { minLength: 1, maxLength: 60 }), (lines) => {
        const texts = lines.filter((line) => !line.includes('\x1b') && !line.includes('\n'));
        const block = Buffer.from(texts.map((line) => `2026-11-21T14:00:00.123456789Z ${line}\n`).join(''));
        const found: unknown[] = [];
        new LineFramer(1 << 18, {
          onLine(line) {
            classifier.read(line.block, line.textStart, line.end, line);
            found.push({ level: classifier.facts.level, status: classifier.facts.status });
          },
          onOrphan: () => assert.fail('every line has a timestamp'),
        }).push(block);
        assert.deepEqual(
          found,
          texts.map((line) => read(ANEW, line.replace(/\r$/, ''))),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('a line that ends with its head has none that others could begin with', () => {
    const heads = new LineScan().heads;
    const line = Buffer.from('time=2026-11-21T14:00:00Z level=info ');
    heads.add(line, 0, line.length, { level: 3, head: line.length, anyDigits: true, statusBehind: noStatusBehind });
    const longer = Buffer.concat([line, Buffer.from('msg=hello')]);
    assert.equal(heads.find(longer, 0, longer.length), 0);
    heads.add(longer, 0, longer.length, { level: 3, head: line.length, anyDigits: true, statusBehind: noStatusBehind });
    assert.equal(levelOfHead(heads.find(longer, 0, longer.length)), 3);
    assert.equal(heads.find(line, 0, line.length), 0);
  });

  test('heads that take the place of others are not mistaken for them, however many come', () => {
    const heads = new LineScan().heads;
    heads.scanned();
    assert.equal(heads.isCurrent(0), true);
    let lately = 0;
    for (let index = 0; index < 40_000; index++) {
      const line = Buffer.from(`{"logger":"services/${name(index)}","level":"info","msg":"long enough"}`);
      const level = ((index % 6) + 1) as Level; // 1 to 6
      const head = line.indexOf(',"msg"');
      heads.add(line, 0, line.length, { level, head, anyDigits: true, statusBehind: noStatusBehind });
      if (index < 39_900 && index % 100 > 0) continue;
      const found = heads.find(line, 0, line.length);
      if (found === 0) continue;
      lately++;
      assert.equal(levelOfHead(found), level);
      assert.equal(lengthOfHead(found), head);
    }
    assert.ok(lately > 90, `${lately} of the last 100 and some others are remembered`);
    assert.equal(heads.isCurrent(0), false);
    assert.equal(heads.isCurrent(1), false);
  });
});

test('lines of quotes and apostrophes that nothing closes take linear time', () => {
  for (const unit of ["a='x ", 'word=x \\": \\" ']) {
    const line = `time=2026-11-21T14:00:00Z level='error' ${unit.repeat(1_000_000 / unit.length)}`;
    const { user } = process.cpuUsage();
    assert.equal(classify(`${line}status=503 method=GET path=/x`).level, 'error');
    // A hundredth of what the square of it takes.
    assert.ok(process.cpuUsage().user - user < 1_000_000);
  }
});

test('spans that hold no status take linear time', () => {
  const { user } = process.cpuUsage();
  for (const span of ['a{b=c ', 'a{method=GET}:'])
    assert.equal(classify(`2026-11-21T14:00:00Z  INFO ${span.repeat(100_000)} status`).status, null);
  assert.ok(process.cpuUsage().user - user < 1_000_000);
});

test('objects inside of each other are looked into eight deep, however many there are', () => {
  const nested = (depth: number, key: string, inner: string) => `${`{"${key}":`.repeat(depth)}${inner}${'}'.repeat(depth)}`;
  assert.equal(classify(nested(8, 'log', '{"level":"error"}')).level, 'error');
  assert.equal(classify(nested(9, 'log', '{"level":"error"}')).level, null);
  assert.equal(classify(nested(8, 'res', '{"status":503}')).status, 503);
  assert.equal(classify(nested(9, 'res', '{"status":503}')).status, null);
  assert.equal(classify(nested(8, 'fields', '{"method":"GET","status":503}')).status, 503);
  assert.equal(classify(nested(9, 'fields', '{"method":"GET","status":503}')).status, null);
  assert.equal(classify(nested(20_000, 'log', '1')).level, null);
  assert.equal(classify(nested(20_000, 'fields', '"status"')).status, null);
  assert.equal(classify(nested(20_000, 'res', '"status"')).status, null);
});

/** Eight letters, because digits are all the same in a head. */
function name(index: number): string {
  return [
    ...String(Math.imul(index + 1, 0x9e3779b1) >>> 0)
      .padStart(8, '0')
      .slice(0, 8),
  ]
    .map((digit) => 'abcdefghij'[Number(digit)])
    .join('');
}
