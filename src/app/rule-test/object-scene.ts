import type {
  AutoscalerEntry,
  ClaimEntry,
  CronJobEntry,
  JobEntry,
  NodeEntry,
  QuotaEntry,
  UnreadEntry,
  WorkloadEntry,
} from '../../config/rule-tests/test-object-type.ts';
import type { SceneEntries } from '../../config/rule-tests/test-type.ts';
import {
  type AutoscalerObject,
  type ClaimObject,
  type ClusterObject,
  type CronJobObject,
  type JobObject,
  OBJECT_SOURCES,
  type ObjectKindName,
  type QuotaObject,
  type WorkloadObject,
} from '../../core/model/objects/cluster-object.ts';
import type { ObjectReading } from '../../core/model/objects/object-reading.ts';
import type { NodeState, PodCondition, PodState } from '../../core/model/pod.ts';

/** The objects beside pods and nodes that a rule test describes, as a collection at a moment lists them. */
export function objectsAt(test: SceneEntries, at: number): ObjectReading {
  const items = [
    ...newest(test.workloads, at, ({ workload: { namespace, kind, name } }) => `${namespace}/${kind}/${name}`).map(
      workloadObject,
    ),
    ...newest(test.jobs, at, jobKey).map((known) => jobObject(known, startOf(test.jobs, known, at))),
    ...newest(test.cron_jobs, at, ({ workload: { namespace, name } }) => `${namespace}/${name}`).map(cronJobObject),
    ...newest(test.autoscalers, at, ({ autoscaler }) => keyOf(autoscaler)).map(autoscalerObject),
    ...newest(test.claims, at, ({ claim }) => keyOf(claim)).map(claimObject),
    ...newest(test.quotas, at, ({ quota, resource }) => `${keyOf(quota)}/${resource}`).map(quotaObject),
  ];
  const unread: Partial<Record<ObjectKindName, readonly (string | null)[]>> = {};
  const hidden = unreadAt(test, at);
  // Of a kind that the test does not speak of, it does not say that there is none.
  const described = describedBy(test);
  for (const kind of KINDS)
    if (described.has(kind) || hidden.has(OBJECT_SOURCES[kind])) unread[kind] = hidden.has(OBJECT_SOURCES[kind]) ? [null] : [];
  return { items: items.filter(({ kind }) => !hidden.has(OBJECT_SOURCES[kind])), unread };
}

function describedBy(test: SceneEntries): ReadonlySet<string> {
  const some = (entries: readonly unknown[], ...kinds: readonly ObjectKindName[]) => (entries.length > 0 ? kinds : []);
  return new Set([
    ...test.workloads.map(({ workload }) => workload.kind),
    ...some(test.jobs, 'Job'),
    ...some(test.cron_jobs, 'CronJob', 'Job'),
    ...some(test.autoscalers, 'HorizontalPodAutoscaler'),
    ...some(test.claims, 'PersistentVolumeClaim'),
    ...some(test.quotas, 'ResourceQuota'),
  ]);
}

/** The nodes that the pods lie on, as a test's entries change them, and those that it names besides. */
export function nodesAt(test: SceneEntries, at: number, pods: readonly PodState[]): readonly NodeState[] {
  const said = new Map(newest(test.nodes, at, ({ node }) => node).map(({ entry }) => [entry.node, entry]));
  const ended = new Set(test.nodes.filter((entry) => entry.at <= at && !said.has(entry.node)).map(({ node }) => node));
  const names = new Set([...pods.map(({ node }) => node).filter((name) => name !== ''), ...said.keys()]);
  return [...names].filter((name) => !ended.has(name)).map((name) => nodeState(name, said.get(name)));
}

/** The sources that cannot be read at a moment. */
export function unreadAt({ unread }: SceneEntries, at: number): ReadonlySet<UnreadEntry['sources'][number]> {
  const now = unread.filter((entry) => entry.at <= at && (entry.until === null || at < entry.until));
  return new Set(now.flatMap(({ sources }) => sources));
}

