import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineMatcher } from '../../../../src/core/analyze/matching/line-matcher.ts';
import { compilePattern } from '../../../../src/core/analyze/pattern.ts';
import type { LogLine } from '../../../../src/core/model/log-line.ts';

const PATTERNS = [
  '^(panic|fatal error): |^thread .* panicked at ',
  '(?i)unhandled ?(promise ?)?rejection',
  '(?i)kelvin|mässig',
  'connection (reset|refused) by peer',
  '(?i:Out) of memory',
  '[0-9]+ms$',
];
const PIECES = [
  'panic',
  ': ',
  'UNHANDLED',
  'Unhandled',
  'promise ',
  'Rejection',
  '\u212Aelvin',
  'KELVIN',
  'MÄSSIG',
  'mä\u017f\u017fig',
  'connection reset by peer',
  'OUT of memory',
  '12ms',
  ' ',
  '\ufffd',
];

test('a pattern matches a line as it matches the text, whatever is looked for before', () => {
  const matches = lineMatcher();
  fc.assert(
    fc.property(fc.constantFrom(...PATTERNS), fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }), (pattern, pieces) => {
      const text = pieces.join('');
      const line = { ...LINE, text };
      assert.equal(matches({ kind: 'pattern', pattern }, line), compilePattern(pattern).test(text));
    }),
    { numRuns: 500 },
  );
});

const LINE: LogLine = {
  second: 0,
  nanos: 0,
  level: 0,
  status: 0,
  text: '',
  ref: {
    workload: { namespace: 'a', kind: 'Deployment', name: 'b' },
    pod: 'b-1',
    uid: 'u',
    container: 'app',
    containerID: 'c',
    node: 'n',
    image: 'i',
  },
};
