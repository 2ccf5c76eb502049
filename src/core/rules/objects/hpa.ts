import { object, required } from '../../../base/schema/object.ts';
import { onlyTrue } from '../../../base/schema/scalars.ts';
import type { AutoscalerObject } from '../../model/objects/cluster-object.ts';
import type { ConditionKind, Sample } from '../condition.ts';
import { notes } from '../facts.ts';
import { chosenObjects, subjectOf, whyObjectGone } from './object-subject.ts';

/** Autoscalers that stand at their maximum and want more. */
export const hpa: ConditionKind = {
  kind: 'hpa',
  description:
    'A HorizontalPodAutoscaler stands at its maximum and wants more replicas; one whose minimum is its maximum never does.',
  type: object({ maxed_out: required(onlyTrue()) }),
  bind: () => ({
    kind: 'hpa',
    judged: 'state',
    about: 'pods',
    text: 'an autoscaler at its maximum that wants more',
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: true,
    reads: ['HorizontalPodAutoscaler'],
    whyGone: whyObjectGone,
    phrase: ({ facts: { notes: [first = 'at its maximum'] = [] } }) => first,
    evaluate: (view) => chosenObjects(view, 'HorizontalPodAutoscaler').map(judgeAutoscaler),
  }),
};

function judgeAutoscaler(each: AutoscalerObject): Sample {
  const subject = subjectOf(each);
  const { min, max, current, limited, metrics, target } = each;
  if (!isMaxedOut(each)) return { subject, verdict: 'false', value: current, facts: { count: current } };
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

function isMaxedOut({ min, max, current, desired, limited, metrics }: AutoscalerObject): boolean {
  if (min >= max || current < max || desired < max) return false;
  return limited === null
    ? metrics.some(({ above }) => above)
    : limited.status === 'True' && limited.reason === 'TooManyReplicas';
}
