import { DAY, formatDuration, MINUTE } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { integer, number } from '../../base/schema/scalars.ts';
import { EVERYTHING, type Matcher } from '../model/matcher.ts';
import { isFinished } from '../model/pod.ts';
import type { MinuteCounts, Window } from '../model/window/window.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { notes, plural, writerFacts } from './evaluation/facts.ts';
import { mayMissIn } from './evaluation/log-minutes.ts';
import { pastLines } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { besideMatcher } from './written/matcher-beside.ts';
import { countedLines, linesText, namedLines } from './written/matcher-type.ts';
import { wholeMinutes } from './written/whole-minutes.ts';

interface Spec {
  readonly matcher: Matcher;
  readonly within: number;
  readonly min_count: number;
  /** So many lines do where all of `against` was seen; `null` for none less. */
  readonly steady_count: number | null;
  readonly factor: number;
  /** `null`: any silence of that length counts. */
  readonly against: number | null;
}

const limits = object({
  within: optional(wholeMinutes(), 30 * MINUTE),
  min_count: optional(integer(1), 1),
  steady_count: optional(integer(1), null),
  factor: optional(number(1), 4),
  against: optional(wholeMinutes(), null),
});

/** A log that used to speak and is silent; matcher keys stand beside `within` and `min_count`. */
export const logAbsent: ConditionKind<Spec> = {
  kind: 'log_absent',
  description:
    'No line matches within the time although the log was read, and at least `min_count` lines matched in as long a time before; true until a line matches again. With `against` the log must also have spoken for as long a time in all, and the silence last `factor` times the longest pause of that time: for logs that come in batches or rest at night; where all of that time was seen, `steady_count` lines do.',
  type: besideMatcher(limits, 'a matcher with within and min_count, such as {level: info, within: 30m}', EVERYTHING),
  bind,
};

function bind(spec: Spec): Condition {
  const time = formatDuration(spec.within);
  return {
    kind: 'log_absent',
    judged: 'minute',
    about: 'logs',
    text: `no ${namedLines(spec.matcher)} within ${time}, after at least ${spec.min_count} in the ${time} before${unusual(spec)}`,
    matchers: [spec.matcher],
    evidence: spec.matcher,
    showsLast: true,
    reach: 2 * spec.within,
    threshold: null,
    unit: 'count',
    worst: 'lowest',
    phrase: ({ facts }) =>
      `no ${linesText(spec.matcher)} within ${time}; ${countedLines(spec.matcher, facts.count ?? 0)} in the ${time} before`,
    mayComeTrue: ({ key, name }, { window, at, selection }, until) => {
      const counts = window.counts(key, name, spec.matcher, selection);
      // What speaks in the minutes that every one of the judgements looks at is silent at none.
      return counts !== null && counts.between(Math.floor((until - spec.within) / MINUTE), Math.floor(at / MINUTE)) === 0;
    },
    past: pastLines(spec.matcher, spec.within),
    evaluate: (view) =>
      view.groups.flatMap((group) => group.containers.map((each) => explained(judgeContainer(each, view, spec), spec))),
  };
}

function unusual({ factor, against, steady_count }: Spec): string {
  if (against === null) return '';
  const [times, time] = [`, ${factor} times as long as any pause in ${formatDuration(against)}`, formatDuration(against)];
  return steady_count === null ? times : ` (${steady_count} where ${time} were seen)${times}`;
}

function judgeContainer(group: ContainerGroup, { window, at, selection }: View, spec: Spec): Sample {
  const { subject, key, name } = group;
  const counts = window.counts(key, name, spec.matcher, selection);
  // The rule is newer than the window: it is judged once its lines are counted.
  if (counts === null) return { subject, verdict: 'unknown', value: null, facts: {} };
  const length = spec.within / MINUTE;
  const to = Math.floor(at / MINUTE);
  const value = counts.between(to - length, to);
  const newest = value > 0 ? null : counts.newest(to);
  if (newest === null) {
    // Nothing to miss: it speaks, or never did.
    const mayMiss = !counts.isWhole(0, to) || mayMissIn(group, window, { from: to - length, to });
    const isSilent = value === 0 && mayMiss;
    return { subject, verdict: isSilent ? 'unknown' : 'false', value, facts: {} };
  }
  const silentFrom = newest + 1;
  if (!mayBeMissed(group, { silentFrom, length, to })) return { subject, verdict: 'false', value, facts: {} };
  const isKnown = (from: number, end: number) => window.isSeen(key, name, { from, to: end }) && counts.isWhole(from, end);
  if (!isKnown(silentFrom, to)) return { subject, verdict: 'unknown', value, facts: {} };
  const before = { from: silentFrom - length, to: silentFrom };
  const count = counts.between(before.from, before.to);
  if (count < leastCount({ window, key, name }, { spec, to }))
    return { subject, verdict: isKnown(before.from, before.to) ? 'false' : 'unknown', value, facts: {} };
  const usual = spec.against === null ? 'no' : isUsual(group, { window, counts, spec }, { newest, to });
  if (usual === 'yes') return { subject, verdict: 'false', value, facts: {} };
  if (usual === 'unknown') return { subject, verdict: 'unknown', value, facts: {}, clause: UNKNOWN_DAY };
  const time = formatDuration(spec.within);
  const told = notes([
    `${countedLines(spec.matcher, count)} in the ${time} before, then none for ${formatDuration((to - silentFrom) * MINUTE)}`,
  ]);
  return { subject, verdict: 'true', value, facts: { count, ...told, ...writerFacts(group.members) } };
}

