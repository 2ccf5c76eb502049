import assert from 'node:assert/strict';

import { test } from 'node:test';
import { type LoadedSettings, loadSettings } from '../../src/config/settings.ts';

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
