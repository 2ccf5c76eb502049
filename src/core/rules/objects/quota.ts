import { object, required } from '../../../base/schema/object.ts';
import { percentage } from '../../../base/schema/scalars.ts';
import type { QuotaObject } from '../../model/objects/cluster-object.ts';
import type { Condition, ConditionKind, Sample } from '../condition.ts';
import { notes } from '../evaluation/facts.ts';
import { formatValue } from '../evaluation/value-text.ts';
import { chosenObjects, subjectOf, whyObjectGone } from './object-subject.ts';

interface Spec {
  readonly above: number;
}

/** Resource quotas that are nearly used up. */
export const quota: ConditionKind<Spec> = {
  kind: 'quota',
  description:
    'A ResourceQuota is used above the percentage, in the resource that is used most; a limit of 0 allows nothing and does not count.',
  type: object({ above: required(percentage()) }),
  bind,
};

function bind(spec: Spec): Condition {
  return {
    kind: 'quota',
    judged: 'state',
    about: 'pods',
    text: `a quota used above ${formatValue(spec.above, 'ratio')}`,
    matchers: [],
    evidence: null,
    threshold: spec.above,
    unit: 'ratio',
    steady: true,
    reads: ['ResourceQuota'],
    whyGone: whyObjectGone,
    phrase: ({ value, facts: { reason } }) =>
      `${reason ?? 'it'} used to ${value === null ? '-' : formatValue(value, 'ratio')} (threshold ${formatValue(spec.above, 'ratio')})`,
    withThreshold: (above) => bind({ above }),
    evaluate: (view) => chosenObjects(view, 'ResourceQuota').map((each) => judgeQuota(each, spec)),
  };
}

function judgeQuota(each: QuotaObject, { above }: Spec): Sample {
  const subject = subjectOf(each);
  const shares = each.resources
    .filter(({ hard }) => hard > 0)
    .map(({ name, used, hard, text }) => ({ name, text, share: used / hard }))
    .toSorted((a, b) => b.share - a.share);
  const [worst] = shares;
  if (worst === undefined || worst.share <= above) return { subject, verdict: 'false', value: worst?.share ?? 0, facts: {} };
  const texts = shares.filter(({ share }) => share > above).map(({ text }) => text);
  return { subject, verdict: 'true', value: worst.share, facts: { reason: worst.name, ...notes(texts) } };
}
