import { SECOND } from '../../base/duration.ts';
import type { Workload, WorkloadKey } from '../../core/model/workload.ts';
import { workloadKey } from '../../core/model/workload.ts';

/** The workloads of one namespace are judged between scheduled cycles at most so often. */
const PAUSE = 5 * SECOND;

/** Spaces the judgements that targeted reads ask for, so that a namespace in which everything crashes costs one at a time. Times are monotonic milliseconds. */
export class JudgePace {
  readonly #judgedAt = new Map<string, number>();
  readonly #waiting = new Map<string, Set<WorkloadKey>>();

  /** Adds workloads about which something new is known, and takes those whose turn it is. */
  take(workloads: readonly Workload[], now: number): ReadonlySet<WorkloadKey> {
    for (const workload of workloads) {
      const waiting = this.#waiting.get(workload.namespace) ?? new Set();
      this.#waiting.set(workload.namespace, waiting.add(workloadKey(workload)));
    }
    const taken = new Set<WorkloadKey>();
    for (const [namespace, keys] of this.#waiting) {
      if (now < this.#turnOf(namespace)) continue;
      this.#waiting.delete(namespace);
      this.#judgedAt.set(namespace, now);
      for (const key of keys) taken.add(key);
    }
    for (const [namespace, at] of this.#judgedAt) if (now - at >= PAUSE) this.#judgedAt.delete(namespace);
    return taken;
  }

  /** When the next of those that wait may be judged; `null` when none waits. */
  get nextAt(): number | null {
    let next: number | null = null;
    for (const namespace of this.#waiting.keys()) next = Math.min(next ?? Number.POSITIVE_INFINITY, this.#turnOf(namespace));
    return next;
  }

  /** A scheduled cycle has judged everything. */
  clear(): void {
    this.#waiting.clear();
  }

  #turnOf(namespace: string): number {
    return (this.#judgedAt.get(namespace) ?? Number.NEGATIVE_INFINITY) + PAUSE;
  }
}
