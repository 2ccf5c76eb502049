import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface TocsinProcessOptions {
  readonly settingsFile: string;
  /** Beside what this process has in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What node is given: flags and entry point; by default those of package.json's `tocsin` script. */
  readonly node?: readonly string[];
  /** Called with every line that the daemon logs. */
  readonly onLine: (line: string) => void;
}

const ROOT = new URL('../', import.meta.url);
const MAX_TAIL_LINES = 40;

/** Tocsin's own daemon as a child, started through its command line as a user would start it. */
export class TocsinProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<string>;
  #tail: readonly string[] = [];

  constructor(options: TocsinProcessOptions) {
    const args = [...(options.node ?? tocsinFlags()), 'run', '--config', options.settingsFile];
    this.#child = spawn(process.execPath, args, {
      cwd: fileURLToPath(ROOT),
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8');
      let rest = '';
      stream?.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          this.#tail = [...this.#tail, line].slice(-MAX_TAIL_LINES);
          options.onLine(line);
        }
      });
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#child.once('close', (code, signal) =>
        resolve(signal === null ? `exited with status ${code}` : `was ended by ${signal}`),
      );
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }
  /** Resolves with what happened once the process is gone. */
  get exited(): Promise<string> {
    return this.#exited;
  }
  /** Its last lines. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  /** Asks it to end, and ends it by force when it has not within `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await Promise.race([once(this.#child, 'exit'), this.#exited]);
    clearTimeout(timer);
  }
}

/** What package.json's `tocsin` script gives to node: its flags and the entry point. */
function tocsinFlags(): string[] {
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
  const scripts = typeof manifest === 'object' && manifest !== null && 'scripts' in manifest ? manifest.scripts : null;
  const script = typeof scripts === 'object' && scripts !== null && 'tocsin' in scripts ? scripts.tocsin : null;
  if (typeof script !== 'string' || !script.startsWith('node '))
    throw new Error('package.json has no script "tocsin" that begins with node');
  return script.split(' ').slice(1);
}
