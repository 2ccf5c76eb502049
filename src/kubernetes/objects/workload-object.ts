import type { WorkloadObject } from '../../core/model/objects/cluster-object.ts';
import { child, number, type RawObject, text, time } from '../lists/raw-object.ts';
import { headOf, type ObjectKind, statusCondition } from './object-kind.ts';

const GROUP = '/apis/apps/v1';

export const deployments: ObjectKind = {
  kind: 'Deployment',
  group: GROUP,
  project(raw, redact) {
    const status = child(raw, 'status');
    const desired = count(child(raw, 'spec'), 'replicas', 1);
    return {
      ...common(raw, 'Deployment', redact),
      desired,
      updated: number(status, 'updatedReplicas'),
      updateTarget: desired,
      ready: number(status, 'readyReplicas'),
      available: number(status, 'availableReplicas'),
      misscheduled: 0,
      changedAt: changedAt(raw),
    };
  },
};

export const statefulSets: ObjectKind = {
  kind: 'StatefulSet',
  group: GROUP,
  project(raw, redact) {
    const spec = child(raw, 'spec');
    const status = child(raw, 'status');
    const strategy = child(spec, 'updateStrategy');
    const desired = count(spec, 'replicas', 1);
    const isRolling = text(status, 'updateRevision') !== '' && text(status, 'updateRevision') !== text(status, 'currentRevision');
    const updated = isRolling ? number(status, 'updatedReplicas') : desired;
    // Pods below the partition keep the old template on purpose, and with OnDelete all do.
    const target = Math.max(0, desired - number(child(strategy, 'rollingUpdate'), 'partition'));
    return {
      ...common(raw, 'StatefulSet', redact),
      desired,
      updated,
      updateTarget: text(strategy, 'type') === 'OnDelete' ? Math.min(updated, desired) : target,
      ready: number(status, 'readyReplicas'),
      available: 'availableReplicas' in status ? number(status, 'availableReplicas') : number(status, 'readyReplicas'),
      misscheduled: 0,
      changedAt: changedAt(raw),
    };
  },
};

export const daemonSets: ObjectKind = {
  kind: 'DaemonSet',
  group: GROUP,
  project(raw, redact) {
    const status = child(raw, 'status');
    const desired = number(status, 'desiredNumberScheduled');
    const updated = number(status, 'updatedNumberScheduled');
    return {
      ...common(raw, 'DaemonSet', redact),
      desired,
      updated,
      updateTarget: text(child(child(raw, 'spec'), 'updateStrategy'), 'type') === 'OnDelete' ? updated : desired,
      ready: number(status, 'numberReady'),
      available: number(status, 'numberAvailable'),
      misscheduled: number(status, 'numberMisscheduled'),
      changedAt: changedAt(raw),
    };
  },
};

function common<K extends WorkloadObject['kind']>(raw: RawObject, kind: K, redact: (text: string) => string) {
  const spec = child(raw, 'spec');
  return {
    ...headOf(raw, child(spec, 'template')),
    kind,
    observed: number(child(raw, 'status'), 'observedGeneration') >= number(child(raw, 'metadata'), 'generation'),
    paused: spec['paused'] === true,
    progress: statusCondition(raw, 'Progressing', redact),
    failure: statusCondition(raw, 'ReplicaFailure', redact),
  };
}

/** What the object itself says of when it last moved: what no collection has seen before has stood still since then. */
function changedAt(raw: RawObject): number {
  const conditions = child(raw, 'status')['conditions'];
  const created = time(child(raw, 'metadata'), 'creationTimestamp') ?? 0;
  if (!Array.isArray(conditions)) return Number.POSITIVE_INFINITY;
  const progress = conditions.find((condition: RawObject) => condition['type'] === 'Progressing');
  return progress === undefined ? Number.POSITIVE_INFINITY : (time(progress, 'lastUpdateTime') ?? created);
}

function count(raw: RawObject, key: string, fallback: number): number {
  return key in raw ? number(raw, key) : fallback;
}
