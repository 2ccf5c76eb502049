import { type JsonObject, timeOrNull, timeText } from './json.ts';
import type { SimulatedPod } from './pod.ts';
import type { SimulatedWorkload } from './workload.ts';

/** What a scenario says of an object beyond what follows from its pods; later words replace earlier ones key by key. */
export interface ObjectChange {
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** `spec` and `status` of a workload's own object, as its controller would have them. */
export function workloadBody(workload: SimulatedWorkload): JsonObject {
  const { spec, pods } = workload;
  switch (spec.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return {
        spec: { replicas: pods.length, selector: { matchLabels: spec.labels }, template: { metadata: { labels: spec.labels } } },
        status: replicaStatus(workload),
      };
    case 'DaemonSet':
      return {
        spec: { selector: { matchLabels: spec.labels }, template: { metadata: { labels: spec.labels } } },
        status: {
          currentNumberScheduled: pods.length,
          desiredNumberScheduled: pods.length,
          updatedNumberScheduled: pods.length,
          numberMisscheduled: 0,
          numberReady: readyOf(pods).length,
          numberAvailable: readyOf(pods).length,
          observedGeneration: 1,
        },
      };
    case 'Job':
      return { spec: { template: { metadata: { labels: spec.labels } } }, status: jobStatus(spec.createdAt, pods) };
    case 'CronJob':
      return {
        spec: {
          schedule: '0 0 31 12 *',
          concurrencyPolicy: 'Allow',
          jobTemplate: { spec: { template: { metadata: { labels: spec.labels } } } },
        },
        status: { lastScheduleTime: timeText(workload.intermediates.at(-1)?.createdAt ?? spec.createdAt) },
      };
    default:
      return spec.kind satisfies never;
  }
}

/** The status of a Job with these pods: over once none of them runs and one ended well. */
export function jobStatus(startedAt: number, pods: readonly SimulatedPod[]): JsonObject {
  const succeeded = pods.filter((pod) => pod.phase === 'Succeeded');
  const failed = pods.filter((pod) => pod.phase === 'Failed').length;
  const active = pods.length - succeeded.length - failed;
  const ends = succeeded.flatMap((pod) => pod.containers.map((container) => container.current?.ended?.at ?? startedAt));
  const isComplete = active === 0 && succeeded.length > 0;
  const completedAt = isComplete ? Math.max(...ends) : null;
  return {
    startTime: timeText(startedAt),
    active,
    failed,
    succeeded: succeeded.length,
    completionTime: timeOrNull(completedAt) ?? undefined,
    conditions:
      completedAt === null ? [] : [{ type: 'Complete', status: 'True', lastTransitionTime: timeText(completedAt), reason: '' }],
  };
}

function replicaStatus({ spec, pods, intermediates }: SimulatedWorkload): JsonObject {
  const newest = intermediates.at(-1)?.uid;
  const updated = newest === undefined ? pods : pods.filter((pod) => pod.spec.owner?.uid === newest);
  const ready = readyOf(pods).length;
  const isOver = updated.length === pods.length && readyOf(updated).length === pods.length;
  return {
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    updatedReplicas: updated.length,
    observedGeneration: 1,
    ...(spec.kind === 'Deployment' && {
      conditions: [
        {
          type: 'Progressing',
          status: 'True',
          reason: isOver || intermediates.length < 2 ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
          lastUpdateTime: timeText(intermediates.at(-1)?.createdAt ?? spec.createdAt),
          lastTransitionTime: timeText(spec.createdAt),
        },
      ],
    }),
  };
}

function readyOf(pods: readonly SimulatedPod[]): readonly SimulatedPod[] {
  return pods.filter((pod) => pod.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'));
}
