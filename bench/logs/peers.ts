import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CorpusFile } from './corpus.ts';
import { fluentBit } from './fluent-bit.ts';
import { isInstalled } from './installed.ts';
import { mtail } from './mtail.ts';

/** A tool that others would count with, over the same files. */
export interface Peer {
  readonly name: string;
  /** How many of the files it gets: the slow ones would take minutes for all. */
  readonly files: readonly CorpusFile[];
  /** `null` when it is not installed. */
  readonly command: readonly string[] | null;
}

/** Milliseconds by the clock, and of CPU: what a busy machine disturbs least. */
export interface Times {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Lines of level error and worse in all formats of the corpus. */
const LEVELS = '"level":("error"|"fatal"|50|60)|level=(error|fatal)| (ERROR|FATAL|CRITICAL) |Z [EF][0-9]{4} ';
const AWK = `{ minute = substr($0, 1, 16); lines[FILENAME, minute]++
    if ($0 ~ /${LEVELS}/) errors[FILENAME, minute]++; else if ($0 ~ /"level":("warn"|40)|level=warn| WARN/) warnings[FILENAME, minute]++ }
    END { for (key in lines) sum += lines[key]; print sum }`;
/** What the tools get that take minutes for a gigabyte. */
const SLOW_BYTES = 68 * 1024 ** 2;

export function peersOf(folder: string, files: readonly CorpusFile[]): readonly Peer[] {
  const share = Math.max(1, Math.floor((files.length * SLOW_BYTES) / files.reduce((sum, { bytes }) => sum + bytes, 0)));
  const few = files.slice(0, share);
  const paths = (some: readonly CorpusFile[]) => some.map(({ path }) => path);
  return [
    { name: 'wc -l', files, command: ['wc', '-l', ...paths(files)] },
    { name: 'grep -cE, level alternation', files, command: ['grep', '-cE', LEVELS, ...paths(files)] },
    { name: 'ripgrep, one thread, level alternation', files, command: ifHas('rg', ['-j1', '-c', LEVELS, ...paths(files)]) },
    { name: 'mawk, per-minute counters', files, command: ifHas('mawk', [AWK, ...paths(files)]) },
    { name: 'mtail, per-minute counters', files: few, command: mtail(folder, paths(few)) },
    { name: 'fluent-bit, level parser, log_to_metrics', files: few, command: fluentBit(folder, paths(few)) },
  ];
}

/** Runs a peer once. The output goes into a file, as it would into someone's report: into /dev/null, grep stops at its first match. */
export async function runPeer(folder: string, command: readonly string[]): Promise<Times> {
  const started = performance.now();
  const script = `TIMEFORMAT='%3U %3S'; time "$@" >"$0" 2>&1`;
  const child = spawn('bash', ['-c', script, join(folder, 'peer.out'), ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  let spent = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    spent += text;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${command[0]} ended with status ${status}`);
  const ms = performance.now() - started;
  return { ms, cpuMs: spent.split(/\s+/).reduce((sum, seconds) => sum + Number(seconds) * 1000, 0) };
}

function ifHas(command: string, args: readonly string[]): readonly string[] | null {
  return isInstalled(command) ? [command, ...args] : null;
}
