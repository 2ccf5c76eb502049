import { type ContainerState, isFinished, type PodState } from '../pod.ts';
import type { ResourceChange, Rollout } from './window.ts';

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
    const current = this.#current ?? this.#begin(pods, newest);
    if (newest.name === current.name) {
      if (newest.newest === current.newest || newest.newest.createdAt < current.newest.createdAt) return;
      const isAnother = newest.newest.uid !== current.newest.uid;
      const changes = changesOf(current.newest, newest.newest);
      if (changes.images.length + changes.resources.length > 0)
        this.#add({ ...datedBy(isAnother ? [newest.newest] : [], seenAt), revision: null, ...changes });
      this.#current = newest;
      return;
    }
    // A pod of the template before is also made when one of them is lost while the rollout lasts; after a roll back none of the other is left.
    if (this.#isKnown(newest.name) && pods.some((pod) => revisionOf(pod) === current.name)) return;
    const own = pods.filter((pod) => revisionOf(pod) === newest.name && pod.createdAt > current.newest.createdAt);
    this.#add({ ...datedBy(own, seenAt), revision: newest.name, ...changesOf(current.newest, newest.newest) });
    this.#current = newest;
  }

  expire(before: number): void {
    if ((this.#rollouts[0]?.at ?? before) < before) this.#rollouts = this.#rollouts.filter(({ at }) => at >= before);
  }

  /** The first look: a rollout that goes on then shows by the pods of before that still do their work, or are just told to end. */
  #begin(pods: readonly PodState[], newest: Revision): Revision {
    const others = pods.filter((pod) => !isFinished(pod) && revisionOf(pod) !== newest.name);
    const before = newestRevision(others) ?? newest;
    this.#first = before.name;
    this.#current = before;
    return before;
  }

  #add(rollout: Rollout): void {
    this.#rollouts = [...this.#rollouts.slice(1 - MOST_ROLLOUTS), rollout];
  }

  #isKnown(name: string): boolean {
    return name === this.#first || this.#rollouts.some(({ revision }) => revision === name);
  }
}

/** What was rolled back before its first pod ran leaves the pods of before, and what is changed in place makes none: then no pod tells when. */
function datedBy(made: readonly PodState[], seenAt: number): Pick<Rollout, 'at' | 'dated'> {
  const at = Math.min(...made.map((pod) => pod.createdAt));
  return at <= seenAt ? { at, dated: 'made' } : { at: seenAt, dated: 'seen' };
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

/** What the controller calls the template that a pod was made of; `null` where no label says it. */
export function revisionOf({ labels, workload }: Pick<PodState, 'labels' | 'workload'>): string | null {
  for (const label of REVISION_LABELS) {
    const name = labels[label];
    if (name !== undefined) return name;
  }
  // The runs of a CronJob are made from one template, which nothing names.
  return workload.kind === 'CronJob' ? '' : null;
}

function changesOf(before: PodState, after: PodState): Pick<Rollout, 'images' | 'resources'> {
  const pairs = pairsOf(before, after);
  return {
    images: pairs.flatMap(([from, to]) => {
      const container = (to ?? from)?.name ?? '';
      return from?.image === to?.image ? [] : [{ container, from: from?.image ?? null, to: to?.image ?? null }];
    }),
    resources: pairs.flatMap(([from, to]) => (from === null || to === null ? [] : resourceChanges(from, to))),
  };
}

/** The containers before and after, by their names. */
function pairsOf(before: PodState, after: PodState): readonly (readonly [ContainerState | null, ContainerState | null])[] {
  const named = (pod: PodState, name: string) => pod.containers.find((container) => container.name === name) ?? null;
  return [
    ...after.containers.map((to) => [named(before, to.name), to] as const),
    ...before.containers.filter(({ name }) => named(after, name) === null).map((from) => [from, null] as const),
  ];
}

function resourceChanges(before: ContainerState, after: ContainerState): readonly ResourceChange[] {
  const changes: ResourceChange[] = [];
  for (const resource of ['memory', 'cpu'] as const) {
    for (const [of, field] of [
      ['limit', 'limits'],
      ['request', 'requests'],
    ] as const) {
      const [from, to] = [before[field][resource], after[field][resource]];
      if (isAnother(from, to)) changes.push({ container: after.name, resource, of, from, to });
    }
  }
  return changes;
}

/** What the kubelet tells of a running container is rounded, what the pod asks for is not. */
function isAnother(from: number | null, to: number | null): boolean {
  if (from === null || to === null) return from !== to;
  return Math.abs(from - to) > ROUNDING * Math.max(from, to);
}

const ROUNDING = 0.01;
