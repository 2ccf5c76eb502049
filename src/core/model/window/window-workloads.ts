import type { ContainerRef } from '../log-line.ts';
import type { PodState } from '../pod.ts';
import { type Workload, type WorkloadKey, workloadKey } from '../workload.ts';
import { MinuteTable } from './window-minutes.ts';
import { WindowRollouts } from './window-rollouts.ts';

/** A workload that was seen, with the counts of its containers by their names. */
export interface KnownWorkload {
  readonly workload: Workload;
  readonly tables: Map<string, MinuteTable>;
  readonly rollouts: WindowRollouts;
  containers: readonly string[];
  /** As they were seen last. */
  pods: readonly PodState[];
  readonly firstSeenAt: number;
  lastSeenAt: number;
}

/** The workloads that were seen in the window, or whose lines were. */
export class WindowWorkloads {
  readonly #known = new Map<WorkloadKey, KnownWorkload>();
  /** Those of known workloads: a container's reference is the same object cycle after cycle while a day of them is read. */
  #tables = new WeakMap<ContainerRef, MinuteTable>();

  all(): readonly KnownWorkload[] {
    return [...this.#known.values()];
  }

  get(key: WorkloadKey): KnownWorkload | undefined {
    return this.#known.get(key);
  }

  /** A collection has seen these pods of it. */
  see(key: WorkloadKey, pods: readonly PodState[], at: number): void {
    const [first] = pods;
    if (first === undefined) return;
    const known = this.#know(key, first.workload, at);
    known.lastSeenAt = Math.max(known.lastSeenAt, at);
    // Nearly always they are as they were before.
    if (known.pods === pods) return;
    known.pods = pods;
    known.rollouts.see(pods, at);
    for (const pod of pods) for (const { name } of pod.containers) addContainer(known, name);
  }

  /** Where a container's counts go. */
  tableOf(ref: ContainerRef, at: number): MinuteTable {
    let table = this.#tables.get(ref);
    if (table === undefined) {
      table = this.#find(ref, at);
      this.#tables.set(ref, table);
    }
    return table;
  }

  #find(ref: ContainerRef, at: number): MinuteTable {
    const known = this.#know(workloadKey(ref.workload), ref.workload, at);
    addContainer(known, ref.container);
    const table = known.tables.get(ref.container) ?? new MinuteTable();
    known.tables.set(ref.container, table);
    return table;
  }

  /** Drops minutes, and workloads that were not seen since; returns these. */
  expire(before: number, minute: number): readonly WorkloadKey[] {
    const gone: WorkloadKey[] = [];
    for (const [key, known] of this.#known) {
      for (const table of known.tables.values()) table.expire(minute);
      known.rollouts.expire(before);
      if (known.lastSeenAt < before) gone.push(key);
    }
    for (const key of gone) this.#known.delete(key);
    if (gone.length > 0) this.#tables = new WeakMap();
    return gone;
  }

  #know(key: WorkloadKey, workload: Workload, at: number): KnownWorkload {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = {
        workload,
        tables: new Map(),
        rollouts: new WindowRollouts(),
        containers: [],
        pods: [],
        firstSeenAt: at,
        lastSeenAt: at,
      };
      this.#known.set(key, known);
    }
    return known;
  }
}

function addContainer(known: KnownWorkload, name: string): void {
  if (!known.containers.includes(name)) known.containers = [...known.containers, name];
}
