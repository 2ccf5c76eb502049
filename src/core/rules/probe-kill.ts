import { MINUTE } from '../../base/duration.ts';
import type { TerminationRecord } from '../model/cycle.ts';
import type { Termination } from '../model/pod.ts';
import type { View } from './condition.ts';
import type { ContainerGroup } from './subjects.ts';

/** Longer than the grace period of most pods, and than the kubelet takes to tell. */
const KILL_TO_END = MINUTE;
/** SIGTERM, SIGKILL, and the 0 of what handles the first. */
const KILLED_WITH: ReadonlySet<number> = new Set([0, 137, 143]);
const FAILED_PROBE = /^(Liveness|Startup) probe (?:failed|errored)/;

/**
 * The probe for whose failure the kubelet ended a container, `liveness` or `startup`; `null` for other ends. The end itself reads like any other
 * (kubernetes.md section 4.7.2).
 */
export function probeBehind(
  end: Termination | TerminationRecord,
  { key, name }: Pick<ContainerGroup, 'key' | 'name'>,
  { window, at }: Pick<View, 'window' | 'at'>,
): string | null {
  const ended = 'at' in end ? end.at : end.finishedAt;
  if (ended === null) return null;
  const near = window.events(key, ended - KILL_TO_END, Math.min(at, ended + KILL_TO_END)).toReversed();
  const kill = near.find(({ reason, message }) => reason === 'Killing' && message.startsWith(`Container ${name} failed `));
  const killed = /failed (liveness|startup) probe/.exec(kill?.message ?? '')?.[1];
  if (killed !== undefined) return killed;
  // The failed probe is known between two cycles, the kill itself is not: then the code must be one that a kill leaves.
  if (!KILLED_WITH.has(end.exitCode) || end.reason === 'OOMKilled') return null;
  const failed = near.map(({ reason, message }) => (reason === 'Unhealthy' ? FAILED_PROBE.exec(message)?.[1] : undefined));
  return failed.find((each) => each !== undefined)?.toLowerCase() ?? null;
}
