import { MINUTE } from '../../base/duration.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { integer, percentage } from '../../base/schema/scalars.ts';
import { EVERYTHING, type Matcher } from '../model/matcher.ts';
import type { MinuteCounts } from '../model/window/window.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { writerFacts } from './evaluation/facts.ts';
import { lookAt, sees } from './evaluation/log-minutes.ts';
import { type Past, type PastView, pastMinutes } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { formatValue } from './evaluation/value-text.ts';
import { linesText, matcher, matcherText } from './written/matcher-type.ts';
import { type MinuteCount, minutesOf } from './written/minutes-type.ts';

interface Spec {
  readonly errors: Matcher;
  readonly of: Matcher;
  readonly above: number;
  readonly min_count: number;
  readonly minutes: MinuteCount;
}

/** The share of lines that are errors, minute by minute. */
export const errorRatio: ConditionKind<Spec> = {
  kind: 'error_ratio',
  description:
    'In at least N of the last M minutes the share of lines that match `errors` among those that match `of` is above the percentage; a minute with fewer than `min_count` lines is no data.',
  type: object({
    errors: required(matcher()),
    of: optional(matcher(), EVERYTHING),
    above: required(percentage()),
    min_count: optional(integer(1), 20),
    minutes: optional(minutesOf(), { bad: 1, of: 1 }),
  }),
  bind,
};

function bind(spec: Spec): Condition {
  const share = `${matcherText(spec.errors)} lines above ${formatValue(spec.above, 'ratio')}`;
  const whole = spec.of.kind === 'everything' ? '' : ` of ${linesText(spec.of)}`;
  // Of answers, people say so: `20% answers with status 5xx`.
  const found = spec.of.kind === 'any_status' ? linesText(spec.errors, 'answers') : `${linesText(spec.errors)}${whole}`;
  const span = spec.minutes.of === 1 ? 'a minute' : `${spec.minutes.bad} of ${spec.minutes.of} minutes`;
  return {
    kind: 'error_ratio',
    judged: 'minute',
    about: 'logs',
    text: `${share}${whole} (min ${spec.min_count} lines) in ${span}`,
    matchers: [spec.errors, spec.of],
    evidence: spec.errors,
    reach: spec.minutes.of * MINUTE,
    threshold: spec.above,
    withThreshold: (above) => bind({ ...spec, above }),
    unit: 'ratio',
    phrase: ({ value }) =>
      `${value === null ? '-' : formatValue(value, 'ratio')} ${found} (threshold ${formatValue(spec.above, 'ratio')})`,
    mayComeTrue: (group, view, until) => mayComeTrue(group, view, { until, spec }),
    past: (view) => pastShares(view, spec),
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec))),
  };
}

/** The share of every minute, and not of the bad ones alone. */
function pastShares(view: PastView, { errors, of, min_count, minutes }: Spec): Past | null {
  const { window, key, container, selection, begin } = view;
  const [bad, all] = [errors, of].map((matcher) => window.counts(key, container, matcher, selection));
  if (bad == null || all == null) return null;
  const share = (from: number, to: number) => {
    const lines = all.between(from, to);
    return lines < min_count || !bad.isWhole(from, to) || !all.isWhole(from, to) ? null : bad.between(from, to) / lines;
  };
  // The minutes that made it true are not of the time before.
  const before = { ...view, begin: begin - (minutes.of - 1) * MINUTE };
  return { what: `share of ${linesText(errors)} in a minute`, unit: 'ratio', ...pastMinutes(before, MINUTE, share) };
}

/** Whether there are enough bad minutes at all. */
function mayComeTrue(
  { key, name }: ContainerGroup,
  { window, at, selection }: View,
  { until, spec }: { readonly until: number; readonly spec: Spec },
): boolean {
  const errors = window.counts(key, name, spec.errors, selection);
  const all = window.counts(key, name, spec.of, selection);
  if (errors === null || all === null) return false;
  const [from, to] = [Math.floor(at / MINUTE) - spec.minutes.of, Math.floor(until / MINUTE)];
  // A bad minute has an error at least.
  if (errors.between(from, to) < spec.minutes.bad) return false;
  let bad = 0;
  for (let minute = from; minute < to && bad < spec.minutes.bad; minute++) {
    const found = errors.at(minute);
    if (found > 0 && isBad(found, all.at(minute), spec)) bad++;
  }
  return bad >= spec.minutes.bad;
}

