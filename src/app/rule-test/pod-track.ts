import { HOUR } from '../../base/duration.ts';
import type { PodEntry, RestartEntry } from '../../config/rule-tests/test-type.ts';
import type { ContainerState, PodPhase, PodState, Resources, Termination } from '../../core/model/pod.ts';
import { textHash } from '../../core/model/text-hash.ts';
import type { Workload } from '../../core/model/workload.ts';

/** Something that a test says of a pod, or of one of its containers, from a moment on. */
export type Change =
  | {
      readonly kind: 'seen';
      readonly at: number;
      readonly container: string;
      readonly role: ContainerState['role'] | null;
      readonly limits: Resources | null;
      readonly requests: Resources | null;
    }
  | { readonly kind: 'state'; readonly at: number; readonly entry: PodEntry }
  | { readonly kind: 'restart'; readonly at: number; readonly entry: RestartEntry };

/** One pod of a test over time. */
export interface PodTrack {
  readonly workload: Workload;
  readonly pod: string;
  /** In the order of their times. */
  readonly changes: readonly Change[];
  /** The test has no word on when the pod began: it is there from the start. */
  readonly fromStart: boolean;
}

/** The pod as the API would show it at a moment; `null` while it does not exist. */
export function podAt(track: PodTrack, at: number, start: number): PodState | null {
  let pod: PodState | null = track.fromStart ? newPod(track, start - HOUR, 0) : null;
  let generation = 0;
  for (const change of track.changes) {
    if (change.at > at) break;
    if (change.kind === 'state' && change.entry.gone !== null) {
      pod = null;
      generation++;
      continue;
    }
    // Only an entry of its own makes a pod again.
    if (pod === null && generation > 0 && change.kind !== 'state') continue;
    const born = change.at <= start ? start - HOUR : change.at;
    const before: PodState = pod ?? {
      ...newPod(track, createdAt(track, change.at) ?? born, generation),
      labels: revisionLabels(track, change.at),
    };
    pod = settle(applied(before, change), before, change);
  }
  return pod;
}

/** What is said of a pod that begins at a moment: of several entries any may say since when it is there. */
function createdAt({ changes }: PodTrack, at: number): number | null {
  for (const change of changes)
    if (change.kind === 'state' && change.at === at && change.entry.created !== null) return change.entry.created;
  return null;
}

const REVISION_LABEL: Readonly<Record<string, string>> = {
  Deployment: 'pod-template-hash',
  StatefulSet: 'controller-revision-hash',
  DaemonSet: 'controller-revision-hash',
};

/** What a pod that begins at a moment was made of, as its controller labels it: other images are another template. */
function revisionLabels({ workload, changes }: PodTrack, at: number): PodState['labels'] {
  const label = REVISION_LABEL[workload.kind];
  const images = changes.flatMap((change) =>
    change.kind === 'state' && change.at === at && change.entry.image !== null
      ? [`${change.entry.container} ${change.entry.image}`]
      : [],
  );
  return label === undefined || images.length === 0 ? {} : { [label]: textHash(images.sort().join(' ')) };
}

function newPod({ workload, pod }: PodTrack, createdAt: number, generation: number): PodState {
  return {
    namespace: workload.namespace,
    name: pod,
    uid: `${workload.namespace}-${pod}-${generation}`,
    workload,
    node: 'node-1',
    labels: {},
    annotations: {},
    createdAt,
    deletedAt: null,
    phase: 'Running',
    reason: '',
    message: '',
    conditions: [],
    containers: [],
  };
}

function applied(pod: PodState, change: Change): PodState {
  switch (change.kind) {
    case 'seen':
      return withContainer(pod, change.container, (container) => ({
        ...container,
        role: change.role ?? container.role,
        limits: change.limits ?? container.limits,
        requests: change.requests ?? container.requests,
      }));
    case 'restart':
      return withContainer(pod, change.entry.container, (container) => ({
        ...restarted(container, change.at, change.entry.reason, change.entry.exit_code ?? usualCode(change.entry.reason)),
        role: change.entry.role ?? container.role,
      }));
    case 'state':
      return withState(pod, change.entry, change.at);
    default:
      return change satisfies never;
  }
}

/** As `kubectl get pods` writes the states of init containers: `Init:CrashLoopBackOff`. */
const INIT = /^Init:(?=\D)/;

function spelledOut(entry: PodEntry): PodEntry {
  const { waiting, terminated, role } = entry;
  if (!INIT.test(waiting ?? terminated ?? '')) return entry;
  return {
    ...entry,
    role: role ?? 'init',
    waiting: waiting?.replace(INIT, '') ?? null,
    terminated: terminated?.replace(INIT, '') ?? null,
  };
}

function withState(pod: PodState, said: PodEntry, at: number): PodState {
  const entry = spelledOut(said);
  const changed: PodState = {
    ...pod,
    node: entry.unschedulable === true ? '' : (entry.node ?? (pod.node || 'node-1')),
    labels: entry.labels === null ? pod.labels : Object.fromEntries(entry.labels),
    deletedAt: entry.deleting === null ? pod.deletedAt : entry.deleting ? (pod.deletedAt ?? at) : null,
    reason: entry.reason ?? pod.reason,
    ...(entry.claims === null ? {} : { claims: entry.claims }),
  };
  // A pod without a node has no container statuses.
  if (entry.unschedulable === true) return { ...changed, containers: [] };
  return withContainer(changed, entry.container, (container) => {
    const counted = entry.restarts !== null && entry.restarts > container.restarts;
    const base = counted
      ? { ...restarted(container, at, 'Error', entry.exit_code ?? 1), restarts: entry.restarts ?? 0 }
      : container;
    return {
      ...base,
      state: stateOf(base, entry, at),
      // Of a container that waits to be started again the API shows the end as that of the instance before.
      last: entry.waiting === null ? base.last : (endOf(base) ?? base.last),
      role: entry.role ?? base.role,
      image: entry.image ?? base.image,
      limits: entry.limits ?? base.limits,
      requests: entry.requests ?? base.requests,
    };
  });
}

