import type { Level } from '../../model/log-line.ts';
import { MOST_PATTERNS_PER_CONTAINER, type PatternCounts } from '../../model/pattern.ts';
import type { Workload } from '../../model/workload.ts';
import type { PatternMiner, PatternScope } from './pattern-miner.ts';
import type { Cluster } from './template-tree.ts';

/** What is known of a record when its pattern is counted. */
export interface MinedRecord {
  readonly second: number;
  readonly nanos: number;
  readonly level: Level;
}

interface Counted {
  readonly cluster: Cluster;
  firstAt: number;
  lastAt: number;
  /** Minute and count in turns; the minute of the newest record is the last. */
  readonly minutes: number[];
}

interface Taken {
  readonly patterns: readonly PatternCounts[];
  readonly dropped: number;
}

/** Counts the patterns of one container instance's records by minute. */
export class PatternCounter {
  readonly #miner: PatternMiner;
  readonly #scope: PatternScope;
  readonly #counted = new Map<Cluster, Counted>();
  #dropped = 0;

  constructor(miner: PatternMiner, workload: Workload, container: string) {
    this.#miner = miner;
    this.#scope = miner.scope(workload, container);
  }

  /** Counts the record `bytes[start, end)`, whose further lines begin with a space. */
  count(bytes: Buffer, start: number, end: number, { second, nanos, level }: MinedRecord): void {
    const at = second * 1000 + Math.floor(nanos / 1e6);
    const mayFind = this.#counted.size < MOST_PATTERNS_PER_CONTAINER;
    const cluster = this.#miner.patternOf(this.#scope, bytes, start, end, { level, at, mayFind });
    let counted = cluster === null ? undefined : this.#counted.get(cluster);
    if (counted === undefined) {
      if (cluster === null || !mayFind) {
        this.#dropped++;
        return;
      }
      counted = { cluster, firstAt: at, lastAt: at, minutes: [] };
      this.#counted.set(cluster, counted);
    }
    if (at < counted.firstAt) counted.firstAt = at;
    if (at > counted.lastAt) counted.lastAt = at;
    add(counted.minutes, Math.floor(second / 60));
  }

  /** What was counted, and how many patterns were dropped; handed over, and counted anew from then on. */
  take(): Taken {
    const { patterns, dropped } = this.takeOwn();
    const all = dropped + this.#scope.dropped;
    this.#scope.dropped = 0;
    return { patterns, dropped: all };
  }

  /** The same without the patterns that the miner has dropped: for a miner that others use, who are to be told. */
  takeOwn(): Taken {
    const patterns = [...this.#counted.values()].map(({ cluster, firstAt, lastAt, minutes }) => ({
      id: cluster.id,
      level: cluster.level,
      template: cluster.tokens.join(' '),
      sample: cluster.sample,
      firstAt,
      lastAt,
      minutes: sorted(minutes),
    }));
    const dropped = this.#dropped;
    this.#counted.clear();
    this.#dropped = 0;
    return { patterns, dropped };
  }
}

function add(minutes: number[], minute: number): void {
  for (let i = minutes.length - 2; i >= 0; i -= 2) {
    if (minutes[i] === minute) {
      minutes[i + 1] = (minutes[i + 1] ?? 0) + 1;
      return;
    }
    if ((minutes[i] ?? 0) < minute) break;
  }
  minutes.push(minute, 1);
}

/** By rising minute; nearly always they are, and a minute that came late may stand there twice. */
function sorted(minutes: readonly number[]): readonly number[] {
  const counts = new Map<number, number>();
  let last = Number.NEGATIVE_INFINITY;
  let rises = true;
  for (let i = 0; i + 1 < minutes.length; i += 2) {
    const minute = minutes[i] ?? 0;
    rises &&= minute > last;
    last = minute;
    counts.set(minute, (counts.get(minute) ?? 0) + (minutes[i + 1] ?? 0));
  }
  return rises ? minutes : [...counts].sort(([a], [b]) => a - b).flat();
}
