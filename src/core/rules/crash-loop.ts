import { formatDuration, MINUTE, SECOND } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { duration, integer, percentage } from '../../base/schema/scalars.ts';
import type { Facts } from '../model/alert.ts';
import type { RestartIncrease, TerminationRecord } from '../model/cycle.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { lastCause } from './evaluation/cause-text.ts';
import { containerFacts, endedFacts, endFacts, memoryLimit, newestEnd, newestFirst, notes, plural } from './evaluation/facts.ts';
import { pastRestarts } from './evaluation/past.ts';
import { countRestarts } from './evaluation/restart-count.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { formatValue } from './evaluation/value-text.ts';
import { FAILED_HOOK, killBehind } from './probe-kill.ts';

const NEVER_RAN: ReadonlySet<string> = new Set(['StartError', 'ContainerCannotRun']);

const INIT_NOTE = 'it is an init container: the others of its pod wait until it has ended well';

interface Spec {
  readonly restarts: number;
  readonly within: number;
  readonly together: number | null;
  /** After so many restarts of one pod since it was made `for` is not waited for. */
  readonly at_once: number | null;
}

/** A container restarts again and again; sampling misses most moments of CrashLoopBackOff, so restarts count as well (kubernetes.md section 4.4). */
export const crashLoop: ConditionKind<Spec> = {
  kind: 'crash_loop',
  description:
    "Waiting in CrashLoopBackOff, or at least that many restarts within the time, whatever the exit code, summed over a workload's pods. With `together` they are summed only where at least that share of the pods restarted, and never those of init containers: else they must be of one pod. After `at_once` restarts of a pod since it was made the rule's `for` is not waited for.",
  type: object({
    restarts: optional(integer(1), 2),
    within: optional(duration(SECOND), 30 * MINUTE),
    together: optional(percentage(), null),
    at_once: optional(integer(1), null),
  }),
  bind: (spec) => ({
    kind: 'crash_loop',
    judged: 'state',
    about: 'pods',
    text: `CrashLoopBackOff, or at least ${plural(spec.restarts, 'restart')} within ${formatDuration(spec.within)}${
      spec.together === null ? '' : `, of one pod or of ${formatValue(spec.together, 'ratio')} of the pods`
    }`,
    matchers: [],
    evidence: null,
    threshold: spec.restarts,
    unit: 'count',
    steady: { records: ['restarts', 'terminations'], within: spec.within },
    withThreshold: (restarts) => crashLoop.bind({ ...spec, restarts: Math.max(1, Math.ceil(restarts)) }),
    normalEvents: ['Killing'],
    countsEvent: (_, reason) => reason === FAILED_HOOK,
    phrase: ({ value, facts }) =>
      [
        value === 0
          ? `waiting in ${WAIT}`
          : `crash looping, ${plural(value ?? 0, 'restart')} within ${formatDuration(spec.within)}`,
        ...howItEnds(facts),
      ].join(', '),
    past: pastRestarts(spec.within),
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec))),
  }),
};

/** What the kubelet says of a container that it does not start again at once. */
const WAIT = 'CrashLoopBackOff';

function howItEnds({ reason, exit_code: code, notes: [message] = [] }: Facts): readonly string[] {
  // What never ran has no exit code of its own: the text says why it could not be started.
  if (reason !== undefined && NEVER_RAN.has(reason) && message !== undefined) return [reason, lastCause(message)];
  // That it waits is said before.
  return [...(reason === undefined || reason === WAIT ? [] : [reason]), ...(code === undefined ? [] : [`exit code ${code}`])];
}

function judgeContainer(group: ContainerGroup, view: View, spec: Spec): Sample {
  const { window, at, selection } = view;
  const { restarts, within } = spec;
  const increases = window
    .restarts(group.key, at - within, at, selection)
    .filter((increase) => increase.container === group.name);
  const { count, uids } = countLoop(increases, group, {
    ...spec,
    ends: increases.length === 0 ? [] : window.terminations(group.key, at - within, at, selection),
  });
  const looping = group.members.filter(({ pod, container }) => {
    return pod.deletedAt === null && container.state.kind === 'waiting' && container.state.reason === WAIT;
  });
  if (looping.length === 0 && count < restarts)
    return { subject: group.subject, verdict: 'false', value: count, facts: { count } };
  const concerned = newestFirst(group.members.filter((member) => looping.includes(member) || uids.has(member.pod.uid)));
  const record = lastRecord(group, { window, at }, within);
  const end = newestEnd(concerned.map((member) => member.container)) ?? record;
  const ended = new Set(concerned.length > 0 ? concerned.map(({ pod }) => pod.uid) : [record?.uid ?? '']);
  const kill = end === undefined ? null : killBehind(end, { ...group, uids: ended }, view);
  return {
    subject: group.subject,
    verdict: 'true',
    value: count,
    ...(isSure(concerned, spec) ? { isSure: true } : {}),
    ...(looping.length > 0 ? { clause: `waiting in ${WAIT}${count === 0 ? '' : `, ${plural(count, 'restart')}`}` } : {}),
    facts: {
      count,
      // The pods that crashed may have been replaced: those that are there now have nothing to do with it.
      ...(concerned.length > 0 || record === undefined
        ? containerFacts(concerned.length > 0 ? concerned : group.members)
        : endedFacts(record)),
      ...(looping.length > 0 ? { reason: WAIT } : {}),
      ...endFacts(end),
      ...(kill === null ? {} : { reason: kill }),
      // The wait's own message only says how long the back-off is by now.
      ...notes([
        end?.message ?? '',
        end?.reason === 'OOMKilled' ? memoryLimit(concerned.map((member) => member.container)) : '',
        isInit(group) ? INIT_NOTE : '',
      ]),
    },
  };
}

function isSure(concerned: ContainerGroup['members'], { at_once }: Spec): boolean {
  return at_once !== null && concerned.some(({ container }) => container.restarts >= at_once);
}

/** How many restarts are one loop, and of which pods: all where enough pods of the workload restarted, else those of the pod that has most. */
function countLoop(
  increases: readonly RestartIncrease[],
  group: ContainerGroup,
  { within, together, ends }: Spec & { readonly ends: readonly TerminationRecord[] },
): { readonly count: number; readonly uids: ReadonlySet<string> } {
  const all = { count: countRestarts(increases, within, ends), uids: new Set(increases.map(({ uid }) => uid)) };
  if (together === null || all.uids.size < 2) return all;
  const byPod = [...Map.groupBy(increases, ({ uid }) => uid)]
    .map(([uid, own]) => ({ uid, count: countRestarts(own, within, ends) }))
    .filter(({ count }) => count > 0);
  const pods = new Set([...byPod.map(({ uid }) => uid), ...group.members.map(({ pod }) => pod.uid)]);
  // Each pod starts by itself: init containers that are tried again once, in however many pods, only wait for something.
  if (!isInit(group) && byPod.length >= together * pods.size) return all;
  const count = Math.max(0, ...byPod.map((own) => own.count));
  return { count, uids: new Set(byPod.filter((own) => own.count === count).map(({ uid }) => uid)) };
}

function isInit({ members }: ContainerGroup): boolean {
  return members.some(({ container }) => container.role === 'init');
}

/** Of pods that are gone the records remain. */
function lastRecord(group: ContainerGroup, { window, at }: Pick<View, 'window' | 'at'>, within: number) {
  return window
    .terminations(group.key, at - within, at)
    .filter((record) => record.container === group.name)
    .at(-1);
}
