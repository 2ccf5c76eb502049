import { keepNewest } from '../../base/keep-newest.ts';
import type { ClusterObject, WorkloadObject } from '../../core/model/objects/cluster-object.ts';
import { progressOf } from '../../core/model/objects/object-history.ts';
import { standsStill } from '../../core/model/objects/trouble.ts';

/** Rollouts that are followed at a time; of further ones the scheduled cycles tell since when they stand still. */
export const MOST_ROLLOUTS = 1_000;

/** The newest states of rollouts that the watch shows, with the moment of their last step. */
export class Rollouts {
  readonly #known: (uid: string) => ClusterObject | null;
  readonly #rolling = new Map<string, WorkloadObject>();

  /** `known`: an object as the cycles know it. */
  constructor(known: (uid: string) => ClusterObject | null) {
    this.#known = known;
  }

  /** An object as it is seen at a time: a rollout comes back with the moment of its last step. */
  take(object: ClusterObject, now: number): ClusterObject {
    if (!isWorkload(object) || !standsStill(object)) {
      this.#rolling.delete(object.uid);
      return object;
    }
    const before = this.#rolling.get(object.uid) ?? this.#known(object.uid);
    const isStep = before?.kind !== object.kind || progressOf(before) !== progressOf(object);
    const dated = { ...object, changedAt: isStep ? now : before.changedAt };
    keepNewest(this.#rolling, MOST_ROLLOUTS, [object.uid, dated]);
    return dated;
  }

  /** `null` for what has no rollout that goes on. */
  of(uid: string): WorkloadObject | null {
    return this.#rolling.get(uid) ?? null;
  }
}

function isWorkload(object: ClusterObject): object is WorkloadObject {
  return object.kind === 'Deployment' || object.kind === 'StatefulSet' || object.kind === 'DaemonSet';
}
