import { formatDuration, MINUTE } from '../../base/duration.ts';
import { object, optional } from '../../base/schema/object.ts';
import { integer } from '../../base/schema/scalars.ts';
import type { Matcher } from '../model/matcher.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { plural, writerFacts } from './evaluation/facts.ts';
import { mayMissIn } from './evaluation/log-minutes.ts';
import { pastLines } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { besideMatcher } from './written/matcher-beside.ts';
import { countedLines, matcherText } from './written/matcher-type.ts';
import { wholeMinutes } from './written/whole-minutes.ts';

interface Spec {
  readonly matcher: Matcher;
  readonly above: number;
  readonly within: number;
}

const counts = object({ above: optional(integer(0), 0), within: optional(wholeMinutes(), 10 * MINUTE) });

/** How many lines match; matcher keys stand beside `above` and `within`. */
export const logMatch: ConditionKind<Spec> = {
  kind: 'log_match',
  description: 'More than `above` lines (0: any) match within the time.',
  type: besideMatcher(counts, 'a matcher with above and within, such as {level: fatal, within: 10m}'),
  bind,
};

function bind(spec: Spec): Condition {
  const minutes = spec.within / MINUTE;
  const { kind } = spec.matcher;
  const isPlain = kind !== 'any' && kind !== 'all';
  const line = isPlain ? `${matcherText(spec.matcher)} line` : 'line';
  const which = isPlain ? '' : ` (${matcherText(spec.matcher)})`;
  const lines = `${spec.above === 0 ? line : plural(spec.above, line)}${which}`;
  // "Any" needs no number beside it.
  const limit = spec.above === 0 ? '' : ` (threshold ${spec.above})`;
  return {
    kind: 'log_match',
    judged: 'minute',
    about: 'logs',
    text: `${spec.above === 0 ? 'any' : 'more than'} ${lines} within ${formatDuration(spec.within)}`,
    matchers: [spec.matcher],
    evidence: spec.matcher,
    reach: spec.within,
    threshold: spec.above,
    withThreshold: (above) => bind({ ...spec, above: Math.ceil(above) }),
    unit: 'count',
    phrase: ({ value }) => `${countedLines(spec.matcher, value ?? 0)} within ${formatDuration(spec.within)}${limit}`,
    mayComeTrue: ({ key, name }, { window, at, selection }, until) => {
      const matching = window.counts(key, name, spec.matcher, selection);
      return matching !== null && matching.between(Math.floor(at / MINUTE) - minutes, Math.floor(until / MINUTE)) > spec.above;
    },
    past: pastLines(spec.matcher, spec.within),
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec, minutes))),
  };
}

function judgeContainer(group: ContainerGroup, { window, at, selection }: View, spec: Spec, minutes: number): Sample {
  const matching = window.counts(group.key, group.name, spec.matcher, selection);
  // The rule is newer than the window: it is judged once its lines are counted.
  if (matching === null) return { subject: group.subject, verdict: 'unknown', value: null, facts: {} };
  const to = Math.floor(at / MINUTE);
  const from = to - minutes;
  const count = matching.between(from, to);
  if (count > spec.above)
    return { subject: group.subject, verdict: 'true', value: count, facts: { count, ...writerFacts(group.members) } };
  const isKnown = matching.isWhole(from, to) && !mayMissIn(group, window, { from, to });
  return {
    subject: group.subject,
    verdict: isKnown ? 'false' : 'unknown',
    value: count,
    facts: { count },
  };
}
