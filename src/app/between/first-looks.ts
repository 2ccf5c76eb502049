import type { Clock } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import type { PodState } from '../../core/model/pod.ts';
import { type ContainerKey, containerKey } from '../../kubernetes/logs/cursor-book.ts';
import type { TargetBatch } from '../cycle/targeted-cycle.ts';

/** So long after its start a container has shown how much it writes. */
const AFTER = 15 * SECOND;
/** Looks at a time. */
const MOST_AT_ONCE = 5;
/** New pods that wait for their look; those beyond it are left to the next scheduled cycle. */
export const MOST_NEW = 500;

/** Whether a cycle has read of this instance of a container. */
export type IsRead = (key: ContainerKey, containerID: string) => boolean;

interface NewPod {
  readonly pod: PodState;
  readonly seenAt: number;
  /** Monotonic milliseconds. */
  readonly since: number;
  readonly isGone: boolean;
}

/**
 * Pods with containers that the watch shows and no cycle has read yet: one that writes much would lose it until the next scheduled cycle. One that is
 * removed while it still runs, by force, is looked at then: of what it wrote the read can only tell that it is lost, and nobody else would.
 */
export class FirstLooks {
  readonly #clock: Clock;
  readonly #isRead: IsRead;
  readonly #new = new Map<string, NewPod>();

  constructor(options: { readonly clock: Clock; readonly isRead: IsRead }) {
    this.#clock = options.clock;
    this.#isRead = options.isRead;
  }

  /** A pod as the watch shows it. */
  take(pod: PodState, isGone: boolean): void {
    const before = this.#new.get(pod.uid);
    if (!this.#isNew(pod)) this.#new.delete(pod.uid);
    else if (before !== undefined || this.#new.size < MOST_NEW)
      this.#new.set(pod.uid, { pod, seenAt: this.#clock.now(), since: before?.since ?? this.#clock.monotonic(), isGone });
  }

  /** The pods to look at now; each is given once. */
  due(): TargetBatch {
    const now = this.#clock.monotonic();
    const due = [...this.#new.values()].filter(({ since, isGone }) => isGone || now - since >= AFTER).slice(0, MOST_AT_ONCE);
    for (const { pod } of due) this.#new.delete(pod.uid);
    const unseen = due.filter(({ pod }) => this.#isNew(pod));
    return {
      reads: unseen.map(({ pod }) => ({ pod, containers: null })),
      observed: unseen.map(({ pod, seenAt, isGone }) => ({ pod, seenAt, isGone })),
    };
  }

  /** Whether a container runs that no cycle has read; that one knows of its state says nothing of its log. */
  #isNew(pod: PodState): boolean {
    return pod.containers.some(
      ({ state, name, containerID }) => state.kind === 'running' && !this.#isRead(containerKey(pod.uid, name), containerID),
    );
  }
}
