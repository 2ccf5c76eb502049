import { DAY, formatDuration, humanDuration, MINUTE, SECOND } from '../../base/duration.ts';
import { type Glob, matchesAny } from '../../base/glob.ts';
import { oneOrMany } from '../../base/schema/collections.ts';
import { object, optional } from '../../base/schema/object.ts';
import { choice, duration, glob, integer, onlyTrue } from '../../base/schema/scalars.ts';
import { MOST_PODS } from '../model/alert.ts';
import type { ClusterEvent } from '../model/cycle.ts';
import { isSurelyGone, objectsOf } from '../model/objects/object-reading.ts';
import { selectsObject } from '../model/selector.ts';
import { type Workload, workloadKey } from '../model/workload.ts';
import type { Condition, ConditionKind, Sample, Subject, View } from './condition.ts';
import { plainMessage } from './evaluation/cause-text.ts';
import { notes, plural, podFacts } from './evaluation/facts.ts';
import { pastRecords } from './evaluation/past.ts';

interface Spec {
  readonly reasons: readonly Glob[] | null;
  readonly types: readonly ('Normal' | 'Warning')[];
  readonly above: number;
  readonly within: number;
  readonly pending: true | null;
}

/** Kubernetes events, counted by the rises of their counts. */
export const event: ConditionKind<Spec> = {
  kind: 'event',
  description:
    'More than `above` events with one of the reasons (globs) and types happened to a workload, or to an object that is none, within the time; with `pending` only events of pods that have not started count, those of each pod on its own.',
  type: object({
    reasons: optional(oneOrMany(glob(), 1), null),
    types: optional(oneOrMany(choice('Normal', 'Warning'), 1), ['Warning']),
    above: optional(integer(0), 0),
    within: optional(duration(SECOND), 10 * MINUTE),
    pending: optional(onlyTrue(), null),
  }),
  bind,
};

function bind(spec: Spec): Condition {
  const { reasons, above, within, pending } = spec;
  const names = reasons?.map((reason) => reason.source).join(', ');
  const what = `${names === undefined ? '' : `${names} `}events${pending === null ? '' : ' of a pod that has not started'}`;
  return {
    kind: 'event',
    judged: 'state',
    about: 'pods',
    text: `more than ${above} ${what} within ${formatDuration(within)}`,
    matchers: [],
    evidence: null,
    threshold: above,
    withThreshold: (other) => bind({ ...spec, above: other }),
    unit: 'count',
    steady: { records: ['events', 'restarts'], within },
    normalEvents: normalEvents(spec),
    countsEvent: (type, reason) => isCounted(spec, type, reason),
    phrase: ({ value, facts: { reason, notes: [first] = [] } }) => {
      const often = value === 1 ? 'once' : plural(value ?? 0, 'time');
      return `${reason ?? 'events'} ${often} within ${formatDuration(within)}${first === undefined ? '' : `: ${first}`}`;
    },
    past: (view) => {
      const { window, key } = view;
      const countAt = (at: number) =>
        window
          .events(key, at - within, at)
          .filter(({ type, reason }) => isCounted(spec, type, reason))
          .reduce((sum, { count }) => sum + count, 0);
      // How many of them were of one pod that had not started is not known later.
      if (pending !== null) return null;
      return { what: `events in ${humanDuration(within)}`, unit: 'count', ...pastRecords(view, within, countAt) };
    },
    evaluate: (view) => {
      const isUnread = unreadIn(view);
      return subjects(view).flatMap((each) => judgeSubject(each, { view, isUnread }, spec) ?? []);
    },
  };
}

/** Which Normal events are to be read: those of the reasons, or all where a glob could mean any. */
function normalEvents({ types, reasons }: Spec): readonly string[] | 'all' {
  if (!types.includes('Normal')) return [];
  return reasons === null || reasons.some((reason) => !reason.literal) ? 'all' : reasons.map((reason) => reason.source);
}

