import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRules } from '../src/config/rules/rule-file.ts';
import type { Benchmark } from './benchmark.ts';
import { buildAsImage } from './harness/image.ts';
import { type MeasuredCommand, measureCommand } from './harness/measured-command.ts';
import { STORED_WORKLOADS, storedLines, writeStoredLines } from './harness/stored-lines.ts';
import { figure } from './harness/table.ts';

const SHIPPED = fileURLToPath(new URL('../rules', import.meta.url));
const MOST_COUNTED_S = 5;
const MOST_NEW_S = 60;
/** What the promise of a new pattern is made for. */
const PROMISED_LINES = 20_000_000;
/** What else the machine does belongs to no promise. */
const NOISE = 0.15;

/** Rules that nothing was counted for, each beside the shipped ones. */
const NEW_RULES: readonly (readonly [name: string, condition: string])[] = [
  ['a pattern that nothing matches', `log_match: { pattern: 'connection reset by peer' }`],
  ['the same in any case', `log_match: { pattern: '(?i)connection\\s+reset by peer' }`],
  ['a pattern with two literals', `log_match: { pattern: 'lease 1\\d{3} .* replica', above: 1000 }`],
  ['a pattern without literals', `log_match: { pattern: '^[a-f]\\d+[A-Z]$' }`],
  ['a pattern that every line matches', `log_match: { pattern: '\\d', above: 100000 }`],
  ['a pattern of every error', `log_match: { all: [{ level: error }, { pattern: '(\\w+) [0-9]+' }], above: 1000 }`],
  ['a field', `log_match: { field: { caller: '*lease.go*' }, above: 1000 }`],
  ['a number in a field', `log_value: { field: latency, percentile: 95, above: 2s }`],
  ['patterns of info lines', `new_pattern: { level: info }`],
];

export const backtest: Benchmark = {
  name: 'backtest',
  summary: `all that is stored of ${STORED_WORKLOADS} workloads judged again: by rules that were counted, and by ones that are new`,
  async run({ short, folder, say }) {
    const stored = storedLines(short);
    const path = join(folder, 'data');
    const { rules } = loadRules({ folder: SHIPPED, cwd: folder, receivers: null });
    const entryPoint = await buildAsImage();
    const took = await writeStoredLines(path, stored, { say, rules });
    const run = async (name: string, condition: string | null): Promise<Run> => {
      say(name);
      return { name, ...(await judged(entryPoint, folder, condition)) };
    };
    const counted = await run('the shipped rules, counted before', null);
    const fresh: Run[] = [];
    for (const [name, condition] of NEW_RULES) fresh.push(await run(name, condition));
    const slowest = Math.max(...fresh.map(secondsOf));
    const share = stored.total / PROMISED_LINES;
    return {
      claims: [
        {
          what: 'what is already counted',
          measured: secondsOf(counted),
          ...{ bound: 'at most', limit: MOST_COUNTED_S, unit: 's', must: true, margin: NOISE },
        },
        {
          what: 'the slowest new rule',
          measured: slowest,
          // A smaller store gets its share of the time, and what the judging itself takes.
          ...{ bound: 'at most', limit: short ? MOST_NEW_S * share + MOST_COUNTED_S : MOST_NEW_S, unit: 's', must: true },
          margin: NOISE,
        },
      ],
      tables: [
        {
          title: `${figure(stored.total / 1e6)} million stored lines, written in ${figure(took / 1000)} s; tocsin backtest`,
          columns: ['', 's', 's of CPU', 'peak MiB', 'alerts', '1,000 lines/s'],
          rows: [counted, ...fresh].map((each, index) => [
            each.name,
            figure(each.took / 1000),
            figure(each.cpu / 1000),
            figure(each.peak),
            String(each.alerts),
            index === 0 ? '' : figure(stored.total / each.took),
          ]),
        },
      ],
      notes: [],
    };
  },
};

interface Run extends MeasuredCommand {
  readonly name: string;
  readonly alerts: number;
}

/** By the clock, or by what it took of the CPU where others kept the machine busy. */
function secondsOf({ took, cpu }: MeasuredCommand): number {
  return Math.min(took, cpu) / 1000;
}

/** A backtest by the shipped rules, and one with that condition. */
async function judged(entryPoint: readonly string[], folder: string, condition: string | null): Promise<Omit<Run, 'name'>> {
  const rules = join(folder, 'rules');
  await mkdir(rules, { recursive: true });
  await cp(SHIPPED, rules, { recursive: true });
  await writeFile(join(rules, 'new.yaml'), condition === null ? 'rules: []\n' : `rules:\n  - alert: New\n    ${condition}\n`);
  const config = join(folder, 'tocsin.yaml');
  await writeFile(config, JSON.stringify({ store: { path: join(folder, 'data') }, rules }));
  const measured = await measureCommand(entryPoint, ['backtest', '--config', config, '--json']);
  const { items } = JSON.parse(measured.stdout) as { readonly items: readonly unknown[] }; // as interface.md has it
  return { ...measured, alerts: items.length };
}
