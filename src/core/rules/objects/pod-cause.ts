import { humanDuration, MINUTE } from '../../../base/duration.ts';
import type { Facts } from '../../model/alert.ts';
import { conditionOf, isFinished, type PodState } from '../../model/pod.ts';
import { schedulingCause } from '../evaluation/cause-text.ts';
import { endFacts, newestEnd, podFacts } from '../evaluation/facts.ts';
import { podEvent } from '../evaluation/pod-event.ts';

/** Why a workload's pods are not there: of those that are not ready, the reason that most have. */
export interface PodCause {
  readonly reason: string | undefined;
  readonly message: string;
  readonly facts: Pick<Facts, 'pods' | 'node' | 'exit_code'>;
}

/** Reasons that every start passes through. */
const BENIGN = new Set(['ContainerCreating', 'PodInitializing', '']);

/** Pods that are deleted have half a minute by default, and mostly end within it. */
const ENDS_WITHIN = 5 * MINUTE;

/** Looks for what keeps a workload's pods from being ready; `null` when all are, or none says why. */
export function podCause(pods: readonly PodState[], events: Parameters<typeof podEvent>[2]): PodCause | null {
  const failing = pods.filter(
    (pod) => !isFinished(pod) && pod.deletedAt === null && conditionOf(pod, 'Ready')?.status !== 'True',
  );
  if (failing.length === 0) return hangingEnd(pods, events.at);
  const byReason = Map.groupBy(failing, (pod) => reasonOf(pod).reason);
  const [, members = failing] = [...byReason].toSorted(
    ([a, one], [b, two]) => Number(a === '') - Number(b === '') || two.length - one.length,
  )[0] ?? ['', failing];
  const [first] = members;
  if (first === undefined) return null;
  const said = reasonOf(first);
  const { reason, message } = podEvent(said.reason, members, events) ?? said;
  const end = newestEnd(members.flatMap((pod) => pod.containers));
  const { exit_code } = endFacts(end);
  return {
    reason: reason === '' ? undefined : reason,
    message,
    facts: { ...podFacts(members), ...(exit_code === undefined || exit_code === 0 ? {} : { exit_code }) },
  };
}

/** A pod that was deleted and does not end, because of a finalizer, a volume or its node: a StatefulSet makes no other in its place until it has. */
function hangingEnd(pods: readonly PodState[], at: number): PodCause | null {
  const hanging = pods.filter(({ deletedAt }) => deletedAt !== null && at - deletedAt > ENDS_WITHIN);
  if (hanging.length === 0) return null;
  const since = Math.min(...hanging.map(({ deletedAt }) => deletedAt ?? at));
  return {
    reason: 'Terminating',
    message: `deleted ${humanDuration(at - since)} ago, and not gone`,
    facts: podFacts(hanging),
  };
}

function reasonOf(pod: PodState): { readonly reason: string; readonly message: string } {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') return { reason: scheduled.reason, message: schedulingCause(scheduled.message) };
  const waiting = pod.containers.map(({ state }) => state).filter((state) => state.kind === 'waiting');
  const found = waiting.find(({ reason }) => !BENIGN.has(reason));
  if (found !== undefined) return found;
  const ended = newestEnd(pod.containers);
  if (ended !== undefined && ended.exitCode !== 0) return { reason: ended.reason, message: ended.message };
  const running = pod.containers.filter(({ state, ready }) => state.kind === 'running' && !ready);
  if (running.length > 0) return { reason: 'NotReady', message: conditionOf(pod, 'Ready')?.message ?? '' };
  return { reason: waiting[0]?.reason ?? '', message: '' };
}
