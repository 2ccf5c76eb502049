import type { SourceError } from '../core/model/cycle.ts';
import type { NodeState } from '../core/model/pod.ts';
import type { Collection, CollectionRequest } from './collection.ts';
import { listPods } from './lists/list-pods.ts';
import { readUsage } from './lists/metrics.ts';
import { resolveScope, type Scope } from './lists/namespaces.ts';
import { readNodes } from './lists/nodes.ts';
import { readEvents } from './lists/read-events.ts';
import { sourceError } from './lists/source-error.ts';
import { retainCursors } from './logs/forget.ts';
import { readLogs } from './logs/read-logs.ts';
import { readObjects } from './objects/read-objects.ts';
import type { Session } from './session/session.ts';

/**
 * Reads everything once: pods, nodes, events, usage, and every container's new log lines. Rejects with `CollectError` when the API server
 * cannot be reached or does not know us, and when aborted; then nothing may be committed. Everything else that fails is in the result.
 */
export async function collect(session: Session, request: CollectionRequest, signal: AbortSignal): Promise<Collection> {
  const { scope, errors: scopeErrors } = await resolveScope(session.api, request, signal);
  const [pods, nodes] = await Promise.all([
    listPods(session, { scope, redact: request.redact }, signal),
    readNodesIfAllowed(session, { scope, redact: request.redact }, signal),
  ]);
  request.onProgress(0, pods.states.length, 0);
  const objects = readObjects(session, { scope, kinds: request.objects, redact: request.redact }, signal);
  const [logs, events, usage, { reading, errors: unlisted }] = await settled([
    readLogs(session, request, { pods: pods.states, nodes: nodes.nodes }, signal),
    objects.then(({ reading }) => readEvents(session, { request, scope, pods: pods.states, objects: reading }, signal)),
    readUsage(session.api, { scope, pods: pods.states, now: session.clock.now() }, signal),
    objects,
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
    objects: reading,
    usage: usage.usage,
    usageSource: usage.source,
    events: events.events,
    eventCounts: events.eventCounts,
    cursors: [...logs.cursors, ...rest.cursors],
    gaps: [...logs.gaps, ...rest.gaps],
    errors: [...scopeErrors, ...pods.errors, ...nodes.errors, ...logs.errors, ...events.errors, ...usage.errors, ...unlisted],
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
  { scope, redact }: { readonly scope: Scope; readonly redact: (text: string) => string },
  signal: AbortSignal,
): Promise<{ readonly nodes: readonly NodeState[]; readonly errors: readonly SourceError[] }> {
  if (!scope.clusterWide) return { nodes: [], errors: [] };
  try {
    return { nodes: await readNodes(session.api, redact, signal), errors: [] };
  } catch (error) {
    return { nodes: [], errors: [sourceError('nodes', null, error)] };
  }
}
