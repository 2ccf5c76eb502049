import { formatDuration, MINUTE } from '../../base/duration.ts';
import { describe as describeNode, type Findings, type MapNode, type Node } from '../../base/node.ts';
import { object, optional, suggestion } from '../../base/schema/object.ts';
import { duration, integer } from '../../base/schema/scalars.ts';
import { refine, type Type } from '../../base/schema/type.ts';
import type { Matcher } from '../model/matcher.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { containerFacts, plural } from './facts.ts';
import { lookAt } from './log-minutes.ts';
import { countedLines, decodeMatcher, MATCHER_KEYS, matcher, matcherText } from './matcher-type.ts';
import type { ContainerGroup } from './subjects.ts';

interface Spec {
  readonly matcher: Matcher;
  readonly above: number;
  readonly within: number;
}

const wholeMinutes = refine(duration(MINUTE), (ms, fail) =>
  ms % MINUTE === 0
    ? ms
    : fail(`expected whole minutes such as 10m, since lines are counted by the minute; found ${formatDuration(ms)}`),
);

const counts = object({ above: optional(integer(0), 0), within: optional(wholeMinutes, 10 * MINUTE) });

/** How many lines match; matcher keys stand beside `above` and `within`. */
export const logMatch: ConditionKind<Spec> = {
  kind: 'log_match',
  description: 'More than `above` lines (0: any) match within the time.',
  type: besideMatcher(),
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
    unit: 'count',
    phrase: ({ value }) => `${countedLines(spec.matcher, value ?? 0)} within ${formatDuration(spec.within)}${limit}`,
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec, minutes))),
  };
}

function judgeContainer(group: ContainerGroup, { window, at, selection }: View, spec: Spec, minutes: number): Sample {
  const matching = window.counts(group.key, group.name, spec.matcher, selection);
  // The rule is newer than the window: it is judged once its lines are counted.
  if (matching === null) return { subject: group.subject, verdict: 'unknown', value: null, facts: {} };
  const to = Math.floor(at / MINUTE);
  const from = to - minutes;
  let count = 0;
  for (let minute = from; minute < to; minute++) count += matching.at(minute);
  if (count > spec.above)
    return { subject: group.subject, verdict: 'true', value: count, facts: { count, ...containerFacts(group.members) } };
  const mayMiss = lookAt(group, window, { from, to });
  let doubtful = false;
  for (let minute = from; minute < to && !doubtful; minute++) doubtful = mayMiss(minute);
  return { subject: group.subject, verdict: doubtful ? 'unknown' : 'false', value: count, facts: { count } };
}

function besideMatcher(): Type<Spec> {
  const own = ['above', 'within'];
  const lines = matcher();
  return {
    expected: 'a matcher with above and within, such as {level: fatal, within: 10m}',
    json: {
      ...lines.json,
      properties: { ...asProperties(lines.json['properties']), ...asProperties(counts.json['properties']) },
    },
    decode(node, findings) {
      if (node.kind !== 'map') {
        findings.error(node.at, `expected a matcher with above and within, found ${describeNode(node)}`);
        return undefined;
      }
      const known = [...MATCHER_KEYS, ...own];
      const strange = node.entries.filter((entry) => !known.includes(entry.key));
      for (const { key, keyAt } of strange) findings.error(keyAt, `unknown key ${JSON.stringify(key)}${suggestion(key, known)}`);
      const found = decodeBoth(node, own, findings);
      return strange.length > 0 ? undefined : found;
    },
  };
}

function decodeBoth(node: MapNode, own: readonly string[], findings: Findings): Spec | undefined {
  const part = (isOwn: boolean): Node => ({
    ...node,
    entries: node.entries.filter((entry) => own.includes(entry.key) === isOwn),
  });
  const limits = counts.decode(part(true), findings);
  const found = decodeMatcher(part(false), findings);
  return limits === undefined || found === undefined ? undefined : { ...limits, matcher: found };
}

function asProperties(properties: unknown): object {
  return typeof properties === 'object' && properties !== null ? properties : {};
}
