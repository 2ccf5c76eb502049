import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../../../src/base/errors.ts';
import { Findings, type Node } from '../../../src/base/node.ts';
import { MAX_FILE_BYTES, parseYaml } from '../../../src/config/decode/yaml.ts';

function parse(text: string | Uint8Array): { readonly node: Node | null; readonly problems: readonly string[] } {
  const findings = new Findings('f.yaml');
  const node = parseYaml(typeof text === 'string' ? Buffer.from(text) : text, findings);
  return { node, problems: findings.problems.map(formatProblem) };
}

const BAD: readonly (readonly [name: string, text: string, ...problems: string[]])[] = [
  ['a key twice', 'a: 1\nb: 2\na: 3\n', 'f.yaml:3:1: duplicate key "a": it is already at line 1'],
  ['an unknown tag', 'a: !exec rm\n', 'f.yaml:1:4: unresolved tag: !exec; a text that begins with ! must be in quotes'],
  ['a tag of another schema', 'a: !!binary aGk=\n', 'f.yaml:1:13: unknown tag tag:yaml.org,2002:binary'],
  ['an unknown alias', 'a: *nowhere\n', 'f.yaml:1:4: unknown alias *nowhere; a text that begins with * must be in quotes'],
  ['an alias of itself', 'a: &x [*x]\n', 'f.yaml:1:8: alias *x contains itself'],
  ['two documents', 'a: 1\n---\nb: 2\n', 'f.yaml:2:1: a second document starts here; a file has exactly one'],
  ['a key that is a list', '? [a, b]\n: 1\n', 'f.yaml:1:3: a key must be a plain text'],
  ['a tab as indentation', 'a:\n\tb: 1\n', 'f.yaml:2:1: tabs are not allowed as indentation'],
  [
    'a bad escape',
    'a: "\\d+"\n',
    'f.yaml:1:5: invalid escape sequence \\d: in double quotes a backslash is written \\\\, in single quotes as it is',
  ],
  ['a template without quotes', 'a: {{ workload }} is down\n', 'f.yaml:1:4: a text that begins with { must be in quotes'],
  ['a template alone without quotes', 'b: 1\na: {{ workload }}\n', 'f.yaml:2:4: a text that begins with { must be in quotes'],
  ['a pattern that begins like a list', 'a: [ERROR] boom\n', 'f.yaml:1:4: a text that begins with [ must be in quotes'],
  ['a pattern with braces in a map', 'a: { b: x{2,3}, c: 1 }\n', 'f.yaml:1:10: a text with { in it must be in quotes here'],
  ['a glob that begins like an alias', 'a: *\n', 'f.yaml:1:4: a text that begins with * must be in quotes'],
  [
    'a text that begins with a sign of its own',
    'a: @channel\nb: %d\n',
    'begins with @ must be in quotes',
    'begins with % must be in quotes',
  ],
  ['a comparison in a map', 'a: { above: >5 }\n', 'f.yaml:1:13: a text that begins with > must be in quotes'],
  ['a text with a colon', 'a: it: is down\n', 'f.yaml:1:4: a text with ": " in it must be in quotes'],
  ['a missing colon', 'a: 1\nb 2\n', 'f.yaml:2:1: expected "key: value", with a space behind the colon, found "b 2"'],
  ['an equals sign', 'a = 1\nb: 2\n', 'f.yaml:1:1: expected "key: value", with a space behind the colon, found "a = 1"'],
  ['a space that is none', 'a: 1\nb:\u00a02\n', 'f.yaml:2:3: expected a plain space, found one of another kind'],
  [
    'a missing comma',
    'a: { b: 1 c: 2 }\n',
    'f.yaml:1:9: block collections are not allowed within flow collections: is a comma missing?',
  ],
  [
    'a merge that was not finished',
    '<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n',
    ...[1, 3, 5].map((line) => `f.yaml:${line}:1: a merge conflict is left here`),
  ],
  [
    'a key that is indented too far',
    'a:\n  b: 1\n    c: 2\n',
    'f.yaml:3:5: indented deeper than the key above, which has its value in its own line',
  ],
  // What follows was read wrongly because of it, and is not told.
  ['a quote that nothing closes', 'a: 1\nb: "never closed\nc: 2\n', 'f.yaml:2:4: the " that opens here is never closed'],
  [
    'a brace that nothing closes',
    'a:\n  - b: { c: 1, d: 2\n    e: 3\n  - b: 4\n',
    'f.yaml:2:8: the { that opens here is never closed',
  ],
  ['51 levels', `a: ${'['.repeat(51)}${']'.repeat(51)}\n`, 'f.yaml:1:54: nested too deeply'],
  ['5,000 levels', `a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`, 'nested too deeply'],
];

