import { object, optional, required } from '../../base/schema/object.ts';
import { choice } from '../../base/schema/scalars.ts';
import { type JsonSchema, oneRequired, refine, type Value, withJson } from '../../base/schema/type.ts';
import type { ContainerState, PodState } from '../model/pod.ts';
import { isFinished } from '../model/pod.ts';
import type { StateSample } from '../model/window/window.ts';
import type { Condition, ConditionKind, Sample } from './condition.ts';
import { containerFacts, notes } from './evaluation/facts.ts';
import { pastUsage } from './evaluation/past.ts';
import type { ContainerGroup } from './evaluation/subjects.ts';
import { formatValue } from './evaluation/value-text.ts';
import { amount, inUnit } from './written/amount-type.ts';

const written = object({
  resource: required(choice('cpu', 'memory')),
  of: optional(choice('limit', 'request', 'node', 'absolute'), 'limit'),
  above: optional(amount(), null),
  below: optional(amount(), null),
});

interface Spec extends Omit<Value<typeof written>, 'above' | 'below'> {
  readonly direction: 'above' | 'below';
  readonly threshold: number;
  readonly unit: 'ratio' | 'bytes' | 'cores';
}

/** CPU or memory in use, of the worst pod (kubernetes.md section 5). */
export const usage: ConditionKind<Spec> = {
  kind: 'usage',
  description:
    'CPU or memory of a container, as a share of its limit, its request or its node, or absolute (cores, bytes); the worst pod decides. Without a limit there is no share.',
  type: refine(withJson(written, usageJson()), (spec, fail) => {
    const given = [spec.above, spec.below].filter((each) => each !== null);
    const [limit] = given;
    if (limit === undefined || given.length > 1) return fail('expected either above or below', 'below');
    const direction = spec.above === null ? 'below' : 'above';
    const unit = spec.of !== 'absolute' ? 'ratio' : spec.resource === 'cpu' ? 'cores' : 'bytes';
    const threshold = inUnit(limit, unit);
    if (threshold === null)
      return fail(
        `expected ${EXPECTED[unit]} for ${spec.resource} of ${spec.of}, found ${formatValue(limit.value, limit.unit)}`,
        direction,
      );
    return { resource: spec.resource, of: spec.of, direction, threshold, unit };
  }),
  bind,
};

