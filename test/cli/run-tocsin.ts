import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = new URL('../../', import.meta.url).pathname;

/** The flags of the package's own `tocsin` script, so that tests run what users run. */
export const TOCSIN: readonly string[] = (() => {
  const manifest: { scripts: { tocsin: string } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const words = manifest.scripts.tocsin.split(' ').slice(1);
  return [...words.slice(0, -1), join(ROOT, words.at(-1) ?? '')];
})();

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command to its end; the environment holds nothing that could point to a cluster. */
export function runTocsin(args: readonly string[], options: Partial<SpawnSyncOptionsWithStringEncoding> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...TOCSIN, ...args], {
    encoding: 'utf8',
    timeout: 180_000,
    killSignal: 'SIGKILL',
    ...options,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...options.env },
  });
  return { status, stdout, stderr };
}
