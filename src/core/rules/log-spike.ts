import { formatDuration, HOUR, MINUTE } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { integer, number } from '../../base/schema/scalars.ts';
import { refine, type Type } from '../../base/schema/type.ts';
import { EVERYTHING, type Matcher } from '../model/matcher.ts';
import type { MinuteCounts, Window } from '../model/window/window.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { notes, writerFacts } from './evaluation/facts.ts';
import { mayMissIn } from './evaluation/log-minutes.ts';
import { pastLines } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { formatValue } from './evaluation/value-text.ts';
import { besideMatcher } from './written/matcher-beside.ts';
import { countedLines, linesText, namedLines } from './written/matcher-type.ts';
import { wholeMinutes } from './written/whole-minutes.ts';

interface Spec {
  readonly matcher: Matcher;
  readonly factor: number;
  readonly min_count: number;
  readonly within: number;
  readonly against: number;
}

const limits: Type<Omit<Spec, 'matcher'>> = refine(
  object({
    factor: optional(number(1), 3),
    min_count: optional(integer(1), 20),
    within: optional(wholeMinutes(), 10 * MINUTE),
    against: optional(wholeMinutes(), HOUR),
  }),
  (spec, fail) =>
    spec.against >= spec.within
      ? spec
      : fail(`expected "against" to be at least as long as "within" (${formatDuration(spec.within)})`, 'against'),
);

/** Of the earlier window at least this share must have been seen. */
const SEEN_SHARE = 0.5;

/** Many more matching lines than before; matcher keys stand beside the limits. */
export const logSpike: ConditionKind<Spec> = {
  kind: 'log_spike',
  description:
    'At least `min_count` lines match within the time, and at least `factor` times as many as on average in as long a time of the `against` window just before, of which at least half must have been seen.',
  type: besideMatcher(
    limits,
    'a matcher with factor, min_count, within and against, such as {level: error, factor: 5}',
    EVERYTHING,
  ),
  bind,
};

function bind(spec: Spec): Condition {
  const [time, before] = [formatDuration(spec.within), formatDuration(spec.against)];
  return {
    kind: 'log_spike',
    judged: 'minute',
    about: 'logs',
    text: `at least ${spec.min_count} ${namedLines(spec.matcher)} within ${time}, ${spec.factor} times the average of the ${before} before`,
    matchers: [spec.matcher],
    evidence: spec.matcher,
    reach: spec.within,
    threshold: spec.factor,
    withThreshold: (factor) => bind({ ...spec, factor }),
    unit: 'count',
    phrase: ({ value, facts }) =>
      `${countedLines(spec.matcher, facts.count ?? 0)} within ${time}, ${value === null ? '-' : formatValue(value, 'count')} times the usual (threshold ${spec.factor})`,
    mayComeTrue: ({ key, name }, { window, at, selection }, until) => {
      const counts = window.counts(key, name, spec.matcher, selection);
      const from = Math.floor((at - spec.within) / MINUTE);
      return counts !== null && counts.between(from, Math.floor(until / MINUTE)) >= spec.min_count;
    },
    past: pastLines(spec.matcher, spec.within),
    evaluate: (view) =>
      view.groups.flatMap((group) => group.containers.map((each) => explained(judgeContainer(each, view, spec), spec))),
  };
}

function judgeContainer(group: ContainerGroup, { window, at, selection }: View, spec: Spec): Sample {
  const { subject } = group;
  const counts = window.counts(group.key, group.name, spec.matcher, selection);
  // The rule is newer than the window: it is judged once its lines are counted.
  if (counts === null) return { subject, verdict: 'unknown', value: null, facts: {} };
  const to = Math.floor(at / MINUTE);
  const from = to - spec.within / MINUTE;
  const usual = usualCount(group, { window, counts }, { from: from - spec.against / MINUTE, to: from, length: to - from });
  if (usual === null) return { subject, verdict: 'unknown', value: null, facts: {} };
  const count = counts.between(from, to);
  const value = count / Math.max(1, usual);
  if (count < spec.min_count || value < spec.factor) {
    const isKnown = counts.isWhole(from, to) && !mayMissIn(group, window, { from, to });
    const verdict = isKnown ? 'false' : 'unknown';
    return { subject, verdict, value, facts: { count } };
  }
  const average = formatValue(usual, 'count');
  const told = notes([
    `in the ${formatDuration(spec.against)} before on average ${average} ${linesText(spec.matcher)} in ${formatDuration(spec.within)}`,
  ]);
  return { subject, verdict: 'true', value, facts: { count, ...told, ...writerFacts(group.members) } };
}

/**
 * How many lines matched on average in as long a time as is judged, over the minutes of the earlier window that were seen: a gap is no silence.
 * `null` while too few were.
 */
function usualCount(
  { key, name }: ContainerGroup,
  { window, counts }: { readonly window: Window; readonly counts: MinuteCounts },
  { from, to, length }: { readonly from: number; readonly to: number; readonly length: number },
): number | null {
  const first = Math.max(from, window.firstLook(key, name) ?? to);
  const enough = (to - from) * SEEN_SHARE;
  if (to - first < enough) return null;
  const isWhole = counts.isWhole(first, to);
  if (isWhole && window.isSeen(key, name, { from: first, to })) return (counts.between(first, to) * length) / (to - first);
  let [seen, count] = [0, 0];
  for (let minute = first; minute < to; minute++) {
    if (window.coverage(key, name, minute) !== 'seen' || !(isWhole || counts.isWhole(minute, minute + 1))) continue;
    seen++;
    count += counts.at(minute);
  }
  return seen < enough ? null : (count * length) / seen;
}

/** With what decided, where it is not the comparison with the usual. */
function explained(sample: Sample, { min_count }: Spec): Sample {
  const { verdict, value, facts } = sample;
  if (verdict === 'true') return sample;
  const few = facts.count !== undefined && facts.count < min_count;
  if (verdict === 'false') return few ? { ...sample, clause: `min_count: ${facts.count} of ${min_count} lines` } : sample;
  const clause =
    value === null ? 'against: less than half of the earlier window was seen' : 'unknown data: part of the time was not seen';
  return { ...sample, clause };
}
