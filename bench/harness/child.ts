import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { imageEnvironment } from './image.ts';

const ROOT = new URL('../../', import.meta.url);

/** The flags that package.json's script `tocsin` gives to node: what is measured runs with what users run. */
export function tocsinFlags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { scripts: { tocsin: string } }; // our own file
  return scripts.tocsin.split(' ').filter((word) => word.startsWith('--'));
}

/**
 * Runs a part of a benchmark in a process of its own, so that its memory is its own. The part reads its input with `childInput` and prints
 * its result with `childResult`; rejects when it ends without one.
 */
export async function runChild<Input, Result>(
  file: string,
  input: Input,
  flags: readonly string[] = tocsinFlags(),
): Promise<Result> {
  const child = start(file, [JSON.stringify(input)], flags);
  let result: Result | undefined;
  for await (const line of linesOf(child)) if (line.startsWith('{')) result = JSON.parse(line) as Result; // printed by our own part
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0 || result === undefined) throw new Error(`${file} ended with status ${child.exitCode} and no result`);
  return result;
}

/** What the parent gave to {@link runChild}. */
export function childInput<Input>(): Input {
  return JSON.parse(process.argv[2] ?? 'null') as Input; // written by our own parent
}

export function childResult(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** A process that serves until it is disposed; `ready` is the first line that it prints, as JSON. */
export interface ServingChild<Ready> extends AsyncDisposable {
  readonly pid: number;
  readonly ready: Ready;
}

/** Starts a long-running part of the repository, such as the simulated cluster. `file` is relative to the repository. */
export async function serveChild<Ready>(
  file: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<ServingChild<Ready>> {
  const child = start(file, args, flags);
  for await (const line of linesOf(child)) {
    if (!line.startsWith('{')) continue;
    child.stdout?.resume();
    const ready = JSON.parse(line) as Ready; // printed by our own part
    return { pid: child.pid ?? 0, ready, [Symbol.asyncDispose]: () => stop(child) };
  }
  throw new Error(`${file} ended with status ${child.exitCode} before it was ready`);
}

function start(file: string, args: readonly string[], flags: readonly string[]): ChildProcess {
  const quiet = '--disable-warning=ExperimentalWarning';
  const path = fileURLToPath(new URL(file, ROOT));
  return spawn(process.execPath, [...new Set([quiet, ...flags]), path, ...args], {
    cwd: fileURLToPath(ROOT),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...imageEnvironment() },
  });
}

async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  if (child.stdout === null) throw new Error('a child of a benchmark has no output');
  yield* createInterface({ input: child.stdout });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(timer);
}
