import { wellSelf } from '../src/app/rule-test/self-scene.ts';
import { MINUTE } from '../src/base/duration.ts';
import type { ClusterEvent } from '../src/core/model/cycle.ts';
import type {
  AutoscalerObject,
  ClaimObject,
  ClusterObject,
  CronJobObject,
  JobObject,
  ObjectKindName,
  QuotaObject,
  WorkloadObject,
} from '../src/core/model/objects/cluster-object.ts';
import type { ObjectReading } from '../src/core/model/objects/object-reading.ts';
import type { PodCondition } from '../src/core/model/pod.ts';
import type { SelfReport } from '../src/core/model/self-report.ts';
import { clock, workload } from './build.ts';

const KINDS: readonly ObjectKindName[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'PersistentVolumeClaim',
  'ResourceQuota',
];

/** What a collection saw of objects; every kind was listed, but those in `hidden` in no namespace. */
export function reading(items: readonly ClusterObject[], hidden: readonly ObjectKindName[] = []): ObjectReading {
  const unread = Object.fromEntries(KINDS.map((kind) => [kind, hidden.includes(kind) ? [null] : []]));
  return { items: items.filter(({ kind }) => !hidden.includes(kind)), unread };
}

function head(path: string) {
  const { namespace, kind, name } = workload(path);
  return { namespace, name, uid: `uid-${namespace}-${kind}-${name}`, createdAt: clock('09:00'), labels: {} };
}

/** A workload that has the one pod that it wants; `shop/checkout` unless `of` names another. */
export function workloadObject(fields: Partial<WorkloadObject> & { readonly of?: string } = {}): WorkloadObject {
  const { of = 'shop/checkout', ...rest } = fields;
  const desired = rest.desired ?? 1;
  const { kind } = workload(of);
  return {
    ...head(of),
    kind: kind === 'StatefulSet' || kind === 'DaemonSet' ? kind : 'Deployment',
    observed: true,
    paused: false,
    desired,
    updated: desired,
    updateTarget: desired,
    ready: desired,
    available: desired,
    misscheduled: 0,
    progress: null,
    failure: null,
    changedAt: clock('09:00'),
    ...rest,
  };
}

export function progress(fields: Partial<PodCondition> = {}): PodCondition {
  return { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: '', since: clock('09:00'), ...fields };
}

/** A Job that runs since 09:00; `shop/Job/checkout` unless `of` names another, or a CronJob whose Job it is. */
export function jobObject(fields: Partial<JobObject> & { readonly of?: string } = {}): JobObject {
  const { of = 'shop/Job/checkout', ...rest } = fields;
  return {
    ...head(of),
    kind: 'Job',
    workload: workload(of),
    suspended: false,
    state: 'running',
    failures: 0,
    startedAt: clock('09:00'),
    finishedAt: null,
    reason: '',
    message: '',
    ...rest,
  };
}

/** A CronJob that runs at every full hour and last did at 10:00. */
export function cronJobObject(fields: Partial<CronJobObject> & { readonly of?: string } = {}): CronJobObject {
  const { of = 'shop/CronJob/nightly', ...rest } = fields;
  return {
    ...head(of),
    kind: 'CronJob',
    schedule: '0 * * * *',
    timeZone: null,
    suspended: false,
    concurrency: 'Allow',
    active: 0,
    lastScheduleAt: clock('10:00'),
    lastSuccessfulAt: null,
    scheduledSince: clock('09:00'),
    dueAt: clock('11:00'),
    failure: null,
    ...rest,
  };
}

/** An autoscaler between 1 and 10 replicas that has 3; `shop/HorizontalPodAutoscaler/checkout` unless `of` names another. */
export function autoscalerObject(fields: Partial<AutoscalerObject> & { readonly of?: string } = {}): AutoscalerObject {
  const { of = 'shop/HorizontalPodAutoscaler/checkout', ...rest } = fields;
  return {
    ...head(of),
    kind: 'HorizontalPodAutoscaler',
    target: 'Deployment/checkout',
    min: 1,
    max: 10,
    current: 3,
    desired: rest.current ?? 3,
    limited: null,
    metrics: [],
    ...rest,
  };
}

export function claimObject(fields: Partial<ClaimObject> & { readonly of?: string } = {}): ClaimObject {
  const { of = 'shop/PersistentVolumeClaim/checkout', ...rest } = fields;
  return { ...head(of), kind: 'PersistentVolumeClaim', phase: 'Bound', storageClass: 'standard', ...rest };
}

/** A quota of ten pods, of which so many are used. */
export function quotaObject(used: number, fields: Partial<QuotaObject> & { readonly of?: string } = {}): QuotaObject {
  const { of = 'shop/ResourceQuota/checkout', ...rest } = fields;
  const resources = [{ name: 'pods', used, hard: 10, text: `pods: ${used} of 10` }];
  return { ...head(of), kind: 'ResourceQuota', resources, ...rest };
}

/** A Tocsin that has nothing to complain of. */
export function selfReport(fields: Partial<SelfReport> = {}): SelfReport {
  return { ...wellSelf(10 * MINUTE), ...fields };
}

/** A Warning event about a pod of `shop/checkout`, or about what `of` names. */
export function event(at: string, fields: Partial<ClusterEvent> & { readonly of?: string } = {}): ClusterEvent {
  const { of = 'shop/checkout', ...rest } = fields;
  const owner = workload(of);
  return {
    uid: `event-${of}-${rest.reason}-${at}`,
    namespace: owner.namespace,
    kind: 'Pod',
    name: `${owner.name}-1`,
    objectUid: `uid-${owner.namespace}-${owner.name}-1`,
    workload: owner,
    type: 'Warning',
    reason: 'BackOff',
    message: '',
    at: clock(at),
    count: 1,
    ...rest,
  };
}
