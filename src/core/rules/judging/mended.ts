import { HOUR, MINUTE } from '../../../base/duration.ts';
import type { Alert } from '../../model/alert.ts';
import type { RestartIncrease } from '../../model/cycle.ts';
import { conditionOf, isFinished, type PodState } from '../../model/pod.ts';
import type { Rollout, StateSample, Window } from '../../model/window/window.ts';
import { type Workload, workloadKey } from '../../model/workload.ts';
import type { Condition, Sample } from '../condition.ts';
import { wasListed } from './why-gone.ts';

/** The pods of a new template have to run for so many times as long as those before it ever did between two restarts, */
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
 * Why what a condition counts of restarts, kills and events of pods is over: all pods in which it happened are gone, and those of a new template
 * have run well for longer than they could. Neither the time that the condition looks back nor a hold of its rule keeps the alert then. `null`
 * where that is not known.
 */
export function whyMended({ steady, about }: Condition, { subject, verdict }: Sample, seen: Seen): string | null {
  const { alert, at, state, window } = seen;
  if (verdict === 'unknown' || about !== 'pods' || typeof steady !== 'object' || state === null) return null;
  const { namespace = '', kind, workload: name, container } = subject;
  const key = workloadKey({ namespace, kind, name });
  const rollout = window.rollouts(key).at(-1);
  if (rollout === undefined || !wasListed(state, namespace)) return null;
  const since = Math.min(alert?.activeAt ?? at, at - steady.within) - HOUR;
  const restarts = window.restarts(key, since, at).filter((each) => container === undefined || each.container === container);
  if (restarts.some((each) => isOfTemplate(each, rollout, { namespace, kind, name }))) return null;
  const pods = (state.byWorkload.get(key) ?? []).filter((pod) => !isFinished(pod));
  if (restarts.length < 2 || pods.length === 0 || !pods.every((pod) => runsWell(pod, rollout.at))) return null;
  const times = restarts.map((each) => each.at).sort((a, b) => a - b);
  const longest = Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  const youngest = Math.max(...pods.map(({ createdAt }) => createdAt));
  return state.at - youngest < Math.max(PROVEN_BY * longest, PROVEN_FOR)
    ? null
    : 'its pods were replaced by those of a new template, which run well';
}

/** Whether a restart was, or may have been, one of the newest template's pods: of Deployments, whose pods have it in their names, that is known. */
function isOfTemplate({ at, pod }: RestartIncrease, { at: begun, revision }: Rollout, { kind }: Workload): boolean {
  if (revision === null) return true;
  return at > begun && (kind !== 'Deployment' || pod.includes(revision));
}

/** Made by the rollout, ready, and never restarted. */
function runsWell(pod: PodState, rolledOutAt: number): boolean {
  if (pod.deletedAt !== null || pod.createdAt < rolledOutAt || conditionOf(pod, 'Ready')?.status !== 'True') return false;
  return pod.containers.every(({ restarts }) => restarts === 0);
}