/** For editors: which writing of the threshold goes with `of` and `resource`. */
function usageJson(): JsonSchema {
  const either = (limit: JsonSchema) => ({ properties: { above: limit, below: limit } });
  const number = { type: ['string', 'number'] };
  return {
    ...oneRequired(['above', 'below']),
    if: { properties: { of: { const: 'absolute' } }, required: ['of'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: {
      if: { properties: { resource: { const: 'cpu' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: either({ ...number, pattern: '^\\d+(\\.\\d+)?m?$' }),
      else: either({ ...number, pattern: '^\\d+(\\.\\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$' }),
    },
    else: either({ type: 'string', pattern: '%$' }),
  };
}

const EXPECTED = { ratio: 'a percentage such as 90%', bytes: 'a size such as 512Mi', cores: 'cores such as 1.5 or 500m' };

function bind(spec: Spec): Condition {
  const { resource, of, direction, threshold, unit } = spec;
  const whole = of === 'absolute' ? '' : ` of ${of}`;
  const name = resource === 'cpu' ? 'CPU' : resource;
  return {
    kind: 'usage',
    judged: 'minute',
    about: 'usage',
    text: `${name} ${direction} ${formatValue(threshold, unit)}${whole}`,
    matchers: [],
    evidence: null,
    threshold,
    unit,
    withThreshold: (other) => bind({ ...spec, threshold: other }),
    steady: true,
    ...(direction === 'below' ? { worst: 'lowest' } : {}),
    phrase: ({ value }) =>
      `${name} at ${value === null ? '-' : formatValue(value, unit)}${whole} (threshold ${formatValue(threshold, unit)})`,
    past: pastUsage(resource),
    evaluate: ({ groups, sample }) =>
      sample === null ? [] : groups.flatMap((group) => group.containers.map((each) => judgeContainer(each, sample, spec))),
  };
}

interface Share {
  readonly share: number;
  readonly used: number;
  /** What `used` is a share of. */
  readonly whole: number;
}

/** What one container uses, or why that cannot be said. */
type Reading = Share | { readonly missing: 'data' | 'whole' | 'nothing'; readonly note: string };

function judgeContainer(group: ContainerGroup, sample: StateSample, spec: Spec): Sample {
  let worst: (Share & { readonly member: ContainerGroup['members'][number] }) | undefined;
  const missing: Exclude<Reading, { readonly share: number }>[] = [];
  for (const member of group.members) {
    const reading = read(member.pod, member.container, sample, spec);
    if ('missing' in reading) missing.push(reading);
    else if (worst === undefined || (spec.direction === 'above' ? reading.share > worst.share : reading.share < worst.share))
      worst = { ...reading, member };
  }
  const isTrue =
    worst !== undefined && (spec.direction === 'above' ? worst.share > spec.threshold : worst.share < spec.threshold);
  // What could not be read may be worse than what could.
  const unseen = missing.find((each) => each.missing === 'data');
  const verdict = isTrue ? 'true' : unseen === undefined ? 'false' : 'unknown';
  // What is simply not beyond the threshold, as nearly everything is, needs no words.
  if (verdict === 'false' && worst !== undefined) return { subject: group.subject, verdict, value: worst.share, facts: {} };
  const why = notes([worst === undefined ? '' : shareNote(worst, spec), ...missing.map((each) => each.note)]);
  const facts = worst === undefined ? why : { ...containerFacts([worst.member]), ...why };
  const decided = verdict === 'unknown' ? { clause: `unknown data: ${unseen?.note}` } : {};
  return { subject: group.subject, verdict, value: worst?.share ?? null, facts, ...decided };
}

function read(pod: PodState, container: ContainerState, sample: StateSample, spec: Spec): Reading {
  if (isFinished(pod) || pod.deletedAt !== null || (container.role === 'init' && container.state.kind === 'terminated'))
    return { missing: 'nothing', note: '' };
  const whole = wholeOf(pod, container, sample, spec);
  if (typeof whole === 'object') return whole;
  if (sample.usageSource !== 'ok')
    return {
      missing: 'data',
      note: sample.usageSource === 'absent' ? 'no metrics API is installed' : 'the metrics API did not answer',
    };
  const used = sample.usage.get(`${pod.namespace}/${pod.name}/${container.name}`);
  if (used === undefined) return { missing: 'data', note: `no metrics of pod ${pod.name}` };
  const amount = used[spec.resource];
  return { share: amount / whole, used: amount, whole };
}

function shareNote({ used, whole }: Share, { resource, of }: Spec): string {
  const [now, all] = [used, whole].map((amount) => formatValue(amount, resource === 'cpu' ? 'cores' : 'bytes'));
  return of === 'absolute' ? '' : `it uses ${now}; its ${of} is ${all}`;
}

/** What the use is divided by; 1 for absolute use. */
function wholeOf(pod: PodState, container: ContainerState, sample: StateSample, { of, resource }: Spec): number | Reading {
  if (of === 'absolute') return 1;
  if (of === 'node') {
    const allocatable = sample.nodes.find((node) => node.name === pod.node)?.allocatable[resource] ?? null;
    return allocatable === null || allocatable <= 0 ? { missing: 'data', note: `node ${pod.node} was not seen` } : allocatable;
  }
  const bound = (of === 'limit' ? container.limits : container.requests)[resource];
  return bound === null || bound <= 0 ? { missing: 'whole', note: `no ${resource} ${of}, so no percentage` } : bound;
}
