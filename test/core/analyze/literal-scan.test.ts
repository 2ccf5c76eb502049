import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Literal, LiteralScanner } from '../../../src/core/analyze/literal-scan.ts';

/** The same without any filter. */
function slowScan(literals: readonly Literal[], line: string): number[] {
  const fold = (text: string, folded: boolean) => (folded ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text);
  return literals.flatMap(({ text, folded, before, behind = [''], opens = false }, index) => {
    const where = fold(line, folded);
    for (let at = where.indexOf(fold(text, folded)); at !== -1; at = where.indexOf(fold(text, folded), at + 1)) {
      const follows = behind.some((tail) => where.startsWith(fold(tail, folded), at + text.length));
      const isBehind = before === undefined || (at > 0 && fold(before, folded).includes(where[at - 1] ?? ''));
      const isOpen = !opens || /(?:^|[^A-Za-z0-9]|\\.|%..)$/.test(line.slice(0, at));
      if (follows && isBehind && isOpen) return [index];
    }
    return [];
  });
}

function scanLines(scanner: LiteralScanner, lines: readonly string[]): number[][] {
  const block = Buffer.from(lines.join('\n'), 'latin1');
  let start = 0;
  return lines.map((line) => {
    const found = scanner.scan(block, start, start + line.length);
    start += line.length + 1;
    assert.equal(found, scanner.count > 0);
    return [...scanner.found.subarray(0, scanner.count)].sort((a, b) => a - b);
  });
}

const word = (min: number) => fc.string({ unit: fc.constantFrom(...'abKS=: %\\'), minLength: min, maxLength: 6 });
const literal = fc.record(
  {
    text: word(3),
    folded: fc.boolean(),
    before: fc.constantFrom('a', ' =', 'Kb'),
    behind: fc.array(fc.constantFrom('=', ' :', 'S', 'ab'), { minLength: 1, maxLength: 3 }),
    opens: fc.constant(true as const),
  },
  { requiredKeys: ['text', 'folded'] },
);

describe('looking for literals', () => {
  test('every line of a block has what a slow search finds in it', () => {
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 12 }), fc.array(word(0), { maxLength: 40 }), (literals, lines) => {
        const scanner = new LiteralScanner(literals);
        assert.deepEqual(
          scanLines(scanner, lines),
          lines.map((line) => slowScan(literals, line)),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('one scanner of hundreds of literals finds each of them', () => {
    const literals = Array.from(
      { length: 600 },
      (_, index): Literal => ({ text: `w${index.toString(36)}x-`, folded: index % 2 === 0 }),
    );
    const lines = literals.map(({ text, folded }) => `some ${folded ? text.toUpperCase() : text} text`);
    assert.deepEqual(
      scanLines(new LiteralScanner(literals), lines),
      literals.map((_, index) => [index]),
    );
  });

  test('a literal is found wherever it lies in a block of several windows', () => {
    const scanner = new LiteralScanner([{ text: 'needle', folded: false }]);
    for (const at of [0, 65_529, 65_530, 65_533, 65_536, 131_066, 131_072, 199_994]) {
      const block = Buffer.alloc(200_000, '.');
      block.write('needle', at);
      assert.ok(scanner.scan(block, 0, block.length), String(at));
      assert.ok(!scanner.scan(block, 0, at + 5), String(at));
      assert.ok(!scanner.scan(block, at + 1, block.length), String(at));
    }
  });

  test('a block full of literals loses none, although no window has room for all', () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => (index % 3 === 0 ? 'abc' : 'abcabc'));
    const found = scanLines(new LiteralScanner([{ text: 'abc', folded: false }]), lines);
    assert.ok(found.every(({ length }) => length === 1));
  });

  test('lines may be given again, out of order and of other blocks', () => {
    const scanner = new LiteralScanner([{ text: 'abc', folded: true }]);
    const [one, two] = [Buffer.from('..ABC..\n.......'), Buffer.from('.......\n..abc..')];
    const looks = [
      [one, 0, 7, true],
      [one, 0, 7, true],
      [one, 8, 15, false],
      [two, 8, 15, true],
      [two, 0, 7, false],
      [one, 0, 7, true],
      [one, 0, 4, false],
      [one, 2, 5, true],
      [one, 3, 7, false],
    ] as const;
    for (const [block, start, end, expected] of looks) assert.equal(scanner.scan(block, start, end), expected);
  });

  test('two scanners in turn do not disturb each other', () => {
    const [one, two] = ['first', 'other'].map((text) => new LiteralScanner([{ text, folded: false }]));
    const block = Buffer.from('a first line\nthe other line\nboth: first, other');
    const lines = [
      [0, 12],
      [13, 27],
      [28, 46],
    ] as const;
    const found = lines.map(([start, end]) => [one?.scan(block, start, end), two?.scan(block, start, end)]);
    assert.deepEqual(found, [
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  test('every line has the places where long numbers may begin', () => {
    const piece = fc.constantFrom(
      '4',
      '5',
      '44',
      '4111',
      '6011 ',
      '1',
      '9',
      '0',
      ' ',
      '-',
      'x',
      '2026-11-21 14:00',
      '3782-822463-10005',
      '\n',
      '.'.repeat(50),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.nat({ max: 3 }), (pieces, edge) => {
        const block = Buffer.from('.'.repeat(edge * 7) + pieces.join(''));
        const asked: number[] = [];
        const scanner = new LiteralScanner([], (_, at) => {
          asked.push(at);
          return at % 2 === 0;
        });
        for (let start = 0; start <= block.length; ) {
          const newline = block.indexOf(10, start);
          const end = newline === -1 ? block.length : newline;
          const before = asked.length;
          const found = scanner.scan(block, start, end);
          assert.equal(
            found,
            asked.slice(before).some((at) => at % 2 === 0),
          );
          start = end + 1;
        }
        const expected = [...block.toString().matchAll(/(?<!\d)(?=[2-6]\d{3}[\d -]{3}\d[\d -]{5})/g)].map(({ index }) => index);
        // A few more may be asked for, in ascending order as well.
        assert.deepEqual(
          asked,
          [...new Set([...asked, ...expected])].sort((a, b) => a - b),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('a long number is found wherever it lies in a block of several windows', () => {
    const scanner = new LiteralScanner([{ text: 'needle', folded: false }], () => true);
    for (const at of [0, 1, 15, 65_519, 65_523, 65_524, 65_529, 65_535, 65_536, 131_066, 199_987]) {
      const block = Buffer.alloc(200_000, '.');
      block.write('4111111111111', at);
      assert.ok(scanner.scan(block, 0, block.length), String(at));
      assert.ok(scanner.hasNumber && scanner.count === 0);
      assert.ok(!scanner.scan(block, at + 1, block.length), String(at));
    }
  });
});
