import type {
  AutoscalerEntry,
  ClaimEntry,
  NodeEntry,
  QuotaEntry,
  UnreadEntry,
  WorkloadEntry,
} from '../../config/rule-tests/test-object-type.ts';
import type { SceneEntries } from '../../config/rule-tests/test-type.ts';
import {
  type AutoscalerObject,
  type ClaimObject,
  OBJECT_SOURCES,
  type ObjectKindName,
  type QuotaObject,
  type WorkloadObject,
} from '../../core/model/objects/cluster-object.ts';
import type { ObjectReading } from '../../core/model/objects/object-reading.ts';
import type { NodeState, PodCondition, PodState } from '../../core/model/pod.ts';
import { cronJobsAt, jobsAt } from './job-scene.ts';
import { head, type Known, newest, sinceWhen } from './known-object.ts';

/** The objects beside pods and nodes that a rule test describes, as a collection at a moment lists them. */
export function objectsAt(test: SceneEntries, at: number): ObjectReading {
  const items = [
    ...newest(test.workloads, at, ({ workload: { namespace, kind, name } }) => `${namespace}/${kind}/${name}`).map(
      workloadObject,
    ),
    ...jobsAt(test.jobs, at),
    ...cronJobsAt(test.cron_jobs, at),
    ...newest(test.autoscalers, at, ({ autoscaler }) => keyOf(autoscaler)).map(autoscalerObject),
    ...newest(test.claims, at, ({ claim }) => keyOf(claim)).map(claimObject),
    ...quotasAt(test.quotas, at),
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
  const said = new Map(newest(test.nodes.map(found), at, ({ node }) => node).map((known) => [known.entry.node, known]));
  const ended = new Set(test.nodes.filter((entry) => entry.at <= at && !said.has(entry.node)).map(({ node }) => node));
  const names = new Set([...pods.map(({ node }) => node).filter((name) => name !== ''), ...said.keys()]);
  return [...names].filter((name) => !ended.has(name)).map((name) => nodeState(name, said.get(name)));
}

/** A node that is said to be ready is heard of again. */
function found(entry: NodeEntry): NodeEntry {
  return entry.ready === true && entry.lost === null ? { ...entry, lost: false } : entry;
}

/** The sources that cannot be read at a moment. */
export function unreadAt({ unread }: SceneEntries, at: number): ReadonlySet<UnreadEntry['sources'][number]> {
  const now = unread.filter((entry) => entry.at <= at && (entry.until === null || at < entry.until));
  return new Set(now.flatMap(({ sources }) => sources));
}

// Checked: the table's keys are the kinds.
const KINDS = Object.keys(OBJECT_SOURCES) as readonly ObjectKindName[];

function workloadObject(known: Known<WorkloadEntry>): WorkloadObject {
  const { entry, born } = known;
  const { namespace, kind, name } = entry.workload;
  const desired = entry.desired ?? 1;
  const updated = entry.updated ?? desired;
  const available = entry.available ?? desired;
  const refused = entry.refused ?? '';
  const refusedAt = sinceWhen(known, (each) => (each.refused ?? '') !== '');
  const progressAt = entry.stuck ? sinceWhen(known, ({ stuck }) => stuck === true) : entry.at;
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
    progress: isDeployment ? condition('Progressing', { isTrue: !entry.stuck, reason, since: progressAt }) : null,
    failure:
      refused === ''
        ? null
        : condition('ReplicaFailure', { isTrue: true, reason: 'FailedCreate', message: refused, since: refusedAt }),
    changedAt: entry.at,
  };
}

function autoscalerObject(known: Known<AutoscalerEntry>): AutoscalerObject {
  const { entry, born } = known;
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
      since: sinceWhen(known, (each) => (each.limited ?? false) === limited),
    }),
    ...(unable === ''
      ? {}
      : {
          unable: condition('ScalingActive', {
            isTrue: false,
            reason: 'FailedGetResourceMetric',
            since: sinceWhen(known, (each) => (each.unable ?? '') !== ''),
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

/** A quota has all of its resources; an entry that names none is about the one that was named before. */
function quotasAt(entries: readonly QuotaEntry[], at: number): readonly QuotaObject[] {
  const named = new Map<string, string>();
  const ended = new Map<string, number>();
  const full = entries
    .toSorted((a, b) => a.at - b.at)
    .map((entry) => {
      const key = keyOf(entry.quota);
      const resource = entry.resource ?? named.get(key) ?? 'pods';
      named.set(key, resource);
      if (entry.gone !== null && entry.at <= at) ended.set(key, entry.at);
      return { ...entry, resource };
    })
    .filter((entry) => entry.at > (ended.get(keyOf(entry.quota)) ?? Number.NEGATIVE_INFINITY));
  const known = newest(full, at, ({ quota, resource }) => `${keyOf(quota)}/${resource}`);
  return [...Map.groupBy(known, ({ entry }) => keyOf(entry.quota)).values()].flatMap(quotaObject);
}

function quotaObject(known: readonly Known<QuotaEntry>[]): readonly QuotaObject[] {
  const [first] = known;
  if (first === undefined) return [];
  const { namespace, name } = first.entry.quota;
  const resources = known.map(({ entry: { resource, used, hard } }) => {
    const said = { name: resource ?? 'pods', used: used ?? 0, hard: hard ?? 10 };
    return { ...said, text: `${said.name}: ${said.used} of ${said.hard}` };
  });
  return [{ ...head(namespace, 'ResourceQuota', name, first.born), kind: 'ResourceQuota', resources }];
}

function nodeState(name: string, known: Known<NodeEntry> | undefined): NodeState {
  const since = (holds: (entry: NodeEntry) => boolean) => (known === undefined ? 0 : sinceWhen(known, holds));
  const ready = readyOf(known?.entry);
  const reason = ready === 'Unknown' ? 'NodeStatusUnknown' : ready === 'True' ? 'KubeletReady' : 'KubeletNotReady';
  const pressures = (['memory', 'disk', 'pid'] as const).map((kind) => {
    const hasIt = (entry: NodeEntry | undefined) => entry?.pressure?.includes(kind) ?? false;
    const isTrue = hasIt(known?.entry);
    return condition(PRESSURES[kind], { isTrue, reason: PRESSURES[kind], since: since((each) => hasIt(each) === isTrue) });
  });
  const message = known?.entry.message ?? '';
  return {
    name,
    ready,
    conditions: [
      { type: 'Ready', status: ready, reason, message, since: since((each) => readyOf(each) === ready) },
      ...pressures,
    ],
    unschedulable: false,
    allocatable: { cpu: 4, memory: 16 * 1024 ** 3 },
  };
}

function readyOf(entry: NodeEntry | undefined): NodeState['ready'] {
  return entry?.lost ? 'Unknown' : (entry?.ready ?? true) ? 'True' : 'False';
}

const PRESSURES = { memory: 'MemoryPressure', disk: 'DiskPressure', pid: 'PIDPressure' } as const;

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
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
