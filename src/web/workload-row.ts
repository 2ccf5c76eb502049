import { DAY, HOUR, MINUTE } from '../base/duration.ts';
import type { Alert, Severity } from '../core/model/alert.ts';
import { SEVERITIES } from '../core/model/alert.ts';
import { EVERYTHING, type Matcher } from '../core/model/matcher.ts';
import { conditionOf, isFinished, type PodState } from '../core/model/pod.ts';
import type { Selection } from '../core/model/selector.ts';
import type { StateSample, Window } from '../core/model/window/window.ts';
import { type Workload, type WorkloadKey, workloadKey } from '../core/model/workload.ts';
import type { StatusView } from './view.ts';

export type WorkloadState = 'failing' | 'pending' | 'unknown' | 'ok' | 'gone';
export const WORKLOAD_STATES: readonly WorkloadState[] = ['failing', 'pending', 'unknown', 'ok', 'gone'];

/** What page and API say of one workload, apart from counts that cost a look at its lines. */
export interface WorkloadRow {
  readonly key: WorkloadKey;
  readonly workload: Workload;
  readonly containers: readonly string[];
  /** `failing`: an alert fires or its newest cell failed. `gone`: the newest complete list of its namespace does not have it. */
  readonly state: WorkloadState;
  /** The worst that fires; `null` when nothing does. */
  readonly severity: Severity | null;
  /** Pending and firing. */
  readonly alerts: readonly Alert[];
  /** Pods that have not ended, and how many of them are ready. */
  readonly pods: number;
  readonly ready: number;
  /** Pods that ended well, and not: what counts for a job. */
  readonly succeeded: number;
  readonly failed: number;
}

/** One row per workload that the window knows, problems first, then by name. */
export function workloadRows(view: StatusView): readonly WorkloadRow[] {
  const window = view.window();
  const alerts = activeAlertsByWorkload(view.alerts().alerts);
  const rows = window.workloads().map(({ workload, containers }) => {
    const key = workloadKey(workload);
    return buildRow({ key, workload, containers, alerts: alerts.get(key) ?? [], newest: window.newest, cells: view.strip(key) });
  });
  return rows.sort((a, b) => rank(a) - rank(b) || compareWorkloads(a.workload, b.workload));
}

/** One workload, whether the window knows it or not. */
export function workloadRow(view: StatusView, workload: Workload): WorkloadRow {
  const window = view.window();
  const key = workloadKey(workload);
  const alerts = activeAlertsByWorkload(view.alerts().alerts).get(key) ?? [];
  const containers = window.workloads().find((known) => workloadKey(known.workload) === key)?.containers ?? [];
  return buildRow({ key, workload, containers, alerts, newest: window.newest, cells: view.strip(key) });
}

/** By namespace, then name, then kind: the order in which people look for them. */
export function compareWorkloads(a: Workload, b: Workload): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name) || compareText(a.kind, b.kind);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function activeAlertsByWorkload(alerts: readonly Alert[]): ReadonlyMap<WorkloadKey, readonly Alert[]> {
  const found = new Map<WorkloadKey, Alert[]>();
  for (const alert of alerts) {
    if (alert.state === 'resolved') continue;
    const { namespace = '', kind = '', workload = '' } = alert.labels;
    const key = workloadKey({ namespace, kind, name: workload });
    const list = found.get(key);
    if (list === undefined) found.set(key, [alert]);
    else list.push(alert);
  }
  return found;
}

function buildRow(facts: {
  readonly key: WorkloadKey;
  readonly workload: Workload;
  readonly containers: readonly string[];
  readonly alerts: readonly Alert[];
  readonly newest: StateSample | null;
  readonly cells: readonly ('ok' | 'failing' | 'unknown')[];
}): WorkloadRow {
  const { key, workload, containers, alerts, newest, cells } = facts;
  const pods = newest?.byWorkload.get(key) ?? [];
  const counts = countPods(pods);
  const firing = alerts.filter((alert) => alert.state === 'firing');
  const severity = SEVERITIES.findLast((name) => firing.some((alert) => alert.severity === name)) ?? null;
  const gone = pods.length === 0 && newest !== null && newest.namespaces.has(workload.namespace);
  const cell = cells.at(-1) ?? 'unknown';
  let state: WorkloadState = cell;
  if (firing.length > 0) state = 'failing';
  else if (gone) state = 'gone';
  else if (cell === 'ok' && alerts.length > 0) state = 'pending';
  return { key, workload, containers, state, severity, alerts, ...counts };
}

