import { HOUR, MINUTE } from '../src/base/duration.ts';
import { compileGlob } from '../src/base/glob.ts';
import type { Cycle, RestartIncrease, TerminationRecord, Usage } from '../src/core/model/cycle.ts';
import { type Distribution, DistributionBuilder } from '../src/core/model/distribution.ts';
import { type ContainerRef, LEVELS, type LevelName } from '../src/core/model/log-line.ts';
import { COLUMNS, LEVEL_COLUMN, LINES_COLUMN, type Minute, STATUS_COLUMN, sparseCounts } from '../src/core/model/minute.ts';
import type { PatternCounts } from '../src/core/model/pattern.ts';
import type { ContainerState, NodeState, PodState, RunState, Termination } from '../src/core/model/pod.ts';
import type { Selection, Selector } from '../src/core/model/selector.ts';
import { textHash } from '../src/core/model/text-hash.ts';
import type { Workload } from '../src/core/model/workload.ts';

/** A quiet Saturday morning, at a whole ten minutes: `clock('10:03')` is a moment of that day. */
export const DAY_START = Date.UTC(2026, 10, 21);

/** Epoch milliseconds of `10:03` or `10:03:27` on the day that all builders live in. */
export function clock(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return DAY_START + hours * HOUR + minutes * MINUTE + seconds * 1000;
}

/** A workload from `NAMESPACE/KIND/NAME`, or `NAMESPACE/NAME` of a Deployment. */
export function workload(path: string): Workload {
  const [namespace = '', kind = '', name] = path.split('/');
  return name === undefined ? { namespace, kind: 'Deployment', name: kind } : { namespace, kind, name };
}

export function running(since: string | number = '09:00'): RunState {
  return { kind: 'running', startedAt: typeof since === 'number' ? since : clock(since) };
}

export function waiting(reason: string, message = ''): RunState {
  return { kind: 'waiting', reason, message };
}

/** How an instance ended; by default a crash with exit code 1. */
export function termination(finished: string | number | null, fields: Partial<Termination> = {}): Termination {
  const finishedAt = typeof finished === 'string' ? clock(finished) : finished;
  return {
    containerID: `containerd://ended-${finishedAt}`,
    reason: 'Error',
    exitCode: 1,
    signal: null,
    message: '',
    startedAt: null,
    finishedAt,
    ...fields,
  };
}

export function terminated(finished: string | number | null, fields: Partial<Termination> = {}): RunState {
  return { kind: 'terminated', ...termination(finished, fields) };
}

/** A container that runs, is ready, has never restarted and has no limits. */
export function container(fields: Partial<ContainerState> = {}): ContainerState {
  const name = fields.name ?? 'app';
  return {
    name,
    role: 'app',
    image: `registry.example.com/${name}:1`,
    containerID: `containerd://${name}-${fields.restarts ?? 0}`,
    ready: true,
    restarts: 0,
    state: running(),
    last: null,
    limits: { cpu: null, memory: null },
    requests: { cpu: null, memory: null },
    ...fields,
  };
}

/** A pod of `shop/Deployment/checkout` that runs and is ready since 09:00; `of` names another workload, `ready` its Ready condition. */
export function pod(
  fields: Partial<Omit<PodState, 'workload'>> & { readonly of?: string; readonly ready?: 'True' | 'False' | 'Unknown' } = {},
): PodState {
  const { of = 'shop/checkout', ready = 'True', ...rest } = fields;
  const owner = workload(of);
  const name = rest.name ?? `${owner.name}-1`;
  return {
    namespace: owner.namespace,
    name,
    uid: `uid-${owner.namespace}-${name}`,
    workload: owner,
    node: 'node-1',
    labels: {},
    annotations: {},
    createdAt: clock('09:00'),
    deletedAt: null,
    phase: 'Running',
    reason: '',
    message: '',
    conditions: [
      {
        type: 'Ready',
        status: ready,
        reason: ready === 'True' ? '' : 'ContainersNotReady',
        message: '',
        since: clock('09:00'),
      },
    ],
    containers: [container()],
    ...rest,
  };
}

export function node(fields: Partial<NodeState> = {}): NodeState {
  return {
    name: 'node-1',
    ready: 'True',
    conditions: [],
    unschedulable: false,
    allocatable: { cpu: 4, memory: 8 * 1024 ** 3 },
    ...fields,
  };
}

/** Cores and bytes of one container of a pod. */
export function usage(of: PodState, fields: Partial<Usage> = {}): Usage {
  return { namespace: of.namespace, pod: of.name, container: 'app', at: clock('10:00'), cpu: 0, memory: 0, ...fields };
}

export function refOf(of: PodState, name = 'app'): ContainerRef {
  const found = of.containers.find((each) => each.name === name);
  return {
    workload: of.workload,
    pod: of.name,
    uid: of.uid,
    container: name,
    containerID: found?.containerID ?? '',
    node: of.node,
    image: found?.image ?? '',
  };
}

