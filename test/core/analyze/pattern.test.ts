import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { messageOf } from '../../../src/base/errors.ts';
import { LiteralScanner } from '../../../src/core/analyze/literal-scan.ts';
import { compilePattern } from '../../../src/core/analyze/pattern.ts';

describe('user patterns', () => {
  test('what is not RE2 is refused with a plain reason', () => {
    const table: [string, RegExp][] = [
      ['a(?=b)', /^look-around is not part of RE2 syntax$/],
      ['(?<!a)b', /^look-around/],
      ['(a)\\1', /^back-references are not part of RE2 syntax$/],
      ['(', /^missing closing \)/],
      ['[z-a]', /^invalid character class range/],
      ['a{2000}', /^invalid repeat count/],
      ['(?:a{100}){11}', /instructions, at most 1000 are allowed|invalid repeat/],
    ];
    for (const [source, reason] of table) assert.throws(() => compilePattern(source), { message: reason }, source);
  });

  test('is refused with one reason, also where causes are told', () => {
    const told = (error: unknown) => messageOf(error) === 'missing closing ): `(`';
    assert.throws(() => compilePattern('('), told);
  });

  test('a program of 1,000 instructions is taken and a larger one is not', () => {
    assert.doesNotThrow(() => compilePattern('a{997}'));
    assert.throws(() => compilePattern('a{1000}'), /needs \d+ instructions, at most 1000/);
  });

  test('patterns are searched anywhere', () => {
    const table: [string, string, boolean][] = [
      ['.*error.*', 'an error here', true],
      ['.*?error', 'an error here', true],
      ['(?i).*ERROR', 'an error here', true],
      ['a\\.*', 'a...', true],
      ['x\\.*$', 'x.', true],
      ['.*', '', true],
      ['a|.*b.*|c', 'xbx', true],
      ['^error', 'an error', false],
      ['caf\u00e9', 'un caf\u00e9', true],
    ];
    for (const [source, text, expected] of table) assert.equal(compilePattern(source).test(text), expected, source);
  });

  test('the literals that a pattern requires are known, part by part', () => {
    const table: [string, string[]][] = [
      ['connection refused', ['connection refused']],
      ['.*timeout.*', ['timeout']],
      ['error|fatal|panic', ['error|fatal|panic']],
      ['(?:error|fatal).*refused', ['refused', 'error|fatal']],
      ['ORA-\\d{5}', ['ORA-']],
      ['HTTP/1\\.[01]" 5\\d\\d ', ['" 5']],
      ['HTTP/1\\.[01]', ['HTTP/1.']],
      ['ab+cdef', ['cdef']],
      ['abc?defg', ['defg']],
      ['(deadlock){2,}', ['deadlock']],
      ['(deadlock)?', []],
      ['a|bcd', []],
      ['\\d+', []],
      ['', []],
      ['(?i)timeout', ['timeout']],
      ['(?i)refused', ['refu']],
      ['abc(?i)DEF', ['abc', 'DEF']],
      ['(?i:TEAM)x', ['TEAM']],
      ['[[:alpha:]]+failed', ['failed']],
      ['\\x41bcd', ['bcd']],
      ['one\\ntwo3', ['two3', 'one']],
      ['(?P<n>broken) pipe', ['broken pipe']],
      ['payment (?:declined|accepted)', ['payment declined|payment accepted']],
      ['to (a|b) in (c|d)x', ['to a in cx|to a in dx|to b in cx|to b in dx']],
      ['by (a|b.) ox', ['by ', ' ox']],
      ['by (?i:team) ox', ['by ', 'team', ' ox']],
      ['x(ab|)cde+fgh', ['xabcde|xcde', 'fgh']],
      ['user (alice|bob){2} in', ['user alice|user bob']],
      ['retry(ing)? in \\d+ ?s', ['retry']],
      ['(?i) IN .* for ', [' for ']],
      [' in \\d+', [' in ']],
    ];
    for (const [source, expected] of table) {
      const parts = compilePattern(source).required.map((anyOf) => anyOf.map(({ text }) => text).join('|'));
      assert.deepEqual(parts.toSorted(), expected.toSorted(), source);
    }
  });

  test('no match is ever filtered out', () => {
    const atom = fc.constantFrom(
      'abc',
      'error',
      'K',
      's',
      '\\.',
      '\\d',
      '.',
      '[a-e]',
      '[]x]',
      '\\bfoo\\b',
      '\\x{41}',
      '\\pL',
      '(?i)',
      '(?i:Skip)',
      '\u00e9',
    );
    const piece = fc
      .tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{0,2}', '{2}', '+?'))
      .map(([a, q]) => (a.startsWith('(?i)') ? a : a + q));
    const sequence = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
    const source = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((branches) => branches.map((b) => `(${b})`).join('|'));
    const text = fc.array(
      fc.constantFrom(
        'abc',
        'ERROR',
        'error',
        'k',
        'K',
        '\u212a',
        '\u017f',
        '.',
        '7',
        'skip',
        'SKIP',
        ' foo ',
        'A',
        '\u00e9',
        ']',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(source, text, (pattern, words) => {
        const compiled = compilePattern(pattern);
        const line = words.join('');
        if (!compiled.test(line)) return;
        const bytes = Buffer.from(line);
        for (const anyOf of compiled.required)
          assert.ok(new LiteralScanner(anyOf).scan(bytes, 0, bytes.length), `${pattern} on ${line}`);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the literal scanner', () => {
  test('finds exactly the literals that occur', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', 'c'), minLength: 3, maxLength: 9 });
    const literal = fc.record({ text: letters, folded: fc.boolean() }, { noNullPrototype: true });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', 'c', 'x'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 6 }), text, fc.nat({ max: 5 }), (literals, line, edge) => {
        const scanner = new LiteralScanner(literals);
        const bytes = Buffer.from(`${'abcABC'.slice(0, edge)}${line}abcABC`);
        scanner.scan(bytes, edge, edge + line.length);
        const found = [...scanner.found.subarray(0, scanner.count)].sort();
        const expected = literals.flatMap((l, i) =>
          (l.folded ? line.toLowerCase().includes(l.text.toLowerCase()) : line.includes(l.text)) ? [i] : [],
        );
        assert.deepEqual(found, expected);
      }),
      { numRuns: 1_000 },
    );
  });
});
