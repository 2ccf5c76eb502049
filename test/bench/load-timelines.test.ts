import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-timelines-'));
after(() => rmSync(folder, { recursive: true }));

function bench(...args: readonly string[]) {
  const child = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'bench/main.ts', ...args], {
    encoding: 'utf8',
  });
  return { status: child.status, told: child.stderr };
}

test('timelines that cannot be used are told with their place, and so is a folder that has none', () => {
  const [file, empty] = [join(folder, 'a.yaml'), mkdtempSync(join(folder, 'empty-'))];
  writeFileSync(file, 'timelines:\n  - name: x\n    until: "11:00"\n    truths: []\n    truth: []\n');
  assert.deepEqual(bench('truth', folder), {
    status: 2,
    told: `${file}:4:5: unknown key "truths"; did you mean "truth"?\nbench: the timelines of ${folder} cannot be used\n`,
  });
  assert.deepEqual(bench('truth', empty), { status: 2, told: `bench: ${empty} has no *.yaml with timelines\n` });
  assert.deepEqual(bench('truth', file), {
    status: 2,
    told: `bench: could not read the timelines of ${file}: a part of its path is no folder\n`,
  });
});
