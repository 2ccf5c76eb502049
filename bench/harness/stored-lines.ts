import { MINUTE } from '../../src/base/duration.ts';
import { MinuteCounter } from '../../src/core/analyze/minute-counter.ts';
import { decodeRecords } from '../../src/core/analyze/record.ts';
import { RecordCounter } from '../../src/core/analyze/record-counter.ts';
import type { Segment } from '../../src/core/analyze/segment.ts';
import { PatternCounter } from '../../src/core/analyze/templates/pattern-counter.ts';
import { PatternMiner } from '../../src/core/analyze/templates/pattern-miner.ts';
import type { ContainerMinutes, Cycle } from '../../src/core/model/cycle.ts';
import type { ContainerPatterns } from '../../src/core/model/pattern.ts';
import { type Counted, countedFor } from '../../src/core/rules/judging/counted.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { CycleSource, commitCycle, DAY_OF_CYCLES, openHistory, PERIOD } from './history.ts';

export const STORED_WORKLOADS = 200;
export const STORED_FROM = Date.UTC(2026, 10, 20, 14);
/** When the newest of the stored cycles was collected. */
export const STORED_TO = STORED_FROM + DAY_OF_CYCLES * PERIOD;

export interface StoredLines {
  /** Records of each workload in each cycle. */
  readonly each: number;
  readonly total: number;
}

/** A day of 20 million records, or of 2 million in short. */
export function storedLines(short: boolean): StoredLines {
  const each = short ? 70 : 700;
  return { each, total: DAY_OF_CYCLES * STORED_WORKLOADS * each };
}

/** Writes them into a store of that folder, with what their collection would have counted for these rules; how long that took in milliseconds. */
export async function writeStoredLines(
  path: string,
  { each }: StoredLines,
  { say, rules = [] }: { readonly say: (text: string) => void; readonly rules?: readonly Rule[] },
): Promise<number> {
  const started = performance.now();
  const source = new CycleSource({ workloads: STORED_WORKLOADS, lines: each }, STORED_FROM);
  let now = STORED_FROM;
  await using store = await openHistory(path, () => now);
  const first = [...source.segmentsAt(STORED_FROM)];
  const found = await findingsOf(first, countedFor(rules));
  for (let index = 0; index < DAY_OF_CYCLES; index++) {
    say(`history ${index + 1} of ${DAY_OF_CYCLES}`);
    now = STORED_FROM + (index + 1) * PERIOD;
    const made = { ...source.cycleAt(now), ...shifted(found, now - STORED_FROM) };
    await commitCycle(store, made, source.repeated(first, STORED_FROM, now));
  }
  return performance.now() - started;
}

type Findings = Pick<Cycle, 'minutes' | 'patterns' | 'patternsFrom' | 'counted'>;

/** What the collection of these segments counts. */
async function findingsOf(segments: readonly Segment[], { matchers, values, patternsFrom }: Counted): Promise<Findings> {
  const counter = new RecordCounter({ matchers, values }, null);
  const miner = new PatternMiner();
  const patterns: ContainerPatterns[] = [];
  const columns: ContainerMinutes[] = [];
  for (const segment of segments) {
    const { ref, bytes } = segment;
    for (let position = 0; position < bytes.length; ) position = counter.count(segment, position, () => false);
    const found = new PatternCounter(miner, ref.workload, ref.container);
    const minutes = new MinuteCounter(0);
    decodeRecords(bytes, (record) => {
      minutes.count(record.second, record.level, record.status);
      if (record.level >= patternsFrom) found.count(bytes, record.textStart, record.textEnd, record);
      return true;
    });
    columns.push({ ref, minutes: minutes.take([], []) });
    patterns.push({ ref, ...found.take() });
  }
  const { counted, minutes } = await counter.take();
  return { counted, minutes: [...columns, ...minutes], patterns, patternsFrom };
}

function shifted({ minutes, patterns, ...rest }: Findings, ms: number): Findings {
  const by = ms / MINUTE;
  return {
    ...rest,
    minutes: [...minutes].map(({ ref, minutes: own }) => ({
      ref,
      minutes: own.map((each) => ({ ...each, minute: each.minute + by })),
    })),
    patterns: patterns.map((each) => ({
      ...each,
      patterns: each.patterns.map((pattern) => ({
        ...pattern,
        firstAt: pattern.firstAt + ms,
        lastAt: pattern.lastAt + ms,
        minutes: pattern.minutes.map((value, index) => (index % 2 === 0 ? value + by : value)),
      })),
    })),
  };
}
