import { formatDuration, humanDuration, MINUTE, parseDuration } from '../../base/duration.ts';
import { describe } from '../../base/node.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { integer, text } from '../../base/schema/scalars.ts';
import type { Type } from '../../base/schema/type.ts';
import type { LineValue } from '../model/line-value.ts';
import type { Condition, ConditionKind, Sample, View } from './condition.ts';
import { writerFacts } from './evaluation/facts.ts';
import { mayMissIn } from './evaluation/log-minutes.ts';
import { pastMinutes } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { formatValue } from './evaluation/value-text.ts';
import { wholeMinutes } from './written/whole-minutes.ts';

/** A number, or a time in milliseconds. */
interface Limit {
  readonly value: number;
  readonly unit: LineValue['unit'];
}

interface Spec {
  readonly field: string;
  /** 0 to 100. */
  readonly percentile: number;
  readonly above: Limit;
  readonly min_count: number;
  readonly within: number;
}

/** A number in the lines, such as an access log's latency. */
export const logValue: ConditionKind<Spec> = {
  kind: 'log_value',
  description:
    'The percentile of the numbers that lines have in the field is above the limit, a number or a time such as 500ms, over at least `min_count` lines within the time.',
  type: object({
    field: required(text('the name of a field such as latency')),
    percentile: optional(percentile(), 95),
    above: required(limit()),
    min_count: optional(integer(1), 20),
    within: optional(wholeMinutes(), 10 * MINUTE),
  }),
  bind,
};

function bind(spec: Spec): Condition {
  const value: LineValue = { field: spec.field, unit: spec.above.unit };
  const unit = spec.above.unit === 'milliseconds' ? 'milliseconds' : 'none';
  const name = `p${spec.percentile} of ${spec.field}`;
  const limitText = formatValue(spec.above.value, unit);
  const time = formatDuration(spec.within);
  return {
    kind: 'log_value',
    judged: 'minute',
    about: 'logs',
    text: `${name} above ${limitText} (min ${spec.min_count} lines) within ${time}`,
    matchers: [],
    values: [value],
    evidence: { kind: 'value', value, above: spec.above.value },
    reach: spec.within,
    threshold: spec.above.value,
    withThreshold: (above) => bind({ ...spec, above: { ...spec.above, value: above } }),
    unit,
    phrase: (sample) =>
      `${name} is ${sample.value === null ? '-' : formatValue(sample.value, unit)} within ${time} (threshold ${limitText})`,
    mayComeTrue: ({ key, name }, { window, at, selection }, until) => {
      const values = window.values(key, name, value, selection);
      const from = Math.floor((at - spec.within) / MINUTE);
      return values !== null && values.between(from, Math.floor(until / MINUTE)).total >= spec.min_count;
    },
    past: (view) => {
      const values = view.window.values(view.key, view.container, value, view.selection);
      if (values === null) return null;
      const quantile = (from: number, to: number) => {
        const seen = values.between(from, to);
        return seen.total < spec.min_count || !values.isWhole(from, to) ? null : seen.quantile(spec.percentile / 100);
      };
      return { what: `${name} in ${humanDuration(spec.within)}`, unit, ...pastMinutes(view, spec.within, quantile) };
    },
    evaluate: (view) =>
      view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, { spec, value }))),
  };
}

function judgeContainer(
  group: ContainerGroup,
  { window, at, selection }: View,
  { spec, value }: { readonly spec: Spec; readonly value: LineValue },
): Sample {
  const { subject } = group;
  const values = window.values(group.key, group.name, value, selection);
  // The rule is newer than the window: it is judged once its lines are read.
  if (values === null) return { subject, verdict: 'unknown', value: null, facts: {} };
  const to = Math.floor(at / MINUTE);
  const from = to - spec.within / MINUTE;
  const seen = values.between(from, to);
  const found = seen.total < spec.min_count ? null : seen.quantile(spec.percentile / 100);
  const isWhole = values.isWhole(from, to);
  if (isWhole && found !== null && found > spec.above.value)
    return { subject, verdict: 'true', value: found, facts: { count: seen.total, ...writerFacts(group.members) } };
  const facts = { count: seen.total };
  // A percentile of a part says nothing of the whole.
  if (!isWhole)
    return { subject, verdict: 'unknown', value: null, facts, clause: 'unknown data: stored lines are still to be counted' };
  if (mayMissIn(group, window, { from, to }))
    return { subject, verdict: 'unknown', value: found, facts, clause: 'unknown data: part of the time was not seen' };
  if (found !== null) return { subject, verdict: 'false', value: found, facts };
  return { subject, verdict: 'false', value: found, facts, clause: `min_count: ${seen.total} of ${spec.min_count} lines` };
}

/** `95`, `99.9`, `p95` or `95%`; below 1 it is the share that others call a quantile, `0.95`. */
function percentile(): Type<number> {
  const expected = 'a percentile such as 95, above 0 and at most 100';
  return {
    expected,
    json: {
      anyOf: [
        { type: 'number', exclusiveMinimum: 0, maximum: 100 },
        { type: 'string', pattern: '^(p\\d+(\\.\\d+)?|\\d+(\\.\\d+)?%)$' },
      ],
    },
    decode(node, findings) {
      const written = node.kind === 'scalar' ? /^(?:p?(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)%)$/.exec(String(node.value)) : null;
      const value = Number(written?.[1] ?? written?.[2]);
      if (value > 0 && value <= 100) return value < 1 ? value * 100 : value;
      findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
      return undefined;
    },
  };
}

function limit(): Type<Limit> {
  const expected = 'a number, or a time such as 500ms or 2s';
  return {
    expected,
    json: {
      anyOf: [
        { type: 'number', minimum: 0 },
        { type: 'string', pattern: '^(\\d+(ms|s|m|h|d))+$' },
      ],
    },
    decode(node, findings) {
      const written = node.kind === 'scalar' ? node.value : null;
      if (typeof written === 'number' && Number.isFinite(written) && written >= 0) return { value: written, unit: 'plain' };
      const duration = typeof written === 'string' ? parseDuration(written) : null;
      if (duration !== null) return { value: duration, unit: 'milliseconds' };
      findings.error(node.at, `expected ${expected}, found ${describe(node)}`);
      return undefined;
    },
  };
}
