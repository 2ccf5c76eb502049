import { join } from 'node:path';
import { DAY, HOUR } from '../src/base/duration.ts';
import { containing, matching } from '../src/core/analyze/matching/text-filter.ts';
import { compilePattern } from '../src/core/analyze/pattern.ts';
import { EVERY_LINE, type LineQuery, type TextFilter } from '../src/core/model/line-query.ts';
import type { Store } from '../src/store/store.ts';
import type { Benchmark } from './benchmark.ts';
import { openHistory, PERIOD } from './harness/history.ts';
import { median } from './harness/median.ts';
import { STORED_FROM, STORED_TO, STORED_WORKLOADS, storedLines, writeStoredLines } from './harness/stored-lines.ts';
import { figure } from './harness/table.ts';

const MOST_MS = 300;
const LEAST_LINES = 1_000_000;
/** Hours of the day and workloads that are asked for. */
const QUESTIONS = 24;

/** What is searched for in all of the window, and in a twelfth of it where decoding every line takes its time. */
const SEARCHES: readonly { readonly name: string; readonly text: () => TextFilter | null; readonly span: number }[] = [
  { name: 'a text that nobody said', text: () => containing('a text that nobody said'), span: DAY },
  { name: 'the same, as a pattern in any case', text: () => pattern('(?i)nobody\\s+told'), span: DAY },
  { name: 'a text in one line of 5,000', text: () => containing('lease 17'), span: DAY },
  { name: 'a pattern with two literals', text: () => pattern('lease 1\\d{3} .* replica'), span: DAY },
  { name: 'a pattern without literals', text: () => pattern('^[a-f]\\d+[A-Z]$'), span: DAY / 12 },
  { name: 'nothing: every line', text: () => null, span: DAY / 12 },
];

export const search: Benchmark = {
  name: 'search',
  summary: `one workload of ${STORED_WORKLOADS} in one hour, and texts in all of the window, out of millions of stored lines`,
  async run({ short, folder, say }) {
    const stored = storedLines(short);
    const path = join(folder, 'data');
    const end = STORED_TO;
    const took = await writeStoredLines(path, stored, { say });
    // Opened anew: nothing that writing left in memory helps.
    await using store = await openHistory(path, () => end);
    const answers: Answer[] = [];
    for (let index = 0; index < QUESTIONS; index++) {
      say(`question ${index + 1} of ${QUESTIONS}`);
      const from = STORED_FROM + (index % 23) * HOUR;
      answers.push(await ask(store, { ...workloadQuery((index * 37) % STORED_WORKLOADS), from, to: from + HOUR }));
    }
    const scans: (Answer & { readonly name: string; readonly searched: number })[] = [];
    for (const { name, text, span } of SEARCHES) {
      say(name);
      const searched = Math.floor(span / PERIOD) * STORED_WORKLOADS * stored.each;
      scans.push({ name, searched, ...(await ask(store, { ...EVERY_LINE, from: end - span, text: text() })) });
    }
    return report({ stored: stored.total, took, answers, scans });
  },
};

interface Answer {
  /** Milliseconds until the first line, and until the end; lines found. */
  readonly first: number;
  readonly all: number;
  readonly lines: number;
  /** The longest that nothing else could run. */
  readonly stall: number;
}

function report(measured: {
  readonly stored: number;
  readonly took: number;
  readonly answers: readonly Answer[];
  readonly scans: readonly (Answer & { readonly name: string; readonly searched: number })[];
}): Awaited<ReturnType<Benchmark['run']>> {
  const { stored, took, answers, scans } = measured;
  const speed = ({ searched, all }: { readonly searched: number; readonly all: number }) => (searched * 1000) / all;
  const first = median(answers.map((answer) => answer.first));
  const [never] = scans;
  return {
    claims: [
      { what: 'first line of a workload-hour', measured: first, bound: 'at most', limit: MOST_MS, unit: 'ms', must: true },
      {
        what: 'lines searched for a text',
        measured: never === undefined ? Number.NaN : speed(never) / 1000,
        bound: 'at least',
        limit: LEAST_LINES / 1000,
        unit: 'thousand/s',
        must: false,
      },
    ],
    tables: [
      {
        title: `${figure(stored / 1e6)} million stored lines, written in ${figure(took / 1000)} s; medians of ${QUESTIONS} workload-hours`,
        columns: ['', ''],
        rows: [
          ['first line', `${figure(first)} ms`],
          ['first line, the slowest', `${figure(Math.max(...answers.map((answer) => answer.first)))} ms`],
          [
            `all ${figure(median(answers.map((answer) => answer.lines)))} lines`,
            `${figure(median(answers.map((answer) => answer.all)))} ms`,
          ],
        ],
      },
      {
        title: 'over all workloads, newest first',
        columns: ['searched for', 'lines', 'found', '1,000 lines/s', 'first line', 'longest stall'],
        rows: scans.map((scan) => [
          scan.name,
          figure(scan.searched),
          figure(scan.lines),
          figure(speed(scan) / 1000),
          scan.lines === 0 ? '' : `${figure(scan.first)} ms`,
          `${figure(scan.stall)} ms`,
        ]),
      },
    ],
    notes: [],
  };
}

function pattern(source: string): TextFilter {
  return matching(compilePattern(source));
}

function workloadQuery(workload: number): LineQuery {
  return {
    ...EVERY_LINE,
    namespace: (name) => name === `team-${Math.floor(workload / 20)}`,
    workload: (name) => name === `service-${workload}`,
  };
}

async function ask(store: Store, query: LineQuery): Promise<Answer> {
  let [first, lines, stall] = [Number.NaN, 0, 0];
  const started = performance.now();
  let last = started;
  const beat = setInterval(() => {
    const now = performance.now();
    stall = Math.max(stall, now - last);
    last = now;
  }, 1);
  try {
    for await (const _ of store.lines(query, new AbortController().signal)) {
      if (lines++ === 0) first = performance.now() - started;
    }
  } finally {
    clearInterval(beat);
  }
  return { first, all: performance.now() - started, lines, stall };
}