/** One minute's counts: `levels: {error: 3}` are three lines of that level, `statuses: {5: 2}` two lines of status 5xx without a level. */
export function minute(
  time: string | number,
  counts: {
    readonly levels?: Partial<Record<LevelName, number>>;
    readonly statuses?: Readonly<Record<number, number>>;
    readonly matched?: Readonly<Record<string, number>>;
  } = {},
): Minute {
  const columns = new Array<number>(COLUMNS).fill(0);
  const add = (column: number, count: number) => {
    columns[column] = (columns[column] ?? 0) + count;
  };
  for (const [index, level] of LEVELS.entries()) {
    const count = counts.levels?.[level] ?? 0;
    add(LEVEL_COLUMN + index, count);
    add(LINES_COLUMN, count);
  }
  for (const [status, count] of Object.entries(counts.statuses ?? {})) {
    add(STATUS_COLUMN + Number(status) - 1, count);
    add(LEVEL_COLUMN, count);
    add(LINES_COLUMN, count);
  }
  return {
    minute: Math.floor((typeof time === 'number' ? time : clock(time)) / MINUTE),
    counts: sparseCounts(columns),
    matched: counts.matched ?? {},
  };
}

export function distributionOf(numbers: readonly number[]): Distribution {
  const all = new DistributionBuilder();
  for (const number of numbers) all.add(number);
  return all.build();
}

/** A pattern of error records with its counts by minute: `{ '10:05': 2 }`. */
export function patternOf(
  template: string,
  counts: Readonly<Record<string, number>>,
  fields: Partial<PatternCounts> = {},
): PatternCounts {
  const times = Object.keys(counts).map(clock);
  return {
    id: textHash(template),
    level: 5,
    template,
    sample: template,
    firstAt: Math.min(...times),
    lastAt: Math.max(...times),
    minutes: Object.entries(counts).flatMap(([time, count]) => [clock(time) / MINUTE, count]),
    ...fields,
  };
}

/** A complete collection of the namespaces of its states, at `at` (`10:10`), without restarts, lines or losses unless given. */
export function cycle(at: string | number, fields: Partial<Cycle> = {}): Cycle {
  const time = typeof at === 'number' ? at : clock(at);
  const states = fields.states ?? [];
  return {
    id: new Date(time).toISOString().replace(/[-:.]/g, ''),
    trigger: 'scheduled',
    at: time,
    startedAt: time,
    finishedAt: time + 2000,
    pods: states.length,
    containers: states.reduce((sum, each) => sum + each.containers.length, 0),
    lines: 0,
    bytes: 0,
    gaps: [],
    errors: [],
    missed: 0,
    namespaces: [...new Set(['shop', ...states.map((each) => each.namespace)])],
    podsComplete: true,
    states,
    nodes: [node()],
    usage: [],
    usageSource: 'ok',
    events: [],
    restarts: [],
    terminations: [],
    minutes: [],
    patterns: [],
    cursors: [],
    eventCounts: {},
    ...fields,
  };
}

/** `count` restarts of a pod's container at one moment, of a pod that was known before. */
export function restartsOf(of: PodState, at: string | number, fields: Partial<RestartIncrease> = {}): RestartIncrease {
  return {
    workload: of.workload,
    pod: of.name,
    uid: of.uid,
    container: 'app',
    at: typeof at === 'number' ? at : clock(at),
    count: 1,
    podCreatedAt: null,
    ...fields,
  };
}

/** The record of an ended instance. */
export function terminationOf(of: PodState, at: string | number, fields: Partial<TerminationRecord> = {}): TerminationRecord {
  const time = typeof at === 'number' ? at : clock(at);
  const { node: where, image } = refOf(of, fields.container ?? 'app');
  return {
    ...termination(time),
    workload: of.workload,
    pod: of.name,
    uid: of.uid,
    container: 'app',
    node: where,
    image,
    at: time,
    ...fields,
  };
}

/** A selector from globs: `{ namespace: 'shop-*', labels: { tier: 'web' } }`. */
export function selector(
  globs: Partial<Record<Exclude<keyof Selector, 'labels'>, string>> & { readonly labels?: Readonly<Record<string, string>> },
): Selector {
  const one = (glob: string | undefined) => (glob === undefined ? null : [compileGlob(glob)]);
  return {
    namespace: one(globs.namespace),
    workload: one(globs.workload),
    kind: one(globs.kind),
    pod: one(globs.pod),
    container: one(globs.container),
    node: one(globs.node),
    image: one(globs.image),
    labels:
      globs.labels === undefined
        ? null
        : new Map(Object.entries(globs.labels).map(([key, value]) => [key, [compileGlob(value)]])),
  };
}

export const EVERYTHING: Selection = { match: [], except: [] };
