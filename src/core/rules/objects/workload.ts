import { MINUTE } from '../../../base/duration.ts';
import { object, optional } from '../../../base/schema/object.ts';
import { onlyTrue } from '../../../base/schema/scalars.ts';
import { anyRequired, refine, withJson } from '../../../base/schema/type.ts';
import type { ClusterObject, WorkloadObject } from '../../model/objects/cluster-object.ts';
import { isRolling, standsStill } from '../../model/objects/trouble.ts';
import { conditionOf, isFinished, type PodState } from '../../model/pod.ts';
import { workloadKey } from '../../model/workload.ts';
import type { ConditionKind, Sample, View } from '../condition.ts';
import { isDecision, refusalOf } from '../evaluation/cause-text.ts';
import { notes, plural } from '../evaluation/facts.ts';
import { chosenObjects, seenAt, subjectOf, whyObjectGone } from './object-subject.ts';
import { podCause } from './pod-cause.ts';

/** Kubernetes' own default for a Deployment's progress; StatefulSets and DaemonSets have no deadline of their own. */
const STUCK_AFTER = 10 * MINUTE;
/** A controller that is refused tries again and again, more and more slowly. */
const REFUSED_WITHIN = 20 * MINUTE;
/** Refusals that may end by themselves count once they have lasted that long. */
const PASSES_WITHIN = MINUTE;

/** How the controllers of StatefulSets and DaemonSets say that a pod was refused. */
const REFUSED = 'FailedCreate';

const written = {
  rollout_stuck: optional(onlyTrue(), null),
  replicas_mismatch: optional(onlyTrue(), null),
  replica_failure: optional(onlyTrue(), null),
  misscheduled: optional(onlyTrue(), null),
};
type Problem = keyof typeof written;
type Spec = Readonly<Record<Problem, true | null>>;

/** What is the matter with a workload. */
interface Finding {
  readonly value: number;
  readonly text: string;
  /** Why, where the workload itself says it. */
  readonly reason?: string;
  readonly message?: string;
  readonly since?: number;
}

/** Deployments, StatefulSets and DaemonSets that do not have the pods that they want. */
export const workload: ConditionKind<Spec> = {
  kind: 'workload',
  description:
    'A Deployment, StatefulSet or DaemonSet whose rollout is stuck (its progress deadline, or ten minutes without progress), that has fewer available pods than it wants outside of a rollout, whose pods are refused (a quota, an admission webhook), or that has pods on nodes where none belong; of several keys one must hold.',
  type: refine(withJson(object(written), anyRequired(Object.keys(written))), (spec, fail) =>
    Object.values(spec).every((value) => value === null)
      ? fail('expected at least one of rollout_stuck, replicas_mismatch, replica_failure, misscheduled')
      : spec,
  ),
  bind: (spec) => ({
    kind: 'workload',
    judged: 'state',
    about: 'pods',
    text: `a workload ${problemsOf(spec)
      .map((problem) => TEXTS[problem])
      .join(' or ')}`,
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: spec.replica_failure === null ? true : { records: ['events'], within: REFUSED_WITHIN },
    countsEvent: (_type, reason) => spec.replica_failure !== null && reason === REFUSED,
    dueAt: (each) => dueAt(each, spec),
    reads: ['Deployment', 'StatefulSet', 'DaemonSet'],
    whyGone: whyObjectGone,
    phrase: ({ facts: { reason, notes: [first = 'not as it should be'] = [] } }) =>
      reason === undefined || first.includes(': ') ? first : `${first}: ${reason}`,
    evaluate: (view) =>
      chosenObjects(view, 'Deployment', 'StatefulSet', 'DaemonSet').map((each) => judgeObject(each, view, spec)),
  }),
};

const TEXTS: Readonly<Record<Problem, string>> = {
  replica_failure: 'whose pods are refused',
  rollout_stuck: 'whose rollout is stuck',
  replicas_mismatch: 'with fewer available pods than it wants',
  misscheduled: 'with pods on nodes where none belong',
};

/** In the order in which they explain each other: pods that are refused are why a rollout is stuck. */
function problemsOf(spec: Spec): readonly Problem[] {
  const order: readonly Problem[] = ['replica_failure', 'rollout_stuck', 'replicas_mismatch', 'misscheduled'];
  return order.filter((problem) => spec[problem] !== null);
}

function judgeObject(each: WorkloadObject, view: View, spec: Spec): Sample {
  const subject = subjectOf(each);
  for (const problem of problemsOf(spec)) {
    const found = FINDERS[problem](each, view);
    if (found === null) continue;
    const key = workloadKey({ ...each, kind: each.kind });
    const cause = podCause(view.sample?.byWorkload.get(key) ?? [], { key, window: view.window, at: view.at });
    const refused = each.failure?.status === 'True' ? each.failure : null;
    const reason = found.reason ?? refused?.reason ?? cause?.reason;
    return {
      subject,
      verdict: 'true',
      value: found.value,
      ...(found.since === undefined ? {} : { since: found.since }),
      facts: {
        count: found.value,
        ...cause?.facts,
        ...(reason === undefined || reason === '' ? {} : { reason }),
        ...notes([found.text, found.message ?? '', refused?.message ?? '', cause?.message ?? '']),
      },
    };
  }
  return { subject, verdict: 'false', value: 0, facts: { count: 0 } };
}