// Checked: the table's keys are the kinds.
const KINDS = Object.keys(OBJECT_SOURCES) as readonly ObjectKindName[];

interface Entry {
  readonly at: number;
  readonly gone: true | null;
}

/** What is known of one object at a moment: its entries so far, the later over the earlier, and when they were said. */
interface Known<E extends Entry> {
  readonly entry: E;
  readonly born: number;
}

function newest<E extends Entry>(entries: readonly E[], at: number, keyOf: (entry: E) => string): readonly Known<E>[] {
  const found = new Map<string, Known<E>>();
  for (const entry of entries.filter((each) => each.at <= at).toSorted((a, b) => a.at - b.at)) {
    const key = keyOf(entry);
    if (entry.gone !== null) {
      found.delete(key);
      continue;
    }
    const before = found.get(key);
    found.set(key, before === undefined ? { entry, born: entry.at } : { entry: over(before.entry, entry), born: before.born });
  }
  return [...found.values()];
}

function over<E extends Entry>(before: E, after: E): E {
  const said = Object.entries(after).filter(([, value]) => value !== null);
  return { ...before, ...Object.fromEntries(said) };
}

function workloadObject({ entry, born }: Known<WorkloadEntry>): WorkloadObject {
  const { namespace, kind, name } = entry.workload;
  const desired = entry.desired ?? 1;
  const updated = entry.updated ?? desired;
  const available = entry.available ?? desired;
  const refused = entry.refused ?? '';
  const isDeployment = kind !== 'StatefulSet' && kind !== 'DaemonSet';
  const reason = entry.stuck ? 'ProgressDeadlineExceeded' : updated < desired ? 'ReplicaSetUpdated' : 'NewReplicaSetAvailable';
  return {
    ...head(namespace, kind, name, born),
    kind: isDeployment ? 'Deployment' : kind,
    observed: true,
    paused: entry.paused ?? false,
    desired,
    updated,
    updateTarget: desired,
    ready: available,
    available,
    misscheduled: entry.misscheduled ?? 0,
    progress: isDeployment ? condition('Progressing', { isTrue: !entry.stuck, reason, since: entry.at }) : null,
    failure:
      refused === ''
        ? null
        : condition('ReplicaFailure', { isTrue: true, reason: 'FailedCreate', message: refused, since: entry.at }),
    changedAt: entry.at,
  };
}

/** When a Job began to run at last: one that is suspended from the start has not, and Kubernetes dates one that is resumed anew. */
function startOf(entries: readonly JobEntry[], { entry, born }: Known<JobEntry>, at: number): number | null {
  const own = entries.filter((each) => jobKey(each) === jobKey(entry) && each.at >= born && each.at <= at);
  let started: number | null = null;
  let isSuspended = false;
  for (const { at: saidAt, suspended } of own.toSorted((a, b) => a.at - b.at)) {
    const wasSuspended: boolean = isSuspended;
    isSuspended = suspended ?? wasSuspended;
    if (!isSuspended && (wasSuspended || started === null)) started = saidAt;
  }
  return started;
}

function jobObject({ entry, born }: Known<JobEntry>, startedAt: number | null): JobObject {
  const ended = entry.complete !== null || entry.failed !== null;
  return {
    ...head(entry.workload.namespace, 'Job', jobName(entry), born),
    kind: 'Job',
    workload: entry.workload,
    suspended: entry.suspended ?? false,
    state: entry.failed !== null ? 'failed' : entry.complete !== null ? 'complete' : 'running',
    failures: entry.failures ?? 0,
    startedAt,
    finishedAt: ended ? entry.at : null,
    reason: entry.failed ?? '',
    message: entry.message ?? '',
  };
}

