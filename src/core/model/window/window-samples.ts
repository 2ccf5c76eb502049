import { MINUTE } from '../../../base/duration.ts';
import type { Cycle, Usage } from '../cycle.ts';
import type { ClusterObject } from '../objects/cluster-object.ts';
import { type ObjectReading, wasRead } from '../objects/object-reading.ts';
import type { PodState } from '../pod.ts';
import { type WorkloadKey, workloadKey } from '../workload.ts';
import { touchedBy, UNTOUCHED } from './touched.ts';
import type { StateSample } from './window.ts';
import { WindowLapses } from './window-lapses.ts';
import { WindowObjectChanges } from './window-object-changes.ts';

/** Samples kept, however often collections run. */
const MOST_SAMPLES = 64;

const NONE_SINCE: StateSample['seenAt'] = new Map();

/** Moments at which rules are judged by the newest state before them. */
const MOMENT = MINUTE;

/**
 * The newest states: those that were still fresh at the cycle before the newest, since the minutes between the two are judged by them.
 * Unchanged pods are shared.
 */
export class WindowSamples {
  readonly #samples: StateSample[] = [];
  readonly #pods = new Map<string, PodState>();
  readonly #objects = new Map<string, ClusterObject>();
  readonly changes = new WindowObjectChanges();
  readonly lapses = new WindowLapses();
  readonly #staleness: number;

  constructor(staleness: number) {
    this.#staleness = staleness;
  }

  get newest(): StateSample | null {
    return this.#samples.at(-1) ?? null;
  }

  /** The newest known state of every pod that is not known to be gone, over all cycles. */
  get pods(): readonly PodState[] {
    return [...this.#pods.values()];
  }

  /** The newest known state of every object that is not known to be gone. */
  get objects(): readonly ClusterObject[] {
    return [...this.#objects.values()];
  }

  object(uid: string): ClusterObject | null {
    return this.#objects.get(uid) ?? null;
  }

  pod(uid: string): PodState | null {
    return this.#pods.get(uid) ?? null;
  }

  at(time: number): StateSample | null {
    for (let index = this.#samples.length - 1; index >= 0; index--) {
      const sample = this.#samples[index];
      if (sample !== undefined && sample.at <= time) return time - sample.listedAt <= this.#staleness ? sample : null;
    }
    return null;
  }

  /** Drops what was seen to change before `before`. */
  expire(before: number): void {
    this.changes.expire(before);
    this.lapses.expire(before);
  }

  /** Step by step; no other cycle may come between. */
  *add(cycle: Cycle): Generator<void, StateSample, undefined> {
    const pods: PodState[] = [];
    for (const pod of cycle.states) yield void pods.push(this.#share(pod, cycle.at));
    this.lapses.seeNodes(this.newest?.nodes ?? [], cycle.nodes, cycle.at);
    if (cycle.trigger === 'targeted') return this.#keep(this.#merged(cycle, pods));
    const usage = new Map<string, Usage>();
    for (const each of cycle.usage) yield void usage.set(`${each.namespace}/${each.pod}/${each.container}`, each);
    const namespaces = new Set(cycle.namespaces);
    // Nearly always they are those that were known before.
    if (this.#pods.size !== pods.length) {
      const present = new Set(pods.map((pod) => pod.uid));
      for (const [uid, pod] of this.#pods) if (namespaces.has(pod.namespace) && !present.has(uid)) this.#pods.delete(uid);
    }
    const before = this.newest;
    const areSame = before !== null && before.touched === null && before.pods.length === pods.length;
    const unchanged = areSame && before.pods.every((pod, index) => pod === pods[index]) ? before : null;
    // What targeted reads have seen since the cycle began is in its states.
    const later = this.newest !== null && this.newest.touched !== null && this.newest.at > cycle.at ? this.newest : null;
    while (this.newest !== null && this.newest.touched !== null && this.newest.at >= cycle.at) this.#samples.pop();
    const sample = this.#keep({
      at: cycle.at,
      listedAt: cycle.at,
      seenAt: NONE_SINCE,
      touched: null,
      cycle: cycle.id,
      podsComplete: cycle.podsComplete,
      namespaces,
      pods: unchanged?.pods ?? pods,
      byWorkload: unchanged?.byWorkload ?? groupByWorkload(pods),
      nodes: cycle.nodes,
      objects: this.#takeObjects(cycle),
      self: cycle.self ?? null,
      usageSource: cycle.usageSource,
      usage,
    });
    if (later !== null) this.#keep({ ...sample, at: later.at, cycle: later.cycle, touched: UNTOUCHED });
    return sample;
  }

  /** The state before with newer pods in it. One that is too old to be believed gives way to what was seen now, from which nothing is missing by its absence. */
  #merged(cycle: Cycle, pods: readonly PodState[]): StateSample {
    const base = this.at(cycle.at);
    const touched = groupByWorkload(pods);
    const own = { at: cycle.at, cycle: cycle.id, touched: touchedBy(cycle) };
    const items = cycle.objects?.items ?? [];
    const seen = items.filter((object) => object.kind !== 'CronJob' || object.isCarried !== true);
    for (const object of items) this.#take(object, cycle.at);
    if (base === null)
      return {
        ...own,
        // Of objects the next list tells: by those that were seen now alone, the others would seem gone.
        touched: { ...own.touched, objects: new Set() },
        listedAt: cycle.at,
        seenAt: NONE_SINCE,
        podsComplete: false,
        namespaces: new Set(),
        pods,
        byWorkload: touched,
        nodes: [],
        objects: null,
        self: null,
        usageSource: 'unavailable',
        usage: new Map(),
      };
    const newer = new Map(pods.map((pod) => [pod.uid, pod]));
    const byWorkload = new Map(base.byWorkload);
    for (const [key, fresh] of touched) byWorkload.set(key, overlaid(base.byWorkload.get(key) ?? [], fresh, newer));
    return {
      ...base,
      ...own,
      seenAt: new Map([...base.seenAt, ...seen.map(({ uid }) => [uid, cycle.at] as const)]),
      pods: overlaid(base.pods, pods, newer),
      byWorkload,
      nodes: replaced(base.nodes, cycle.nodes, ({ name }) => name),
      objects: base.objects && {
        ...base.objects,
        items: replaced(base.objects.items, items, ({ uid }) => uid),
      },
    };
  }

  #keep(sample: StateSample): StateSample {
    const before = this.newest;
    // Of the targeted states between two moments only the last is asked for again.
    if (before !== null && before.touched !== null && momentAfter(before.at) === momentAfter(sample.at)) this.#samples.pop();
    const needed = (before?.listedAt ?? sample.at) - this.#staleness;
    const kept = this.#samples.filter((each) => each.at >= needed);
    while (kept.length >= MOST_SAMPLES) {
      const index = kept.findIndex((each) => each.touched !== null);
      kept.splice(Math.max(index, 0), 1);
    }
    this.#samples.splice(0, this.#samples.length, ...kept, sample);
    return sample;
  }

