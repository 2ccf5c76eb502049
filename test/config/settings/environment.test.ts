import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../../../src/base/errors.ts';
import { Findings } from '../../../src/base/node.ts';
import { parseYaml } from '../../../src/config/decode/yaml.ts';
import { substitute } from '../../../src/config/settings/environment.ts';

const ENVIRONMENT = { TOKEN: 's3cret', EMPTY: '', BRACE: '${TOKEN}: {a: b}' };

function value(text: string): { readonly value: unknown; readonly problems: readonly string[] } {
  const findings = new Findings('f.yaml');
  const node = parseYaml(Buffer.from(`a: ${text}\n`), findings);
  assert.ok(node !== null, findings.problems.map(formatProblem).join());
  const replaced = substitute(node, ENVIRONMENT, findings);
  assert.ok(replaced.kind === 'map');
  const scalar = replaced.entries[0]?.value;
  return { value: scalar?.kind === 'scalar' ? scalar.value : scalar, problems: findings.problems.map(formatProblem) };
}

for (const [text, expected] of [
  ['"${TOKEN}"', 's3cret'],
  ['Bearer ${TOKEN}!', 'Bearer s3cret!'],
  ['"${MISSING:-a b}"', 'a b'],
  ['"${EMPTY:-fallback}"', 'fallback'],
  ['"${MISSING:-}"', ''],
  ['"${EMPTY}"', ''],
  ['"$${TOKEN} $TOKEN $$"', '${TOKEN} $TOKEN $$'],
  // What the environment says is a text: it neither becomes structure nor is it looked through again.
  ['"${BRACE}"', '${TOKEN}: {a: b}'],
] as const) {
  test(`${text} becomes ${JSON.stringify(expected)}`, () => assert.deepEqual(value(text), { value: expected, problems: [] }));
}

test('a variable that is not set is a problem that names it, at its place', () => {
  assert.deepEqual(value('"x ${MISSING}"').problems, [
    'f.yaml:1:4: environment variable MISSING is not set; ${MISSING:-default} gives it a default',
  ]);
  assert.deepEqual(value('"${toString}"').problems.length, 1);
});

test('a reference that is none is a problem', () => {
  for (const text of ['"${a b}"', '"${}"', '"${1}"', '"${TOKEN"'])
    assert.match(value(text).problems.join(), /bad reference/, text);
});

test('keys are left as they are', () => {
  const findings = new Findings('f.yaml');
  const node = parseYaml(Buffer.from('"${TOKEN}": 1\n'), findings);
  assert.ok(node?.kind === 'map');
  assert.deepEqual(substitute(node, ENVIRONMENT, findings), node);
});