interface EventSubject {
  readonly workload: Workload;
  readonly subject: Subject;
}

/** The workloads that the selection takes, and whatever else has had events. */
function subjects({ groups, sample, window, selection }: View): readonly EventSubject[] {
  if (sample === null) return [];
  const others = window.eventOwners().filter((owner) => !sample.byWorkload.has(workloadKey(owner)));
  return [
    ...groups.map(({ workload, subject }): EventSubject => ({ workload, subject })),
    ...others
      .filter(({ namespace, kind, name: workload }) => {
        const node = kind === 'Node' ? { node: workload } : {};
        return selectsObject(selection, { namespace: kind === 'Node' ? '' : namespace, kind, workload, ...node });
      })
      .map((workload): EventSubject => ({ workload, subject: subjectOf(workload) })),
  ];
}

function subjectOf({ namespace, kind, name: workload }: Workload): Subject {
  return kind === 'Node' ? { kind, workload, node: workload } : { namespace, kind, workload };
}

/** `null` for an object that is gone. */
function judgeSubject(
  { workload, subject }: EventSubject,
  { view, isUnread }: { readonly view: View; readonly isUnread: (namespace: string) => boolean },
  spec: Spec,
): Sample | null {
  const { window, at, sample } = view;
  const happened = window.events(workloadKey(workload), at - spec.within, at);
  const few = (count: number): Sample => {
    if (isUnread(workload.namespace)) return { subject, verdict: 'unknown', value: null, facts: { count } };
    const doubt = goesOnUntold(workload, view, spec) ? UNTOLD : isStillWithoutPods(workload, view, spec) ? WITHOUT_PODS : null;
    if (doubt === null) return { subject, verdict: 'false', value: count, facts: { count } };
    return { subject, verdict: 'unknown', value: null, facts: { count }, clause: doubt };
  };
  if (happened.length === 0) return few(0);
  const all = happened.filter(({ type, reason }) => isCounted(spec, type, reason));
  const chosen = ofWhatExists(all, view);
  if (chosen.length < all.length && chosen.length === 0 && isSurelyGone(sample?.objects ?? null, workload)) return null;
  const found = chosen.length > 0 && hasLeft(workload, view) ? chosen.filter(({ kind }) => kind !== 'Pod') : chosen;
  const counted = spec.pending === null ? found : worstPending(found, view, workload);
  const count = counted.reduce((sum, each) => sum + each.count, 0);
  if (count <= spec.above) return few(count);
  const newest = counted.at(-1);
  const names = new Set(counted.filter(({ kind }) => kind === 'Pod').map(({ name }) => name));
  const pods = (sample?.byWorkload.get(workloadKey(workload)) ?? []).filter(({ name }) => names.has(name));
  return {
    subject,
    verdict: 'true',
    value: count,
    ...(newest === undefined ? {} : { lastAt: newest.at }),
    facts: {
      count,
      ...(newest === undefined ? {} : { reason: newest.reason }),
      ...(pods.length > 0 ? podFacts(pods) : names.size > 0 ? { pods: [...names].slice(0, MOST_PODS) } : {}),
      ...notes(counted.toReversed().map(({ message }) => plainMessage(message))),
    },
  };
}

const UNTOLD = 'unknown data: a pod that they came of restarts on, and of one pod the kubelet tells only some events';

/**
 * Whether pods that had more of the events than the threshold restart on. The kubelet tells some 25 events of a pod at once, and then one in five
 * minutes, of whatever kind: that it says no more of these is not their end.
 */
function goesOnUntold(workload: Workload, { window, at, selection }: View, spec: Spec): boolean {
  const key = workloadKey(workload);
  const restarted = new Set(window.restarts(key, at - spec.within, at, selection).map(({ uid }) => uid));
  if (restarted.size === 0 || spec.pending !== null) return false;
  const events = window.events(key, at - DAY, at);
  return exceeds(
    events.filter(({ kind, objectUid }) => kind === 'Pod' && restarted.has(objectUid)),
    spec,
  );
}

