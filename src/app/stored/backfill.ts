import type { Clock } from '../../base/clock.ts';
import { MINUTE, SECOND } from '../../base/duration.ts';
import { messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { PatternRunner } from '../../core/analyze/matching/pattern-runner.ts';
import { RecordCounter } from '../../core/analyze/record-counter.ts';
import type { LateCounts, Uncounted } from '../../core/model/late-counts.ts';
import { type Matcher, patternsIn } from '../../core/model/matcher.ts';
import type { Store } from '../../store/store.ts';
import type { Engine } from '../cycle/engine.ts';
import { countStored } from './count-stored.ts';

/** Work at a time; after it the rest of the process runs for longer than it has waited. */
const SLICE_MS = 8;
/** Rest after each slice, in slices: at most a quarter of a core is taken. */
const REST = 3;
const LOOK_EVERY_MS = SECOND;

export interface BackfillParts {
  readonly engine: Pick<Engine, 'window' | 'miner'>;
  readonly store: Pick<Store, 'cycle' | 'segments' | 'saveLate'>;
  readonly patternWorker: PatternRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Counts stored lines for rules that are newer than them, newest cycle first, in the background. What was counted of a cycle is durable
 * before the next one is begun, so that a killed process goes on where it was.
 */
export class Backfill {
  readonly #parts: BackfillParts;

  constructor(parts: BackfillParts) {
    this.#parts = parts;
  }

  /** Counts whatever there is to count, until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#parts;
    while (!signal.aborted) {
      try {
        if (await this.#next(REST, signal)) continue;
        await clock.sleep(LOOK_EVERY_MS, signal);
      } catch (error) {
        logger.once('backfill', 'could not count stored lines for new rules', { error: messageOf(error) });
        await clock.sleep(MINUTE, signal);
      }
    }
  }

  /** Counts all that is left, without rests; for a process that does nothing else. */
  async finish(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#next(0, signal)));
  }

  /** Counts the newest cycle that has something uncounted; false when there is none. */
  async #next(rest: number, signal: AbortSignal): Promise<boolean> {
    const { engine, store, logger } = this.#parts;
    const uncounted = engine.window.uncounted((matcher) => this.#isRun(matcher));
    if (uncounted === null) return false;
    const late = await this.#count(uncounted, rest, signal);
    if (late === null) return true;
    const pods = uncounted.byPod ? ((await store.cycle(uncounted.cycle))?.states ?? []) : [];
    try {
      await store.saveLate(uncounted.cycle, late);
    } catch (error) {
      // In memory they hold; after the next start they are counted again.
      logger.once('backfill', 'could not keep what was counted for new rules', { error: messageOf(error) });
    }
    const byUid = new Map(pods.map((pod) => [pod.uid, pod]));
    engine.window.addLate(uncounted.cycle, late, (uid) => byUid.get(uid) ?? null);
    if (engine.window.uncounted() === null) logger.info('stored lines are counted for the new rules');
    return true;
  }

  /** What is suspended is counted once the rules or the daemon have changed. */
  #isRun(matcher: Matcher): boolean {
    return !patternsIn(matcher).some((source) => this.#parts.patternWorker.isSuspended(source));
  }

  /** `null` when it was ended. */
  async #count(
    { cycle, ...uncounted }: { readonly cycle: string } & Uncounted,
    rest: number,
    signal: AbortSignal,
  ): Promise<LateCounts | null> {
    const { engine, store, clock, logger, patternWorker } = this.#parts;
    const counter = new RecordCounter(uncounted, patternWorker, { miner: engine.miner, isShared: true });
    let started = clock.monotonic();
    return countStored(store.segments(cycle), counter, {
      isLate: () => clock.monotonic() - started >= SLICE_MS,
      async rest() {
        await clock.sleep(rest * (clock.monotonic() - started), signal);
        started = clock.monotonic();
        return !signal.aborted;
      },
      onDamage: (error) =>
        logger.once('backfill', 'stored lines cannot be counted and are passed over', { cycle, error: messageOf(error) }),
    });
  }
}