function cronJobObject({ entry, born }: Known<CronJobEntry>): CronJobObject {
  const { namespace, name } = entry.workload;
  return {
    ...head(namespace, 'CronJob', name, born),
    kind: 'CronJob',
    schedule: entry.schedule ?? '0 0 * * *',
    timeZone: entry.timezone,
    suspended: entry.suspended ?? false,
    concurrency: entry.concurrency ?? 'Allow',
    active: entry.active ?? 0,
    lastScheduleAt: entry.last_scheduled,
    lastSuccessfulAt: entry.last_successful,
    scheduledSince: born,
    dueAt: null,
    failure: null,
  };
}

function autoscalerObject({ entry, born }: Known<AutoscalerEntry>): AutoscalerObject {
  const { namespace, name } = entry.autoscaler;
  const max = entry.max ?? 10;
  const limited = entry.limited ?? false;
  const unable = entry.unable ?? '';
  return {
    ...head(namespace, 'HorizontalPodAutoscaler', name, born),
    kind: 'HorizontalPodAutoscaler',
    target: `Deployment/${name}`,
    min: entry.min ?? 1,
    max,
    current: entry.current ?? 1,
    desired: limited ? max : (entry.current ?? 1),
    limited: condition('ScalingLimited', {
      isTrue: limited,
      reason: limited ? 'TooManyReplicas' : 'DesiredWithinRange',
      since: entry.at,
    }),
    ...(unable === ''
      ? {}
      : {
          unable: condition('ScalingActive', {
            isTrue: false,
            reason: 'FailedGetResourceMetric',
            since: entry.at,
            message: unable,
          }),
        }),
    metrics: [],
  };
}

function claimObject({ entry, born }: Known<ClaimEntry>): ClaimObject {
  const { namespace, name } = entry.claim;
  const kind = 'PersistentVolumeClaim';
  return { ...head(namespace, kind, name, born), kind, phase: entry.phase ?? 'Bound', storageClass: 'standard' };
}

function quotaObject({ entry, born }: Known<QuotaEntry>): QuotaObject {
  const { namespace, name } = entry.quota;
  const [resource, used, hard] = [entry.resource ?? 'pods', entry.used ?? 0, entry.hard ?? 10];
  const resources = [{ name: resource, used, hard, text: `${resource}: ${used} of ${hard}` }];
  return { ...head(namespace, 'ResourceQuota', name, born), kind: 'ResourceQuota', resources };
}

function nodeState(name: string, entry: NodeEntry | undefined): NodeState {
  const since = entry?.at ?? 0;
  const ready = entry?.lost ? 'Unknown' : (entry?.ready ?? true) ? 'True' : 'False';
  const reason = ready === 'Unknown' ? 'NodeStatusUnknown' : ready === 'True' ? 'KubeletReady' : 'KubeletNotReady';
  const pressure = new Set(entry?.pressure ?? []);
  const pressures = (['memory', 'disk', 'pid'] as const).map((kind) =>
    condition(PRESSURES[kind], { isTrue: pressure.has(kind), reason: PRESSURES[kind], since }),
  );
  return {
    name,
    ready,
    conditions: [{ type: 'Ready', status: ready, reason, message: entry?.message ?? '', since }, ...pressures],
    unschedulable: false,
    allocatable: { cpu: 4, memory: 16 * 1024 ** 3 },
  };
}

const PRESSURES = { memory: 'MemoryPressure', disk: 'DiskPressure', pid: 'PIDPressure' } as const;

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

function jobKey(entry: JobEntry): string {
  return `${entry.workload.namespace}/${jobName(entry)}`;
}

function jobName({ workload, job }: JobEntry): string {
  return job ?? (workload.kind === 'CronJob' ? `${workload.name}-1` : workload.name);
}

function head(namespace: string, kind: string, name: string, createdAt: number): Omit<ClusterObject, 'kind'> {
  return { namespace, name, uid: `${namespace}-${kind}-${name}-${createdAt}`, createdAt, labels: {} };
}

function condition(
  type: string,
  {
    isTrue,
    reason,
    message = '',
    since,
  }: { readonly isTrue: boolean; readonly reason: string; readonly message?: string; readonly since: number },
): PodCondition {
  return { type, status: isTrue ? 'True' : 'False', reason, message, since };
}
