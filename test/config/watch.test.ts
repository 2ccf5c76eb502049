import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { formatProblem } from '../../src/base/errors.ts';
import { type Configuration, loadConfiguration } from '../../src/config/load.ts';
import { watchFiles } from '../../src/config/watch.ts';

const root = mkdtempSync(join(tmpdir(), 'tocsin-watch-'));
after(() => rmSync(root, { recursive: true }));

let next = 0;

// A watch that a failed test leaves behind would keep the process alive.
const ends = new Set<AbortController>();
afterEach(() => {
  for (const end of ends) end.abort();
});

/** A folder with settings and rules, and a watch on it whose reloads can be awaited one by one. */
function watched() {
  const cwd = join(root, String(next++));
  mkdirSync(join(cwd, 'rules'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  write('tocsin.yaml', 'timezone: UTC\n');
  write('rules/a.yaml', 'rules: []\n');
  const load = () => loadConfiguration({ file: 'tocsin.yaml', required: true, cwd, env: {} });
  const applied: Configuration[] = [];
  let current = load();
  let wake = () => {};
  const end = new AbortController();
  ends.add(end);
  const onChange = () => {
    current = load();
    applied.push(current);
    wake();
  };
  const running = watchFiles({ stamps: () => current.stamps, onChange, clock: systemClock, intervalMs: 5 }, end.signal);
  return {
    cwd,
    write,
    applied,
    reloads: (count: number) =>
      new Promise<void>((resolve) => {
        wake = () => applied.length >= count && resolve();
        wake();
      }),
    stop: async () => {
      end.abort();
      await running;
    },
  };
}

test('an edited, a renamed-over and a new file are read again', async () => {
  const { cwd, write, applied, reloads, stop } = watched();
  write('tocsin.yaml', 'timezone: Europe/Berlin\n');
  await reloads(1);
  assert.equal(applied[0]?.settings?.timezone, 'Europe/Berlin');
  write('new', 'timezone: Asia/Tokyo\n');
  renameSync(join(cwd, 'new'), join(cwd, 'tocsin.yaml'));
  await reloads(2);
  assert.equal(applied[1]?.settings?.timezone, 'Asia/Tokyo');
  write('rules/b.yaml', 'rulez: []\n');
  await reloads(3);
  assert.deepEqual(applied[2]?.problems.filter((p) => p.severity === 'error').map(formatProblem), [
    'rules/b.yaml:1:1: unknown key "rulez"; did you mean "rules"?',
  ]);
  assert.equal(applied[2]?.rules, null);
  await stop();
});

test('the swap of a ConfigMap volume is read again', async () => {
  const { cwd, applied, reloads, stop, write } = watched();
  const mount = (name: string, timezone: string) => {
    mkdirSync(join(cwd, name));
    write(`${name}/tocsin.yaml`, `timezone: ${timezone}\n`);
    symlinkSync(name, join(cwd, '..data_tmp'));
    renameSync(join(cwd, '..data_tmp'), join(cwd, '..data'));
  };
  mount('..1', 'Asia/Tokyo');
  rmSync(join(cwd, 'tocsin.yaml'));
  symlinkSync('..data/tocsin.yaml', join(cwd, 'tocsin.yaml'));
  await reloads(1);
  mount('..2', 'Asia/Seoul');
  await reloads(2);
  assert.equal(applied.at(-1)?.settings?.timezone, 'Asia/Seoul');
  await stop();
});

test('a file that is gone is a problem, and one that comes back is read', async () => {
  const { cwd, write, applied, reloads, stop } = watched();
  rmSync(join(cwd, 'tocsin.yaml'));
  await reloads(1);
  assert.equal(applied[0]?.settings, null);
  write('tocsin.yaml', 'timezone: UTC\n');
  await reloads(2);
  assert.equal(applied[1]?.settings?.timezone, 'UTC');
  await stop();
});

test('what is read between two looks is not read again', async () => {
  const { cwd, write, applied, reloads, stop } = watched();
  write('tocsin.yaml', 'timezone: Asia/Tokyo\n');
  await reloads(1);
  renameSync(join(cwd, 'rules'), join(cwd, 'rules2'));
  renameSync(join(cwd, 'rules2'), join(cwd, 'rules'));
  write('rules/a.yaml', 'rules: []\n# edited\n');
  await reloads(2);
  await stop();
  assert.equal(applied.length, 2);
});
