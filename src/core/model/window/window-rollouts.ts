import type { PodState } from '../pod.ts';
import type { Rollout } from './window.ts';

/** Rollouts of one workload that are kept; the oldest are forgotten. */
export const MOST_ROLLOUTS = 50;

/** What controllers mark the pods of one template with: Deployments, then StatefulSets and DaemonSets, then Argo Rollouts. */
const REVISION_LABELS = ['pod-template-hash', 'controller-revision-hash', 'rollouts-pod-template-hash'];

/** Pods of one template. */
interface Revision {
  readonly name: string;
  /** The one that was made last. */
  readonly newest: PodState;
}

/** The rollouts of one workload, told from its pods: a change of the template makes pods of another revision. */
export class WindowRollouts {
  #first = '';
  #current: Revision | null = null;
  #rollouts: readonly Rollout[] = [];

  /** Oldest first. */
  get all(): readonly Rollout[] {
    return this.#rollouts;
  }

  /** A collection has seen these pods of the workload, and no others, at this time. */
  see(pods: readonly PodState[], seenAt: number): void {
    const newest = newestRevision(pods);
    if (newest === null) return;
    const current = this.#current;
    if (current === null) this.#first = newest.name;
    if (current === null || newest.name === current.name) {
      if (current === null || newest.newest.createdAt >= current.newest.createdAt) this.#current = newest;
      return;
    }
    // A pod of the template before is also made when one of them is lost while the rollout lasts; after a roll back none of the other is left.
    if (this.#isKnown(newest.name) && pods.some((pod) => revisionOf(pod) === current.name)) return;
    const own = pods.filter((pod) => revisionOf(pod) === newest.name && pod.createdAt > current.newest.createdAt);
    // What was rolled back before its first pod ran leaves the pods of before: then no pod tells when.
    const at = Math.min(seenAt, ...own.map((pod) => pod.createdAt));
    const rollout = { at, revision: newest.name, images: changedImages(current.newest, newest.newest) };
    this.#rollouts = [...this.#rollouts.slice(1 - MOST_ROLLOUTS), rollout];
    this.#current = newest;
  }

  expire(before: number): void {
    if ((this.#rollouts[0]?.at ?? before) < before) this.#rollouts = this.#rollouts.filter(({ at }) => at >= before);
  }

  #isKnown(name: string): boolean {
    return name === this.#first || this.#rollouts.some(({ revision }) => revision === name);
  }
}

function newestRevision(pods: readonly PodState[]): Revision | null {
  let found: Revision | null = null;
  for (const pod of pods) {
    if (found !== null && pod.createdAt <= found.newest.createdAt) continue;
    const name = revisionOf(pod);
    if (name !== null) found = { name, newest: pod };
  }
  return found;
}

function revisionOf({ labels }: PodState): string | null {
  for (const label of REVISION_LABELS) {
    const name = labels[label];
    if (name !== undefined) return name;
  }
  return null;
}

function changedImages(before: PodState, after: PodState): Rollout['images'] {
  return after.containers.flatMap(({ name, image }) => {
    const from = before.containers.find((container) => container.name === name)?.image ?? null;
    return from === image ? [] : [{ container: name, from, to: image }];
  });
}