function stateOf(container: ContainerState, entry: PodEntry, at: number): ContainerState['state'] {
  if (entry.waiting !== null) return { kind: 'waiting', reason: entry.waiting, message: '' };
  if (entry.terminated !== null) {
    return { kind: 'terminated', ...ended(container, at, entry.terminated, entry.exit_code ?? usualCode(entry.terminated)) };
  }
  if (entry.running !== null && container.state.kind !== 'running') return { kind: 'running', startedAt: at };
  return container.state;
}

function usualCode(reason: string): number {
  return reason === 'Completed' ? 0 : reason === 'OOMKilled' ? 137 : 1;
}

/** The next instance of a container; how the one before ended is what its state said, or else what is given. */
function restarted(container: ContainerState, at: number, reason: string, exitCode: number): ContainerState {
  const { last, containerID } = container;
  const known = endOf(container) ?? (last?.containerID === containerID ? last : null);
  const restarts = container.restarts + 1;
  return {
    ...container,
    restarts,
    last: known ?? ended(container, at, reason, exitCode),
    containerID: container.containerID.replace(/\d+$/, String(restarts)),
    state: { kind: 'running', startedAt: at },
  };
}

/** How the current instance ended, while its state shows that. */
function endOf({ state }: ContainerState): Termination | null {
  if (state.kind !== 'terminated') return null;
  const { kind: _, ...end } = state;
  return end;
}

function ended(container: ContainerState, at: number, reason: string, exitCode: number): Termination {
  const startedAt = container.state.kind === 'running' ? container.state.startedAt : null;
  return { containerID: container.containerID, reason, exitCode, signal: null, message: '', startedAt, finishedAt: at };
}

function withContainer(pod: PodState, name: string, change: (container: ContainerState) => ContainerState): PodState {
  const found = pod.containers.find((container) => container.name === name);
  const container = change(found ?? newContainer(pod, name));
  const rest = pod.containers.filter((each) => each !== found);
  // As the API lists them: init containers and sidecars first.
  return { ...pod, containers: container.role === 'app' ? [...rest, container] : [container, ...rest] };
}

function newContainer(pod: PodState, name: string): ContainerState {
  return {
    name,
    role: 'app',
    image: `${name}:test`,
    containerID: `test://${pod.uid}/${name}/0`,
    ready: true,
    restarts: 0,
    state: { kind: 'running', startedAt: pod.createdAt },
    last: null,
    limits: { cpu: null, memory: null },
    requests: { cpu: null, memory: null },
  };
}

/** What follows from the containers where the test does not say it: phase and conditions. */
function settle(pod: PodState, before: PodState, change: Change): PodState {
  const entry = change.kind === 'state' ? change.entry : null;
  const unschedulable = pod.node === '';
  const phase = entry?.phase ?? phaseOf(pod);
  const running = pod.containers.every(({ role, state }) => (role === 'init' ? true : state.kind === 'running'));
  const unready = stillUnready(before, change);
  const ready = entry?.ready ?? (phase === 'Running' && running && unready.size === 0);
  const previous = before.conditions.find((condition) => condition.type === 'Ready');
  const status = ready ? 'True' : 'False';
  return {
    ...pod,
    phase,
    containers: pod.containers.map((container) => ({
      ...container,
      ready: (entry?.ready ?? (phase === 'Running' && !unready.has(container.name))) && container.state.kind === 'running',
    })),
    conditions: [
      {
        type: 'PodScheduled',
        status: unschedulable ? 'False' : 'True',
        reason: unschedulable ? 'Unschedulable' : '',
        message: '',
        since: pod.createdAt,
      },
      {
        type: 'Ready',
        status,
        reason: ready ? '' : phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady',
        message: '',
        since: previous?.status === status ? previous.since : change.at,
      },
    ],
  };
}

/** Containers that run and were said not to be ready, of which the change does not say how they are now. */
function stillUnready(before: PodState, change: Change): ReadonlySet<string> {
  if (before.phase !== 'Running') return new Set();
  const isSaid = ({ name }: ContainerState) =>
    change.kind === 'state' &&
    change.entry.container === name &&
    (change.entry.running ?? change.entry.waiting ?? change.entry.terminated) !== null;
  const unready = before.containers.filter(
    (each) => each.role !== 'init' && each.state.kind === 'running' && !each.ready && !isSaid(each),
  );
  return new Set(unready.map(({ name }) => name));
}

const ENDING_KINDS = new Set(['Job', 'CronJob', 'Pod']);

function phaseOf(pod: PodState): PodPhase {
  if (pod.node === '') return 'Pending';
  const apps = pod.containers.filter((container) => container.role !== 'init');
  const unfinishedInit = pod.containers.some(
    ({ role, state }) => role === 'init' && !(state.kind === 'terminated' && state.exitCode === 0),
  );
  const neverStarted = apps.some(({ state, last }) => state.kind === 'waiting' && last === null);
  if (unfinishedInit || neverStarted) return 'Pending';
  const over = apps.length > 0 && apps.every(({ state }) => state.kind === 'terminated');
  if (!over || !ENDING_KINDS.has(pod.workload.kind)) return 'Running';
  return apps.every(({ state }) => state.kind === 'terminated' && state.exitCode === 0) ? 'Succeeded' : 'Failed';
}
