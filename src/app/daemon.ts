import { MINUTE, SECOND } from '../base/duration.ts';
import { CollectError, messageOf, type Problem } from '../base/errors.ts';
import { Scope } from '../base/scope.ts';
import type { Configuration } from '../config/load.ts';
import { watchFiles } from '../config/watch.ts';
import { ownClockText } from '../core/model/self-report.ts';
import { serve } from '../web/server.ts';
import { tellNotice } from './alerts/tell-notice.ts';
import { tickNow } from './cycle/tick.ts';
import { beat } from './heartbeat.ts';
import { keepLastGoodRules, type Load } from './last-good-rules.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { keepHeapSmall, withLargerHeap } from './small-heap.ts';
import { statusView } from './status.ts';
import { Backfill } from './stored/backfill.ts';

/** A cycle that runs when the end is asked for may finish within this time, so that all is over within 20 s (interface.md section 2). */
const FINISH_MS = 12 * SECOND;
const CLOSE_MS = 6 * SECOND;

export interface DaemonOptions extends Omit<RuntimeOptions, 'settings' | 'rules' | 'problems'> {
  readonly load: Load;
  /** Settings and rules to begin with; its problems may tell why rules that were in force before stand in for the files. */
  readonly first: Configuration;
  /** What accompanies a runtime while it is open. */
  readonly onRuntime: (runtime: Runtime) => Disposable;
}

