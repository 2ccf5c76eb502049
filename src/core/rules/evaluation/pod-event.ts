import { HOUR } from '../../../base/duration.ts';
import type { PodState } from '../../model/pod.ts';
import type { Window } from '../../model/window/window.ts';
import type { WorkloadKey } from '../../model/workload.ts';

/** What an event says of why a pod is held up. */
export interface PodEvent {
  /** The event's own, but of a failed probe, whose reason `Unhealthy` does not say which: `Readiness probe failed`. */
  readonly reason: string;
  readonly message: string;
}

/** Reasons that every start passes through, and that say no more than that it is not ready: only events tell more (kubernetes.md section 4.7.4). */
const SAY_LITTLE: ReadonlySet<string> = new Set([
  '',
  'ContainerCreating',
  'PodInitializing',
  'Pending',
  'ContainersNotReady',
  'NotReady',
]);
/** The API server keeps events for as long. */
const EVENTS_LIVE = HOUR;

/** The newest Warning about the pods, where `reason`, which their own states give, says little. */
export function podEvent(
  reason: string,
  pods: readonly PodState[],
  { key, window, at }: { readonly key: WorkloadKey; readonly window: Window; readonly at: number },
): PodEvent | null {
  if (!SAY_LITTLE.has(reason)) return null;
  const byUid = new Map(pods.map((pod) => [pod.uid, pod]));
  const events = window.events(key, at - EVENTS_LIVE, at);
  const newest = events.findLast(({ type, objectUid, reason: what }) => {
    const pod = byUid.get(objectUid);
    // What kept it from a node is over once it lies on one.
    return type === 'Warning' && pod !== undefined && !(what === 'FailedScheduling' && pod.node !== '');
  });
  if (newest === undefined) return null;
  const probe = /^(?:Readiness|Startup|Liveness) probe (?:failed|errored)/.exec(newest.message)?.[0];
  return { reason: probe ?? newest.reason, message: newest.message };
}
