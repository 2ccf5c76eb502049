import type { Observed } from '../../core/model/changes.ts';
import type { ContainerState, PodState } from '../../core/model/pod.ts';

/** States that targeted reads have brought while a scheduled cycle runs: where its list is older, they stand. */
export class FreshStates {
  readonly #observed = new Map<string, Observed>();

  note(observed: readonly Observed[]): void {
    for (const each of observed) this.#observed.set(each.pod.uid, each);
  }

  clear(): void {
    this.#observed.clear();
  }

  /** The listed states with newer ones in their place. `listedAt`: when the list was complete, epoch milliseconds. */
  over(states: readonly PodState[], listedAt: number): readonly PodState[] {
    if (this.#observed.size === 0) return states;
    const listed = new Set(states.map((pod) => pod.uid));
    const born = [...this.#observed.values()].filter(
      ({ pod, seenAt, isGone }) => !listed.has(pod.uid) && !isGone && seenAt > listedAt,
    );
    return [...states.map((pod) => this.#newer(pod, listedAt)), ...born.map(({ pod }) => pod)];
  }

  #newer(pod: PodState, listedAt: number): PodState {
    const fresh = this.#observed.get(pod.uid);
    if (fresh === undefined) return pod;
    // What was seen while the pods were being listed may be older or newer than its page: its own counters and times tell.
    return fresh.seenAt > listedAt || progress(fresh.pod) > progress(pod) ? fresh.pod : pod;
  }
}

/** Grows with every start and end of a container. */
function progress(pod: PodState): number {
  return Math.max(0, ...pod.containers.map(newestTime));
}

function newestTime({ state, last }: ContainerState): number {
  const ended = state.kind === 'terminated' ? state.finishedAt : (last?.finishedAt ?? null);
  return Math.max(ended ?? 0, state.kind === 'running' ? (state.startedAt ?? 0) : 0);
}
