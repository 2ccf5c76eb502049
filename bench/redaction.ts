import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRedactor } from '../src/core/analyze/redact.ts';
import type { Benchmark, Claim } from './benchmark.ts';
import { runChild } from './harness/child.ts';
import { figure } from './harness/table.ts';
import { writeCorpus } from './logs/corpus.ts';
import type { AddedTimeInput, AddedTimeResult } from './redaction/added-time.ts';
import { benignLines } from './redaction/benign-lines.ts';

/** One line of a corpus: its text, and what must not be left of it; nothing for a benign line. */
interface Example {
  readonly text: string;
  readonly secrets: readonly string[];
}

/** One file of a corpus. */
interface Score {
  readonly name: string;
  readonly secrets: number;
  readonly hidden: number;
  readonly benign: number;
  /** What is wrong, for people. */
  readonly missed: readonly string[];
  readonly changed: readonly string[];
}

const FIXTURES = fileURLToPath(new URL('../test/fixtures/redaction', import.meta.url));
const RULES = fileURLToPath(new URL('../rules', import.meta.url));
const LISTED = 50;
const TEXT_LENGTH = 200;
const MIB = 1024 ** 2;
const PER = 100_000;

export const redaction: Benchmark = {
  name: 'redaction',
  summary: 'secrets in log lines: how many are hidden, how many benign lines change, and what that adds to the analysis',
  async run({ corpus, short, folder, say }) {
    const redactor = createRedactor(['default']);
    const scores = examplesIn(corpus ?? FIXTURES).map(({ name, examples }) => score(name, examples, redactor.redactText));
    say('drawing benign lines');
    const drawn = benignLines(short ? 2 * PER : 5 * PER);
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    scores.push(
      score(
        'drawn for this run',
        drawn.map((text) => ({ text, secrets: [] })),
        redactor.redactText,
      ),
    );
    const spent = process.cpuUsage(cpu).user / 1000 || performance.now() - started;
    say('timing the analysis with and without redaction');
    const files = (await writeCorpus(join(folder, 'logs'), { containers: 40, bytes: (short ? 32 : 64) * MIB })).files;
    const added = await runChild<AddedTimeInput, AddedTimeResult>('bench/redaction/added-time.ts', {
      files: files.map(({ path }) => path),
      rules: RULES,
      rounds: short ? 3 : 6,
    });
    const all = sumOf(scores);
    const wrong = scores.flatMap(({ name, missed, changed }) => [...missed, ...changed].map((text) => `${name}: ${text}`));
    return {
      claims: claimsOf(all, added),
      tables: [
        {
          title: `${figure(scores.length)} files`,
          columns: ['', 'secrets', 'hidden', 'recall', 'benign lines', 'changed'],
          rows: [...scores, all].map((each) => [
            ...[each.name, String(each.secrets), String(each.hidden), each.secrets === 0 ? '-' : recall(each).toFixed(4)],
            ...[String(each.benign), String(each.changed.length)],
          ]),
        },
        {
          title: 'throughput',
          columns: ['', 'MB per CPU s', '1,000 lines per CPU s'],
          rows: [
            ['analysis with the shipped rules and redaction', figure(added.bytes / 1000 / added.cpuMs), ''],
            [
              'redaction alone, of the drawn lines as texts',
              figure(lengthOf(drawn) / 1000 / spent),
              figure(drawn.length / spent),
            ],
          ],
        },
      ],
      notes: [
        `added time: the median of ${added.pairs} pairs, one half with redaction and one without, in turn, in CPU time`,
        ...wrong.slice(0, LISTED),
        ...(wrong.length > LISTED ? [`and ${wrong.length - LISTED} more`] : []),
      ],
    };
  },
};

function claimsOf(all: Score, added: AddedTimeResult): Claim[] {
  const claims: Claim[] = [
    { what: 'recall', measured: recall(all), bound: 'at least', limit: 0.98, unit: '', must: true },
    {
      what: `false positives per ${figure(PER)} benign lines`,
      measured: (all.changed.length * PER) / all.benign,
      bound: 'at most',
      limit: 1,
      unit: '',
      must: true,
    },
    {
      what: 'added to the time of the analysis',
      measured: (added.ratio - 1) * 100,
      bound: 'at most',
      limit: 25,
      unit: '%',
      must: false,
    },
  ];
  // A corpus without secrets has no recall.
  return claims.filter(({ measured }) => !Number.isNaN(measured));
}

function examplesIn(folder: string): { readonly name: string; readonly examples: readonly Example[] }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((name) => {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n');
      return { name, examples: lines.filter((line) => line.trim() !== '').map(exampleOf) };
    });
}

/** `secrets` may be one text, a list, or missing. */
function exampleOf(line: string): Example {
  const { text, secrets = [] } = JSON.parse(line) as { text: string; secrets?: string | readonly string[] | null }; // a corpus is in this form
  return { text, secrets: [secrets ?? []].flat().filter((secret) => secret !== '') };
}

function score(name: string, examples: readonly Example[], redact: (text: string) => string): Score {
  const [missed, changed]: [string[], string[]] = [[], []];
  let [secrets, hidden, benign] = [0, 0, 0];
  for (const example of examples) {
    const redacted = redact(example.text);
    secrets += example.secrets.length;
    for (const secret of example.secrets) {
      if (!redacted.includes(secret)) hidden++;
      else missed.push(`missed: ${shown(example.text)}`);
    }
    if (example.secrets.length > 0) continue;
    benign++;
    if (redacted !== example.text) changed.push(`changed: ${shown(example.text)} to ${shown(redacted)}`);
  }
  return { name, secrets, hidden, benign, missed, changed };
}

function sumOf(scores: readonly Score[]): Score {
  const sum = (count: (score: Score) => number) => scores.reduce((total, each) => total + count(each), 0);
  return {
    name: 'all',
    secrets: sum(({ secrets }) => secrets),
    hidden: sum(({ hidden }) => hidden),
    benign: sum(({ benign }) => benign),
    missed: scores.flatMap(({ missed }) => missed),
    changed: scores.flatMap(({ changed }) => changed),
  };
}

function recall({ hidden, secrets }: Score): number {
  return hidden / secrets;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, TEXT_LENGTH));
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
