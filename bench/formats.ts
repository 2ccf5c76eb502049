import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { classify } from '../src/core/analyze/classifier.ts';
import type { Benchmark } from './benchmark.ts';
import { figure } from './harness/table.ts';

/** One line of a corpus, in the form of the fixtures. */
interface Example {
  readonly text: string;
  readonly level: string | null;
  readonly status: number | null;
  readonly at: string | null;
}

/** One file of a corpus: how many lines it has, and what is wrong with those that were read wrongly. */
interface Score {
  readonly name: string;
  readonly lines: number;
  readonly wrong: readonly string[];
}

const FIXTURES = fileURLToPath(new URL('../test/fixtures/formats', import.meta.url));
const GOAL_PERCENT = 99;
const LISTED = 50;
const TEXT_LENGTH = 160;

export const formats: Benchmark = {
  name: 'formats',
  summary: 'level, status and time of lines of many formats: how many are read right',
  async run({ corpus }) {
    const scores = scoreFolder(corpus ?? FIXTURES);
    const wrong = scores.flatMap((score) => score.wrong);
    const lines = scores.reduce((sum, score) => sum + score.lines, 0);
    const right = lines - wrong.length;
    return {
      claims: [
        {
          what: 'lines read right',
          measured: percent(right, lines),
          bound: 'at least',
          limit: GOAL_PERCENT,
          unit: '%',
          must: false,
        },
      ],
      tables: [
        {
          title: `${figure(lines)} lines in ${figure(scores.length)} files`,
          columns: ['', 'lines', 'right', '%'],
          rows: [...scores.map(rowOf), rowOf({ name: 'all', lines, wrong })],
        },
      ],
      notes: [...wrong.slice(0, LISTED), ...(wrong.length > LISTED ? [`and ${wrong.length - LISTED} more wrong lines`] : [])],
    };
  },
};

function scoreFolder(folder: string): Score[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => {
      const lines = readFileSync(join(folder, file), 'utf8').split('\n');
      const examples = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Example); // a corpus is in this form
      const wrong = examples.map((example) => differencesOf(example)).filter((text) => text !== '');
      return { name: file, lines: examples.length, wrong: wrong.map((text) => `${file}: ${text}`) };
    });
}

/** What was found of the line, and what should have been; empty when they agree. A missing time is not scored. */
function differencesOf({ text, level, status, at }: Example): string {
  const found = classify(text);
  const differences: string[] = [];
  if (found.level !== level) differences.push(`level ${found.level}, not ${level}`);
  if (found.status !== status) differences.push(`status ${found.status}, not ${status}`);
  if (at !== null && shortest(found.at ?? '') !== shortest(at)) differences.push(`time ${found.at}, not ${at}`);
  return differences.length === 0 ? '' : `${differences.join('; ')}: ${JSON.stringify(text.slice(0, TEXT_LENGTH))}`;
}

/** Trailing zeros of the fraction do not matter. */
function shortest(time: string): string {
  return time.replace(/(\.\d*?)0*Z$/, '$1Z').replace('.Z', 'Z');
}

function rowOf({ name, lines, wrong }: Score): string[] {
  const right = lines - wrong.length;
  return [name, String(lines), String(right), percent(right, lines).toFixed(1)];
}

function percent(right: number, lines: number): number {
  return lines === 0 ? 0 : (100 * right) / lines;
}
