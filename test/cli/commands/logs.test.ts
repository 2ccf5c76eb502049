import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { logs } from '../../../src/cli/commands/logs.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { commit, containerOf, options, segmentOf } from '../../store/store-fixture.ts';
import { folderOf, runCommand } from '../run-command.ts';
import { runTocsin, TOCSIN } from '../run-tocsin.ts';

/** Linear; yet every byte of a long text costs hundreds of steps. */
const EVIL = '(?i)a.{500}z';

/** Text in which it never comes to a state twice. */
function wild(length: number, seed: number): string {
  return Array.from({ length }, (_, index) => 'aAbBcC'[(Math.imul(index + seed, 2_654_435_761) >>> 16) % 6]).join('');
}

async function stage(texts: readonly string[]): Promise<string> {
  const cwd = folderOf({ 'tocsin.yaml': 'timezone: UTC\n' });
  await using store = await openStore('json', options(join(cwd, 'data')));
  const said = texts.map((text, index) => ({ at: `10:00:${String(index % 60).padStart(2, '0')}`, text }));
  await commit(store, '10:10', [segmentOf(containerOf(), said)]);
  return cwd;
}

const LONG = Array.from({ length: 60 }, (_, index) => wild(16_000, index));
const SINCE = ['--since', '2026-11-21T00:00:00Z'];

test('a pattern that may be slow finds its lines in their order', async () => {
  const cwd = await stage(['x', `1 a${'b'.repeat(500)}z`, 'y', `2 a${'c'.repeat(500)}z`]);
  const { status, stdout } = await runCommand(logs, cwd, [], { grep: EVIL, json: true });
  assert.equal(status, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).text.slice(0, 3)),
    ['2 a', '1 a'],
  );
});

test('a pattern that is too slow is told in one line, and the search ends', async () => {
  const cwd = await stage(LONG);
  for (const flags of [[], ['--follow']]) {
    const { status, stdout, stderr } = runTocsin(['logs', ...SINCE, ...flags, '--grep', EVIL], { cwd });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^tocsin logs: could not search for .*: the pattern takes too long.*\n$/);
  }
});

test('following ends after as many lines as are wanted', async () => {
  const cwd = await stage(['one', 'two', 'three']);
  const { status, stdout } = runTocsin(['logs', ...SINCE, '--follow', '--limit', '2'], { cwd });
  assert.equal(status, 0);
  assert.match(stdout, /one\n.*two\n$/);
});

test('Ctrl-C ends what goes on', async () => {
  const cwd = await stage(['hello']);
  const child = spawn(process.execPath, [...TOCSIN, 'logs', ...SINCE, '--follow', '--grep', 'hel+o'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [status, signal] = await once(child, 'exit');
  assert.deepEqual([status, signal], [0, null]);
});