  /** Objects as the cycle listed them, those that have not changed shared with before. */
  #takeObjects({ objects, at }: Cycle): ObjectReading | null {
    if (objects === undefined) return null;
    const items = objects.items.map((object) => {
      const known = this.#objects.get(object.uid);
      return known !== undefined && isSame(known, object) ? known : object;
    });
    const present = new Set(items.map(({ uid }) => uid));
    for (const [uid, { kind, namespace }] of this.#objects)
      if (!present.has(uid) && wasRead(objects, kind, namespace)) this.#objects.delete(uid);
    for (const object of items) this.#take(object, at);
    return { ...objects, items };
  }

  #take(object: ClusterObject, at: number): void {
    const known = this.#objects.get(object.uid);
    if (known === object) return;
    if (known !== undefined) this.changes.see(known, object, at);
    this.#objects.set(object.uid, object);
  }

  #share(pod: PodState, at: number): PodState {
    const known = this.#pods.get(pod.uid);
    const shared = known !== undefined && isSame(known, pod) ? known : pod;
    if (known !== undefined && shared !== known) this.lapses.seePod(known, pod, at);
    this.#pods.set(pod.uid, shared);
    return shared;
  }
}

function momentAfter(time: number): number {
  return Math.ceil(time / MOMENT);
}

/** The pods with newer ones in the place of their former states, and those that were not among them behind. */
function overlaid(
  pods: readonly PodState[],
  fresh: readonly PodState[],
  newer: ReadonlyMap<string, PodState>,
): readonly PodState[] {
  const known = new Set(pods.map((pod) => pod.uid));
  return [...pods.map((pod) => newer.get(pod.uid) ?? pod), ...fresh.filter((pod) => !known.has(pod.uid))];
}

/** The items with newer ones in the place of their former states, and those that were not among them behind. */
function replaced<T>(items: readonly T[], fresh: readonly T[], idOf: (item: T) => string): readonly T[] {
  return fresh.length === 0 ? items : [...new Map([...items, ...fresh].map((item) => [idOf(item), item])).values()];
}

function groupByWorkload(pods: readonly PodState[]): ReadonlyMap<WorkloadKey, readonly PodState[]> {
  const groups = new Map<WorkloadKey, PodState[]>();
  for (const pod of pods) {
    const key = workloadKey(pod.workload);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return groups;
}

/** Equality of plain data whose keys stand in the same order, as one projection makes them; another order costs a copy and no more. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => isSame(each, b[index]));
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  if (keys.length !== others.length || keys.some((key, index) => key !== others[index])) return false;
  const [values, against]: [unknown[], unknown[]] = [Object.values(a), Object.values(b)];
  return values.every((value, index) => isSame(value, against[index]));
}
