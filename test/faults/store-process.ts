import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process with the store in a folder open; see store-writer.ts. */
export interface StoreProcess {
  readonly pid: number;
  /** What it has said so far. */
  readonly said: readonly string[];
  /** Waits until it has said that many lines. */
  heard(lines: number): Promise<void>;
  /** Kills it with SIGKILL and waits until it is gone and everything it said has arrived. */
  kill(): Promise<void>;
}

/** Starts one and waits until its store is open. */
export function startStoreProcess(path: string, mode: 'holds' | 'commits'): Promise<StoreProcess> {
  return startProcess('./store-writer.ts', [path, mode]);
}

/** Starts a script of this folder and waits until it has said something. */
export async function startProcess(script: string, args: readonly string[]): Promise<StoreProcess> {
  const file = new URL(script, import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null || child.pid === undefined) throw new Error('could not start the writer');
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  const ended = once(lines, 'close');
  lines.on('line', (line) => said.push(line));
  const heard = async (count: number) => {
    while (said.length < count) {
      const { length } = said;
      await Promise.race([once(lines, 'line'), ended]);
      if (said.length === length) throw new Error(`the writer ended after ${said.join(', ')}`);
    }
  };
  await heard(1);
  return {
    pid: child.pid,
    said,
    heard,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
