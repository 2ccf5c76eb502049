import type { Clock } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { TargetBatch } from '../cycle/targeted-cycle.ts';

/** So long after its start a container has shown how much it writes. */
const AFTER = 15 * SECOND;
/** Looks at a time. */
const MOST_AT_ONCE = 5;
/** New pods that wait for their look; those beyond it are left to the next scheduled cycle. */
export const MOST_NEW = 500;

interface NewPod {
  readonly pod: PodState;
  readonly seenAt: number;
  /** Monotonic milliseconds. */
  readonly since: number;
}

/** Pods with containers that the watch shows and no cycle has read yet: one that writes much would lose it until the next scheduled cycle. */
export class FirstLooks {
  readonly #clock: Clock;
  /** A pod as the cycles know it; `null` for one that they do not. */
  readonly #known: (uid: string) => PodState | null;
  readonly #new = new Map<string, NewPod>();

  constructor(options: { readonly clock: Clock; readonly known: (uid: string) => PodState | null }) {
    this.#clock = options.clock;
    this.#known = options.known;
  }

  /** A pod as the watch shows it. */
  take(pod: PodState, isGone: boolean): void {
    const before = this.#new.get(pod.uid);
    if (isGone || !this.#isNew(pod)) this.#new.delete(pod.uid);
    else if (before !== undefined || this.#new.size < MOST_NEW)
      this.#new.set(pod.uid, { pod, seenAt: this.#clock.now(), since: before?.since ?? this.#clock.monotonic() });
  }

  /** The pods to look at now; each is given once. */
  due(): TargetBatch {
    const now = this.#clock.monotonic();
    const due = [...this.#new.values()].filter(({ since }) => now - since >= AFTER).slice(0, MOST_AT_ONCE);
    for (const { pod } of due) this.#new.delete(pod.uid);
    const unseen = due.filter(({ pod }) => this.#isNew(pod));
    return {
      reads: unseen.map(({ pod }) => ({ pod, containers: null })),
      observed: unseen.map(({ pod, seenAt }) => ({ pod, seenAt, isGone: false })),
    };
  }

  /** Whether a container runs that no cycle has seen. */
  #isNew(pod: PodState): boolean {
    const known = new Set(this.#known(pod.uid)?.containers.map(({ containerID }) => containerID));
    return pod.containers.some(({ state, containerID }) => state.kind === 'running' && !known.has(containerID));
  }
}
