import { messageOf } from '../../base/errors.ts';
import type { PatternRunner } from '../../core/analyze/pattern-runner.ts';
import { RecordCounter } from '../../core/analyze/record-counter.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import { type LateCounts, withLate } from '../../core/model/late-counts.ts';
import { type LineValue, lineValueId } from '../../core/model/line-value.ts';
import { isBuiltIn, type Matcher, matcherId, patternsIn } from '../../core/model/matcher.ts';
import { countedFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { Store } from '../../store/store.ts';
import { countStored } from '../stored/count-stored.ts';

export interface CountedCyclesOptions {
  /** Whatever these rules count is counted. */
  readonly rules: readonly Rule[];
  readonly runner: PatternRunner;
  /** Told before a cycle's lines are counted. */
  readonly onCount: (cycle: string) => void;
  /** Told of lines that cannot be counted. */
  readonly onDamage: (cycle: string, reason: string) => void;
}

/** A store's cycles as if they had been collected for some rules: what was not counted of one is counted before it is given out, once. Nothing is written. */
export class CountedCycles {
  readonly #store: Pick<Store, 'cycles' | 'segments'>;
  readonly #options: CountedCyclesOptions;
  readonly #matchers: readonly Matcher[];
  readonly #values: readonly LineValue[];
  readonly #late = new Map<string, LateCounts>();
  readonly #signal: AbortSignal;

  constructor(store: Pick<Store, 'cycles' | 'segments'>, options: CountedCyclesOptions, signal: AbortSignal) {
    const { matchers, values } = countedFor(options.rules);
    const further = matchers.filter((matcher) => !isBuiltIn(matcher));
    this.#matchers = [...new Map(further.map((matcher) => [matcherId(matcher), matcher])).values()];
    this.#values = [...new Map(values.map((value) => [lineValueId(value), value])).values()];
    this.#store = store;
    this.#options = options;
    this.#signal = signal;
  }

  /** Oldest first. Rejects when aborted. */
  async *cycles(): AsyncGenerator<Cycle, void, undefined> {
    for await (const cycle of this.#store.cycles()) {
      this.#signal.throwIfAborted();
      yield withLate(cycle, this.#late.get(cycle.id) ?? (await this.#count(cycle)));
    }
  }

  /** `null` when there is nothing to count. */
  async #count({ id, counted }: Cycle): Promise<LateCounts | null> {
    if (counted === undefined) return null;
    const { runner, onCount, onDamage } = this.#options;
    const known = new Set(counted);
    const values = this.#values.filter((value) => !known.has(lineValueId(value)));
    const matchers = this.#matchers.filter(
      (matcher) => !known.has(matcherId(matcher)) && !patternsIn(matcher).some((source) => runner.isSuspended(source)),
    );
    if (matchers.length === 0 && values.length === 0) return null;
    onCount(id);
    const late = await countStored(this.#store.segments(id), new RecordCounter({ matchers, values }, runner), {
      // A frame at a time: reading the next one lets the process do other things.
      isLate: () => this.#signal.aborted,
      rest: () => Promise.resolve(false),
      onDamage: (error) => onDamage(id, messageOf(error)),
    });
    if (late !== null) this.#late.set(id, late);
    else this.#signal.throwIfAborted();
    return late;
  }
}
