import { formatDuration, MINUTE } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { integer } from '../../base/schema/scalars.ts';
import { EVERYTHING, type Matcher } from '../model/matcher.ts';
import { isFinished } from '../model/pod.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { containerFacts, notes, plural } from './facts.ts';
import { mayMissIn } from './log-minutes.ts';
import type { ContainerGroup } from './subjects.ts';
import { besideMatcher } from './written/matcher-beside.ts';
import { countedLines, linesText, namedLines } from './written/matcher-type.ts';
import { wholeMinutes } from './written/whole-minutes.ts';

interface Spec {
  readonly matcher: Matcher;
  readonly within: number;
  readonly min_count: number;
}

const limits = object({ within: optional(wholeMinutes(), 30 * MINUTE), min_count: optional(integer(1), 1) });

/** A log that used to speak and is silent; matcher keys stand beside `within` and `min_count`. */
export const logAbsent: ConditionKind<Spec> = {
  kind: 'log_absent',
  description:
    'No line matches within the time although the log was read, and at least `min_count` lines matched in as long a time before; true until a line matches again.',
  type: besideMatcher(limits, 'a matcher with within and min_count, such as {level: info, within: 30m}', EVERYTHING),
  bind,
};

function bind(spec: Spec): Condition {
  const time = formatDuration(spec.within);
  return {
    kind: 'log_absent',
    judged: 'minute',
    about: 'logs',
    text: `no ${namedLines(spec.matcher)} within ${time}, after at least ${spec.min_count} in the ${time} before`,
    matchers: [spec.matcher],
    evidence: spec.matcher,
    reach: 2 * spec.within,
    threshold: null,
    unit: 'count',
    worst: 'lowest',
    phrase: ({ facts }) =>
      `no ${linesText(spec.matcher)} within ${time}; ${countedLines(spec.matcher, facts.count ?? 0)} in the ${time} before`,
    evaluate: (view) =>
      view.groups.flatMap((group) => group.containers.map((each) => explained(judgeContainer(each, view, spec), spec))),
  };
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
  if (count < spec.min_count)
    return { subject, verdict: isKnown(before.from, before.to) ? 'false' : 'unknown', value, facts: {} };
  const time = formatDuration(spec.within);
  const told = notes([
    `${countedLines(spec.matcher, count)} in the ${time} before, then none for ${formatDuration((to - silentFrom) * MINUTE)}`,
  ]);
  return { subject, verdict: 'true', value, facts: { count, ...told, ...containerFacts(group.members) } };
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
function explained(sample: Sample, { min_count }: Spec): Sample {
  const { verdict, value } = sample;
  if (verdict === 'true') return sample;
  if (verdict === 'unknown') return { ...sample, clause: 'unknown data: not every minute since it spoke was seen' };
  if (value !== null && value > 0) return { ...sample, clause: `it speaks: ${plural(value, 'line')} within the time` };
  return {
    ...sample,
    clause: `min_count: before the silence fewer than ${plural(min_count, 'line')}, or no container that was there`,
  };
}
