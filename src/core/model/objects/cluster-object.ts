import type { PodCondition } from '../pod.ts';
import type { Workload } from '../workload.ts';

/** What every projected object has. Times are epoch milliseconds. */
interface ObjectHead {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  /** Of the pods that it makes; its own where it makes none. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those of Tocsin in the template of the pods that it makes; left out where there are none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A Deployment, StatefulSet or DaemonSet: how many pods it wants, and how far it has come. */
export interface WorkloadObject extends ObjectHead {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  /** A change to it has been seen by its controller. */
  readonly observed: boolean;
  readonly paused: boolean;
  readonly desired: number;
  /** Pods of the newest template; as many as are to have it when the rollout is over. */
  readonly updated: number;
  readonly updateTarget: number;
  readonly ready: number;
  readonly available: number;
  /** Pods on nodes that should have none; of a DaemonSet only. */
  readonly misscheduled: number;
  /** The conditions Progressing and ReplicaFailure; `null` where there is none. */
  readonly progress: PodCondition | null;
  readonly failure: PodCondition | null;
  /** When template, size or progress last changed, as far as seen; what {@link withHistory} adds. */
  readonly changedAt: number;
}

export interface JobObject extends ObjectHead {
  readonly kind: 'Job';
  /** The CronJob that made it, else the Job itself. */
  readonly workload: Workload;
  readonly suspended: boolean;
  readonly state: 'running' | 'complete' | 'failed';
  /** Pods that have failed. */
  readonly failures: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Why it failed: `BackoffLimitExceeded`, `DeadlineExceeded`; empty otherwise. */
  readonly reason: string;
  readonly message: string;
}

/** How the newest run of a CronJob failed. */
export interface JobFailure {
  readonly at: number;
  readonly job: string;
  readonly reason: string;
  readonly message: string;
  readonly failures: number;
}

export interface CronJobObject extends ObjectHead {
  readonly kind: 'CronJob';
  readonly schedule: string;
  /** An IANA name, or `null` for the zone of the cluster's controller, taken to be UTC. */
  readonly timeZone: string | null;
  readonly suspended: boolean;
  readonly concurrency: string;
  /** Jobs that run now. */
  readonly active: number;
  readonly lastScheduleAt: number | null;
  readonly lastSuccessfulAt: number | null;
  /** Since when its schedule is in force, as far as seen: moments before it are not missed. */
  readonly scheduledSince: number;
  /** The first scheduled moment without a Job; `null` when it has none to come or the schedule cannot be read. */
  readonly dueAt: number | null;
  /** The newest failure that no success has followed; outlives the Job, which the history limit deletes. */
  readonly failure: JobFailure | null;
  /** It came along with a Job of its: but for the failure it is as the collections before have seen it. */
  readonly isCarried?: true;
}

export interface AutoscalerObject extends ObjectHead {
  readonly kind: 'HorizontalPodAutoscaler';
  /** `Deployment/checkout`. */
  readonly target: string;
  readonly min: number;
  readonly max: number;
  readonly current: number;
  readonly desired: number;
  /** The condition ScalingLimited; `null` where there is none. */
  readonly limited: PodCondition | null;
  /** Why it cannot scale at all: its metric cannot be read, or its target not be found. Left out while it can. */
  readonly unable?: PodCondition;
  /** What it scales by, in words: `cpu at 180% of a target of 80%`; whether each is above its target. */
  readonly metrics: readonly { readonly text: string; readonly above: boolean }[];
}

export interface ClaimObject extends ObjectHead {
  readonly kind: 'PersistentVolumeClaim';
  /** `Pending`, `Bound` or `Lost`. */
  readonly phase: string;
  readonly storageClass: string;
}

export interface QuotaObject extends ObjectHead {
  readonly kind: 'ResourceQuota';
  /** By resource, such as `requests.memory`: numbers, and as the API writes them. */
  readonly resources: readonly {
    readonly name: string;
    readonly used: number;
    readonly hard: number;
    readonly text: string;
  }[];
}

/** An object beside pods and nodes, projected to what rules and messages need. */
export type ClusterObject = WorkloadObject | JobObject | CronJobObject | AutoscalerObject | ClaimObject | QuotaObject;
export type ObjectKindName = ClusterObject['kind'];

/** The API's name of each kind's list; what rules ask for is read. */
export const OBJECT_SOURCES = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Job: 'jobs',
  CronJob: 'cronjobs',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  ResourceQuota: 'resourcequotas',
} as const satisfies Readonly<Record<ObjectKindName, string>>;

export type ObjectSource = (typeof OBJECT_SOURCES)[ObjectKindName];
