import { formatDuration, HOUR, humanDuration, SECOND } from '../../base/duration.ts';
import { type Glob, matchesAny } from '../../base/glob.ts';
import { oneOrMany } from '../../base/schema/collections.ts';
import { object, optional } from '../../base/schema/object.ts';
import { duration, glob, integer } from '../../base/schema/scalars.ts';
import type { TerminationRecord } from '../model/cycle.ts';
import type { WorkloadKey } from '../model/workload.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { containerFacts, endedFacts, endFacts, memoryLimit, newestFirst, notes, plural } from './facts.ts';
import { pastRecords } from './past.ts';
import { killBehind } from './probe-kill.ts';
import type { ContainerGroup } from './subjects.ts';

const OOM_KILLED = 'OOMKilled';

interface Spec {
  readonly reasons: readonly Glob[] | null;
  readonly exit_codes: readonly number[] | null;
  readonly count: number;
  readonly within: number;
  readonly apart: number | null;
}

/** Ends of container instances of a kind, each counted once, by its `finishedAt`. */
export const terminated: ConditionKind<Spec> = {
  kind: 'terminated',
  description:
    'At least `count` containers ended within the time with one of the reasons (globs; `Init:REASON` for init containers) and one of the exit codes; without either, with any exit code but 0. With `apart` only single ends count: of each pod on its own, with no other within that time before or after, and not brought about by a probe.',
  type: object({
    reasons: optional(oneOrMany(glob(), 1), null),
    exit_codes: optional(oneOrMany(integer(0, 255), 1), null),
    count: optional(integer(1), 1),
    within: optional(duration(SECOND), HOUR),
    apart: optional(duration(SECOND), null),
  }),
  bind: (spec) => ({
    kind: 'terminated',
    judged: 'state',
    about: 'pods',
    text: `at least ${plural(spec.count, 'termination')} (${describe(spec)}) within ${formatDuration(spec.within)}${
      spec.apart === null ? '' : `, of one pod and ${formatDuration(spec.apart)} apart`
    }`,
    matchers: [],
    evidence: null,
    threshold: spec.count,
    unit: 'count',
    steady: { records: spec.apart === null ? ['terminations'] : ['terminations', 'events'], within: spec.within },
    ...(spec.apart === null ? {} : { normalEvents: ['Killing'] }),
    withThreshold: (count) => terminated.bind({ ...spec, count: Math.max(1, Math.ceil(count)) }),
    phrase: ({ value, facts }) =>
      `${facts.reason ?? 'ended'} ${value === 1 ? 'once' : `${value ?? 0} times`} within ${formatDuration(spec.within)}` +
      // Of what the kernel ends, the code says nothing more: the shell around it may even end with 0.
      (facts.exit_code === undefined || facts.reason === OOM_KILLED ? '' : `, exit code ${facts.exit_code}`),
    past: (view) => ({
      what: `ends (${describe(spec)}) in ${humanDuration(spec.within)}`,
      unit: 'count',
      ...pastRecords(view, spec.within, (at) => endsOf(view.container, { ...view, at }, spec).length),
    }),
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec))),
  }),
};

/** The container's ends that count at a moment. */
function endsOf(
  name: string,
  { key, window, at, selection }: Pick<View, 'window' | 'at' | 'selection'> & { readonly key: WorkloadKey },
  spec: Spec,
): readonly TerminationRecord[] {
  const since = at - spec.within;
  const ends = window.terminations(key, since - (spec.apart ?? 0), at, selection).filter(({ container }) => container === name);
  if (spec.apart === null) return ends.filter((record) => isOfKind(record, spec));
  if (ends.length < spec.count) return [];
  const isCounted = (end: TerminationRecord) =>
    end.at > since && isOfKind(end, spec) && killBehind(end, { key, name, uids: new Set([end.uid]) }, { window, at }) === null;
  const byPod = [...Map.groupBy(ends, ({ uid }) => uid).values()];
  const single = byPod.map((own) => alone(own, spec.apart ?? 0).filter(isCounted));
  return single.reduce((most, each) => (each.length > most.length ? each : most), []);
}

/** Those of one pod, in the order of time, that have no other within `apart` ms before or after. */
function alone(ends: readonly TerminationRecord[], apart: number): readonly TerminationRecord[] {
  return ends.filter(({ at }, index) => {
    const [before, after] = [ends[index - 1], ends[index + 1]];
    return (before === undefined || at - before.at >= apart) && (after === undefined || after.at - at >= apart);
  });
}

function judgeContainer(group: ContainerGroup, view: View, spec: Spec): Sample {
  const found = endsOf(group.name, { ...view, key: group.key }, spec);
  const count = found.length;
  const newest = found.at(-1);
  if (newest === undefined || count < spec.count)
    return { subject: group.subject, verdict: 'false', value: count, facts: { count } };
  const pods = new Set(found.map((record) => record.uid));
  const members = newestFirst(group.members.filter((member) => pods.has(member.pod.uid)));
  return {
    subject: group.subject,
    verdict: 'true',
    value: count,
    lastAt: newest.at,
    facts: {
      count,
      ...endFacts(newest),
      ...(members.length > 0 ? containerFacts(members) : endedFacts(newest)),
      ...notes([
        newest.reason === OOM_KILLED ? memoryLimit(members.map((member) => member.container)) : '',
        ...found.map((record) => record.message),
      ]),
    },
  };
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
