import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine, withoutCommand } from '../../src/cli/command-line.ts';
import { logs } from '../../src/cli/commands/logs.ts';

for (const [args, problem] of [
  [['--sinc', '1h'], 'unknown option --sinc; did you mean --since?'],
  [['--log-levl', 'info'], 'unknown option --log-levl; did you mean --log-level?'],
  [['--wholly-unknown'], 'unknown option --wholly-unknown'],
  [['-x'], 'unknown option -x'],
  [['--since'], 'option --since needs a value'],
  [['--limit', '-1'], 'option --limit needs a value; one that begins with a dash is written --limit=-…'],
  [['--follow=yes'], 'option --follow takes no value'],
  [['--data', ''], 'option --data needs a value, found an empty one'],
  [['--log-level', 'loud'], 'expected --log-level as one of debug, info, warn, error, found "loud"'],
  [['a', 'b'], 'unexpected argument "b"'],
] as const) {
  test(`${args.join(' ')}: ${problem}`, () => {
    assert.throws(() => parseCommandLine(logs, args), { message: problem });
  });
}

test('options without a command are told by what is wrong with them', () => {
  assert.equal(withoutCommand(['--jsn'], ['run']), 'unknown option --jsn; did you mean --json?');
  assert.equal(withoutCommand(['--rules', 'x'], ['run']), 'no command is named; known are run');
});
