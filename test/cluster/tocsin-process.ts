import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = new URL('../../', import.meta.url).pathname;
const FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=160', '--disable-warning=ExperimentalWarning'];

/** A folder with these rules alone, for a {@link TocsinProcess}. */
export function folderOfRules(rules: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-rules-'));
  writeFileSync(join(folder, 'own.yaml'), rules);
  return folder;
}

/** The built program as a user runs it, with its own folder for settings and data. */
export class TocsinProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'tocsin-'));
  readonly #rules: string;
  #child: ChildProcess | null = null;
  log = '';

  /** `rules` are the shipped ones when not said. */
  constructor(settings: string, options: { readonly rules?: string } = {}) {
    this.#rules = options.rules ?? join(ROOT, 'rules');
    writeFileSync(join(this.folder, 'tocsin.yaml'), settings);
  }

  start(): void {
    const child = spawn(process.execPath, [...FLAGS, join(ROOT, 'dist/cli/main.js'), 'run', ...this.#paths()], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.#child = child;
  }

  /** Ends it and resolves to its exit status; `null` when the signal ended it. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    this.#child = null;
    if (child.exitCode !== null) return child.exitCode;
    child.kill(signal);
    await once(child, 'exit');
    return child.exitCode;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Runs another command on the same settings and store. */
  command(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    return spawnSync(process.execPath, [...FLAGS, join(ROOT, 'dist/cli/main.js'), ...args, ...this.#paths()], {
      encoding: 'utf8',
      maxBuffer: 512 * 1024 * 1024,
    });
  }

  #paths(): string[] {
    return ['--config', join(this.folder, 'tocsin.yaml'), '--rules', this.#rules, '--data', join(this.folder, 'data')];
  }
}