const FINDERS: Readonly<Record<Problem, (each: WorkloadObject, view: View) => Finding | null>> = {
  rollout_stuck: rolloutStuck,
  replicas_mismatch: replicasMismatch,
  replica_failure: replicaFailure,
  misscheduled({ misscheduled: value }) {
    return value <= 0 ? null : { value, text: `${plural(value, 'pod')} on nodes where none belong` };
  },
};

function replicasMismatch(each: WorkloadObject, { sample }: View): Finding | null {
  const value = each.desired - each.available;
  if (value <= 0 || each.paused || isRolling(each)) return null;
  const pods = sample?.byWorkload.get(workloadKey({ ...each, kind: each.kind })) ?? [];
  return { value, text: `${each.available} of ${plural(each.desired, 'pod')} available`, ...unreadySince(each, pods) };
}

/**
 * Where all the pods that it wants are there, the one that is not ready for longest: while node after node is replaced, a DaemonSet has at
 * every look another pod that starts. Pods are seen more often than what their controller says of them: once all are ready it is out of date.
 */
function unreadySince({ desired }: WorkloadObject, pods: readonly PodState[]): { readonly since?: number } {
  const present = pods.filter((pod) => pod.deletedAt === null && !isFinished(pod));
  if (present.length < desired) return {};
  const unready = present.filter((pod) => conditionOf(pod, 'Ready')?.status !== 'True');
  const dates = (unready.length > 0 ? unready : present).map((pod) => conditionOf(pod, 'Ready')?.since ?? pod.createdAt);
  return { since: unready.length > 0 ? Math.min(...dates) : Math.max(...dates) };
}

function rolloutStuck(each: WorkloadObject, view: View): Finding | null {
  if (each.paused) return null;
  const value = Math.max(each.updateTarget - each.updated, each.desired - each.available, 1);
  const text = `rollout is stuck with ${each.updated} of ${plural(each.updateTarget, 'pod')} updated, ${each.available} available`;
  if (each.progress?.status === 'False' && each.progress.reason === 'ProgressDeadlineExceeded') {
    const { message, since } = each.progress;
    return { value, text, message, ...(since === null ? {} : { since }) };
  }
  if (!standsStill(each) || seenAt(view, each) - each.changedAt < STUCK_AFTER) return null;
  const notTaken = 'its controller has not taken up the last change';
  return { value, text: each.observed ? text : notTaken, since: each.changedAt };
}

/** When a rollout that goes on is stuck, unless it goes on before; and when a refusal has lasted long enough. */
function dueAt(each: ClusterObject, { rollout_stuck, replica_failure }: Spec): number | null {
  if (each.kind !== 'Deployment' && each.kind !== 'StatefulSet' && each.kind !== 'DaemonSet') return null;
  const refusal = replica_failure === null ? null : refusalBy(each);
  if (refusal !== null && refusal.since !== null && mayPass(refusal, each)) return refusal.since + PASSES_WITHIN;
  return rollout_stuck !== null && !each.paused && standsStill(each) ? each.changedAt + STUCK_AFTER : null;
}

/** That and why pods are refused, and since when where that is known. */
interface Refusal {
  readonly reason: string;
  readonly message: string;
  readonly since: number | null;
}

function replicaFailure(each: WorkloadObject, view: View): Finding | null {
  const stated = refusalBy(each);
  const refusal = stated ?? refusalByEvents(each, view);
  if (refusal === null) return null;
  const lasted = (stated === null ? view.at : seenAt(view, each)) - (refusal.since ?? 0);
  if (lasted < PASSES_WITHIN && mayPass(refusal, each)) return null;
  const value = Math.max(1, each.desired - each.available);
  const { reason, message } = refusal;
  return { value, text: withWhy(`${plural(value, 'pod')} refused`, message), reason, message };
}

/** What a Deployment says itself. */
function refusalBy({ failure, desired }: WorkloadObject): Refusal | null {
  return failure?.status === 'True' && desired > 0 ? failure : null;
}

/** Of the others only events tell (kubernetes.md section 4.7.6), also those that came after the list. */
function refusalByEvents(each: WorkloadObject, { window, at }: View): Refusal | null {
  if (each.kind === 'Deployment' || each.available >= each.desired) return null;
  const key = workloadKey({ ...each, kind: each.kind });
  const events = window.events(key, at - REFUSED_WITHIN, at).filter(({ reason }) => reason === REFUSED);
  const [first, last] = [events[0], events.at(-1)];
  return first === undefined || last === undefined ? null : { reason: last.reason, message: last.message, since: first.at };
}

/**
 * A quota, a limit range, a security standard or a webhook that has decided refuses the next try, too. A webhook that is restarted, or a service
 * account that is made a moment later, do not, nor does a quota while a rollout's old pods still take the room of the new ones.
 */
function mayPass({ message }: Refusal, { available, updated }: WorkloadObject): boolean {
  return !isDecision(message) || available > updated;
}

/** `2 pods refused: exceeded quota: compute, requested: pods=1, …`. */
function withWhy(text: string, message: string): string {
  const why = refusalOf(message);
  return why === null ? text : `${text}: ${why}`;
}
