import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSize } from '../src/base/size.ts';
import { type Benchmark, type Claim, holds, type Report } from './benchmark.ts';
import * as registry from './benchmarks.ts';
import { figure, renderTable } from './harness/table.ts';

const BENCHMARKS: readonly Benchmark[] = Object.values(registry);

// `npm run bench -- [--short] [--size 256Mi] [NAME… [CORPUS]]`: measures the named benchmarks, or all, on the folder CORPUS those that
// score one, with a generated corpus of that size those that make one; exits with 1 when one of them breaks a must.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, size: { type: 'string' } },
});
const size = values.size === undefined ? null : parseSize(values.size);
if (size === null && values.size !== undefined) {
  process.stderr.write(`"${values.size}" is no size such as 256Mi or 1Gi\n`);
  process.exit(2);
}
const last = positionals.at(-1);
const corpus =
  positionals.length > 1 && last !== undefined && existsSync(last) && !BENCHMARKS.some(({ name }) => name === last) ? last : null;
const unknown = positionals.filter((name) => name !== corpus && !BENCHMARKS.some((each) => each.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are ${BENCHMARKS.map((each) => each.name).join(', ')}\n`);
  process.exit(2);
}
const chosen = BENCHMARKS.filter((each) => positionals.length === 0 || positionals.includes(each.name));
const broken: string[] = [];
for (const benchmark of chosen) {
  const started = performance.now();
  process.stdout.write(`\n=== ${benchmark.name}: ${benchmark.summary}\n`);
  const report = await run(benchmark);
  print(report);
  broken.push(...report.claims.filter((claim) => claim.must && !holds(claim)).map((claim) => `${benchmark.name}: ${claim.what}`));
  process.stdout.write(`  (${((performance.now() - started) / 1000).toFixed(0)} s)\n`);
}
if (broken.length > 0) process.stdout.write(`\nbroken: ${broken.join('; ')}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

async function run(benchmark: Benchmark): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), `tocsin-bench-${benchmark.name}-`));
  const isTerminal = process.stderr.isTTY === true;
  const say = (text: string) => void (isTerminal ? process.stderr.write(`\r\x1b[K  ${text}`) : undefined);
  try {
    return await benchmark.run({ short: values.short, corpus, size, folder, say });
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
