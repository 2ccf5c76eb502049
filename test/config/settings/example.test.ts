import assert from 'node:assert/strict';

import { test } from 'node:test';
import { loadRules } from '../../../src/config/rules/rule-file.ts';
import { type LoadedSettings, loadSettings } from '../../../src/config/settings/settings.ts';

function load(file: string, required: boolean): LoadedSettings {
  return loadSettings({ file, required, cwd: process.cwd(), env: {} });
}

test('the example says what the defaults are, besides receivers and inhibitions', () => {
  const example = load('tocsin.example.yaml', true);
  const defaults = load('tocsin.yaml.absent', false);
  assert.deepEqual(example.problems, []);
  const shown = ({ settings }: LoadedSettings) => JSON.parse(JSON.stringify({ ...settings, receivers: [], inhibitions: [] }));
  assert.deepEqual(shown(example), shown(defaults));
  assert.ok(example.settings?.receivers.every((receiver) => receiver.off));
});

for (const file of ['tocsin.example.yaml', 'k8s/tocsin.yaml']) {
  test(`the inhibitions of ${file} name shipped alerts`, () => {
    const { rules } = loadRules({ folder: `${process.cwd()}/rules`, cwd: process.cwd(), receivers: null });
    const known = new Set(rules.map(({ alert }) => alert));
    const inhibitions = load(file, true).settings?.inhibitions ?? [];
    const named = inhibitions.flatMap(({ source, target }) =>
      [...source, ...target].flatMap((match) => match.get('alert') ?? []),
    );
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.map((glob) => glob.source).filter((name) => !known.has(name)),
      [],
    );
  });
}
