import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf, toError } from '../../base/errors.ts';
import { inSlices } from '../../base/slices.ts';
import { minerFor } from '../../core/analyze/templates/miner-for.ts';
import { PatternMiner } from '../../core/analyze/templates/pattern-miner.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import { foldCycles, summaryOf } from '../../core/model/fold-cycles.ts';
import type { AlertsDocument } from '../../core/model/state.ts';
import { RollingWindow } from '../../core/model/window/rolling-window.ts';
import { type Touched, touchedBy, UNTOUCHED } from '../../core/model/window/touched.ts';
import { STALE_PERIODS } from '../../core/model/window/window.ts';
import { countedFor, keptFor } from '../../core/rules/judging/counted.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { CommittedCursors } from '../../kubernetes/hot/hot-planner.ts';
import type { ContainerKey } from '../../kubernetes/logs/cursor-book.ts';
import { LateReads } from '../../kubernetes/logs/late-reads.ts';
import type { ReadTarget } from '../../kubernetes/logs/read-targets.ts';
import { Slots } from '../../kubernetes/session/rate-limit.ts';
import type { RuleEvaluation } from '../../web/view.ts';
import type { AnnotationProblems } from '../alerts/annotation-problems.ts';
import { withHeapRoom } from '../small-heap.ts';
import { collectCycle } from './collect-cycle.ts';
import { commitCycle } from './commit-cycle.ts';
import { CycleReport } from './cycle-report.ts';
import type { CycleProgress, EngineParts, Tick } from './engine-parts.ts';
import { FreshStates } from './fresh-states.ts';
import { JudgePace } from './judge-pace.ts';
import { Judging } from './judging.ts';
import { keptText } from './kept-text.ts';
import { prepareReading } from './reading.ts';
import { Resumption } from './resumption.ts';
import { SelfWatch } from './self-watch.ts';
import { type CollectedTargets, collectTargets, type TargetBatch } from './targeted-cycle.ts';

/**
 * The main job: a cycle is collected, committed, folded into the window, judged, and its messages are put into the outbox.
 * Scheduled cycles run one at a time, targeted ones beside their reading; commits and judgements take turns. Everything that a cycle
 * concludes is durable when it resolves.
 */
export class Engine {
  readonly annotations: AnnotationProblems;
  readonly cluster: string;
  /** Where every container's log was left, as committed. */
  readonly cursors = (): CommittedCursors => this.#resumption.book;
  readonly isRead = (key: ContainerKey, containerID: string): boolean => this.#resumption.book.has(key, containerID);
  readonly #parts: EngineParts;
  readonly #report: CycleReport;
  readonly #self: SelfWatch;
  readonly #judging: Judging;
  /** Held by a targeted cycle as a whole: ids are given in the order of commits, so nothing else is committed meanwhile. */
  readonly #lane = new Slots(1);
  /** Held while something is committed and judged; inside of the lane, where both are. */
  readonly #turn = new Slots(1);
  readonly #fresh = new FreshStates();
  readonly #late = new LateReads();
  readonly #pace = new JudgePace();
  #rules: readonly Rule[];
  #window: RollingWindow;
  /** What it knows goes on from cycle to cycle. */
  #miner = new PatternMiner();
  #resumption = Resumption.begin().end();
  #progress: CycleProgress | null = null;
  /** Committed targeted cycles that no scheduled one has taken over yet. */
  #unfolded: readonly Cycle[] = [];

  private constructor(parts: EngineParts) {
    this.#parts = parts;
    this.cluster = parts.cluster;
    this.#judging = new Judging(parts, () => ({ rules: this.#rules, window: this.#window }));
    this.annotations = this.#judging.annotations;
    this.#report = new CycleReport(parts);
    this.#self = new SelfWatch(parts);
    this.#rules = parts.rules.filter((rule) => rule.enabled);
    this.#window = this.#emptyWindow();
  }

