import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import type { Command } from '../../src/cli/command.ts';

const root = mkdtempSync(join(tmpdir(), 'tocsin-command-'));
after(() => rmSync(root, { recursive: true }));

let next = 0;

/** A new folder with these files; gone when the tests of the file have ended. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const cwd = join(root, String(next++));
  mkdirSync(cwd);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

/** Runs a command in this process, as `main` does after it has read the command line. */
export async function runCommand(
  command: Command,
  cwd: string,
  positionals: readonly string[] = [],
  flags: Readonly<Record<string, string | boolean | readonly string[]>> = {},
) {
  const out = { stdout: '', stderr: '' };
  const status = await command.run({
    args: { positionals, flags },
    env: {},
    cwd,
    stdout: (text) => {
      out.stdout += text;
    },
    stderr: (text) => {
      out.stderr += text;
    },
    signal: new AbortController().signal,
  });
  return { status, ...out };
}
