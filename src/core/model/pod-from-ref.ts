import type { ContainerRef } from './log-line.ts';
import type { PodState } from './pod.ts';

/** A pod that was gone when the cycle listed, as far as its log's origin tells. */
export function podFromRef(ref: ContainerRef): PodState {
  return {
    namespace: ref.workload.namespace,
    name: ref.pod,
    uid: ref.uid,
    workload: ref.workload,
    node: ref.node,
    labels: {},
    annotations: {},
    createdAt: 0,
    deletedAt: null,
    phase: 'Unknown',
    reason: '',
    message: '',
    conditions: [],
    containers: [],
  };
}
