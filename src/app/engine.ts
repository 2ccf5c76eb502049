import { messageOf, toError } from '../base/errors.ts';
import type { Cycle } from '../core/model/cycle.ts';
import { RollingWindow, type WindowOptions } from '../core/model/rolling-window.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { RuleEvaluation } from '../web/view.ts';
import { collectCycle, type Previous } from './collect-cycle.ts';
import type { CycleProgress, EngineParts, Tick } from './engine-parts.ts';
import { judgeCycle } from './judge-cycle.ts';
import { SourceLog } from './source-log.ts';

/** State counts for 2.5 schedule periods (interface.md section 4.1 point 3). */
const STALE_PERIODS = 2.5;

/**
 * The main job: a cycle is collected, committed, folded into the window, judged, and its messages are put into the outbox.
 * Cycles run one at a time; everything that a cycle concludes is durable when it resolves.
 */
export class Engine {
  readonly #parts: EngineParts;
  #rules: readonly Rule[];
  #window: RollingWindow;
  #previous: Previous | null = null;
  #progress: CycleProgress | null = null;
  readonly #evaluations = new Map<string, RuleEvaluation>();
  readonly #sources: SourceLog;

  private constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#sources = new SourceLog(parts.logger);
    this.#rules = parts.rules.filter((rule) => rule.enabled);
    this.#window = this.#emptyWindow();
  }

  /** Rebuilds the window from the store, and judges what was committed but not judged before the last end. */
  static async open(parts: EngineParts): Promise<Engine> {
    const engine = new Engine(parts);
    await engine.#rebuild(true);
    return engine;
  }

  get window(): RollingWindow {
    return this.#window;
  }

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  get cluster(): string {
    return this.#parts.cluster;
  }

  get progress(): CycleProgress | null {
    return this.#progress;
  }

  /** When the newest committed cycle stood; `null` before the first. */
  get lastAt(): number | null {
    return this.#previous?.at ?? null;
  }

  evaluation(alert: string): RuleEvaluation | null {
    return this.#evaluations.get(alert) ?? null;
  }

  /** Takes other rules into force; `for` clocks and what was told stay. The window is counted anew where they count other lines. Not during a cycle. */
  async useRules(rules: readonly Rule[]): Promise<void> {
    const before = countersText(this.#rules);
    this.#rules = rules.filter((rule) => rule.enabled);
    this.#evaluations.clear();
    if (countersText(this.#rules) !== before) await this.#rebuild(false);
  }

  /** Runs one whole cycle. Rejects with `CollectError` when the API server cannot be reached or knows us not; then nothing has changed. */
  async cycle(tick: Tick, signal: AbortSignal): Promise<Cycle> {
    const { store, clock, metrics, logger } = this.#parts;
    const started = clock.monotonic();
    this.#progress = { startedAt: clock.now(), done: 0, total: 0, lines: 0 };
    try {
      const { cycle, committed } = await collectCycle({
        tick,
        previous: this.#previous,
        states: this.#window.pods,
        parts: this.#parts,
        rules: this.#rules,
        signal,
        onProgress: (progress) => (this.#progress = progress),
      });
      if (committed) this.#previous = cycle;
      this.#window.add(cycle);
      await this.#judge(cycle);
      await this.#expire(clock.now());
      const seconds = (clock.monotonic() - started) / 1000;
      metrics.count('tocsin_cycles_total', 'Cycles by outcome', {
        outcome: cycle.errors.length > 0 || !committed ? 'partial' : 'complete',
      });
      metrics.set('tocsin_cycle_duration_seconds', 'How long the newest cycle took', {}, seconds);
      metrics.count('tocsin_lines_total', 'Log lines read', {}, cycle.lines);
      for (const gap of cycle.gaps)
        metrics.count('tocsin_gaps_total', 'Spans of logs that could not be read', { reason: gap.reason });
      metrics.set('tocsin_store_bytes', 'Bytes that the store takes on disk', {}, store.size());
      this.#sources.cycleEnded(cycle.errors);
      logger.info('cycle done', {
        cycle: cycle.id,
        pods: cycle.pods,
        containers: cycle.containers,
        lines: cycle.lines,
        gaps: cycle.gaps.length,
        errors: cycle.errors.length,
        seconds: Math.round(seconds * 100) / 100,
      });
      return cycle;
    } catch (error) {
      metrics.count('tocsin_cycles_total', 'Cycles by outcome', { outcome: signal.aborted ? 'abandoned' : 'failed' });
      throw toError(error);
    } finally {
      this.#progress = null;
    }
  }

  async #judge(cycle: Cycle): Promise<void> {
    const evaluations = await judgeCycle({
      ...this.#parts,
      cycle,
      window: this.#window,
      span: this.#parts.window,
      lookback: this.#parts.collect.lookback,
      rules: this.#rules,
    });
    for (const evaluation of evaluations) this.#evaluations.set(evaluation.alert, evaluation);
  }

  async #expire(now: number): Promise<void> {
    const { store, logger, metrics } = this.#parts;
    try {
      const { forSize } = await store.expire(now);
      if (forSize.length > 0) {
        metrics.count(
          'tocsin_store_dropped_cycles_total',
          'Cycles deleted early because the store reached max_size',
          {},
          forSize.length,
        );
        logger.warn('store is at max_size: the oldest cycles were deleted early', { cycles: forSize.length });
      }
    } catch (error) {
      logger.once('expire', 'could not delete old cycles', { error: messageOf(error) });
    }
    // A clock that jumped ahead does not empty the window: what the store still holds stays.
    const oldest = store.summaries()[0]?.at ?? now;
    this.#window.expire(Math.min(now - this.#parts.window, oldest));
  }

  async #rebuild(judging: boolean): Promise<void> {
    const { store, alerts } = this.#parts;
    const judged = alerts.read().judgedCycle;
    this.#window = this.#emptyWindow();
    let newest: Cycle | null = null;
    for await (const cycle of store.cycles()) {
      this.#window.add(cycle);
      newest = cycle;
      if (judging && judged !== null && cycle.id > judged) await this.#judge(cycle);
    }
    this.#previous = newest;
    if (judging && judged === null && newest !== null) await this.#judge(newest);
  }

  #emptyWindow(): RollingWindow {
    const { schedule, window, collect } = this.#parts;
    return new RollingWindow({
      span: window,
      staleness: STALE_PERIODS * schedule.period,
      counters: countersOf(this.#rules),
      lookback: collect.lookback,
    });
  }
}

/** What the window has to count for the rules. */
function countersOf(rules: readonly Rule[]): WindowOptions['counters'] {
  return rules.flatMap((rule) => rule.condition.matchers.map((matcher) => ({ matcher, selection: rule.selection })));
}

/** Equal when the rules count the same lines. */
function countersText(rules: readonly Rule[]): string {
  return JSON.stringify(countersOf(rules), (_, value) => (value instanceof Map ? [...value] : value));
}
