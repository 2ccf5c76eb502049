import { DAY } from '../../base/duration.ts';
import type { Logger } from '../../base/logger.ts';
import type { Delivery } from '../../core/model/notification.ts';
import { silenceState } from '../../core/model/silence.ts';
import { deliveredAlert, namedAlerts } from '../delivered-alerts.ts';
import type { LogSearcher } from '../logs/log-search.ts';
import { keyOf, type PatternRow, patternRows, readPatternFilters } from '../logs/pattern-rows.ts';
import { readLineSearch, searchLines } from '../logs/search-lines.ts';
import { PROBE_STATES, probeRows } from '../probe-rows.ts';
import { RULE_STATES, ruleStatuses } from '../rules/rule-status.ts';
import { storedEvidence } from '../stored-evidence.ts';
import type { StatusView } from '../view.ts';
import { WORKLOAD_STATES, workloadRows } from '../workload-row.ts';
import { type LogStream, readLogStream, STREAM_NAMES } from './log-stream.ts';
import { type ListPage, pageOf, timeKey } from './paging.ts';
import {
  asksForSubjects,
  FILTER_NAMES,
  passes,
  type Query,
  readChoice,
  readFilters,
  readGlob,
  readLimit,
  readQuery,
} from './query.ts';
import {
  alertJson,
  cycleJson,
  deliveryJson,
  logLineJson,
  patternJson,
  probeJson,
  ruleJson,
  silenceJson,
  workloadJson,
} from './resources.ts';

/** What lists are made from. */
export interface Sources {
  readonly view: StatusView;
  readonly logs: LogSearcher;
  readonly logger: Logger;
}

/** Answers one list; `target` is the request's path with its query. Rejects with `ConfigError` for a query that it does not take; `late` says that a search took too long. */
export type ListRoute = (sources: Sources, target: string, signal: AbortSignal) => Promise<ListPage<unknown> | 'late'>;

/** The parameters that each list takes besides `limit` and `next`. */
export const LIST_PARAMETERS = {
  alerts: [...FILTER_NAMES, 'state', 'severity', 'alert'],
  workloads: [...FILTER_NAMES, 'state'],
  rules: [...FILTER_NAMES, 'state'],
  cycles: [...FILTER_NAMES],
  logs: [...FILTER_NAMES, 'until', 'level', 'grep', 'contains', 'pod', 'container', ...STREAM_NAMES],
  patterns: [...FILTER_NAMES, 'level', 'container'],
  silences: [...FILTER_NAMES, 'state'],
  deliveries: [...FILTER_NAMES, 'receiver', 'status'],
  probes: [...FILTER_NAMES, 'state'],
} as const;

export type ListName = keyof typeof LIST_PARAMETERS;

export const ALERT_STATES = ['pending', 'firing', 'resolved'] as const;
export const SILENCE_STATES = ['pending', 'active', 'ended'] as const;
export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
const SEVERITY_CHOICES = ['info', 'warning', 'critical'] as const;

/** One route per list of the API. */
export const LIST_ROUTES: Readonly<Record<ListName, ListRoute>> = {
  alerts: listAlerts,
  workloads: listWorkloads,
  rules: listRules,
  cycles: listCycles,
  logs: listLogs,
  patterns: listPatterns,
  silences: listSilences,
  deliveries: listDeliveries,
  probes: listProbes,
};

function read(
  list: ListName,
  target: string,
): { readonly query: Query; readonly limit: number; readonly next: string | undefined } {
  const query = readQuery(target, ['limit', 'next', ...LIST_PARAMETERS[list]]);
  return { query, limit: readLimit(query), next: query.get('next') };
}

async function listAlerts({ view, logger }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('alerts', target);
  const filters = readFilters(query, view.now());
  const state = readChoice(query, 'state', ALERT_STATES);
  const severity = readChoice(query, 'severity', SEVERITY_CHOICES);
  const name = readGlob(query, 'alert');
  const found = view.alerts().alerts.filter((alert) => {
    if (state !== null && alert.state !== state) return false;
    if (severity !== null && alert.severity !== severity) return false;
    if (name !== null && !name.matches(alert.alert)) return false;
    if (filters.since !== null && alert.resolvedAt !== null && alert.resolvedAt < filters.since) return false;
    return passes(filters, alert.labels);
  });
  const { items, ...rest } = pageOf(
    found,
    { list: 'alerts', key: (alert) => timeKey(alert.activeAt, alert.id), direction: 'descending' },
    page,
  );
  return {
    items: await Promise.all(
      items.map(async (alert) => alertJson(alert, await storedEvidence(view, alert.id, logger), view.alerts().flaps)),
    ),
    ...rest,
  };
}

async function listWorkloads({ view }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('workloads', target);
  const now = view.now();
  const filters = readFilters(query, now);
  const state = readChoice(query, 'state', WORKLOAD_STATES);
  const found = workloadRows(view).filter(
    (row) =>
      (state === null || row.state === state) &&
      passes(filters, { namespace: row.workload.namespace, kind: row.workload.kind, workload: row.workload.name }),
  );
  const { items, ...rest } = pageOf(found, { list: 'workloads', key: (row) => row.key, direction: 'ascending' }, page);
  const span = { from: Math.max(filters.since ?? 0, now - DAY), asked: filters.since !== null };
  return { items: items.map((row) => workloadJson(view, row, span)), ...rest };
}

