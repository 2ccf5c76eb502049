import type { Clock } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import { CollectError, messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { ReadTarget } from '../../kubernetes/logs/read-targets.ts';
import type { Engine } from './engine.ts';
import type { TargetBatch } from './targeted-cycle.ts';

/** Targeted cycles are committed at most so often, but for those that something is due in. */
const COMMIT_EVERY = 2 * SECOND;
/** How long what a scheduled cycle has is left alone before it is asked for again. */
const RETRY = 1 * SECOND;
/** Containers that wait to be read; those beyond it are left to the next scheduled cycle. */
export const MOST_WAITING = 500;

const NOTHING: Required<TargetBatch> = { reads: [], observed: [], objects: [], nodes: [], events: [], isDue: false };

interface TargetedCyclesOptions {
  readonly engine: Pick<Engine, 'targeted' | 'judgesAt' | 'judgeWaiting'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something was judged: messages may be owed. */
  readonly onJudged: () => void;
}

/** Gathers what is to be read between the scheduled cycles, and runs targeted cycles with it: reads begin at once, commits are spaced. */
export class TargetedCycles {
  readonly #options: TargetedCyclesOptions;
  #waiting: Required<TargetBatch> = NOTHING;
  #committedAt = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | null = null;
  /** Resolves when a cycle may have put off a judgement. */
  #judged = Promise.withResolvers<void>();

  constructor(options: TargetedCyclesOptions) {
    this.#options = options;
  }

  /** Asks for reads and judgements as soon as can be; false when too much waits already, and nothing was taken. */
  add(batch: TargetBatch): boolean {
    const { reads, observed, objects, nodes, events, isDue } = this.#waiting;
    if (reads.length + batch.reads.length > MOST_WAITING) return false;
    this.#waiting = {
      reads: [...reads, ...batch.reads],
      observed: [...observed, ...batch.observed],
      objects: [...objects, ...(batch.objects ?? [])],
      nodes: [...nodes, ...(batch.nodes ?? [])],
      events: [...events, ...(batch.events ?? [])],
      isDue: isDue || batch.isDue === true,
    };
    this.#wake?.();
    return true;
  }

  /** Runs until aborted; what is being read then is not committed, and read again by the next start. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#read(signal), this.#judge(signal)]);
  }

  async #read(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#isEmpty) await this.#sleep(Number.POSITIVE_INFINITY, signal);
      if (!signal.aborted && !this.#isEmpty) await this.#cycle(signal);
      this.#judged.resolve();
      this.#options.onJudged();
    }
  }

  /** What was put off is judged when its time comes, also while a cycle reads. */
  async #judge(signal: AbortSignal): Promise<void> {
    const { engine, clock, onJudged } = this.#options;
    while (!signal.aborted) {
      const due = engine.judgesAt;
      if (due === null) {
        await this.#judged.promise;
        this.#judged = Promise.withResolvers();
        continue;
      }
      await clock.sleep(Math.max(0, due - clock.monotonic()), signal);
      if (signal.aborted) return;
      await engine.judgeWaiting();
      onJudged();
    }
  }

  async #cycle(signal: AbortSignal): Promise<void> {
    const { engine, clock, logger } = this.#options;
    let taken: TargetBatch | null = null;
    const next = async () => {
      // However much comes: once it is time, what was read is committed first. For what is due that is at once.
      if (taken !== null && (taken.isDue === true || !(await this.#waitsForMore(signal)))) return null;
      taken = this.#take();
      return taken;
    };
    try {
      const left = await engine.targeted(next, signal);
      logger.clear('targeted', 'targeted reads work again');
      if (left.length > 0) void clock.sleep(RETRY, signal).then(() => this.add({ reads: left, observed: [] }));
    } catch (error) {
      if (signal.aborted) return;
      logger.once('targeted', 'targeted cycle failed; the next scheduled one covers its time', {
        reason: error instanceof CollectError ? error.reason : 'error',
        error: messageOf(error),
      });
    }
    this.#committedAt = clock.monotonic();
  }

  /** Whether something more has come before the next commit may be made. */
  async #waitsForMore(signal: AbortSignal): Promise<boolean> {
    const until = this.#committedAt + COMMIT_EVERY;
    if (this.#isEmpty) await this.#sleep(until, signal);
    signal.throwIfAborted();
    return !this.#isEmpty && this.#options.clock.monotonic() < until;
  }

  #take(): TargetBatch {
    const batch = this.#waiting;
    this.#waiting = NOTHING;
    return { ...batch, reads: merged(batch.reads) };
  }

  get #isEmpty(): boolean {
    const { reads, observed, objects, nodes, events } = this.#waiting;
    return [reads, observed, objects, nodes, events].every((part) => part.length === 0);
  }

  /** Waits until something is added or the time (monotonic) has come. */
  async #sleep(until: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const wait = until - clock.monotonic();
    if (wait <= 0) return;
    const woken = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true, signal: woken.signal });
    if (Number.isFinite(wait)) void clock.sleep(wait, woken.signal).then(resolve);
    await promise;
    this.#wake = null;
    woken.abort();
  }
}

/** One read per pod: by its newest state, of all containers that were asked for. */
function merged(reads: readonly ReadTarget[]): readonly ReadTarget[] {
  const byPod = new Map<string, ReadTarget>();
  for (const read of reads) {
    const known = byPod.get(read.pod.uid);
    const containers =
      known === undefined || known.containers === null || read.containers === null
        ? known === undefined
          ? read.containers
          : null
        : new Set([...known.containers, ...read.containers]);
    byPod.set(read.pod.uid, { pod: read.pod, containers });
  }
  return [...byPod.values()];
}
