/** What owns a pod, as people name it: a Deployment rather than its ReplicaSet, a CronJob rather than its Job, else the bare pod itself. */
export interface Workload {
  readonly namespace: string;
  /** `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, `CronJob`, `Pod`, `Node`, `ReplicaSet` without an owner, or a custom resource's kind. */
  readonly kind: string;
  readonly name: string;
}

/** `NAMESPACE/KIND/NAME`, unique within one cluster. */
export type WorkloadKey = string;

export function workloadKey(workload: Workload): WorkloadKey {
  return `${workload.namespace}/${workload.kind}/${workload.name}`;
}