async function listProbes({ view }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('probes', target);
  const filters = readFilters(query, view.now());
  const state = readChoice(query, 'state', PROBE_STATES);
  const found = probeRows(view.window()).filter(
    (row) =>
      (state === null || row.state === state) &&
      passes(filters, { kind: 'Probe', workload: row.name }) &&
      (filters.since === null || (row.lastCheckedAt ?? 0) >= filters.since),
  );
  const { items, ...rest } = pageOf(found, { list: 'probes', key: (row) => row.name, direction: 'ascending' }, page);
  return { items: items.map(probeJson), ...rest };
}

async function listRules({ view }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('rules', target);
  const filters = readFilters(query, view.now());
  const state = readChoice(query, 'state', RULE_STATES);
  const found = ruleStatuses(view).filter((status) => {
    if (state !== null && status.state !== state) return false;
    if (filters.since !== null && (status.evaluation?.at ?? 0) < filters.since) return false;
    return !asksForSubjects(filters) || (status.evaluation?.samples ?? []).some((sample) => passes(filters, sample.subject));
  });
  const { items, ...rest } = pageOf(found, { list: 'rules', key: ({ rule }) => rule.alert, direction: 'ascending' }, page);
  return { items: items.map(ruleJson), ...rest };
}

async function listCycles({ view }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('cycles', target);
  const filters = readFilters(query, view.now());
  const found = view.window().cycles.filter((cycle) => filters.since === null || cycle.finishedAt >= filters.since);
  const { items, ...rest } = pageOf(found, { list: 'cycles', key: (cycle) => cycle.id, direction: 'descending' }, page);
  const narrowed = items.map((cycle) => ({
    ...cycle,
    gaps: cycle.gaps.filter(({ workload }) => passes(filters, { ...workload, workload: workload.name })),
    errors: cycle.errors.filter(
      ({ namespace }) => namespace === null || filters.namespace === null || filters.namespace.matches(namespace),
    ),
  }));
  return { items: narrowed.map(cycleJson), ...rest };
}

async function listPatterns({ view }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('patterns', target);
  const filters = readPatternFilters(query, view.now());
  const order = {
    list: 'patterns',
    key: (row: PatternRow) => timeKey(row.pattern.firstAt, keyOf(row)),
    direction: 'descending',
  } as const;
  const { items, ...rest } = pageOf(patternRows(view.window(), filters), order, page);
  return { items: items.map((row) => patternJson(row, filters.since)), ...rest };
}

async function listSilences({ view }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('silences', target);
  const now = view.now();
  const filters = readFilters(query, now);
  const state = readChoice(query, 'state', SILENCE_STATES);
  const { silences, alerts } = view.alerts();
  const found = silences.filter((silence) => {
    const current = silenceState(silence, now);
    if (state === null ? current === 'ended' : current !== state) return false;
    if (filters.since !== null && silence.endsAt < filters.since) return false;
    // One that says nothing of a label silences all of its values.
    const mayMatch = (name: 'namespace' | 'kind' | 'workload') =>
      filters[name] === null || (silence.match[name] ?? []).every((glob) => filters[name]?.matches(glob));
    return mayMatch('namespace') && mayMatch('kind') && mayMatch('workload');
  });
  const order = { list: 'silences', key: timeKeyOf, direction: 'descending' } as const;
  const { items, ...rest } = pageOf(found, order, page);
  return { items: items.map((silence) => silenceJson(silence, { alerts, now })), ...rest };
}

async function listDeliveries({ view }: Sources, target: string): Promise<ListPage<unknown>> {
  const { query, ...page } = read('deliveries', target);
  const filters = readFilters(query, view.now());
  const { since } = filters;
  const receiver = readGlob(query, 'receiver');
  const status = readChoice(query, 'status', DELIVERY_STATUSES);
  const { alerts, deliveries } = view.alerts();
  const named = namedAlerts(alerts);
  const isAbout = (delivery: Delivery) =>
    !asksForSubjects(filters) ||
    delivery.alerts.some((name) => passes(filters, deliveredAlert(named, name, delivery)?.labels ?? {}));
  const found = deliveries.filter(
    (delivery) =>
      (since === null || delivery.createdAt >= since) &&
      (receiver === null || receiver.matches(delivery.receiver)) &&
      (status === null || delivery.status === status) &&
      isAbout(delivery),
  );
  const order = { list: 'deliveries', key: timeKeyOf, direction: 'descending' } as const;
  const { items, ...rest } = pageOf(found, order, page);
  return { items: items.map(deliveryJson), ...rest };
}

function timeKeyOf({ createdAt, id }: { readonly createdAt: number; readonly id: string }): string {
  return timeKey(createdAt, id);
}

/** What a log search's target wants as a stream; `null` when it wants a page. */
export function logStreamOf(view: StatusView, target: string): LogStream | null {
  const { query } = read('logs', target);
  return readLogStream(query, readLineSearch(query, view.now()), view.now());
}

async function listLogs({ view, logs }: Sources, target: string, signal: AbortSignal): Promise<ListPage<unknown> | 'late'> {
  const { query, limit, next } = read('logs', target);
  const { lines, nextToken, late } = await searchLines({ view, logs, query, limit, next }, signal);
  if (late) return 'late';
  const items = lines.map(logLineJson);
  return nextToken === null ? { items } : { items, next: nextToken };
}
