import { formatDuration, MINUTE, SECOND } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { duration, integer } from '../../base/schema/scalars.ts';
import type { Facts } from '../model/alert.ts';
import { lastCause } from './cause-text.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { containerFacts, endedFacts, endFacts, memoryLimit, newestEnd, newestFirst, notes, plural } from './facts.ts';
import { pastRestarts } from './past.ts';
import { FAILED_HOOK, killBehind } from './probe-kill.ts';
import { countRestarts } from './restart-count.ts';
import type { ContainerGroup } from './subjects.ts';

const NEVER_RAN: ReadonlySet<string> = new Set(['StartError', 'ContainerCannotRun']);

interface Spec {
  readonly restarts: number;
  readonly within: number;
}

/** A container restarts again and again; sampling misses most moments of CrashLoopBackOff, so restarts count as well (kubernetes.md section 4.4). */
export const crashLoop: ConditionKind<Spec> = {
  kind: 'crash_loop',
  description: 'Waiting in CrashLoopBackOff, or at least that many restarts within the time, whatever the exit code.',
  type: object({ restarts: optional(integer(1), 2), within: optional(duration(SECOND), 30 * MINUTE) }),
  bind: (spec) => ({
    kind: 'crash_loop',
    judged: 'state',
    about: 'pods',
    text: `CrashLoopBackOff, or at least ${plural(spec.restarts, 'restart')} within ${formatDuration(spec.within)}`,
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
          ? 'waiting in CrashLoopBackOff'
          : `crash looping, ${plural(value ?? 0, 'restart')} within ${formatDuration(spec.within)}`,
        ...howItEnds(facts),
      ].join(', '),
    past: pastRestarts(spec.within),
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec))),
  }),
};

function howItEnds({ reason, exit_code: code, notes: [message] = [] }: Facts): readonly string[] {
  // What never ran has no exit code of its own: the text says why it could not be started.
  if (reason !== undefined && NEVER_RAN.has(reason) && message !== undefined) return [reason, lastCause(message)];
  return [...(reason === undefined ? [] : [reason]), ...(code === undefined ? [] : [`exit code ${code}`])];
}

function judgeContainer(group: ContainerGroup, view: View, { restarts, within }: Spec): Sample {
  const { window, at, selection } = view;
  const increases = window
    .restarts(group.key, at - within, at, selection)
    .filter((increase) => increase.container === group.name);
  const count =
    increases.length === 0 ? 0 : countRestarts(increases, within, window.terminations(group.key, at - within, at, selection));
  const looping = group.members.filter(({ pod, container }) => {
    return pod.deletedAt === null && container.state.kind === 'waiting' && container.state.reason === 'CrashLoopBackOff';
  });
  if (looping.length === 0 && count < restarts)
    return { subject: group.subject, verdict: 'false', value: count, facts: { count } };
  const uids = new Set(increases.map((increase) => increase.uid));
  const concerned = newestFirst(group.members.filter((member) => looping.includes(member) || uids.has(member.pod.uid)));
  const record = lastRecord(group, { window, at }, within);
  const end = newestEnd(concerned.map((member) => member.container)) ?? record;
  const ended = new Set(concerned.length > 0 ? concerned.map(({ pod }) => pod.uid) : [record?.uid ?? '']);
  const kill = end === undefined ? null : killBehind(end, { ...group, uids: ended }, view);
  return {
    subject: group.subject,
    verdict: 'true',
    value: count,
    facts: {
      count,
      // The pods that crashed may have been replaced: those that are there now have nothing to do with it.
      ...(concerned.length > 0 || record === undefined
        ? containerFacts(concerned.length > 0 ? concerned : group.members)
        : endedFacts(record)),
      ...(looping.length > 0 ? { reason: 'CrashLoopBackOff' } : {}),
      ...endFacts(end),
      ...(kill === null ? {} : { reason: kill }),
      // The wait's own message only says how long the back-off is by now.
      ...notes([end?.message ?? '', end?.reason === 'OOMKilled' ? memoryLimit(concerned.map((member) => member.container)) : '']),
    },
  };
}

/** Of pods that are gone the records remain. */
function lastRecord(group: ContainerGroup, { window, at }: Pick<View, 'window' | 'at'>, within: number) {
  return window
    .terminations(group.key, at - within, at)
    .filter((record) => record.container === group.name)
    .at(-1);
}
