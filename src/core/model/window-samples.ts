import type { Cycle } from './cycle.ts';
import type { PodState } from './pod.ts';
import type { StateSample } from './window.ts';
import { type WorkloadKey, workloadKey } from './workload.ts';

/** Samples kept, however often collections run. */
const MOST_SAMPLES = 64;

/**
 * The newest states: those that were still fresh at the cycle before the newest, since the minutes between the two are judged by them.
 * Unchanged pods are shared.
 */
export class WindowSamples {
  readonly #samples: StateSample[] = [];
  readonly #pods = new Map<string, PodState>();
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

  pod(uid: string): PodState | null {
    return this.#pods.get(uid) ?? null;
  }

  at(time: number): StateSample | null {
    for (let index = this.#samples.length - 1; index >= 0; index--) {
      const sample = this.#samples[index];
      if (sample !== undefined && sample.at <= time) return time - sample.at <= this.#staleness ? sample : null;
    }
    return null;
  }

  add(cycle: Cycle): StateSample {
    const pods = cycle.states.map((pod) => this.#share(pod));
    const namespaces = new Set(cycle.namespaces);
    const present = new Set(pods.map((pod) => pod.uid));
    for (const [uid, pod] of this.#pods) if (namespaces.has(pod.namespace) && !present.has(uid)) this.#pods.delete(uid);
    const sample: StateSample = {
      at: cycle.at,
      cycle: cycle.id,
      podsComplete: cycle.podsComplete,
      namespaces,
      pods,
      byWorkload: groupByWorkload(pods),
      nodes: cycle.nodes,
      usageSource: cycle.usageSource,
      usage: new Map(cycle.usage.map((usage) => [`${usage.namespace}/${usage.pod}/${usage.container}`, usage])),
    };
    const needed = (this.newest?.at ?? cycle.at) - this.#staleness;
    const kept = this.#samples.filter((each) => each.at >= needed).slice(1 - MOST_SAMPLES);
    this.#samples.splice(0, this.#samples.length, ...kept, sample);
    return sample;
  }

  #share(pod: PodState): PodState {
    const known = this.#pods.get(pod.uid);
    const shared = known !== undefined && isSame(known, pod) ? known : pod;
    this.#pods.set(pod.uid, shared);
    return shared;
  }
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
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  if (keys.length !== others.length || keys.some((key, index) => key !== others[index])) return false;
  const [values, against]: [unknown[], unknown[]] = [Object.values(a), Object.values(b)];
  return values.every((value, index) => isSame(value, against[index]));
}