  /** Rebuilds the window from the store, and judges what was committed but not judged before the last end. */
  static async open(parts: EngineParts): Promise<Engine> {
    const engine = new Engine(parts);
    await engine.#rebuild(true);
    engine.#miner = minerFor(engine.#window);
    prepareReading(engine.#rules, { miner: engine.#miner, parts });
    return engine;
  }

  get window(): RollingWindow {
    return this.#window;
  }

  /** Who finds the templates of lines: one for all that is collected and counted later, so that alike lines have one pattern. */
  get miner(): PatternMiner {
    return this.#miner;
  }

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  get progress(): CycleProgress | null {
    return this.#progress;
  }

  /** When the newest committed scheduled cycle stood; `null` before the first. */
  get lastAt(): number | null {
    return this.#resumption.at;
  }

  /** How often each event has happened, as recorded. */
  get eventCounts(): Readonly<Record<string, number>> {
    return this.#resumption.eventCounts;
  }

  evaluation(alert: string): RuleEvaluation | null {
    return this.#judging.evaluation(alert);
  }

  /** Takes other rules into force; `for` clocks and what was told stay. The window is counted anew where they count other lines. Not during a scheduled cycle. */
  async useRules(rules: readonly Rule[]): Promise<void> {
    await this.#alone(async () => {
      const before = keptText(this.#rules);
      this.#rules = rules.filter((rule) => rule.enabled);
      this.#judging.forget();
      this.#parts.patternWorker.pardon();
      prepareReading(this.#rules, { miner: this.#miner, parts: this.#parts });
      if (keptText(this.#rules) !== before) await this.#rebuild(false);
    });
  }

  /** Runs one whole cycle. Rejects with `CollectError` when the API server cannot be reached or knows us not; then nothing has changed. */
  async cycle(tick: Tick, signal: AbortSignal): Promise<Cycle> {
    const { clock } = this.#parts;
    const started = clock.monotonic();
    const resumption = this.#resumption;
    this.#progress = { startedAt: clock.now(), done: 0, total: 0, lines: 0 };
    this.#fresh.clear();
    const { patternsFrom } = countedFor(this.#rules);
    // Those of other rules stay as they are until they leave the window.
    const folds = this.#unfolded.filter((cycle) => cycle.patternsFrom === patternsFrom && this.#window.isCounted(cycle.id));
    try {
      await using collected = await collectCycle({
        id: resumption.ids.beginScheduled(clock.now()),
        tick,
        book: resumption.book,
        eventCounts: resumption.eventCounts,
        pods: this.#window.pods,
        objects: this.#window.objects,
        parts: this.#parts,
        rules: this.#rules,
        miner: this.#miner,
        folds,
        late: this.#late,
        signal,
        onProgress: (progress) => (this.#progress = progress),
      });
      return await this.#alone(async () => {
        // By the states that were seen: the cycle knows nothing of what is gone by now.
        await this.#judgeSome(this.#pace.takeAll());
        const { eventCounts } = resumption;
        const assembled = await collected.assemble({ known: this.#window.pods, fresh: this.#fresh, eventCounts });
        const own = { ...assembled, self: this.#self.report(assembled, this.#rules) };
        const stored = foldCycles(own, folds);
        await nextTurn();
        const { cycle, committed } = await commitCycle(collected.draft, { cycle: own, stored }, this.#parts.logger);
        // Before anything else takes an id: what comes now is behind this cycle, stored or not.
        resumption.ids.scheduledTaken();
        await inSlices(this.#window.addInSteps(cycle));
        if (committed) {
          resumption.take(cycle, collected.claims);
          this.#unfolded = this.#unfolded.filter((each) => !folds.includes(each));
          this.#window.fold(summaryOf(stored), new Set(folds.map(({ id }) => id)));
        } else if (cycle.probes !== undefined) this.#parts.prober?.giveBack(cycle.probes);
        await nextTurn();
        await this.#judging.judge(cycle, clock.now());
        await this.#expire(clock.now());
        this.#report.rulesOnNodes(this.#rules, cycle);
        this.#report.scheduled(cycle, committed, (clock.monotonic() - started) / 1000);
        return cycle;
      });
    } catch (error) {
      this.#report.failed(signal.aborted);
      throw toError(error);
    } finally {
      resumption.ids.scheduledEnded();
      this.#progress = null;
    }
  }

  /**
   * Runs one targeted cycle beside the schedule: reads what `next` gives until that is `null`, commits it, and judges the conditions on
   * state for what was looked at. Resolves with what was left unread because a scheduled cycle reads it right now, or before
   * the first scheduled cycle.
   */
  async targeted(next: () => Promise<TargetBatch | null>, signal: AbortSignal): Promise<readonly ReadTarget[]> {
    return this.#lane.hold(async () => {
      const { clock } = this.#parts;
      const started = clock.monotonic();
      const id = this.#resumption.ids.targeted(clock.now());
      if (id === null) return (await next())?.reads ?? [];
      await using collected = await collectTargets({
        id,
        book: this.#resumption.book,
        parts: this.#parts,
        rules: this.#rules,
        miner: this.#miner,
        lastWords: this.#judging.lastWords,
        late: this.#late,
        next,
        signal,
      });
      const cycle = await this.#turn.hold(() => this.#conclude(collected));
      this.#report.targeted(cycle, (clock.monotonic() - started) / 1000);
      return collected.left;
    });
  }

  /** Commits and judges a targeted cycle. */
  async #conclude(collected: CollectedTargets): Promise<Cycle> {
    const { clock, logger } = this.#parts;
    const { pods, objects } = this.#window;
    const own = collected.assemble({ pods, objects, eventCounts: this.#resumption.eventCounts });
    const { cycle, committed } = await commitCycle(collected.draft, { cycle: own }, logger);
    if (committed) {
      this.#resumption.take(cycle, collected.claims);
      this.#unfolded = [...this.#unfolded, cycle];
    }
    this.#fresh.note(collected.observed, { objects: cycle.objects?.items ?? [], nodes: cycle.nodes, at: cycle.at });
    // Events that are not stored are counted again by the next cycle.
    this.#window.add(committed ? cycle : { ...cycle, events: [] });
    await this.#judging.judge(cycle, clock.now(), this.#pace.take(touchedBy(cycle), clock.monotonic(), collected.isDue));
    return cycle;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#lane.hold(() => this.#turn.hold(work));
  }

  /** When workloads wait for a judgement that was put off, monotonic milliseconds; `null` when none does. */
  get judgesAt(): number | null {
    return this.#pace.nextAt;
  }

  /** Judges workloads of earlier targeted cycles whose turn has come. */
  async judgeWaiting(): Promise<void> {
    await this.#turn.hold(() => this.#judgeSome(this.#pace.take(UNTOUCHED, this.#parts.clock.monotonic())));
  }

  async #judgeSome(only: Touched): Promise<void> {
    const newest = this.#window.cycles.at(-1);
    if (newest !== undefined) await this.#judging.judge(newest, this.#parts.clock.now(), only);
  }

  /** Puts out what has become due by time alone, such as at the end of a mute. A change of the document, when given, is made in the same step. */
  async owe(change: (document: AlertsDocument) => AlertsDocument = (document) => document): Promise<void> {
    await this.#judging.owe(change);
  }

  async #expire(now: number): Promise<void> {
    const { store, logger } = this.#parts;
    try {
      const { forSize } = await store.expire(now);
      this.#report.dropped(forSize);
      this.#self.dropped(forSize.length);
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
    const resumption = Resumption.begin();
    const unfolded: Cycle[] = [];
    let newest: Cycle | null = null;
    for await (const cycle of withHeapRoom(store.cycles())) {
      this.#window.add(cycle);
      resumption.add(cycle);
      if (cycle.trigger === 'targeted') unfolded.push(cycle);
      newest = cycle;
      if (judging && judged !== null && cycle.id > judged) await this.#judging.judge(cycle, cycle.finishedAt);
    }
    if (judging) this.#resumption = resumption.end();
    this.#unfolded = unfolded;
    if (judging && judged === null && newest !== null) await this.#judging.judge(newest, newest.finishedAt);
  }

  #emptyWindow(): RollingWindow {
    const { schedule, window, collect } = this.#parts;
    return new RollingWindow({
      span: window,
      staleness: STALE_PERIODS * schedule.period,
      ...keptFor(this.#rules),
      lookback: collect.lookback,
    });
  }
}
