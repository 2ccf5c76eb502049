import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { tocsinFlags } from '../harness/child.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const RULES = fileURLToPath(new URL('../../rules', import.meta.url));

export interface RecordedGap {
  readonly pod: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly bytes: number | null;
}

/** Of interface.md section 6.1, what is counted here. */
interface CycleJson {
  readonly trigger: string;
  readonly started_at: string;
  readonly gaps: readonly {
    readonly pod: string;
    readonly from: string | null;
    readonly to: string;
    readonly reason: string;
    readonly bytes: number | null;
  }[];
}

/** One Tocsin with a store of its own, as a user runs it from a checkout. */
export class Tocsin implements AsyncDisposable {
  readonly #folder: string;
  readonly #port: number;
  #child: ChildProcess | null = null;

  constructor(folder: string, options: { readonly namespace: string; readonly port: number }) {
    this.#folder = folder;
    this.#port = options.port;
    mkdirSync(folder);
    const settings = {
      namespaces: { include: [options.namespace] },
      logs: { lookback: '24h', max_per_container: '512Mi' },
      store: { max_size: '8Gi' },
      status_page: { listen: `127.0.0.1:${options.port}` },
    };
    // YAML takes JSON.
    writeFileSync(join(folder, 'tocsin.yaml'), JSON.stringify(settings));
  }

  /** Starts the daemon, and resolves when its first cycle is done. */
  async start(): Promise<void> {
    const since = Date.now();
    this.#child = this.#spawn('run');
    for (let tries = 0; tries < 240; tries++) {
      const cycles = await this.cycles().catch(() => []);
      if (cycles.some(({ trigger, started_at }) => trigger === 'scheduled' && Date.parse(started_at) >= since)) return;
      if (this.#child.exitCode !== null) throw new Error(`tocsin ended with ${this.#child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error('tocsin had no cycle within 2 minutes');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /** Runs one whole cycle. */
  async once(): Promise<void> {
    const child = this.#spawn('once', '--lenient');
    if (child.exitCode === null) await once(child, 'exit');
    if (child.exitCode !== 0) throw new Error(`tocsin once ended with ${child.exitCode}`);
  }

  /** What the running daemon has recorded. */
  async cycles(): Promise<readonly CycleJson[]> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/api/v1/cycles?limit=1000&since=24h`);
    if (response.status !== 200) throw new Error(`/api/v1/cycles answered ${response.status}`);
    const { items } = JSON.parse(await response.text());
    return items;
  }

  async gaps(): Promise<readonly RecordedGap[]> {
    const cycles = await this.cycles();
    return cycles
      .flatMap(({ gaps }) => gaps)
      .map((gap) => ({ ...gap, from: gap.from === null ? 0 : Date.parse(gap.from), to: Date.parse(gap.to) }));
  }

  /** Hands over every stored line of one pod. */
  async eachLine(workload: string, onLine: (at: number, text: string) => void): Promise<void> {
    const child = this.#spawn('logs', workload, '--json', '--since', '24h');
    if (child.stdout === null) throw new Error('no output');
    for await (const row of createInterface({ input: child.stdout })) {
      const { at, text }: { at: string; text: string } = JSON.parse(row);
      onLine(Date.parse(at), text);
    }
    if (child.exitCode === null) await once(child, 'exit');
    if (child.exitCode !== 0) throw new Error(`tocsin logs ended with ${child.exitCode}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #spawn(command: string, ...args: readonly string[]): ChildProcess {
    const paths = ['--config', join(this.#folder, 'tocsin.yaml'), '--rules', RULES, '--data', join(this.#folder, 'data')];
    const stdio = ['ignore', command === 'logs' ? 'pipe' : 'ignore', 'ignore'] as const;
    return spawn(process.execPath, [...tocsinFlags(), MAIN, command, ...args, ...paths], { stdio: [...stdio] });
  }
}
