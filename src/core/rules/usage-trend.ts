import { formatDuration, humanDuration, MINUTE } from '../../base/duration.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { choice, duration, percentage } from '../../base/schema/scalars.ts';
import type { Value } from '../../base/schema/type.ts';
import { isFinished } from '../model/pod.ts';
import { MOST_FALL } from '../model/window/fallen-from.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { containerFacts, notes } from './evaluation/facts.ts';
import { levelsOff } from './evaluation/level-off.ts';
import { fitLine, type Point } from './evaluation/line-fit.ts';
import { pastUsage } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { formatValue } from './evaluation/value-text.ts';

/** Fewer samples, or a shorter time, are no trend. */
const MIN_SAMPLES = 6;
const MIN_SPAN = 30 * MINUTE;
/** The line must explain this much of the samples' spread. */
const MIN_R2 = 0.85;
/** As far above the level from which others of its kind fell back, a rise may be one of those. */
const FALL_SLACK = 1.05;
/** The line is fitted to all of the series and to these later parts of it, for a leak may begin at any time. */
const PARTS = [1, 2, 4, 8, 16];

const written = object({
  resource: required(choice('cpu', 'memory')),
  reaches: optional(choice('limit'), 'limit'),
  within: required(duration(MINUTE)),
  above: optional(percentage(), null),
});
type Spec = Value<typeof written>;

/** Memory or CPU that grows along a straight line and will reach its limit soon. */
export const usageTrend: ConditionKind<Spec> = {
  kind: 'usage_trend',
  description:
    "A container's CPU or memory grows along a straight line that reaches its limit within the time; the worst pod decides. At least six samples over half an hour since its last restart; what falls again and again, as with garbage collection, or grows ever more slowly or no more, as a cache that fills, is no trend; nor is what has not yet passed the level from which another of the workload's containers of this name, or it before its restart, fell back within the window. With `above` only what uses more than this share of the limit already, since a heap grows until its first collection.",
  type: written,
  bind: (spec) => ({
    kind: 'usage_trend',
    judged: 'minute',
    about: 'usage',
    text: `${NAMES[spec.resource]} on a line to more than its limit within ${formatDuration(spec.within)}${spec.above === null ? '' : `, and is above ${formatValue(spec.above, 'ratio')} of it`}`,
    matchers: [],
    evidence: null,
    threshold: 1,
    unit: 'ratio',
    steady: true,
    phrase: ({ facts: { notes: [first] = [] } }) => first ?? `${NAMES[spec.resource]} is about to reach its limit`,
    past: pastUsage(spec.resource),
    evaluate: (view) => view.groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, view, spec))),
  }),
};

const NAMES = { cpu: 'CPU', memory: 'memory' };

/** Where a container's line leads. */
interface Trend {
  readonly member: ContainerGroup['members'][number];
  /** Shares of the limit now and at the end of the time. */
  readonly now: number;
  readonly later: number;
  /** Milliseconds until the line meets the limit. */
  readonly left: number;
}

function judgeContainer(group: ContainerGroup, view: View, spec: Spec): Sample {
  const { subject } = group;
  const { sample } = view;
  if (sample === null) return { subject, verdict: 'unknown', value: null, facts: {} };
  const usual = (view.window.fallenFrom(group.key, group.name, spec.resource) ?? 0) * FALL_SLACK;
  let worst: Trend | null = null;
  let isUnseen = false;
  for (const member of group.members) {
    const { pod, container } = member;
    const limit = container.limits[spec.resource];
    if (isFinished(pod) || pod.deletedAt !== null || container.state.kind !== 'running' || limit === null || limit <= 0) continue;
    const used = sample.usage.get(`${pod.namespace}/${pod.name}/${container.name}`)?.[spec.resource];
    if (used === undefined) {
      isUnseen = true;
      continue;
    }
    // Asked before its series is: hardly any container uses so much.
    if (used <= usual || used / limit <= (spec.above ?? 0)) continue;
    const known = view.window.usageTrend(pod.uid, container.name, spec.resource);
    const points = (known.at(-1)?.at ?? 0) <= sample.at ? known : known.filter(({ at }) => at <= sample.at);
    const trend = trendOf(points, { limit, within: spec.within, at: sample.at });
    if (trend !== null && (worst === null || trend.left < worst.left)) worst = { member, now: used / limit, ...trend };
  }
  if (worst === null) return { subject, verdict: isUnseen ? 'unknown' : 'false', value: null, facts: {} };
  const { member, now, later, left } = worst;
  const [resource, limit] = [NAMES[spec.resource], member.container.limits[spec.resource] ?? 0];
  const unit = spec.resource === 'cpu' ? 'cores' : 'bytes';
  return {
    subject,
    verdict: 'true',
    value: later,
    facts: {
      ...containerFacts([member]),
      ...notes([
        left <= 0
          ? `${resource} at ${formatValue(now, 'ratio')} of its limit and growing`
          : `${resource} at ${formatValue(now, 'ratio')} of its limit, full in about ${humanDuration(left)}`,
        `its limit is ${formatValue(limit, unit)}`,
      ]),
    },
  };
}

/** The earliest that any part of the series would reach the limit, if that is within the time. */
function trendOf(
  points: readonly Point[],
  { limit, within, at }: { readonly limit: number; readonly within: number; readonly at: number },
): Pick<Trend, 'later' | 'left'> | null {
  if (fallsBack(points)) return null;
  let found: { readonly later: number; readonly left: number } | null = null;
  for (const part of PARTS) {
    const tail = points.slice(-Math.ceil(points.length / part));
    const span = (tail.at(-1)?.at ?? 0) - (tail[0]?.at ?? 0);
    if (tail.length < MIN_SAMPLES || span < MIN_SPAN) break;
    const fit = fitLine(tail);
    const newest = fitLine(tail.slice(-Math.ceil(tail.length / 2)));
    if (fit === null || newest === null || fit.r2 < MIN_R2) continue;
    // What has slowed down goes on at its newest pace.
    const slope = Math.min(fit.slope, newest.slope);
    const [value, later] = [newest.valueAt(at), newest.valueAt(at) + slope * within];
    if (slope <= 0 || later < limit || (found !== null && later <= found.later)) continue;
    if (levelsOff(tail, fit.slope)) continue;
    found = { later, left: (limit - value) / slope };
  }
  return found && { later: found.later / limit, left: found.left };
}

/** Whether the series fell by a good part of its range after a high point. */
function fallsBack(points: readonly Point[]): boolean {
  let [highest, lowest, fall] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (const { value } of points) {
    highest = Math.max(highest, value);
    lowest = Math.min(lowest, value);
    fall = Math.max(fall, highest - value);
  }
  return fall > MOST_FALL * (highest - lowest);
}
