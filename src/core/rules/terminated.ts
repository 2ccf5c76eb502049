import { formatDuration, HOUR, humanDuration, SECOND } from '../../base/duration.ts';
import { type Glob, matchesAny } from '../../base/glob.ts';
import { oneOrMany } from '../../base/schema/collections.ts';
import { object, optional } from '../../base/schema/object.ts';
import { duration, glob, integer, onlyTrue } from '../../base/schema/scalars.ts';
import type { TerminationRecord } from '../model/cycle.ts';
import type { WorkloadKey } from '../model/workload.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { containerFacts, endedFacts, endFacts, memoryLimit, newestFirst, notes, plural } from './evaluation/facts.ts';
import { pastRecords } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { killBehind } from './probe-kill.ts';

const OOM_KILLED = 'OOMKilled';
/** Kills by a probe that come closer are told by rules on their events. */
const KILLS_APART = HOUR;
/** What dies now and then has recovered once it has run for so many times as long as it does on average between two of its ends. */
const RESTED_BY = 3;
const RESTED = `it has run for more than ${RESTED_BY} times as long as on average between its ends`;

interface Spec {
  readonly reasons: readonly Glob[] | null;
  readonly exit_codes: readonly number[] | null;
  readonly count: number;
  readonly within: number;
  readonly one_pod: true | null;
  readonly apart: number | null;
}

/** Ends of container instances of a kind, each counted once, by its `finishedAt`. */
export const terminated: ConditionKind<Spec> = {
  kind: 'terminated',
  description:
    'At least `count` containers ended within the time with one of the reasons (globs; `Init:REASON` for init containers) and one of the exit codes; without either, with any exit code but 0. With `one_pod` only those of one pod count together. With `apart` only single ends of one pod count: with no other within that time before or after, kills by a probe with no other within an hour, and none once the pod has run for three times as long as it does on average between them.',
  type: object({
    reasons: optional(oneOrMany(glob(), 1), null),
    exit_codes: optional(oneOrMany(integer(0, 255), 1), null),
    count: optional(integer(1), 1),
    within: optional(duration(SECOND), HOUR),
    one_pod: optional(onlyTrue(), null),
    apart: optional(duration(SECOND), null),
  }),
  bind: (spec) => ({
    kind: 'terminated',
    judged: 'state',
    about: 'pods',
    text: `at least ${plural(spec.count, 'termination')} (${describe(spec)}) within ${formatDuration(spec.within)}${spreadText(spec)}`,
    matchers: [],
    evidence: null,
    threshold: spec.count,
    unit: 'count',
    steady: { records: spec.apart === null ? ['terminations'] : ['terminations', 'events'], within: spec.within },
    ...(spec.apart === null ? {} : { normalEvents: ['Killing'] }),
    withThreshold: (count) => terminated.bind({ ...spec, count: Math.max(1, Math.ceil(count)) }),
    phrase: ({ value, facts: { count = 0, ...facts } }) =>
      `${facts.reason ?? 'ended'} ${(value ?? count) === 1 ? 'once' : `${value ?? count} times`} within ${formatDuration(spec.within)}` +
      // Of what the kernel ends, the code says nothing more: the shell around it may even end with 0.
      (facts.exit_code === undefined || facts.reason === OOM_KILLED ? '' : `, exit code ${facts.exit_code}`),
    past: (view) => ({
      what: `ends (${describe(spec)}) in ${humanDuration(spec.within)}`,
      unit: 'count',
      ...pastRecords(view, spec.within, (at) => endsOf(view.container, { ...view, at }, spec).counted.length),
    }),
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec))),
  }),
};

interface Ends {
  /** Those that count, oldest first. */
  readonly counted: readonly TerminationRecord[];
  /** What died now and then has run for long since. */
  readonly hasRested: boolean;
}

