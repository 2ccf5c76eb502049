import { HOUR } from '../../../base/duration.ts';
import { object, required } from '../../../base/schema/object.ts';
import { onlyTrue } from '../../../base/schema/scalars.ts';
import type { ClaimObject } from '../../model/objects/cluster-object.ts';
import { workloadKey } from '../../model/workload.ts';
import type { ConditionKind, Sample, View } from '../condition.ts';
import { notes, podFacts } from '../evaluation/facts.ts';
import { chosenObjects, subjectOf, whyObjectGone } from './object-subject.ts';

/** The API server keeps events for as long. */
const EVENTS_LIVE = HOUR;
/** With a storage class that waits for a pod, a claim without one is as it should be; a pod that no node takes is told as such. */
const WAITS_FOR_POD = new Set(['WaitForFirstConsumer', 'WaitForPodScheduled']);

/** Volume claims that are not bound although something wants them. */
export const claim: ConditionKind = {
  kind: 'claim',
  description:
    'A PersistentVolumeClaim has lost its volume, or is not bound although a pod uses it or its provisioner has failed; one that waits for its first pod is none.',
  type: object({ pending: required(onlyTrue()) }),
  bind: () => ({
    kind: 'claim',
    judged: 'state',
    about: 'pods',
    text: 'a volume claim that is not bound',
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: { records: ['events'], within: EVENTS_LIVE },
    reads: ['PersistentVolumeClaim'],
    whyGone: whyObjectGone,
    phrase: ({ facts: { notes: [first = 'not bound'] = [] } }) => first,
    evaluate: (view) => chosenObjects(view, 'PersistentVolumeClaim').map((each) => judgeClaim(each, view)),
  }),
};

function judgeClaim(each: ClaimObject, { sample, window, at }: View): Sample {
  const subject = subjectOf(each);
  const none: Sample = { subject, verdict: 'false', value: 0, facts: { count: 0 } };
  if (each.phase === 'Bound') return none;
  const { namespace, kind, name } = each;
  const pods = (sample?.pods ?? []).filter(
    (pod) => pod.namespace === namespace && pod.deletedAt === null && pod.claims?.includes(name) === true,
  );
  const storage = each.storageClass === '' ? 'it names no storage class' : `storage class ${each.storageClass}`;
  if (each.phase === 'Lost') {
    const text = 'its volume is gone, with what was on it';
    return {
      subject,
      verdict: 'true',
      value: 1,
      facts: { count: 1, reason: 'Lost', ...podFacts(pods), ...notes([text, storage]) },
    };
  }
  const event = window.events(workloadKey({ namespace, kind, name }), at - EVENTS_LIVE, at).at(-1);
  if (event === undefined ? pods.length === 0 : WAITS_FOR_POD.has(event.reason)) return none;
  return {
    subject,
    verdict: 'true',
    value: 1,
    since: each.createdAt,
    facts: {
      count: 1,
      reason: event?.reason ?? 'Pending',
      ...podFacts(pods),
      ...notes([`not bound: ${event?.message || event?.reason || 'no event says why'}`, storage]),
    },
  };
}
