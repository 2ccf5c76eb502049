import { object, optional } from '../../../base/schema/object.ts';
import { onlyTrue } from '../../../base/schema/scalars.ts';
import { anyRequired, refine, withJson } from '../../../base/schema/type.ts';
import type { AutoscalerObject } from '../../model/objects/cluster-object.ts';
import type { ConditionKind, Sample } from '../condition.ts';
import { notes } from '../evaluation/facts.ts';
import { chosenObjects, subjectOf, whyObjectGone } from './object-subject.ts';

const written = { maxed_out: optional(onlyTrue(), null), unable: optional(onlyTrue(), null) };

interface Spec {
  readonly maxed_out: true | null;
  readonly unable: true | null;
}

/** Autoscalers that stand at their maximum and want more, or that cannot scale at all. */
export const hpa: ConditionKind<Spec> = {
  kind: 'hpa',
  description:
    'A HorizontalPodAutoscaler stands at its maximum and wants more replicas (one whose minimum is its maximum never does), or is unable to scale because its metric cannot be read or its target not be found; of several keys one must hold.',
  type: refine(withJson(object(written), anyRequired(Object.keys(written))), (spec, fail) =>
    spec.maxed_out === null && spec.unable === null ? fail('expected at least one of maxed_out, unable') : spec,
  ),
  bind: (spec) => ({
    kind: 'hpa',
    judged: 'state',
    about: 'pods',
    text: `an autoscaler ${[
      ...(spec.maxed_out === null ? [] : ['at its maximum that wants more']),
      ...(spec.unable === null ? [] : ['that is unable to scale']),
    ].join(' or ')}`,
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: true,
    reads: ['HorizontalPodAutoscaler'],
    whyGone: whyObjectGone,
    phrase: ({ facts: { notes: [first = 'at its maximum'] = [] } }) => first,
    evaluate: (view) => chosenObjects(view, 'HorizontalPodAutoscaler').map((each) => judgeAutoscaler(each, spec)),
  }),
};

function judgeAutoscaler(each: AutoscalerObject, spec: Spec): Sample {
  const subject = subjectOf(each);
  const { min, max, current, limited, metrics, target, unable } = each;
  if (spec.unable !== null && unable !== undefined) {
    const { reason, message, since } = unable;
    return {
      subject,
      verdict: 'true',
      value: current,
      ...(since === null ? {} : { since }),
      facts: {
        count: current,
        reason,
        ...notes([`unable to scale ${target}: ${lastSentence(message) || reason}`, message, `it stays at ${current} replicas`]),
      },
    };
  }
  if (spec.maxed_out === null || !isMaxedOut(each))
    return { subject, verdict: 'false', value: current, facts: { count: current } };
  const high = metrics.filter(({ above }) => above).map(({ text }) => text);
  const why = high[0] === undefined ? '' : `: ${high[0]}`;
  return {
    subject,
    verdict: 'true',
    value: current,
    ...(limited?.since == null ? {} : { since: limited.since }),
    facts: {
      count: current,
      reason: limited?.reason ?? 'TooManyReplicas',
      ...notes([
        `at its maximum of ${max} replicas and wants more${why}`,
        `it scales ${target} between ${min} and ${max}`,
        ...high.slice(1),
        limited?.message ?? '',
      ]),
    },
  };
}

/** What went wrong stands behind the last of "… failed to get cpu utilization: missing request for cpu in container app". */
function lastSentence(message: string): string {
  return message.split(': ').at(-1) ?? '';
}

function isMaxedOut({ min, max, current, desired, limited, metrics }: AutoscalerObject): boolean {
  if (min >= max || current < max || desired < max) return false;
  return limited === null
    ? metrics.some(({ above }) => above)
    : limited.status === 'True' && limited.reason === 'TooManyReplicas';
}