/** The container's ends at a moment. */
function endsOf(
  name: string,
  { key, window, at, selection }: Pick<View, 'window' | 'at' | 'selection'> & { readonly key: WorkloadKey },
  spec: Spec,
): Ends {
  const { apart } = spec;
  const since = at - spec.within;
  const reach = apart === null ? 0 : Math.max(apart, KILLS_APART);
  const ends = window.terminations(key, since - reach, at, selection).filter(({ container }) => container === name);
  if (apart === null) {
    const all = { counted: ends.filter((record) => isOfKind(record, spec)), hasRested: false };
    return spec.one_pod === null ? all : mostOf(byPod(all.counted).map((counted) => ({ ...all, counted })));
  }
  if (ends.length < spec.count) return NONE;
  const single = byPod(ends).map((own): Ends => {
    const far = new Set(alone(own, reach));
    const isCounted = (end: TerminationRecord) =>
      killBehind(end, { key, name, uids: new Set([end.uid]) }, { window, at }) === null ? isOfKind(end, spec) : far.has(end);
    const counted = alone(own, apart).filter((end) => end.at > since && isCounted(end));
    return { counted, hasRested: at - (own.at(-1)?.at ?? at) > RESTED_BY * meanGap(counted) };
  });
  const ongoing = single.filter(({ counted, hasRested }) => counted.length > 0 && !hasRested);
  return mostOf(ongoing.length > 0 ? ongoing : single);
}

const NONE: Ends = { counted: [], hasRested: false };

function byPod(ends: readonly TerminationRecord[]): readonly (readonly TerminationRecord[])[] {
  return [...Map.groupBy(ends, ({ uid }) => uid).values()];
}

function mostOf(pods: readonly Ends[]): Ends {
  return pods.reduce((most, each) => (each.counted.length > most.counted.length ? each : most), NONE);
}

function meanGap(ends: readonly TerminationRecord[]): number {
  const [first, last] = [ends[0], ends.at(-1)];
  return first === undefined || last === undefined || first === last
    ? Number.POSITIVE_INFINITY
    : (last.at - first.at) / (ends.length - 1);
}

/** Those of one pod, in the order of time, that have no other within `apart` ms before or after. */
function alone(ends: readonly TerminationRecord[], apart: number): readonly TerminationRecord[] {
  return ends.filter(({ at }, index) => {
    const [before, after] = [ends[index - 1], ends[index + 1]];
    return (before === undefined || at - before.at >= apart) && (after === undefined || after.at - at >= apart);
  });
}

function judgeContainer(group: ContainerGroup, view: View, spec: Spec): Sample {
  const { counted: found, hasRested } = endsOf(group.name, { ...view, key: group.key }, spec);
  const count = found.length;
  const newest = found.at(-1);
  // Time alone brings that: it is seen with the next state.
  if (hasRested) return { subject: group.subject, verdict: 'false', value: null, facts: {}, clause: RESTED };
  if (newest === undefined || count < spec.count)
    return { subject: group.subject, verdict: 'false', value: count, facts: { count } };
  const pods = new Set(found.map((record) => record.uid));
  const kill = spec.apart === null ? null : killBehind(newest, { key: group.key, name: group.name, uids: pods }, view);
  const members = newestFirst(group.members.filter((member) => pods.has(member.pod.uid)));
  return {
    subject: group.subject,
    verdict: 'true',
    value: count,
    lastAt: newest.at,
    facts: {
      count,
      ...endFacts(newest),
      ...(kill === null ? {} : { reason: kill }),
      ...(members.length > 0 ? containerFacts(members) : endedFacts(newest)),
      ...notes([
        newest.reason === OOM_KILLED ? memoryLimit(members.map((member) => member.container)) : '',
        ...found.map((record) => record.message),
      ]),
    },
  };
}

function spreadText({ apart, one_pod }: Spec): string {
  if (apart !== null) return `, of one pod and ${formatDuration(apart)} apart`;
  return one_pod === null ? '' : ', of one pod';
}

function isOfKind(record: TerminationRecord, { reasons, exit_codes }: Spec): boolean {
  if (reasons === null && exit_codes === null) return record.exitCode !== 0;
  const byReason =
    reasons === null ||
    matchesAny(reasons, record.reason) ||
    (record.init === true && matchesAny(reasons, `Init:${record.reason}`));
  return byReason && (exit_codes === null || exit_codes.includes(record.exitCode));
}

function describe({ reasons, exit_codes }: Spec): string {
  if (reasons === null && exit_codes === null) return 'exit code not 0';
  return [
    ...(reasons === null ? [] : [reasons.map((reason) => reason.source).join(' or ')]),
    ...(exit_codes === null ? [] : [`exit code ${exit_codes.join(' or ')}`]),
  ].join(', ');
}
