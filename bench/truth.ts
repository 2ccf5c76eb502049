import { fileURLToPath } from 'node:url';
import { HOUR, humanDuration } from '../src/base/duration.ts';
import { loadRules } from '../src/config/rules/rule-file.ts';
import { loadSettings } from '../src/config/settings/settings.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './harness/median.ts';
import { figure } from './harness/table.ts';
import { loadTimelines } from './truth/load-timelines.ts';
import { type Score, scoreTimeline } from './truth/score-timeline.ts';

const CORPUS = fileURLToPath(new URL('../test/acceptance', import.meta.url));
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LEAST = 0.98;
const LISTED = 50;

export const truth: Benchmark = {
  name: 'truth',
  summary: 'labelled incident timelines, told by the shipped rules: precision, recall, time to alert, false and late resolves',
  async run({ corpus, say }) {
    const scores = await scoreFolder(corpus ?? CORPUS, say);
    const all = scores.flatMap(({ timelines }) => timelines);
    const wrong = all.flatMap(({ name, falseAlerts, missed, falseResolves, lateResolves }) => [
      ...missed.map((text) => `missed    ${name}: ${text}`),
      ...falseAlerts.map((text) => `false     ${name}: ${text}`),
      ...falseResolves.map((text) => `ended     ${name}: ${text}`),
      ...lateResolves.map((text) => `late      ${name}: ${text}`),
    ]);
    const never = { bound: 'at most', limit: 0, unit: '', must: true } as const;
    const claim = { bound: 'at least', limit: LEAST, unit: '', must: true } as const;
    return {
      claims: [
        { ...claim, what: 'recall', measured: recallOf(all) },
        { ...claim, what: 'precision', measured: precisionOf(all) },
        { ...never, what: 'false resolves', measured: sum(all, ({ falseResolves }) => falseResolves.length) },
        { ...never, what: 'late resolves', measured: sum(all, ({ lateResolves }) => lateResolves.length) },
      ],
      tables: [
        {
          title: `${figure(all.length)} timelines in ${figure(scores.length)} files`,
          columns: ['', 'timelines', 'to be told', 'told', 'recall', 'precision', 'time to alert', 'false resolves'],
          rows: [...scores.map(({ name, timelines }) => rowOf(name, timelines)), rowOf('all', all)],
        },
      ],
      notes: [...wrong.slice(0, LISTED), ...(wrong.length > LISTED ? [`and ${wrong.length - LISTED} more`] : [])],
    };
  },
};

/** Scores every timeline of a folder with the shipped rules and the example settings. */
export async function scoreFolder(
  folder: string,
  say: (text: string) => void,
): Promise<readonly { readonly name: string; readonly timelines: readonly Score[] }[]> {
  const { rules } = loadRules({ folder: `${ROOT}/rules`, cwd: ROOT, receivers: null });
  const { settings } = loadSettings({ file: 'tocsin.example.yaml', required: true, cwd: ROOT, env: {} });
  if (settings === null) throw new Error('the example settings cannot be used');
  const { inhibitions, mutes, notifications } = settings;
  const policy = { routes: [], receivers: ['people'], inhibitions, mutes, ...notifications };
  const files = loadTimelines(
    folder,
    rules.map(({ alert }) => alert),
  );
  const scores: { readonly name: string; readonly timelines: readonly Score[] }[] = [];
  for (const { name, timelines } of files) {
    const own: Score[] = [];
    for (const timeline of timelines) {
      say(`${name}: ${timeline.name}`);
      own.push(await scoreTimeline(timeline, { rules, policy, timezone: 'UTC', externalUrl: null }));
    }
    scores.push({ name, timelines: own });
  }
  return scores;
}

export function recallOf(scores: readonly Score[]): number {
  const truths = sum(scores, (score) => score.truths);
  return truths === 0 ? 1 : 1 - sum(scores, ({ missed }) => missed.length) / truths;
}

export function precisionOf(scores: readonly Score[]): number {
  const told = sum(scores, (score) => score.told);
  return told === 0 ? 1 : 1 - sum(scores, ({ falseAlerts }) => falseAlerts.length) / told;
}

function sum(scores: readonly Score[], of: (score: Score) => number): number {
  return scores.reduce((total, score) => total + of(score), 0);
}

function rowOf(name: string, scores: readonly Score[]): string[] {
  const delays = scores.flatMap((score) => score.delays);
  return [
    name,
    String(scores.length),
    String(sum(scores, ({ truths }) => truths)),
    String(sum(scores, ({ told }) => told)),
    recallOf(scores).toFixed(3),
    precisionOf(scores).toFixed(3),
    delays.length === 0 ? '-' : humanDuration(Math.min(median(delays), 99 * HOUR)),
    String(sum(scores, ({ falseResolves }) => falseResolves.length)),
  ];
}