for (const [name, text, ...expected] of BAD) {
  test(`${name} is a problem at its place`, () => {
    const { node, problems } = parse(text);
    assert.equal(node, null);
    assert.equal(problems.length, expected.length);
    for (const [index, problem] of expected.entries())
      assert.ok(problems[index]?.endsWith(problem), `${problems[index]} != ${problem}`);
  });
}

test('what a problem quotes is cut, however long it is', () => {
  const { problems } = parse(`a: !${'x'.repeat(5000)} b\n`);
  assert.match(problems.join(), /^f\.yaml:1:4: unresolved tag: !x+…; a text/);
  assert.ok(problems.every(({ length }) => length < 300));
  const [alias = ''] = parse(`a: *${'n'.repeat(5000)}\n`).problems;
  assert.match(alias, /^f\.yaml:1:4: unknown alias \*n+…; a text/);
  assert.ok(alias.length < 2000);
});

test('aliases are copied up to fifty times and no further', () => {
  const aliases = (count: number) => `a: &x 1\nb: [${Array(count).fill('*x').join(', ')}]\n`;
  assert.deepEqual(parse(aliases(50)).problems, []);
  assert.match(parse(aliases(51)).problems.join(), /more than 50 aliases/);
});

test('aliases of aliases end at the bound', () => {
  let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
  for (let i = 1; i < 10; i++)
    text += `a${i}: &a${i} [${Array(10)
      .fill(`*a${i - 1}`)
      .join(', ')}]\n`;
  assert.match(parse(text).problems.join(), /more than 50 aliases/);
});

test('a file above 1 MiB, and one that is not UTF-8, is a problem', () => {
  assert.deepEqual(parse(Buffer.alloc(MAX_FILE_BYTES, '#')).problems, []);
  assert.match(parse(Buffer.alloc(MAX_FILE_BYTES + 1, '#')).problems.join(), /more than 1 MiB/);
  assert.match(parse(Buffer.from([0x61, 0x3a, 0x20, 0xff])).problems.join(), /not UTF-8/);
});

test('a file of comments or nothing is an empty value', () => {
  for (const text of ['', '# only\n', '---\n']) assert.equal(parse(text).node?.kind, 'scalar');
});

test('every value keeps its place, and a value left out has its key', () => {
  const { node } = parse('\uFEFFa:\r\n  - b: yes\r\n    c:\r\n');
  assert.ok(node?.kind === 'map');
  const listNode = node.entries[0]?.value;
  assert.ok(listNode?.kind === 'list');
  const item = listNode.items[0];
  assert.ok(item?.kind === 'map');
  assert.deepEqual(item.entries[0]?.value, { kind: 'scalar', value: 'yes', at: { line: 2, column: 8 } });
  assert.deepEqual(item.entries[1]?.keyAt, { line: 3, column: 5 });
});

test('__proto__ is a key like any other', () => {
  const { node } = parse('__proto__: { polluted: true }\n');
  assert.ok(node?.kind === 'map');
  assert.equal(node.entries[0]?.key, '__proto__');
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});
