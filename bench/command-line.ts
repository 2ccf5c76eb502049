import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, messageOf } from '../src/base/errors.ts';
import { suggestion } from '../src/base/schema/suggestion.ts';
import { parseSize } from '../src/base/size.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';

/** What `npm run bench` was asked for. */
export interface CommandLine extends Pick<BenchOptions, 'short' | 'corpus' | 'size'> {
  readonly help: boolean;
  /** All of them where none is named. */
  readonly chosen: readonly Benchmark[];
}

/** Throws `ConfigError` for what cannot be meant. */
export function readCommandLine(argv: readonly string[], benchmarks: readonly Benchmark[]): CommandLine {
  const { values, positionals } = parsed(argv);
  const size = values.size === undefined ? null : parseSize(values.size);
  if (size === null && values.size !== undefined) throw new ConfigError(`"${values.size}" is no size such as 256Mi or 1Gi`);
  const names = benchmarks.map(({ name }) => name);
  const last = positionals.at(-1);
  const corpus = positionals.length > 1 && last !== undefined && existsSync(last) && !names.includes(last) ? last : null;
  for (const name of positionals)
    if (name !== corpus && !names.includes(name))
      throw new ConfigError(`no benchmark ${JSON.stringify(name)}${suggestion(name, names)}`);
  const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { help: values.help, short: values.short, size, corpus, chosen };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        short: { type: 'boolean', default: false },
        size: { type: 'string' },
      },
    });
  } catch (error) {
    throw new ConfigError(messageOf(error).split('. To specify')[0] ?? '');
  }
}

export function usage(benchmarks: readonly Benchmark[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length)) + 2;
  return `Measures what Tocsin promises of speed and memory, beside peers and limits of the same run.

usage: npm run bench -- [options] [NAME… [DIR]]

benchmarks (all of them where none is named)
${benchmarks.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}\n`).join('')}
options
  --short      smaller inputs and fewer runs: what CI has time for
  --size SIZE  how much the benchmarks generate that generate a corpus, such as 256Mi
  --help       show this help

DIR is a folder of lines or incidents of your own, for the benchmarks that score one.
Ends with 1 when a figure that is a must is broken, and with 2 when it was asked for what there is not.
`;
}
