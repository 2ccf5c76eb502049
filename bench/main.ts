import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, formatProblem } from '../src/base/errors.ts';
import { type Benchmark, type Claim, holds, type Report } from './benchmark.ts';
import * as registry from './benchmarks.ts';
import { type CommandLine, readCommandLine, usage } from './command-line.ts';
import { figure, renderTable } from './harness/table.ts';

const BENCHMARKS: readonly Benchmark[] = Object.values(registry);

const line = commandLine();
if (line.help) {
  process.stdout.write(usage(BENCHMARKS));
  process.exit(0);
}
const broken: string[] = [];
for (const benchmark of line.chosen) {
  const started = performance.now();
  process.stdout.write(`\n=== ${benchmark.name}: ${benchmark.summary}\n`);
  const report = await runOrTell(benchmark);
  if (report === null) process.exit(2);
  print(report);
  broken.push(...report.claims.filter((claim) => claim.must && !holds(claim)).map((claim) => `${benchmark.name}: ${claim.what}`));
  process.stdout.write(`  (${((performance.now() - started) / 1000).toFixed(0)} s)\n`);
}
if (broken.length > 0) process.stdout.write(`\nbroken: ${broken.join('; ')}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

function commandLine(): CommandLine {
  try {
    return readCommandLine(process.argv.slice(2), BENCHMARKS);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`bench: ${error.message}; see "npm run bench -- --help"\n`);
    process.exit(2);
  }
}

/** The report of a benchmark; `null` where the corpus that was named cannot be used, which is told. */
async function runOrTell(benchmark: Benchmark): Promise<Report | null> {
  try {
    return await run(benchmark);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    process.stderr.write(`bench: ${error.message}\n`);
    return null;
  }
}

async function run(benchmark: Benchmark): Promise<Report> {
  const { short, corpus, size } = line;
  const folder = await mkdtemp(join(tmpdir(), `tocsin-bench-${benchmark.name}-`));
  const isTerminal = process.stderr.isTTY === true;
  const say = (text: string) => void (isTerminal ? process.stderr.write(`\r\x1b[K  ${text}`) : undefined);
  try {
    return await benchmark.run({ short, corpus, size, folder, say });
  } finally {
    if (isTerminal) process.stderr.write('\r\x1b[K');
    await rm(folder, { recursive: true, force: true });
  }
}

function print({ claims, tables, notes }: Report): void {
  const verdicts = {
    title: '',
    columns: ['', 'measured', 'promised', ''],
    rows: claims.map((claim) => [claim.what, `${figure(claim.measured)} ${claim.unit}`, promiseOf(claim), verdictOf(claim)]),
  };
  for (const table of [verdicts, ...tables]) process.stdout.write(`${renderTable(table)}`);
  for (const note of notes) process.stdout.write(`  ${note}\n`);
}

function promiseOf({ bound, limit, unit, must }: Claim): string {
  return `${must ? 'must be' : 'goal'} ${bound} ${figure(limit)} ${unit}`;
}

function verdictOf(claim: Claim): string {
  if (holds({ ...claim, margin: 0 })) return 'held';
  if (!claim.must) return 'missed';
  return holds(claim) ? `within the noise of ${figure((claim.margin ?? 0) * 100)} %` : 'BROKEN';
}