function countPods(pods: readonly PodState[]): Pick<WorkloadRow, 'pods' | 'ready' | 'succeeded' | 'failed'> {
  const counts = { pods: 0, ready: 0, succeeded: 0, failed: 0 };
  for (const pod of pods) {
    if (pod.phase === 'Succeeded') counts.succeeded++;
    else if (pod.phase === 'Failed') counts.failed++;
    if (isFinished(pod)) continue;
    counts.pods++;
    if (conditionOf(pod, 'Ready')?.status === 'True') counts.ready++;
  }
  return counts;
}

function rank(row: WorkloadRow): number {
  const place = WORKLOAD_STATES.indexOf(row.state) * 10;
  return row.state === 'failing'
    ? place + SEVERITIES.length - 1 - (row.severity === null ? -1 : SEVERITIES.indexOf(row.severity))
    : place;
}

/** Restarts dated in (from, to]. Those of a pod that was first seen with them count only when it is younger than the span. */
export function restartsOf(window: Window, key: WorkloadKey, from: number, to: number): number {
  let total = 0;
  for (const { count, podCreatedAt } of window.restarts(key, from, to)) {
    if (podCreatedAt === null || podCreatedAt >= from) total += count;
  }
  return total;
}

const EVERY_POD: Selection = { match: [], except: [] };
const ERRORS: Matcher = { kind: 'level', atLeast: 5 };

/** Records and those of level error or worse, in the whole minutes of [from, to). */
export function countLines(
  window: Window,
  row: Pick<WorkloadRow, 'key' | 'containers'>,
  from: number,
  to: number,
): { readonly lines: number; readonly errors: number } {
  const counts = { lines: 0, errors: 0 };
  const end = Math.floor(to / MINUTE);
  for (const container of row.containers) {
    const all = window.counts(row.key, container, EVERYTHING, EVERY_POD);
    const errors = window.counts(row.key, container, ERRORS, EVERY_POD);
    for (let minute = Math.ceil(from / MINUTE); minute < end; minute++) {
      counts.lines += all?.at(minute) ?? 0;
      counts.errors += errors?.at(minute) ?? 0;
    }
  }
  return counts;
}

/** Errors among lines; `null` when there are no lines to judge by. */
export function errorRatio(counts: { readonly lines: number; readonly errors: number }): number | null {
  return counts.lines === 0 ? null : counts.errors / counts.lines;
}

/** The moment up to which lines were read: the newest cycle's end, since what came later nobody has seen. */
export function readUpTo(window: Window, now: number): number {
  return window.cycles.at(-1)?.finishedAt ?? now;
}

/** How far back counts on the page reach. */
export const PAGE_SPAN = DAY;

/** What one resource of a workload is used, by its worst container. */
export interface ResourceUse {
  readonly usage: number;
  readonly limit: number | null;
  /** Of the limit; `null` without one. */
  readonly ratio: number | null;
}

/** What the newest points say; older ones than {@link USAGE_AGE} say nothing about now. Cores and bytes. */
export function currentUse(history: ReturnType<Window['usageHistory']>): {
  readonly cpu: ResourceUse | null;
  readonly memory: ResourceUse | null;
} {
  const since = (history.at(-1)?.at ?? 0) - USAGE_AGE;
  const cpu = history.findLast((point) => point.cpu !== null && point.at >= since);
  const memory = history.findLast((point) => point.memory !== null && point.at >= since);
  return {
    cpu: resourceUse(cpu?.cpu ?? null, cpu?.cpuLimit ?? null),
    memory: resourceUse(memory?.memory ?? null, memory?.memoryLimit ?? null),
  };
}

const USAGE_AGE = HOUR / 2;

function resourceUse(usage: number | null, limit: number | null): ResourceUse | null {
  if (usage === null) return null;
  const use = rounded(usage);
  return limit === null || limit <= 0
    ? { usage: use, limit: null, ratio: null }
    : { usage: use, limit: rounded(limit), ratio: rounded(usage / limit) };
}

/** Usage is kept in single precision; more digits would be noise. */
function rounded(value: number): number {
  return value >= 1000 ? Math.round(value) : Number(value.toPrecision(6));
}
