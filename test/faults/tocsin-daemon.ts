import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { TOCSIN } from '../cli/run-tocsin.ts';
import { eventually } from './eventually.ts';

/** What is run: the sources as `npm run tocsin` does, or what `npm run build` made of them when `TOCSIN_TEST_BUILT` is set (it starts faster). */
export const PROGRAM: readonly string[] =
  process.env['TOCSIN_TEST_BUILT'] === undefined
    ? TOCSIN
    : [...TOCSIN.slice(0, -1), new URL('../../dist/cli/main.js', import.meta.url).pathname];

/** On a busy machine the sources alone take half a minute to load. */
const PATIENCE_MS = 120_000;

/** How a process ended. */
export interface Ending {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One life of the daemon as a child process, with what it logs. */
export class TocsinDaemon {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ending>;
  #log = '';
  #ending: Ending | null = null;

  /** `under` is a program that runs it, with its arguments. */
  constructor(settingsFile: string, env: Readonly<Record<string, string>> = {}, under: readonly string[] = []) {
    const [program = process.execPath, ...args] = [...under, process.execPath, ...PROGRAM, 'run', '--config', settingsFile];
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    this.ended = once(this.#child, 'close').then(([status, signal]) => (this.#ending = { status, signal }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }
  /** Everything that it has said on stdout and stderr. */
  get log(): string {
    return this.#log;
  }
  /** How it ended; `null` while it runs. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** How many of its log's lines fit. */
  count(pattern: RegExp): number {
    return this.#log.split('\n').filter((line) => pattern.test(line)).length;
  }

  /** Waits until so many of its log's lines fit; rejects when it ends before. */
  async says(
    pattern: RegExp,
    { times = 1, ms = PATIENCE_MS }: { readonly times?: number; readonly ms?: number } = {},
  ): Promise<void> {
    const heard = () => this.count(pattern) >= times || this.#ending !== null;
    await eventually(`${times} times ${pattern} in\n${this.#log.slice(-3000)}`, ms, heard).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.#log.slice(-3000)}`);
    });
    if (this.count(pattern) < times) throw new Error(`ended without having said ${pattern}:\n${this.#log.slice(-3000)}`);
  }

  /** Waits for its status page and for so many whole cycles from now on. */
  async cycles(more = 1, ms = PATIENCE_MS): Promise<void> {
    await this.says(/msg="cycle done"/, { times: this.count(/msg="cycle done"/) + more, ms });
  }

  /** Where its page is; waits until it is served. */
  async address(): Promise<string> {
    await this.says(/msg=running/);
    return (
      this.#log
        .match(/^.*msg=running.* page=(\S+)/gm)
        ?.at(-1)
        ?.match(/page=(\S+)/)?.[1] ?? ''
    );
  }

  async get(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch((await this.address()) + path, { signal: AbortSignal.timeout(60_000) });
    return { status: response.status, text: await response.text() };
  }

  /** All objects of a list of the API. */
  async list(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const all: Readonly<Record<string, unknown>>[] = [];
    let next: string | undefined;
    do {
      const joined = path.includes('?') ? '&' : '?';
      const { status, text } = await this.get(`${path}${next === undefined ? '' : `${joined}next=${encodeURIComponent(next)}`}`);
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
      // The API's lists have this shape (interface.md section 6.1).
      const page = JSON.parse(text) as { items: Readonly<Record<string, unknown>>[]; next?: string };
      all.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    return all;
  }

  async health(
    path = '/healthz',
  ): Promise<{ readonly code: number; readonly status: string; readonly reasons: readonly string[] }> {
    const { status, text } = await this.get(path);
    // Likewise (interface.md section 6).
    const body = JSON.parse(text) as { status: string; reasons: string[] };
    return { code: status, ...body };
  }

  /** Its resident memory in bytes; 0 where /proc does not say. */
  memory(): number {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      // Not Linux, or just ended.
      return 0;
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends a signal and waits for the end. */
  async stop(name: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    if (this.#ending === null) this.#child.kill(name);
    return this.ended;
  }
}
