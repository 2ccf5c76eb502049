import type { ClusterEvent } from '../cycle.ts';
import { ownerOf } from '../event-owner.ts';
import type { ClusterObject } from '../objects/cluster-object.ts';
import type { NodeState } from '../pod.ts';
import { type Workload, type WorkloadKey, workloadKey } from '../workload.ts';

/** Of which workloads, or objects that are none, something new is known: their pods, the objects themselves, or events about them. */
export interface Touched {
  readonly pods: ReadonlySet<WorkloadKey>;
  readonly objects: ReadonlySet<WorkloadKey>;
  readonly events: ReadonlySet<WorkloadKey>;
}

export const UNTOUCHED: Touched = { pods: new Set(), objects: new Set(), events: new Set() };

export function isUntouched({ pods, objects, events }: Touched): boolean {
  return pods.size + objects.size + events.size === 0;
}

/** Whom an object's alerts are about: a Job's the CronJob that made it. */
export function subjectOfObject(object: ClusterObject): Workload {
  return object.kind === 'Job' ? object.workload : { namespace: object.namespace, kind: object.kind, name: object.name };
}

export function subjectOfNode({ name }: NodeState): Workload {
  return { namespace: '', kind: 'Node', name };
}

/** What a targeted cycle brought something new of. */
export function touchedBy(cycle: {
  readonly states: readonly { readonly workload: Workload }[];
  readonly nodes: readonly NodeState[];
  readonly objects?: { readonly items: readonly ClusterObject[] };
  readonly events: readonly ClusterEvent[];
}): Touched {
  return {
    pods: new Set(cycle.states.map(({ workload }) => workloadKey(workload))),
    objects: new Set([...(cycle.objects?.items ?? []).map(subjectOfObject), ...cycle.nodes.map(subjectOfNode)].map(workloadKey)),
    events: new Set(cycle.events.map((event) => workloadKey(ownerOf(event)))),
  };
}
