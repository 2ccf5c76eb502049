import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suspensions } from '../../../src/app/patterns/suspended-rules.ts';
import { formatProblem } from '../../../src/base/errors.ts';
import { rule } from '../../build-rule.ts';

test('a suspended pattern is a problem of every rule that has it in it, in its file and line', () => {
  const place = { file: 'rules/mine.yaml', line: 7 };
  const rules = [
    rule(
      'log_match',
      { any: [{ pattern: 'a.{500}z' }, { level: 'error' }], above: 0, within: '5m' },
      { alert: 'Slow', ...place },
    ),
    rule('log_match', { pattern: 'panic', above: 0, within: '5m' }, { alert: 'Quick' }),
  ];
  const told = suspensions(rules, new Map([['a.{500}z', 'took longer than 250 ms for a batch of lines']]));
  assert.deepEqual(told.map(formatProblem), [
    'rules/mine.yaml:7:1: warning: rule Slow is suspended until the rules change: pattern /a.{500}z/ took longer than 250 ms for a batch of lines',
  ]);
  assert.deepEqual(suspensions(rules, new Map()), []);
});
