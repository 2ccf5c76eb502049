import type { Observed } from '../../core/model/changes.ts';
import type { ClusterObject } from '../../core/model/objects/cluster-object.ts';
import { progressOf } from '../../core/model/objects/object-history.ts';
import type { ObjectReading } from '../../core/model/objects/object-reading.ts';
import { nodeTrouble, objectTrouble } from '../../core/model/objects/trouble.ts';
import type { ContainerState, NodeState, PodState } from '../../core/model/pod.ts';
import type { SeenObjects } from './targeted-cycle.ts';

/** States that targeted cycles have brought while a scheduled cycle runs: where its list is older, they stand. */
export class FreshStates {
  readonly #observed = new Map<string, Observed>();
  readonly #objects = new Map<string, ClusterObject>();
  readonly #nodes = new Map<string, NodeState>();
  /** When the last of objects and nodes were seen, epoch milliseconds. */
  readonly #seenAt = new Map<string, number>();

  note(observed: readonly Observed[], { objects, nodes, at }: SeenObjects & { readonly at: number }): void {
    for (const each of observed) this.#observed.set(each.pod.uid, each);
    for (const object of objects) this.#objects.set(object.uid, object);
    for (const node of nodes) this.#nodes.set(node.name, node);
    for (const id of [...objects.map(({ uid }) => uid), ...nodes.map(({ name }) => name)]) this.#seenAt.set(id, at);
  }

  clear(): void {
    for (const known of [this.#observed, this.#objects, this.#nodes, this.#seenAt]) known.clear();
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

  /**
   * The same of objects. Those that the list shows as they were seen stand as listed; where they differ what was seen last is the newer, since every
   * change between being well and in trouble is seen.
   */
  overObjects(reading: ObjectReading, listedAt: number): ObjectReading {
    if (this.#objects.size === 0) return reading;
    const listed = new Set(reading.items.map(({ uid }) => uid));
    const born = [...this.#objects.values()].filter(({ uid }) => !listed.has(uid) && this.#isSeenAfter(uid, listedAt));
    return { ...reading, items: [...reading.items.map((object) => this.#newerObject(object, listedAt)), ...born] };
  }

  overNodes(nodes: readonly NodeState[], listedAt: number): readonly NodeState[] {
    if (this.#nodes.size === 0) return nodes;
    return nodes.map((node) => {
      const fresh = this.#nodes.get(node.name);
      const isNewer = fresh !== undefined && this.#isSeenAfter(node.name, listedAt);
      return isNewer && nodeTrouble(fresh) !== nodeTrouble(node) ? fresh : node;
    });
  }

  #newerObject(object: ClusterObject, listedAt: number): ClusterObject {
    const fresh = this.#objects.get(object.uid);
    if (fresh === undefined) return object;
    if (this.#isSeenAfter(object.uid, listedAt) && objectTrouble(fresh) !== objectTrouble(object)) return fresh;
    // The watch has seen the last step of a rollout when it was made.
    const isSameStep = 'changedAt' in fresh && 'changedAt' in object && progressOf(fresh) === progressOf(object);
    return isSameStep ? { ...object, changedAt: Math.min(fresh.changedAt, object.changedAt) } : object;
  }

  #isSeenAfter(id: string, listedAt: number): boolean {
    return (this.#seenAt.get(id) ?? 0) > listedAt;
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
