import { join } from 'node:path';
import { HOUR } from '../src/base/duration.ts';
import { EVERY_LINE } from '../src/core/model/line-query.ts';
import type { Store } from '../src/store/store.ts';
import type { Benchmark } from './benchmark.ts';
import { CycleSource, commitCycle, DAY_OF_CYCLES, openHistory, PERIOD } from './harness/history.ts';
import { median } from './harness/median.ts';
import { figure } from './harness/table.ts';

const WORKLOADS = 200;
const START = Date.UTC(2026, 10, 20, 14);
const MOST_MS = 300;
/** Hours of the day and workloads that are asked for. */
const QUESTIONS = 24;

export const search: Benchmark = {
  name: 'search',
  summary: `the first line of one workload of ${WORKLOADS} in one hour, out of millions`,
  async run({ short, folder, say }) {
    const lines = short ? 60 : 180;
    const source = new CycleSource({ workloads: WORKLOADS, lines }, START);
    let now = START;
    {
      await using store = await openHistory(join(folder, 'data'), () => now);
      for (let index = 0; index < DAY_OF_CYCLES; index++) {
        say(`history ${index + 1} of ${DAY_OF_CYCLES}`);
        now = START + (index + 1) * PERIOD;
        await commitCycle(store, source.cycleAt(now), source.segmentsAt(now));
      }
    }
    // Opened anew: nothing that writing left in memory helps.
    await using store = await openHistory(join(folder, 'data'), () => now);
    const answers: { readonly first: number; readonly all: number; readonly lines: number }[] = [];
    for (let index = 0; index < QUESTIONS; index++) {
      say(`question ${index + 1} of ${QUESTIONS}`);
      answers.push(await ask(store, (index * 37) % WORKLOADS, START + (index % 23) * HOUR));
    }
    const first = median(answers.map((answer) => answer.first));
    const worst = Math.max(...answers.map((answer) => answer.first));
    const stored = DAY_OF_CYCLES * WORKLOADS * lines;
    return {
      claims: [{ what: 'first line', measured: first, bound: 'at most', limit: MOST_MS, unit: 'ms', must: false }],
      tables: [
        {
          title: `one workload-hour out of ${figure(stored / 1e6)} million stored lines; medians of ${QUESTIONS}`,
          columns: ['', ''],
          rows: [
            ['first line', `${figure(first)} ms`],
            ['first line, the slowest', `${figure(worst)} ms`],
            [
              `all ${figure(median(answers.map((answer) => answer.lines)))} lines`,
              `${figure(median(answers.map((answer) => answer.all)))} ms`,
            ],
          ],
        },
      ],
      notes: [],
    };
  },
};

async function ask(store: Store, workload: number, from: number) {
  const named = {
    namespace: (name: string) => name === `team-${Math.floor(workload / 20)}`,
    workload: (name: string) => name === `service-${workload}`,
  };
  const started = performance.now();
  let [first, lines] = [Number.NaN, 0];
  for await (const _ of store.lines({ ...EVERY_LINE, ...named, from, to: from + HOUR }, new AbortController().signal)) {
    if (lines++ === 0) first = performance.now() - started;
  }
  if (lines === 0) throw new Error(`service-${workload} has no lines in its hour`);
  return { first, all: performance.now() - started, lines };
}
