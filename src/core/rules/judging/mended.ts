import { HOUR, MINUTE } from '../../../base/duration.ts';
import type { Alert } from '../../model/alert.ts';
import { conditionOf, isFinished, type PodState } from '../../model/pod.ts';
import type { StateSample, Window } from '../../model/window/window.ts';
import { revisionOf } from '../../model/window/window-rollouts.ts';
import { workloadKey } from '../../model/workload.ts';
import type { Condition, Sample } from '../condition.ts';
import { wasListed } from './why-gone.ts';

/** All has to be well for so many times as long as the pods that restarted ever ran between two restarts, */
const PROVEN_BY = 2;
/** and for so long at least. */
const PROVEN_FOR = 10 * MINUTE;

interface Seen {
  readonly alert: Pick<Alert, 'activeAt'> | null;
  readonly at: number;
  readonly state: StateSample | null;
  readonly window: Window;
}

/**
 * Why what a condition counts of restarts, kills and events of pods is over: all pods of the templates in which it happened are gone, and those of
 * others, be they new or the ones before, have run well for longer than they could. Neither the time that the condition looks back nor a hold of
 * its rule keeps the alert then. `null` where that is not known.
 */
export function whyMended({ steady, about }: Condition, { subject, verdict }: Sample, seen: Seen): string | null {
  const { alert, at, state, window } = seen;
  if (verdict === 'unknown' || about !== 'pods' || typeof steady !== 'object' || state === null) return null;
  const { namespace = '', kind, workload: name, container } = subject;
  const key = workloadKey({ namespace, kind, name });
  const pods = (state.byWorkload.get(key) ?? []).filter((pod) => !isFinished(pod));
  if (pods.length === 0 || !wasListed(state, namespace)) return null;
  const since = Math.min(alert?.activeAt ?? at, at - steady.within) - HOUR;
  const restarts = window
    .restartedPods(key, since, at)
    .filter(({ record }) => (container ?? record.container) === record.container);
  const templates = new Set(pods.map(revisionOf));
  if (restarts.length < 2 || restarts.some(({ pod }) => mayBeOf(pod, templates))) return null;
  if (!pods.every((pod) => runsWell(pod, since))) return null;
  const times = restarts.map(({ record }) => record.at).sort((a, b) => a - b);
  const longest = Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  const wellSince = Math.max(times.at(-1) ?? at, ...pods.map(({ createdAt }) => createdAt));
  return state.at - wellSince < Math.max(PROVEN_BY * longest, PROVEN_FOR)
    ? null
    : 'its pods were replaced by those of another template, which run well';
}

/** Whether a pod was, or may have been, of one of these templates. */
function mayBeOf(pod: PodState | null, templates: ReadonlySet<string | null>): boolean {
  const own = pod === null ? null : revisionOf(pod);
  return own === null || templates.has(null) || templates.has(own);
}

/** It is ready, and has not restarted; what it did long before the alert does not matter. */
function runsWell(pod: PodState, since: number): boolean {
  if (pod.deletedAt !== null || conditionOf(pod, 'Ready')?.status !== 'True') return false;
  return pod.createdAt < since || pod.containers.every(({ restarts }) => restarts === 0);
}