/** How many lines before the silence make it one. */
function leastCount(
  { window, key, name }: { readonly window: Window; readonly key: ContainerGroup['key']; readonly name: string },
  { spec: { min_count, steady_count, within, against }, to }: { readonly spec: Spec; readonly to: number },
): number {
  if (steady_count === null || against === null) return min_count;
  const looked = window.firstLook(key, name) ?? to;
  return looked - (to - against / MINUTE) < within / MINUTE ? steady_count : min_count;
}

const UNKNOWN_DAY = 'against: whether it rests at this time of the day has not been seen';

/**
 * Whether the log was known for too short a time, or paused for long enough before, that the silence since `newest` is nothing new. With a
 * day to compare with it is unknown where that day cannot be known: what rests for the night also did so at the hour at which the window begins.
 */
function isUsual(
  group: ContainerGroup,
  { window, counts, spec }: { readonly window: Window; readonly counts: MinuteCounts; readonly spec: Spec },
  { newest, to }: { readonly newest: number; readonly to: number },
): 'yes' | 'no' | 'unknown' {
  const { key, name } = group;
  const day = (spec.against ?? 0) / MINUTE;
  const start = to - day;
  const looked = window.firstLook(key, name) ?? start;
  const from = Math.max(start, looked);
  // What was before the first line of a log that is younger than that is no pause.
  const isOld = looked - start < spec.within / MINUTE;
  const silence = to - newest - 1;
  let [active, first, longest, cut] = [newest, newest, 0, 0];
  while (active > from) {
    const before = counts.newest(active);
    const isCut = before === null || before < from;
    if (isCut && !isOld) break;
    const end = isCut ? from - 1 : before;
    // Minutes that were not seen are no pause.
    const pause = window.isSeen(key, name, { from: end + 1, to: active }) ? active - end - 1 : 0;
    if (pause * spec.factor > silence) return 'yes';
    if (isCut) cut = pause;
    else longest = Math.max(longest, pause);
    if (isCut) break;
    [active, first] = [end, end];
  }
  if (newest + 1 - first < spec.within / MINUTE) return 'yes';
  if (day < DAY / MINUTE) return 'no';
  if (!isOld) return hasUnseenPast(group, looked, spec) ? 'unknown' : 'no';
  // While a silence lasts, the window leaves behind what the log did before it.
  return cut > longest || silence > day / spec.factor ? 'unknown' : 'no';
}

/** A container of it was there for longer than `within` before the log was first looked at: such as on the first day after an installation. */
function hasUnseenPast({ members }: ContainerGroup, looked: number, { within }: Spec): boolean {
  return members.some(({ pod }) => pod.createdAt < looked * MINUTE - within);
}

/**
 * Whether a container is there that could have spoken all the time, and was there when the log last spoke: one that a scale-up, or the next
 * run of a job, brings hours later is no silent one.
 */
function mayBeMissed(
  { members }: ContainerGroup,
  { silentFrom, length, to }: { readonly silentFrom: number; readonly length: number; readonly to: number },
): boolean {
  const latest = Math.min(to - length, silentFrom + length) * MINUTE;
  return members.some(
    ({ pod, container }) =>
      pod.createdAt <= latest && pod.deletedAt === null && !isFinished(pod) && container.state.kind !== 'terminated',
  );
}

/** With what decided: there is no threshold to compare with. */
function explained(sample: Sample, { min_count, against }: Spec): Sample {
  const { verdict, value } = sample;
  if (verdict === 'true' || sample.clause !== undefined) return sample;
  if (verdict === 'unknown') return { ...sample, clause: 'unknown data: not every minute since it spoke was seen' };
  if (value !== null && value > 0) return { ...sample, clause: `it speaks: ${plural(value, 'line')} within the time` };
  return {
    ...sample,
    clause: `min_count: before the silence fewer than ${plural(min_count, 'line')}, or no container that was there${against === null ? '' : ', or it pauses as long as ever'}`,
  };
}
