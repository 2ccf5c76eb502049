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
  ['an unknown tag', 'a: !exec rm\n', 'f.yaml:1:4: unresolved tag: !exec'],
  ['a tag of another schema', 'a: !!binary aGk=\n', 'f.yaml:1:13: unknown tag tag:yaml.org,2002:binary'],
  ['an unknown alias', 'a: *nowhere\n', 'f.yaml:1:4: unknown alias *nowhere'],
  ['an alias of itself', 'a: &x [*x]\n', 'f.yaml:1:8: alias *x contains itself'],
  ['two documents', 'a: 1\n---\nb: 2\n', 'f.yaml:2:1: a second document starts here; a file has exactly one'],
  ['a key that is a list', '? [a, b]\n: 1\n', 'f.yaml:1:3: a key must be a plain text'],
  ['a tab as indentation', 'a:\n\tb: 1\n', 'f.yaml:2:1: tabs are not allowed as indentation'],
  ['a bad escape', 'a: "\\q"\n', 'f.yaml:1:5: invalid escape sequence \\q'],
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
  const { problems } = parse(`''] |${'x'.repeat(5000)}`);
  assert.match(problems.join(), /,f\.yaml:1:5: unexpected block-scalar-header token in YAML stream: "\|x+…,/);
  assert.ok(problems.every(({ length }) => length < 300));
  const [alias = ''] = parse(`a: *${'n'.repeat(5000)}\n`).problems;
  assert.match(alias, /^f\.yaml:1:4: unknown alias \*n+…$/);
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
