import { formatDuration, SECOND } from '../../base/duration.ts';
import { object, required } from '../../base/schema/object.ts';
import { duration, integer } from '../../base/schema/scalars.ts';
import { MOST_PODS } from '../model/alert.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { endFacts, newestEnd, plural, podFacts } from './evaluation/facts.ts';
import { pastRestarts } from './evaluation/past.ts';
import { countRestarts } from './evaluation/restart-count.ts';
import type { WorkloadGroup } from './evaluation/subjects.ts';

interface Spec {
  readonly above: number;
  readonly within: number;
}

/** A restart spike: counter increases per pod UID, summed over the workload, never a difference of sums (kubernetes.md section 4.5). */
export const restarts: ConditionKind<Spec> = {
  kind: 'restarts',
  description: "More than that many restarts within the time, summed over a workload's pods and containers.",
  type: object({ above: required(integer(0)), within: required(duration(SECOND)) }),
  bind: (spec) => ({
    kind: 'restarts',
    judged: 'state',
    about: 'pods',
    text: `more than ${plural(spec.above, 'restart')} within ${formatDuration(spec.within)}`,
    matchers: [],
    evidence: null,
    threshold: spec.above,
    unit: 'count',
    steady: { records: ['restarts', 'terminations'], within: spec.within },
    withThreshold: (above) => restarts.bind({ ...spec, above: Math.ceil(above) }),
    phrase: ({ value }) => `${plural(value ?? 0, 'restart')} within ${formatDuration(spec.within)} (threshold ${spec.above})`,
    past: pastRestarts(spec.within),
    evaluate: (view) => view.groups.map((group) => judgeWorkload(group, view, spec)),
  }),
};

function judgeWorkload(group: WorkloadGroup, { window, at, selection }: View, { above, within }: Spec): Sample {
  const increases = window.restarts(group.key, at - within, at, selection);
  const count =
    increases.length === 0 ? 0 : countRestarts(increases, within, window.terminations(group.key, at - within, at, selection));
  if (count <= above) return { subject: group.subject, verdict: 'false', value: count, facts: { count } };
  const uids = new Set(increases.map((increase) => increase.uid));
  const concerned = group.pods.filter((pod) => uids.has(pod.uid));
  // Of pods that are gone their names remain.
  const gone = [...new Set(increases.map(({ pod }) => pod))].slice(0, MOST_PODS);
  const pods = concerned.length > 0 ? podFacts(concerned) : { pods: gone };
  const end =
    newestEnd(concerned.flatMap((pod) => pod.containers)) ?? window.terminations(group.key, at - within, at, selection).at(-1);
  const lastAt = Math.max(...increases.map((increase) => increase.at));
  return { subject: group.subject, verdict: 'true', value: count, facts: { count, ...pods, ...endFacts(end) }, lastAt };
}
