import { HOUR, MINUTE } from '../../../base/duration.ts';
import { atOnce } from '../../../base/slices.ts';
import type { Alert } from '../alert.ts';
import type { ClusterEvent, ContainerMinutes, Cycle, CycleSummary, Gap, RestartIncrease, TerminationRecord } from '../cycle.ts';
import { ownerOf } from '../event-owner.ts';
import { summaryOf } from '../fold-cycles.ts';
import type { LateCounts } from '../late-counts.ts';
import { type LineValue, lineValueId } from '../line-value.ts';
import type { ContainerRef } from '../log-line.ts';
import type { Matcher, MatcherId } from '../matcher.ts';
import type { ClusterObject } from '../objects/cluster-object.ts';
import type { PodState } from '../pod.ts';
import { podFromRef } from '../pod-from-ref.ts';
import type { Selection } from '../selector.ts';
import type { Workload, WorkloadKey } from '../workload.ts';
import type {
  CellState,
  Coverage,
  MinuteCounts,
  MinuteValues,
  PatternHistory,
  RecordKind,
  StateSample,
  Window,
} from './window.ts';
import { addMinutes, type Counter, Counters } from './window-counters.ts';
import { WindowCounts } from './window-counts.ts';
import { WindowCoverage } from './window-coverage.ts';
import { type FindingsOptions, WindowFindings } from './window-findings.ts';
import { WindowProbes } from './window-probes.ts';
import { WindowRecords } from './window-records.ts';
import { WindowSamples } from './window-samples.ts';
import { stripOf } from './window-strip.ts';
import { type WantedCounts, WindowUncounted } from './window-uncounted.ts';
import { WindowUsage } from './window-usage.ts';
import { WindowWorkloads } from './window-workloads.ts';

export interface WindowOptions extends FindingsOptions {
  /** How much the window holds, in milliseconds. */
  readonly span: number;
  /** A state older than this is unknown: 2.5 schedule periods, in milliseconds. */
  readonly staleness: number;
  /** Every matcher that a rule counts, with the rule's selection. */
  readonly counters: readonly Counter[];
  /** How far back the first read of a container goes, in milliseconds; an hour by default. */
  readonly lookback?: number;
}

interface AddedMinutes {
  readonly at: number;
  readonly podOf: (ref: ContainerRef) => PodState;
  readonly counted: ReadonlySet<MatcherId> | null;
}

/** The window of design.md section 3, in memory: cycles are added in their order, what is older than the span is dropped. */
export class RollingWindow implements Window {
  readonly #span: number;
  readonly #counters: Counters;
  readonly #samples: WindowSamples;
  readonly #coverage: WindowCoverage;
  readonly #findings: WindowFindings;
  readonly #usage = new WindowUsage();
  readonly #uncounted: WindowUncounted;
  readonly #restarts = new WindowRecords<RestartIncrease>();
  readonly #terminations = new WindowRecords<TerminationRecord>();
  readonly #events = new WindowRecords<ClusterEvent>();
  readonly probes = new WindowProbes();
  /** The newest known state of a pod, or of an object beside pods and nodes; `null` when it is gone or was never seen. */
  readonly pod = (uid: string): PodState | null => this.#samples.pod(uid);
  readonly object = (uid: string): ClusterObject | null => this.#samples.object(uid);
  readonly firstLook: Window['firstLook'] = (key, container) => this.#coverage.firstLook(key, container);
  readonly isSeen: Window['isSeen'] = (key, container, span) => this.#coverage.isSeen(key, container, span);
  readonly late: Window['late'] = (cycle) => this.#coverage.late(cycle);
  readonly #workloads = new WindowWorkloads();
  readonly workloads: Window['workloads'] = () => this.#workloads.all();
  readonly workload: Window['workload'] = (key) => this.#workloads.get(key) ?? null;
  readonly rollouts: Window['rollouts'] = (key) => this.#workloads.get(key)?.rollouts.all ?? [];
  readonly restartedPods: Window['restartedPods'] = (key, from, to) => this.#restarts.entries(key, from, to);
  readonly lapses: Window['lapses'] = (id) => this.#samples.lapses.of(id);
  readonly objectChanges: Window['objectChanges'] = (key) => this.#samples.changes.of(key);
  #cycles: readonly CycleSummary[] = [];
  #scheduled: readonly CycleSummary[] = [];
  #listed: readonly ReadonlySet<string>[] = []; // Of the scheduled cycles: which namespaces were listed.