/** Runs the main job until it is stopped. Changed rules are taken over between two cycles; changed settings open everything anew. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #stop = new AbortController();
  /** Aborts some time after the end was asked for: a cycle that still runs is abandoned. */
  readonly #late = new AbortController();
  readonly #wake = new Wake();
  #configuration: Configuration;
  /** Why changed settings that read well could not be opened; until they change again. */
  #unusable: Problem | null = null;
  /** What was read last, good or broken: its files are watched. */
  #read: Configuration;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.#configuration = options.first;
    this.#read = options.first;
  }

  /** Asks for the end: a running cycle may finish first. */
  stop(): void {
    this.#stop.abort();
    setTimeout(() => this.#late.abort(), FINISH_MS).unref();
    this.#wake.fire('tick');
  }

  /** Reads settings and rules anew, as a changed file does. */
  reload(): void {
    this.#wake.fire('reload');
  }

  /** Resolves when all is put away after {@link Daemon.stop}; rejects when something cannot be opened. */
  async run(): Promise<void> {
    let good: Configuration | null = null;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#runWith(this.#configuration, () => (good = this.#configuration));
      } catch (error) {
        // Changed settings that cannot be opened (a port in use, say) must not end a daemon that ran well with the former ones.
        if (good === null || good === this.#configuration) throw error;
        const [file = 'tocsin.yaml'] = this.#configuration.stamps.keys();
        const message = `the changed settings cannot be used: ${messageOf(error)}`;
        this.#unusable = { file, line: 1, column: 1, message, severity: 'error' };
        this.#configuration = good;
      }
    }
    this.#options.logger.info('stopped');
  }

  async #runWith(configuration: Configuration, onOpen: () => void): Promise<void> {
    const { logger, clock } = this.#options;
    const { settings, rules, problems, ruleTexts } = configuration;
    if (settings === null || rules === null) throw new Error('a configuration with errors cannot be run');
    await using runtime = await openRuntime({ ...this.#options, settings, rules, problems });
    await using scope = new Scope(logger);
    const page = await serve(
      statusView(runtime),
      { ...settings.statusPage.listen, auth: settings.statusPage.auth },
      logger,
      scope.signal,
    );
    scope.defer('page', () => page.close());
    using _companion = this.#options.onRuntime(runtime);
    onOpen();
    await keepLastGoodRules(settings.store.path, ruleTexts, logger);
    if (this.#unusable !== null) runtime.setProblems([...problems, this.#unusable]);
    logger.info('running', {
      cluster: runtime.engine.cluster,
      page: page.address,
      schedule: settings.schedule,
      rules: rules.length,
    });
    keepHeapSmall();
    runtime.schedule.start(() => this.#wake.fire('tick'), scope.signal);
    scope.spawn('outbox', (signal) => runtime.outbox.run(signal));
    const { prober } = runtime;
    if (prober !== null) scope.spawn('probes', (signal) => prober.run(signal));
    scope.spawn('targeted cycles', (signal) => runtime.targeted.run(signal));
    scope.spawn('owed by time', (signal) => oweEveryMinute(runtime, signal));
    scope.spawn('backfill', (signal) => new Backfill(runtime).run(signal));
    scope.spawn('hot reads', (signal) => runtime.hotReads.run(signal));
    scope.spawn('watch', (signal) =>
      watchFiles({ stamps: () => this.#read.stamps, onChange: () => this.reload(), clock }, signal),
    );

    // The first cycle does not wait for the schedule: who starts Tocsin wants to see something.
    this.#wake.fire('tick');
    const { watches } = runtime;
    let isWatching = watches === null;
    while (!this.#stop.signal.aborted) {
      const reasons = await this.#wake.next();
      if (this.#stop.signal.aborted) break;
      if (reasons.has('reload') && (await this.#takeOver(runtime))) break;
      if (reasons.has('tick')) await cycle(runtime, this.#late.signal);
      if (watches !== null && !isWatching) {
        // What is true at the start, the first cycle sees.
        scope.spawn('watches', (signal) => watches.run(signal));
        isWatching = true;
      }
    }
    const late = await scope.close(CLOSE_MS);
    if (late.length > 0) logger.warn('work was abandoned at the end', { work: late });
  }

  /** Whether everything has to be opened anew. */
  async #takeOver(runtime: Runtime): Promise<boolean> {
    const { load, logger } = this.#options;
    const read = load({ inForce: this.#configuration.ruleTexts });
    this.#read = read;
    this.#unusable = null;
    if (read.settings === null || read.rules === null) {
      runtime.setProblems(read.problems);
      return false;
    }
    const restart = read.digest !== this.#configuration.digest;
    this.#configuration = read;
    // What is said of the files holds once they are in force.
    if (!restart) {
      await runtime.engine.useRules(read.rules);
      runtime.watches?.useRules();
    }
    runtime.setProblems(read.problems);
    logger.info(restart ? 'settings changed' : 'rules reloaded', { rules: read.rules.length });
    if (restart) return true;
    await keepLastGoodRules(read.settings.store.path, read.ruleTexts, logger);
    return false;
  }
}

/** Whatever ends by the clock (a mute, say) is told in the minute in which it ends, however long a cycle takes. */
async function oweEveryMinute({ engine, outbox, clock }: Runtime, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(MINUTE - (clock.now() % MINUTE) + 1, signal);
    if (signal.aborted) return;
    await engine.owe();
    outbox.wake();
  }
}

/** One scheduled cycle: its failure is told once and shown, and the next tick tries again. */
async function cycle(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const { engine, health, outage, clock, logger, settings } = runtime;
  try {
    const tick = await tickNow(runtime, signal);
    const done = await withLargerHeap(
      () => engine.cycle(tick, signal),
      () => untilNextTick(runtime),
    );
    health.cycleEnded(null, done);
    const over = outage.ended();
    if (over !== null) await tellNotice(runtime, over);
    if (health.clockStep !== 0) logger.warn('the clock was set', { seconds: Math.round(health.clockStep / SECOND) });
    if (clock.ahead === 0) logger.clear('own clock', "Tocsin's own clock is right again");
    else logger.once('own clock', ownClockText(clock.ahead));
    logger.clear('cycle', 'cycles work again');
    runtime.outbox.wake();
    await beat(settings.heartbeat, logger, signal);
  } catch (error) {
    if (signal.aborted) return logger.info('the running cycle was abandoned; its time is covered after the next start');
    health.cycleEnded(messageOf(error), null);
    logger.once('cycle', 'cycle failed; the next one covers its time', {
      reason: error instanceof CollectError ? error.reason : 'error',
      error: messageOf(error),
    });
    const lasting = outage.failed(messageOf(error));
    if (lasting !== null) await tellNotice(runtime, lasting);
  }
}

/** Milliseconds. */
function untilNextTick({ schedule, clock }: Runtime): number {
  const now = clock.now();
  return (schedule.next(now) ?? Number.POSITIVE_INFINITY) - now;
}

/** Reasons to wake up; those that come while nobody waits are kept, each once. */
class Wake {
  #reasons = new Set<'tick' | 'reload'>();
  #resolve: (() => void) | null = null;

  fire(reason: 'tick' | 'reload'): void {
    this.#reasons.add(reason);
    this.#resolve?.();
  }

  async next(): Promise<ReadonlySet<'tick' | 'reload'>> {
    if (this.#reasons.size === 0) await new Promise<void>((resolve) => (this.#resolve = resolve));
    const reasons = this.#reasons;
    this.#reasons = new Set();
    this.#resolve = null;
    return reasons;
  }
}
