import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Benchmark, Claim } from './benchmark.ts';
import { runChild } from './harness/child.ts';
import { figure } from './harness/table.ts';
import { writeCorpus } from './logs/corpus.ts';
import type { MatchingInput, MatchingResult } from './patterns/matching.ts';
import type { StallInput, StallResult } from './patterns/stall.ts';
import { evilPatterns, USER_PATTERNS } from './patterns/user-patterns.ts';

const MIB = 1024 ** 2;
const EVIL = 50;

/** So many patterns, and how many times as fast as V8 one by one that must be. */
const SIZES: readonly { readonly patterns: number; readonly limit: number | null }[] = [
  { patterns: 1, limit: null },
  { patterns: 10, limit: 1.5 },
  { patterns: 50, limit: 4 },
];

export const patterns: Benchmark = {
  name: 'patterns',
  summary: "users' patterns over every line, in linear time, beside V8 one by one; and what evil ones do to the main loop",
  async run({ short, size, folder, say }) {
    say('writing the corpus');
    const { files } = await writeCorpus(join(folder, 'logs'), { containers: 20, bytes: size ?? (short ? 32 : 107) * MIB });
    const results: { readonly count: number; readonly limit: number | null; readonly result: MatchingResult }[] = [];
    for (const { patterns: count, limit } of SIZES) {
      say(`${count} patterns`);
      const input = { files: files.map(({ path }) => path), patterns: USER_PATTERNS.slice(0, count), rounds: short ? 1 : 3 };
      results.push({ count, limit, result: await runChild<MatchingInput, MatchingResult>('bench/patterns/matching.ts', input) });
    }
    say(`${EVIL} evil patterns`);
    const lines = short ? 10 : 40;
    const plain = await runChild<StallInput, StallResult>('bench/patterns/stall.ts', { patterns: [], lines });
    const evil = await runChild<StallInput, StallResult>('bench/patterns/stall.ts', { patterns: evilPatterns(EVIL), lines });
    const speed = (bytes: number, ms: number) => figure(bytes / 1000 / ms);
    return {
      claims: [
        {
          what: 'patterns whose count is not that of V8',
          measured: results.reduce((sum, { result }) => sum + (isDeepStrictEqual(result.v8, result.own) ? 0 : 1), 0),
          bound: 'at most',
          limit: 0,
          unit: '',
          must: true,
        },
        ...results.flatMap(({ count, limit, result }): Claim[] =>
          limit === null
            ? []
            : [
                {
                  what: `${count} patterns / V8 one by one`,
                  measured: result.ratio,
                  bound: 'at least',
                  limit,
                  unit: 'x',
                  must: true,
                  margin: 0.1,
                },
              ],
        ),
        {
          what: `longest stall of the main loop by ${EVIL} evil patterns over lines of 100 kB`,
          measured: evil.longest,
          bound: 'at most',
          limit: 20,
          unit: 'ms',
          must: true,
        },
      ],
      tables: [
        {
          title: 'patterns over every line, MB per CPU s',
          columns: ['', 'V8 one by one', 'tocsin', 'times', 'lines matched'],
          rows: results.map(({ count, result }) => [
            `${count}`,
            speed(result.bytes, result.v8Ms),
            speed(result.bytes, result.ownMs),
            figure(result.ratio),
            String(result.own.reduce((sum, each) => sum + each, 0)),
          ]),
        },
        {
          title: `the main loop while ${lines} lines of 100 kB are read, ms`,
          columns: ['', 'longest stall, CPU', 'by the clock', '99 of 100, by the clock', 'until all was decided', 'suspended'],
          rows: [rowOf('no patterns', plain), rowOf(`${EVIL} evil patterns`, evil)],
        },
      ],
      notes: ['times are of CPU; the ratio is the median of pairs: the same file with V8 and with tocsin, in turn'],
    };
  },
};

function rowOf(name: string, { longest, longestByClock, p99ByClock, ms, suspended }: StallResult): string[] {
  return [name, ...[longest, longestByClock, p99ByClock, ms].map(figure), String(suspended)];
}
