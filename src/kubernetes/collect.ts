import type { SourceError } from '../core/model/cycle.ts';
import type { NodeState, PodState } from '../core/model/pod.ts';
import type { Collection, CollectionRequest } from './collection.ts';
import { EVENT_QUERY, EventCounter } from './events.ts';
import { retainCursors } from './forget.ts';
import { readList } from './list.ts';
import { listPods } from './list-pods.ts';
import { readUsage } from './metrics.ts';
import { inEachPlace, placePath, resolveScope, type Scope } from './namespaces.ts';
import { readNodes } from './nodes.ts';
import { readLogs } from './read-logs.ts';
import type { Session } from './session.ts';
import { sourceError } from './source-error.ts';

/** Event counts that are carried over while some events cannot be listed. */
const MAX_CARRIED_EVENTS = 50_000;

/**
 * Reads everything once: pods, nodes, events, usage, and every container's new log lines. Rejects with `CollectError` when the API server
 * cannot be reached or does not know us, and when aborted; then nothing may be committed. Everything else that fails is in the result.
 */
export async function collect(session: Session, request: CollectionRequest, signal: AbortSignal): Promise<Collection> {
  const { scope, errors: scopeErrors } = await resolveScope(session.api, request, signal);
  const [pods, nodes] = await Promise.all([
    listPods(session, { scope, redact: request.redact }, signal),
    readNodesIfAllowed(session, scope, signal),
  ]);
  request.onProgress(0, pods.states.length, 0);
  const [logs, events, usage] = await settled([
    readLogs(session, request, { pods: pods.states, nodes: nodes.nodes }, signal),
    readEvents(session, { request, scope, pods: pods.states }, signal),
    readUsage(session.api, { scope, pods: pods.states, now: session.clock.now() }, signal),
  ]);
  const complete = new Set(pods.namespaces);
  const listed = new Set(scope.names);
  const rest = retainCursors(request.cursors.untouched(), {
    uids: new Set(pods.states.map((pod) => pod.uid)),
    selects: scope.selects,
    // A chosen namespace that no longer exists has no pods either.
    isComplete: (namespace) => complete.has(namespace) || (pods.complete && !listed.has(namespace)),
    now: session.clock.now(),
  });
  return {
    namespaces: pods.namespaces,
    podsComplete: pods.complete,
    states: pods.states,
    nodes: nodes.nodes,
    usage: usage.usage,
    usageSource: usage.source,
    events: events.events,
    eventCounts: events.eventCounts,
    cursors: [...logs.cursors, ...rest.cursors],
    gaps: [...logs.gaps, ...rest.gaps],
    errors: [...scopeErrors, ...pods.errors, ...nodes.errors, ...logs.errors, ...events.errors, ...usage.errors],
    containers: logs.containers,
    lines: logs.lines,
    bytes: logs.bytes,
  };
}

/** Waits for all before it tells of the first that failed, so that nothing goes on reading behind a rejected collection. */
async function settled<T extends readonly Promise<unknown>[]>(work: readonly [...T]): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function readNodesIfAllowed(
  session: Session,
  scope: Scope,
  signal: AbortSignal,
): Promise<{ readonly nodes: readonly NodeState[]; readonly errors: readonly SourceError[] }> {
  if (!scope.clusterWide) return { nodes: [], errors: [] };
  try {
    return { nodes: await readNodes(session.api, signal), errors: [] };
  } catch (error) {
    return { nodes: [], errors: [sourceError('nodes', null, error)] };
  }
}

async function readEvents(
  session: Session,
  from: { readonly request: CollectionRequest; readonly scope: Scope; readonly pods: readonly PodState[] },
  signal: AbortSignal,
): Promise<Pick<Collection, 'events' | 'eventCounts' | 'errors'>> {
  const { request, scope } = from;
  const counter = new EventCounter({
    seen: request.eventCounts,
    pods: new Map(from.pods.map((pod) => [pod.uid, pod])),
    redact: request.redact,
    selects: scope.selects,
  });
  const read = { query: EVENT_QUERY, onItem: counter.take.bind(counter), onRestart() {} };
  const errors = await inEachPlace(scope, 'events', async (place) => {
    await readList(session.api, placePath('/api/v1', 'events', place), read, signal);
  });
  const carried = errors.length === 0 ? [] : Object.entries(request.eventCounts).slice(-MAX_CARRIED_EVENTS);
  const eventCounts = { ...Object.fromEntries(carried), ...counter.counts };
  return { events: counter.events, eventCounts, errors };
}