  constructor(options: WindowOptions) {
    this.#span = options.span;
    this.#counters = new Counters(options.counters);
    this.#samples = new WindowSamples(options.staleness);
    this.#coverage = new WindowCoverage(options.lookback ?? HOUR);
    this.#findings = new WindowFindings(options);
    this.#uncounted = new WindowUncounted({
      matchers: this.#counters.matchers,
      values: this.#findings.counted,
      patternsFrom: options.patternsFrom,
    });
  }

  get cycles(): readonly CycleSummary[] {
    return this.#cycles;
  }

  get scheduled(): readonly CycleSummary[] {
    return this.#scheduled;
  }

  get newest(): StateSample | null {
    return this.#samples.newest;
  }

  /** The newest known state of every pod that is not known to be gone: what the next collection is compared with. */
  get pods(): readonly PodState[] {
    return this.#samples.pods;
  }

  /** The newest known state of every object beside pods and nodes that is not known to be gone. */
  get objects(): readonly ClusterObject[] {
    return this.#samples.objects;
  }

  /** Folds a cycle in, and drops what has left the window by then. A cycle that is in it already changes nothing. */
  add(cycle: Cycle): void {
    atOnce(this.addInSteps(cycle));
  }

  /** The same step by step, so that others have their turn between. The cycle is in `cycles` when all of it is in the window; add no other meanwhile. */
  *addInSteps(cycle: Cycle): Generator<void, void, undefined> {
    if (this.#cycles.at(-1)?.id === cycle.id) return;
    const sample = yield* this.#samples.add(cycle);
    if (sample.touched === null) yield* this.#usage.add(sample);
    for (const key of sample.touched?.pods ?? sample.byWorkload.keys())
      yield this.#workloads.see(key, sample.byWorkload.get(key) ?? [], cycle.at);
    const departed = new Map(cycle.departed?.map((pod) => [pod.uid, pod]));
    const counted = cycle.counted === undefined ? null : new Set(cycle.counted);
    yield* this.#addMinutes(cycle.minutes, { at: cycle.at, podOf: (ref) => this.#podOf(ref, departed), counted });
    const summary = summaryOf(cycle);
    this.#cycles = [...this.#cycles, summary];
    if (sample.touched === null) {
      this.#scheduled = [...this.#scheduled, summary];
      this.#listed = [...this.#listed, sample.namespaces];
    }
    this.#uncounted.add(cycle);
    this.#findings.add(cycle, (ref) => this.#podOf(ref, departed));
    for (const restart of cycle.restarts) this.#restarts.add(restart.workload, restart, this.#remembered(restart.uid, departed));
    for (const end of cycle.terminations) this.#terminations.add(end.workload, end, this.#remembered(end.uid, departed));
    for (const event of cycle.events) this.#events.add(ownerOf(event), event, null);
    if (cycle.probes !== undefined) this.probes.add(cycle.probes);
    this.#coverage.add(cycle);
    yield;
    this.expire(cycle.at - this.#span);
  }

  /** A scheduled cycle has taken over targeted ones, whose contents are in the window: in the list of cycles it stands for them. */
  fold(cycle: CycleSummary, replaced: ReadonlySet<string>): void {
    const put = (each: CycleSummary) => (each.id === cycle.id ? cycle : each);
    this.#cycles = this.#cycles.filter(({ id }) => !replaced.has(id)).map(put);
    this.#scheduled = this.#scheduled.map(put);
  }

  /** The newest cycle with lines to be counted for newer rules; `byPod`: {@link addLate} then has to know its pods. */
  uncounted(isWanted: (matcher: Matcher) => boolean = () => true) {
    const next = this.#uncounted.next(isWanted);
    if (next === null) return null;
    const byPod = this.#counters.looksAtPods || next.values.length > 0 || (next.patterns !== null && this.#findings.looksAtPods);
    return { ...next, byPod };
  }

  /** Whether nothing of a cycle is left to be counted. */
  isCounted(cycle: string): boolean {
    return this.#uncounted.isCounted(cycle);
  }

  uncountedCycles(of: WantedCounts): number {
    return this.#uncounted.count(of);
  }

  /** Folds in what was counted later for a cycle. What the window has already, or does not count, changes nothing. */
  addLate(cycle: string, late: LateCounts, podOf: (uid: string) => PodState | null): void {
    const at = this.#cycles.find(({ id }) => id === cycle)?.at;
    const missing = this.#uncounted.settle(cycle, late);
    if (at === undefined) return;
    const lateOf = (ref: ContainerRef) => podOf(ref.uid) ?? this.#podOf(ref);
    atOnce(this.#addMinutes(late.minutes, { at, podOf: lateOf, counted: missing.counts }));
    if (missing.patterns !== null)
      this.#findings.addLatePatterns(cycle, { ...missing.patterns, found: late.patterns?.found ?? [] }, lateOf);
  }

  /** Drops what is older than `before`: whole cycles, minutes, records, and workloads not seen since. */
  expire(before: number): void {
    const first = this.#cycles.findIndex((cycle) => cycle.at >= before);
    const drop = first === -1 ? this.#cycles.length : first;
    if (drop === 0 && this.#cycles.length > 0) return;
    this.#cycles = this.#cycles.slice(drop);
    const left = this.#scheduled.filter((cycle) => cycle.at >= before);
    this.#listed = this.#listed.slice(this.#scheduled.length - left.length);
    this.#scheduled = left;
    for (const key of this.#workloads.expire(before, Math.floor(before / MINUTE))) {
      this.#coverage.forget(key);
      this.#findings.forget(key);
    }
    for (const records of [this.#restarts, this.#terminations, this.#events]) records.expire(before);
    for (const part of [this.#coverage, this.#findings, this.#uncounted, this.#usage, this.probes, this.#samples])
      part.expire(before);
  }

  sampleAt(at: number): StateSample | null {
    return this.#samples.at(at);
  }

  restarts(key: WorkloadKey, from: number, to: number, selection?: Selection): readonly RestartIncrease[] {
    return this.#restarts.between(key, from, to, selection);
  }

  terminations(key: WorkloadKey, from: number, to: number, selection?: Selection): readonly TerminationRecord[] {
    return this.#terminations.between(key, from, to, selection);
  }

  events(key: WorkloadKey, from: number, to: number): readonly ClusterEvent[] {
    return this.#events.between(key, from, to);
  }

  happened(kinds: readonly RecordKind[], from: number, to: number): boolean {
    const { lapses } = this.#samples;
    const records = { restarts: this.#restarts, terminations: this.#terminations, events: this.#events, lapses };
    return kinds.some((kind) => records[kind].happened(from, to));
  }

  eventOwners(): readonly Workload[] {
    return this.#events.owners();
  }

  counts(key: WorkloadKey, container: string, matcher: Matcher, selection: Selection): MinuteCounts | null {
    const columns = this.#counters.columnsFor(matcher, selection);
    if (columns === null) return null;
    const table = this.#workloads.get(key)?.tables.get(container);
    return new WindowCounts(table, columns, { matcher, uncounted: this.#uncounted });
  }

  values(key: WorkloadKey, container: string, value: LineValue, selection: Selection): MinuteValues | null {
    const values = this.#findings.values(key, container, value, selection);
    return values && { ...values, isWhole: (from, to) => this.#uncounted.isWhole(lineValueId(value), from, to) };
  }

  patterns(key: WorkloadKey, container: string, selection: Selection): PatternHistory | null {
    return this.#findings.patterns(key, container, selection);
  }

  coverage(key: WorkloadKey, container: string, minute: number): Coverage {
    return this.#coverage.coverage(key, container, minute);
  }

  gaps(key: WorkloadKey, from: number, to: number): readonly Gap[] {
    return this.#coverage.gaps(key, from, to);
  }

  usageTrend(uid: string, container: string, resource: 'cpu' | 'memory'): ReturnType<Window['usageTrend']> {
    return this.#usage.trend(uid, container, resource);
  }

  fallenFrom(key: WorkloadKey, container: string, resource: 'cpu' | 'memory'): number | null {
    return this.#usage.fallenFrom(key, container, resource);
  }

  usageHistory(key: WorkloadKey): ReturnType<Window['usageHistory']> {
    return this.#usage.history(key);
  }

  /**
   * One cell per tick, aligned with {@link scheduled}: `failing` where one of the workload's alerts was firing, `unknown` where its namespace
   * was not listed or it did not exist. Made from the alerts, so that it is the same after a restart.
   */
  strip(key: WorkloadKey, alerts: readonly Pick<Alert, 'labels' | 'firedAt' | 'resolvedAt'>[]): readonly CellState[] {
    const ticks = this.#scheduled.map(({ at }, index) => ({ at, listed: this.#listed[index] }));
    return stripOf(this.#workloads.get(key), ticks, alerts);
  }

  #podOf(ref: ContainerRef, departed?: ReadonlyMap<string, PodState>): PodState {
    return this.#samples.pod(ref.uid) ?? departed?.get(ref.uid) ?? podFromRef(ref);
  }

  /** Adds containers' minutes and values; of the further matchers and of the values only those that were counted, when said. */
  *#addMinutes(all: Iterable<ContainerMinutes>, { at, podOf, counted }: AddedMinutes): Generator<void, void, undefined> {
    const addValues = this.#findings.valuesAdder(podOf, counted);
    const takes = counted === null ? null : this.#counters.countedOnly(counted);
    for (const { ref, minutes } of all) {
      if (minutes.length === 0) continue;
      const table = this.#workloads.tableOf(ref, at);
      const columns = this.#counters.columnsOf(podOf(ref), ref);
      addMinutes(table, minutes, takes === null ? columns : takes(columns));
      addValues(ref, minutes);
      yield;
    }
  }

  /** The pod as selectors need it, without what changes and takes room. */
  #remembered(uid: string, departed: ReadonlyMap<string, PodState>): PodState | null {
    const pod = this.#samples.pod(uid) ?? departed.get(uid) ?? null;
    return pod === null ? null : { ...pod, conditions: [], message: '', annotations: {} };
  }
}