function isBad(errors: number, lines: number, { min_count, above }: Spec): boolean {
  return lines >= min_count && errors / lines > above;
}

function judgeContainer(group: ContainerGroup, { window, at, selection }: View, spec: Spec): Sample {
  const errors = window.counts(group.key, group.name, spec.errors, selection);
  const all = window.counts(group.key, group.name, spec.of, selection);
  // The rule is newer than the window: it is judged once its lines are counted.
  if (errors === null || all === null)
    return { subject: group.subject, verdict: 'unknown', value: null, facts: {}, clause: 'its lines are not counted yet' };
  const to = Math.floor(at / MINUTE);
  const from = to - spec.minutes.of;
  const mayMiss = lookAt(group, window, { from, to });
  if (mayMiss === sees && errors.between(from, to) === 0 && errors.isWhole(from, to) && all.isWhole(from, to))
    return withoutErrors(group, { all, from, to }, spec);
  const areCounted = (minute: number, end = minute + 1) => errors.isWhole(minute, end) && all.isWhole(minute, end);
  const isWhole = areCounted(from, to);
  const bad = { minutes: 0, errors: 0, lines: 0, last: from };
  let doubtful = 0;
  let newest = 0;
  let latest: number | null = null;
  for (let minute = from; minute < to; minute++) {
    const lines = all.at(minute);
    newest = lines;
    const ratio = lines >= spec.min_count ? errors.at(minute) / lines : null;
    if (ratio !== null && ratio > spec.above) {
      bad.minutes++;
      bad.errors += errors.at(minute);
      bad.lines += lines;
      bad.last = minute;
    } else if (mayMiss(minute) || !(isWhole || areCounted(minute))) doubtful++;
    if (ratio !== null) latest = ratio;
  }
  const verdict = bad.minutes >= spec.minutes.bad ? 'true' : bad.minutes + doubtful >= spec.minutes.bad ? 'unknown' : 'false';
  if (verdict !== 'true') {
    const clause = whyNot(spec, { bad: bad.minutes, doubtful, newest });
    return { subject: group.subject, verdict, value: latest, facts: {}, ...(clause === null ? {} : { clause }) };
  }
  return {
    subject: group.subject,
    verdict,
    // Over the bad minutes together: quiet ones between them would hide what is wrong.
    value: bad.errors / bad.lines,
    facts: { count: bad.errors, ...writerFacts(group.members) },
    lastAt: (bad.last + 1) * MINUTE,
  };
}

/** What nearly every judgement finds: everything was seen, and nothing in it was an error. */
function withoutErrors(
  { subject }: ContainerGroup,
  { all, from, to }: { readonly all: MinuteCounts; readonly from: number; readonly to: number },
  spec: Spec,
): Sample {
  const newest = all.at(to - 1);
  if (newest >= spec.min_count) return { subject, verdict: 'false', value: 0, facts: {} };
  let minute = to - 2;
  while (minute >= from && all.at(minute) < spec.min_count) minute--;
  const clause = whyNot(spec, { bad: 0, doubtful: 0, newest });
  return { subject, verdict: 'false', value: minute < from ? null : 0, facts: {}, ...(clause === null ? {} : { clause }) };
}

interface Looked {
  readonly bad: number;
  readonly doubtful: number;
  /** Lines in the newest minute. */
  readonly newest: number;
}

/** `null` where the newest share is simply not above the threshold. */
function whyNot({ min_count, minutes }: Spec, { bad, doubtful, newest }: Looked): string | null {
  if (bad + doubtful >= minutes.bad) return `unknown data: ${doubtful} minutes could not be seen`;
  if (bad > 0) return `minutes: ${bad} of ${minutes.bad} bad ones`;
  return newest < min_count ? `min_count: ${newest} of ${min_count} lines in the newest minute` : null;
}
