import { messageOf } from '../../base/errors.ts';
import type { PatternRunner } from '../../core/analyze/matching/pattern-runner.ts';
import { RecordCounter } from '../../core/analyze/record-counter.ts';
import { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import { type LateCounts, patternsMissing, type Uncounted, withLate } from '../../core/model/late-counts.ts';
import { type LineValue, lineValueId } from '../../core/model/line-value.ts';
import type { Level } from '../../core/model/log-line.ts';
import { isBuiltIn, type Matcher, matcherId, patternsIn } from '../../core/model/matcher.ts';
import type { Workload } from '../../core/model/workload.ts';
import { countedFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Store } from '../../store/store.ts';
import { countStored } from '../stored/count-stored.ts';
import { PackedCounts } from './packed-counts.ts';

/** Of one day and one rule on all patterns, a tenth of this is taken. */
export const MOST_KEPT_BYTES = 64 * 1024 * 1024;

export interface CountedCyclesOptions {
  /** Whatever these rules count is counted. */
  readonly rules: readonly Rule[];
  /** The workloads whose lines are counted; left out: all. Of others the cycles may lack pods, minutes and patterns, as a store's do. */
  readonly only?: ((workload: Workload) => boolean) | undefined;
  readonly runner: PatternRunner;
  /** Bytes that counts may take for the next time that the cycles are asked for: what finds no room is counted again. */
  readonly keep: number;
  /** Told before a cycle's lines are counted. */
  readonly onCount: (cycle: string) => void;
  /** Told of lines that cannot be counted. */
  readonly onDamage: (cycle: string, reason: string) => void;
}

/** A store's cycles as if they had been collected for some rules: what was not counted of one is counted before it is given out. Nothing is written. */
export class CountedCycles {
  readonly #store: Pick<Store, 'cycles' | 'segments'>;
  readonly #options: CountedCyclesOptions;
  readonly #matchers: readonly Matcher[];
  readonly #values: readonly LineValue[];
  readonly #patternsFrom: Level;
  readonly #late: PackedCounts;
  #miner: PatternMiner | null = null;
  readonly #signal: AbortSignal;

  constructor(store: Pick<Store, 'cycles' | 'segments'>, options: CountedCyclesOptions, signal: AbortSignal) {
    const { matchers, values, patternsFrom } = countedFor(options.rules);
    this.#patternsFrom = patternsFrom;
    const further = matchers.filter((matcher) => !isBuiltIn(matcher));
    this.#matchers = [...new Map(further.map((matcher) => [matcherId(matcher), matcher])).values()];
    this.#values = [...new Map(values.map((value) => [lineValueId(value), value])).values()];
    this.#store = store;
    this.#options = options;
    this.#late = new PackedCounts(options.keep);
    this.#signal = signal;
  }

  /** Oldest first. Rejects when aborted. */
  async *cycles(): AsyncGenerator<Cycle, void, undefined> {
    for await (const cycle of this.#store.cycles(this.#options.only)) {
      this.#signal.throwIfAborted();
      yield withLate(cycle, (await this.#late.get(cycle.id)) ?? (await this.#count(cycle)));
    }
  }

  /** `null` when there is nothing to count. */
  async #count(cycle: Cycle): Promise<LateCounts | null> {
    const { only, runner, onCount, onDamage } = this.#options;
    const { id } = cycle;
    const uncounted = this.#uncountedOf(cycle);
    if (uncounted === null) return null;
    onCount(id);
    const miner = uncounted.patterns === null ? null : await this.#known();
    const counter = new RecordCounter(uncounted, runner, miner && { miner, isShared: false });
    const late = await countStored(this.#store.segments(id, only), counter, {
      // A frame at a time: reading the next one lets the process do other things.
      isLate: () => this.#signal.aborted,
      rest: () => Promise.resolve(false),
      onDamage: (error) => onDamage(id, messageOf(error)),
    });
    if (late !== null) await this.#late.keep(id, late);
    else this.#signal.throwIfAborted();
    return late;
  }

  #uncountedOf(cycle: Cycle): Uncounted | null {
    const { runner } = this.#options;
    const counted = cycle.counted === undefined ? null : new Set<string>(cycle.counted);
    const isCounted = (id: string) => counted === null || counted.has(id);
    const values = this.#values.filter((value) => !isCounted(lineValueId(value)));
    const matchers = this.#matchers.filter(
      (matcher) => !isCounted(matcherId(matcher)) && !patternsIn(matcher).some((source) => runner.isSuspended(source)),
    );
    const patterns = patternsMissing(cycle, this.#patternsFrom);
    return matchers.length === 0 && values.length === 0 && patterns === null ? null : { matchers, values, patterns };
  }

  /** Who knows every pattern that later cycles were collected with: alike lines of before have the same one. */
  async #known(): Promise<PatternMiner> {
    if (this.#miner !== null) return this.#miner;
    this.#miner = new PatternMiner();
    for await (const { patterns } of this.#store.cycles(this.#options.only)) {
      this.#signal.throwIfAborted();
      for (const { ref, patterns: own } of patterns)
        for (const pattern of own)
          if (pattern.level >= this.#patternsFrom) this.#miner.know(this.#miner.scope(ref.workload, ref.container), pattern);
    }
    return this.#miner;
  }
}
