import type { ClusterObject } from '../objects/cluster-object.ts';
import { type WorkloadKey, workloadKey } from '../workload.ts';
import type { ObjectChange } from './window.ts';

/** Changes of one object that are kept; the oldest are forgotten. */
export const MOST_CHANGES = 50;

/** What people change about objects beside pods and nodes, told by comparing what collections see one after the other. */
export class WindowObjectChanges {
  readonly #byObject = new Map<WorkloadKey, readonly ObjectChange[]>();

  /** Of the object that the key names, oldest first. */
  of(key: WorkloadKey): readonly ObjectChange[] {
    return this.#byObject.get(key) ?? [];
  }

  /** A collection has seen at this time what an object that is known has become. */
  see(before: ClusterObject, after: ClusterObject, at: number): void {
    const [old, now] = [settingsOf(before), settingsOf(after)];
    const changed = Object.entries(now).flatMap(([what, to]): readonly ObjectChange[] => {
      const from = old[what];
      return from === undefined || from === to ? [] : [{ at, what, from, to }];
    });
    if (changed.length === 0) return;
    const key = workloadKey(after);
    this.#byObject.set(key, [...this.of(key), ...changed].slice(-MOST_CHANGES));
  }

  expire(before: number): void {
    for (const [key, changes] of this.#byObject) {
      const left = changes.filter(({ at }) => at >= before);
      if (left.length === 0) this.#byObject.delete(key);
      else if (left.length < changes.length) this.#byObject.set(key, left);
    }
  }
}

/** What of an object is set, as opposed to what has become of it, in words. */
function settingsOf(object: ClusterObject): Readonly<Record<string, string>> {
  switch (object.kind) {
    case 'Deployment':
      return { replicas: String(object.desired), paused: yesOrNo(object.paused) };
    case 'StatefulSet':
      return { replicas: String(object.desired) };
    // Its pods follow the nodes.
    case 'DaemonSet':
    case 'Job':
    case 'PersistentVolumeClaim':
      return {};
    case 'CronJob':
      return { schedule: object.schedule, suspended: yesOrNo(object.suspended) };
    case 'HorizontalPodAutoscaler':
      return { minimum: String(object.min), maximum: String(object.max) };
    case 'ResourceQuota':
      return Object.fromEntries(object.resources.map(({ name, text }) => [name, text.slice(text.lastIndexOf(' of ') + 4)]));
    default:
      return object satisfies never;
  }
}

function yesOrNo(is: boolean): string {
  return is ? 'yes' : 'no';
}