const WITHOUT_PODS = 'unknown data: the job that they came of has no pods yet, and its controller tells only some events';

/** Whether a Job that had more of the events than the threshold still has none of the pods that it wants: that no more come is not their end. */
function isStillWithoutPods({ namespace, kind, name }: Workload, { window, at, sample }: View, spec: Spec): boolean {
  const key = workloadKey({ namespace, kind, name });
  if (kind !== 'Job' || sample === null || sample.objects === null || sample.byWorkload.has(key)) return false;
  const wants = objectsOf(sample.objects, 'Job').some(
    (job) => workloadKey(job.workload) === key && job.state === 'running' && !job.suspended,
  );
  if (!wants) return false;
  const events = window.events(key, at - DAY, at);
  return exceeds(
    events.filter((each) => each.kind === 'Job'),
    spec,
  );
}

/** Whether these events, as far as they count, are more than the threshold. */
function exceeds(events: readonly ClusterEvent[], spec: Spec): boolean {
  const counted = events.filter(({ type, reason }) => isCounted(spec, type, reason));
  return counted.reduce((sum, { count }) => sum + count, 0) > spec.above;
}

/** What happened to an object is over with it: a Job that was refused its pods and deleted. What was made since the list is not in that. */
function ofWhatExists(events: readonly ClusterEvent[], { sample }: View): readonly ClusterEvent[] {
  if (sample === null || sample.objects === null) return events;
  const { objects, listedAt } = sample;
  const byObject = Map.groupBy(events, ({ kind, name }) => `${kind}/${name}`);
  const gone = new Set(
    [...byObject].flatMap(([key, [first]]) => (first !== undefined && isSurelyGone(objects, first) ? [key] : [])),
  );
  return gone.size === 0 ? events : events.filter(({ kind, name, at }) => at > listedAt || !gone.has(`${kind}/${name}`));
}

/** What happened to its pods is over with them where a workload has none any more, such as after it was deleted; jobs have none between runs. */
function hasLeft(workload: Workload, { sample, window }: View): boolean {
  const { namespace, kind, name } = workload;
  if (sample === null || kind === 'Job' || kind === 'CronJob') return false;
  if (!sample.namespaces.has(namespace) || sample.byWorkload.has(workloadKey(workload))) return false;
  return window.workloads().some(({ workload: known }) => {
    return known.namespace === namespace && known.kind === kind && known.name === name;
  });
}

function isCounted({ types, reasons }: Spec, type: string, reason: string): boolean {
  return types.some((each) => each === type) && (reasons === null || matchesAny(reasons, reason));
}

/** The events of the pod that has most, among those that have not started: one that runs by now is over whatever held it up. */
function worstPending(found: readonly ClusterEvent[], { sample }: View, workload: Workload): readonly ClusterEvent[] {
  if (found.length === 0) return found;
  const pods = sample?.byWorkload.get(workloadKey(workload)) ?? [];
  const waiting = new Set(pods.filter((pod) => pod.phase === 'Pending' && pod.deletedAt === null).map(({ uid }) => uid));
  const byPod = Map.groupBy(
    found.filter(({ objectUid }) => waiting.has(objectUid)),
    ({ objectUid }) => objectUid,
  );
  const sum = (events: readonly ClusterEvent[]) => events.reduce((total, { count }) => total + count, 0);
  return [...byPod.values()].toSorted((a, b) => sum(b) - sum(a))[0] ?? [];
}

/** Where the collection that the state comes from could not list the events: none seen means nothing there. */
function unreadIn({ window, sample }: View): (namespace: string) => boolean {
  const errors = window.cycles
    .findLast(({ id }) => id === sample?.cycle)
    ?.errors.filter(({ source }) => source === 'events')
    .map(({ namespace }) => namespace);
  return (namespace) => errors === undefined || errors.some((unread) => unread === null || unread === namespace);
}
