import { DAY, MINUTE } from '../../base/duration.ts';
import type { ClusterEvent, TerminationRecord } from '../model/cycle.ts';
import type { Termination } from '../model/pod.ts';
import type { View } from './condition.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';

/** Longer than the grace period of most pods, and than the kubelet takes to tell. */
const KILL_TO_END = MINUTE;
/** SIGTERM, SIGKILL, and the 0 of what handles the first. */
const KILLED_WITH: ReadonlySet<number> = new Set([0, 137, 143]);
const FAILED_PROBE = /^(Liveness|Startup) probe (?:failed|errored)/;
/** Warns of a container that the kubelet ends since its post-start hook failed. */
export const FAILED_HOOK = 'FailedPostStartHook';
/** So many kills must have been told before one that was not is taken for another. */
const TOLD_KILLS = 2;

/** A container, and the pods whose ends are asked about. */
interface Ended extends Pick<ContainerGroup, 'key' | 'name'> {
  readonly uids: ReadonlySet<string>;
}

/**
 * For what the kubelet ended a container: `liveness probe failed`, `startup probe failed` or `post-start hook failed`; `null` for other ends. The end
 * itself reads like any other (kubernetes.md section 4.7.2).
 */
export function killBehind(
  end: Termination | TerminationRecord,
  container: Ended,
  { window, at }: Pick<View, 'window' | 'at'>,
): string | null {
  const { key, name, uids } = container;
  const ended = 'at' in end ? end.at : end.finishedAt;
  if (ended === null) return null;
  const near = window.events(key, ended - KILL_TO_END, Math.min(at, ended + KILL_TO_END)).toReversed();
  const killed = near.map((event) => probeOf(event, name)).find((probe) => probe !== null);
  if (killed !== undefined) return `${killed} probe failed`;
  // The failed probe is known between two cycles, the kill itself is not: then the code must be one that a kill leaves.
  if (!KILLED_WITH.has(end.exitCode) || end.reason === 'OOMKilled') return null;
  const failed = near.map(({ reason, message }) => (reason === 'Unhealthy' ? FAILED_PROBE.exec(message)?.[1] : undefined));
  const probe = failed.find((each) => each !== undefined)?.toLowerCase() ?? untold(end, ended, container, { window, at });
  if (probe !== null) return `${probe} probe failed`;
  // Its event does not say which container's hook it was: one that failed has not run for long.
  return near.some(({ reason, objectUid }) => reason === FAILED_HOOK && uids.has(objectUid)) ? 'post-start hook failed' : null;
}

/** The probe of a kill that the kubelet tells, of this container. */
function probeOf({ reason, message }: ClusterEvent, name: string): string | null {
  if (reason !== 'Killing' || !message.startsWith(`Container ${name} failed `)) return null;
  return /failed (liveness|startup) probe/.exec(message)?.[1] ?? null;
}

/**
 * The probe of a kill that the kubelet does not tell: of one pod it tells some 25 events at once, and then one in five minutes. An end like all
 * since the kills that it told is another one.
 */
function untold(
  end: Termination | TerminationRecord,
  ended: number,
  { key, name, uids }: Ended,
  { window, at }: Pick<View, 'window' | 'at'>,
): string | null {
  const told = window.events(key, at - DAY, ended).filter((event) => uids.has(event.objectUid) && probeOf(event, name) !== null);
  const last = told.at(-1);
  if (last === undefined || told.reduce((sum, { count }) => sum + count, 0) < TOLD_KILLS) return null;
  const since = window
    .terminations(key, last.at - KILL_TO_END, ended)
    .filter(({ container, uid }) => container === name && uids.has(uid));
  const isLikeAll = since.every(({ exitCode, reason }) => exitCode === end.exitCode && reason === end.reason);
  return isLikeAll ? probeOf(last, name) : null;
}
