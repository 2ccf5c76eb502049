import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type FileKind, jsonSchema } from '../../src/config/json-schema.ts';
import { loadRules } from '../../src/config/rules/rule-file.ts';

/** Every key that a kind of file can have, at any depth. */
function keysOf(schema: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if (name === 'properties' && typeof value === 'object') for (const key of Object.keys(value ?? {})) found.add(key);
      walk(value);
    }
  };
  walk(schema);
  return found;
}

const DOCUMENTS: readonly (readonly [kind: FileKind, document: string])[] = [
  ['settings', 'docs/settings.md'],
  ['rules', 'docs/rules.md'],
  ['tests', 'docs/rules.md'],
];

for (const [kind, document] of DOCUMENTS) {
  test(`${document} has every key of ${kind}`, () => {
    const text = readFileSync(document, 'utf8');
    const missing = [...keysOf(jsonSchema(kind))].filter((key) => !new RegExp(`(\`|\\b)${key}(\`|\\b)`).test(text));
    assert.deepEqual(missing, []);
  });
}

test('docs/rules.md names every shipped alert', () => {
  const text = readFileSync('docs/rules.md', 'utf8');
  const { rules } = loadRules({ folder: `${process.cwd()}/rules`, cwd: process.cwd(), receivers: null });
  assert.ok(rules.length > 15);
  for (const name of rules.map((rule) => rule.alert)) assert.ok(text.includes(name), name);
});
