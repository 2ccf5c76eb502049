import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService } from 'yaml-language-server';
import { Findings } from '../../src/base/node.ts';
import { parseYaml } from '../../src/config/decode/yaml.ts';
import { type FileKind, jsonSchema } from '../../src/config/json-schema.ts';
import { testFileType } from '../../src/config/rule-tests/test-type.ts';
import { ruleFileType } from '../../src/config/rules/rule-type.ts';
import { substitute } from '../../src/config/settings/environment.ts';
import { settingsType } from '../../src/config/settings/settings-type.ts';

let version = 1;

/** What an editor with the YAML extension says of a file of this kind: line (from 1) and message. */
async function diagnose(kind: FileKind, source: string): Promise<readonly { readonly line: number; readonly message: string }[]> {
  const service = getLanguageService({
    schemaRequestService: (uri) => Promise.reject(new Error(`nothing is fetched, not ${uri}`)),
    workspaceContext: { resolveRelativePath: (path) => path },
  });
  service.configure({
    validate: true,
    schemas: [{ uri: `file:///${kind}.json`, fileMatch: ['*.yaml'], schema: { ...jsonSchema(kind) } }],
  });
  // Documents are remembered by name and version. The first line of a file may name its schema by a path: here the schema is given.
  const document = TextDocument.create(
    `file:///${kind}.yaml`,
    'yaml',
    version++,
    source.replace(/^# yaml-language-server:/, '#'),
  );
  const found = await service.doValidation(document, false);
  return found.map(({ range, message }) => ({ line: range.start.line + 1, message: String(message) }));
}

/** The lines that Tocsin itself finds wrong. */
function read(kind: FileKind, source: string): readonly number[] {
  const findings = new Findings('x.yaml');
  const node = parseYaml(Buffer.from(source), findings);
  const written = node === null || kind !== 'settings' ? node : substitute(node, {}, findings);
  const type = { settings: settingsType, rules: ruleFileType, tests: testFileType }[kind];
  if (written !== null) type.decode(written, findings);
  return findings.problems.filter(({ severity }) => severity === 'error').map(({ line }) => line);
}

const GOOD: readonly (readonly [FileKind, string])[] = [
  ['settings', 'tocsin.example.yaml'],
  ['settings', 'k8s/tocsin.yaml'],
  ['settings', 'test/fixtures/editor/good-settings.yaml'],
  ['rules', 'test/fixtures/editor/good-rules.yaml'],
  ...globSync('rules/*.yaml').map((file) => [file.endsWith('.test.yaml') ? 'tests' : 'rules', file] as const),
];

for (const [kind, file] of GOOD) {
  test(`an editor and Tocsin find nothing wrong in ${file}`, async () => {
    const source = readFileSync(file, 'utf8');
    assert.deepEqual([await diagnose(kind, source), read(kind, source)], [[], []]);
  });
}

/** Files of several documents, each with the one line that is wrong marked. */
for (const kind of ['settings', 'rules', 'tests'] as const) {
  for (const bad of readFileSync(`test/fixtures/editor/bad-${kind}.yaml`, 'utf8').split(/^---\n/m)) {
    const line = bad.split('\n').findIndex((each) => each.includes('# wrong')) + 1;
    test(`an editor and Tocsin find line ${line} of ${JSON.stringify(bad.trim().replaceAll(/\s*# wrong/g, ''))} wrong`, async () => {
      const said = await diagnose(kind, bad);
      assert.ok(
        said.some((each) => each.line === line),
        `the editor says ${JSON.stringify(said)}`,
      );
      assert.ok(read(kind, bad).includes(line), `Tocsin says lines ${read(kind, bad)}`);
    });
  }
}
