import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keepLastGoodRules, type Load, withLastGoodRules } from '../../src/app/last-good-rules.ts';
import { createLogger } from '../../src/base/logger.ts';
import { loadConfiguration } from '../../src/config/load.ts';

const root = mkdtempSync(join(tmpdir(), 'tocsin-last-good-'));
after(() => rmSync(root, { recursive: true }));

const RULE = 'rules:\n  - alert: Spike\n    restarts: { above: 5, within: 1h }\n';
const BROKEN = 'rules:\n  - alert: Spike\n    restarts: { over: 5 }\n';

let said = '';
const logger = createLogger({ level: 'info', write: (text) => (said += text), now: () => 0 });
let next = 0;

function stage() {
  const cwd = join(root, String(next++));
  mkdirSync(join(cwd, 'rules'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(cwd, 'rules', name), text);
  const remove = (name: string) => rmSync(join(cwd, 'rules', name));
  const load: Load = (given) => loadConfiguration({ file: 'tocsin.yaml', required: false, cwd, env: {} }, given);
  return { data: join(cwd, 'data'), write, remove, load };
}

test('a start with a broken rule file goes on with the rules that were in force, and knows what is wrong', async () => {
  const { data, write, load } = stage();
  write('a.yaml', RULE);
  write('b.yaml', RULE.replace('Spike', 'Other'));
  await keepLastGoodRules(data, load().ruleTexts, logger);
  write('a.yaml', BROKEN);
  const started = await withLastGoodRules(load);
  assert.deepEqual(
    started.rules?.map(({ alert, file, line }) => [alert, file, line]),
    [
      ['Spike', 'rules/a.yaml', 2],
      ['Other', 'rules/b.yaml', 2],
    ],
  );
  assert.ok(started.problems.some(({ file, line, severity }) => file === 'rules/a.yaml' && line === 3 && severity === 'error'));
  write('a.yaml', RULE);
  assert.deepEqual((await withLastGoodRules(load)).problems, []);
});

test('a start with an emptied folder or file goes on with the rules that were in force, unless a file says that none are wanted', async () => {
  const { data, write, remove, load } = stage();
  assert.deepEqual((await withLastGoodRules(load)).rules, []);
  write('a.yaml', RULE);
  await keepLastGoodRules(data, load().ruleTexts, logger);
  remove('a.yaml');
  const started = await withLastGoodRules(load);
  assert.deepEqual(
    started.rules?.map(({ alert }) => alert),
    ['Spike'],
  );
  assert.deepEqual(
    started.problems.map(({ file, severity, message }) => [file, severity, message]),
    [['rules', 'error', 'no rule files (*.yaml) in this folder: a file with "rules: []" says that none are wanted']],
  );
  write('a.yaml', '');
  const cut = await withLastGoodRules(load);
  assert.deepEqual(
    cut.rules?.map(({ alert }) => alert),
    ['Spike'],
  );
  assert.match(cut.problems.map(({ message }) => message).join(), /the file is empty now/);
  write('a.yaml', 'rules: []\n');
  assert.deepEqual((await withLastGoodRules(load)).rules, []);
  await keepLastGoodRules(data, load().ruleTexts, logger);
  write('b.yaml', '');
  assert.deepEqual((await withLastGoodRules(load)).rules, []);
});

test('without a copy, or with a damaged one, a broken rule file stops the start', async () => {
  const { data, write, load } = stage();
  write('a.yaml', BROKEN);
  assert.equal((await withLastGoodRules(load)).rules, null);
  mkdirSync(data);
  for (const damaged of [
    '',
    '{"v":1,"files":',
    '[]',
    '{"v":1,"files":{"a.yaml":7}}',
    JSON.stringify({ files: { 'a.yaml': BROKEN } }),
  ]) {
    writeFileSync(join(data, 'last-good-rules.json'), damaged);
    assert.equal((await withLastGoodRules(load)).rules, null, damaged);
  }
});

test('the copy is written when the rules change only, and a folder that cannot be written is told', async () => {
  const { data, write, load } = stage();
  write('a.yaml', RULE);
  await keepLastGoodRules(data, load().ruleTexts, logger);
  const inode = () => statSync(join(data, 'last-good-rules.json')).ino;
  const first = inode();
  await keepLastGoodRules(data, load().ruleTexts, logger);
  assert.equal(inode(), first);
  write('a.yaml', RULE.replace('5', '6'));
  await keepLastGoodRules(data, load().ruleTexts, logger);
  assert.notEqual(inode(), first);
  said = '';
  writeFileSync(join(data, 'file'), '');
  await keepLastGoodRules(join(data, 'file'), load().ruleTexts, logger);
  assert.match(said, /could not keep a copy of the rules for a restart/);
});
