import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compilePattern } from '../../../src/core/analyze/pattern.ts';

/** As records encode a text: a space follows each line end. */
const encoded = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\n '));

const ATOMS = [
  ...['a', 'b', 'k', 'S', 'é', '\u212a', '\ufffd', ' ', '0', '_', 'abc', '\\.', '\\n', '\\x{e9}'],
  ...['.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\pL', '\\PL', '[a-c]', '[^a]', '[^k]', '[é-ü]', '[[:upper:]]', '(?s:.)'],
  ...['^', '$', '\\A', '\\z', '\\b', '\\B', '(?m:^)', '(?m:$)', '(?i:Ks)', '(?i:a[b-k])', '(?i:é)', '()'],
];
const QUANTIFIERS = ['', '', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?'];
const TEXTS = [
  'a',
  'b',
  'c',
  'k',
  'K',
  's',
  'S',
  'é',
  'É',
  '\u212a',
  '\u017f',
  '\ufffd',
  '\u{1f600}',
  '\n',
  ' ',
  '0',
  '_',
  '.',
  'abc',
];

const sources = (() => {
  const piece = fc
    .tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...QUANTIFIERS))
    .map(([atom, quantifier]) => `(?:${atom})${quantifier}`);
  const sequence = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  const alternation = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((branches) => `(?:${branches.join('|')})`);
  return fc
    .tuple(fc.constantFrom('', '', '(?i)', '(?s)', '(?m)'), alternation, fc.constantFrom('', '', '+', '{2}'), sequence)
    .map(([flags, first, quantifier, last]) => `${flags}${first}${quantifier}${last}`);
})();

describe('the automaton of a pattern', () => {
  test('answers for bytes what re2 says of the text', () => {
    let answered = 0;
    const texts = fc.array(fc.constantFrom(...TEXTS), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(sources, fc.array(texts, { minLength: 5, maxLength: 5 }), (source, said) => {
        const pattern = compilePattern(source);
        for (const text of said) {
          const bytes = encoded(text);
          const answer = pattern.testEncoded(bytes, 0, bytes.length);
          if (answer === null) continue;
          answered++;
          assert.equal(answer, pattern.test(text), `${source} on ${JSON.stringify(text)}`);
        }
      }),
      { numRuns: 1_500 },
    );
    assert.ok(answered > 2_000, `only ${answered}`);
  });

  test('leaves bytes that are not UTF-8 to the decoder, or answers the same', () => {
    const parts = [...['é', '\u20ac', '\u{1f600}', 'a', '\ud7ff', '\ue000'].map((text) => Buffer.from(text)), ...OTHERS];
    const bytes = fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((all) => Buffer.concat(all));
    const source = fc.constantFrom('^.{3}$', 'a.?$', '^[^a]*$', '^.a', '\\B.\\b', '(?m)^.$');
    fc.assert(
      fc.property(source, bytes, (pattern, text) => {
        const compiled = compilePattern(pattern);
        const answer = compiled.testEncoded(text, 0, text.length);
        if (answer !== null) assert.equal(answer, compiled.test(text.toString('utf8')));
      }),
      { numRuns: 1_500 },
    );
  });

  test('looks at nothing outside of the bytes that it is given', () => {
    const bytes = Buffer.from('xxab 12ms\nyy');
    for (const [source, expected] of [
      ['^a', true],
      ['s$', true],
      ['x', false],
      ['y', false],
      ['\\d{3}ms', false],
      ['\\bab\\b', true],
    ] as const)
      assert.equal(compilePattern(source).testEncoded(bytes, 2, 9), expected, source);
    const cut = Buffer.from('aé');
    assert.equal(compilePattern('a.').testEncoded(cut, 0, 2), null);
  });

  test('a pattern too large for a table is left to re2', () => {
    const bytes = Buffer.from('aaaa');
    for (const source of ['(?i)a.{500}z', '(a|b)*a(a|b){14}', 'a{997}', '(?:[ab]?){100}[AB]{100}!'])
      assert.equal(compilePattern(source).testEncoded(bytes, 0, 4), null, source);
    for (const source of ['\\d{3}ms', '[A-Z]{5}\\d', '(?i)refused|reset', '\\w{20}@', 'level=(warn|error) .*took=[89]\\d\\dms'])
      assert.equal(compilePattern(source).testEncoded(bytes, 0, 4), false, source);
  });
});

/** Bytes that are not UTF-8: cut, overlong, surrogates, and above Unicode. */
const OTHERS = [
  [0x80],
  [0xc3],
  [0xc0, 0x80],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xff],
].map((each) => Buffer.from(each));
