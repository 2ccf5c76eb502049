import { DAY } from '../../base/duration.ts';
import { type Glob, matchesAny } from '../../base/glob.ts';
import { oneOrMany } from '../../base/schema/collections.ts';
import { object, optional } from '../../base/schema/object.ts';
import { choice, glob, onlyTrue } from '../../base/schema/scalars.ts';
import { anyRequired, refine, withJson } from '../../base/schema/type.ts';
import type { Facts } from '../model/alert.ts';
import { conditionOf, isFinished, type PodPhase, type PodState } from '../model/pod.ts';
import type { ConditionKind, Sample, View } from './condition.ts';
import { schedulingCause } from './evaluation/cause-text.ts';
import { notes, plural, podFacts } from './evaluation/facts.ts';
import { FLAP_KEYS, type Flapping, type FlapSpec, flappingAt, flapText } from './evaluation/flapping.ts';
import { podEvent } from './evaluation/pod-event.ts';
import type { WorkloadGroup } from './evaluation/subjects.ts';

interface Spec extends FlapSpec {
  readonly phase: readonly PodPhase[] | null;
  readonly reason: readonly Glob[] | null;
  readonly not_ready: true | null;
  readonly unschedulable: true | null;
}

/** A pod that ended counts for this long after, so that old failures do not alert for ever. */
const FINISHED_COUNTS_FOR = DAY;

/** A pod that flaps is not ready for at least so much of the time: some are not for a moment whenever they collect their garbage. */
const FLAPS_FOR = 0.25;

/** The state of whole pods. */
export const pod: ConditionKind<Spec> = {
  kind: 'pod',
  description:
    'A pod is in one of the phases, has one of the reasons (globs, such as Evicted), is not ready, cannot be scheduled; of several keys all must hold. With `flaps` one is not ready, too, that was ready and not ready in turn at least that often within the time, and not ready for a quarter of it.',
  type: refine(
    withJson(
      object({
        phase: optional(oneOrMany(choice('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'), 1), null),
        reason: optional(oneOrMany(glob(), 1), null),
        not_ready: optional(onlyTrue(), null),
        unschedulable: optional(onlyTrue(), null),
        ...FLAP_KEYS,
      }),
      anyRequired(['phase', 'reason', 'not_ready', 'unschedulable']),
    ),
    (spec, fail) =>
      [spec.phase, spec.reason, spec.not_ready, spec.unschedulable].every((value) => value === null)
        ? fail('expected at least one of phase, reason, not_ready, unschedulable')
        : spec.flaps !== null && spec.not_ready === null
          ? fail('flaps goes with not_ready')
          : spec,
  ),
  bind: (spec) => ({
    kind: 'pod',
    judged: 'state',
    about: 'pods',
    text: describe(spec),
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: spec.flaps === null ? true : { records: ['lapses'], within: spec.within, fades: true },
    phrase: ({ value, facts }) => `${plural(value ?? 0, 'pod')} ${shortly(spec)}${because(facts, spec)}`,
    evaluate: (view) => (view.sample === null ? [] : view.groups.map((group) => judgeWorkload(group, view, spec))),
  }),
};

function judgeWorkload(group: WorkloadGroup, view: View, spec: Spec): Sample {
  const at = view.sample?.at ?? view.at;
  const flapping = flappingIn(group, view, spec);
  const found = group.pods.filter((each) => holds(each, at, { spec, flaps: flapping.has(each.uid) }));
  const [first] = found;
  if (first === undefined) return { subject: group.subject, verdict: 'false', value: 0, facts: { count: 0 } };
  const flap = flapping.get(first.uid);
  const said = flap === undefined || !isReady(first) ? reasonOf(first, spec) : 'Flapping';
  const event = podEvent(said, found, { key: group.key, window: view.window, at: view.at });
  const reason = event?.reason ?? said;
  return {
    subject: group.subject,
    verdict: 'true',
    value: found.length,
    ...since(found, spec, flapping),
    facts: {
      count: found.length,
      ...(reason === '' ? {} : { reason }),
      ...podFacts(found),
      ...notes([event?.message ?? '', flap?.text ?? '', ...found.map((each) => messageOf(each, spec))]),
    },
  };
}

/** The pod that has been so for longest; where the pods do not say since when, `for` goes by the judgements alone. */
function since(found: readonly PodState[], spec: Spec, flapping: ReadonlyMap<string, Flapping>): { since?: number } {
  const dates = found.map((each) => {
    const flap = flapping.get(each.uid);
    if (flap !== undefined) return flap.since;
    if (spec.not_ready !== null) return conditionOf(each, 'Ready')?.since ?? each.createdAt;
    if (spec.unschedulable !== null) return conditionOf(each, 'PodScheduled')?.since ?? each.createdAt;
    return each.phase === 'Pending' ? each.createdAt : 0;
  });
  const longest = Math.min(...dates);
  return longest > 0 && Number.isFinite(longest) ? { since: longest } : {};
}

/** The pods that are ready and not ready in turn. */
function flappingIn({ pods }: WorkloadGroup, { window, at }: View, spec: Spec): ReadonlyMap<string, Flapping> {
  const found = new Map<string, Flapping>();
  if (spec.flaps === null) return found;
  for (const { uid } of pods) {
    const flap = flappingAt(window.lapses(uid), at, { ...spec, share: FLAPS_FOR });
    if (flap !== null) found.set(uid, flap);
  }
  return found;
}

function isReady(each: PodState): boolean {
  return conditionOf(each, 'Ready')?.status === 'True';
}

function holds(each: PodState, at: number, { spec, flaps }: { readonly spec: Spec; readonly flaps: boolean }): boolean {
  if (isFinished(each)) {
    // A pod under deletion passes through Failed or Succeeded on its way out (kubernetes.md section 4.1).
    if (each.deletedAt !== null || at - finishedAt(each) >= FINISHED_COUNTS_FOR) return false;
  }
  if (spec.phase !== null && !hasPhase(each, spec.phase)) return false;
  if (spec.reason !== null && !matchesAny(spec.reason, each.reason)) return false;
  if (spec.not_ready !== null && !isNotReady(each) && !(flaps && isMeantToBeReady(each))) return false;
  return spec.unschedulable === null || isUnschedulable(each);
}

function hasPhase(each: PodState, phases: readonly PodPhase[]): boolean {
  return phases.includes(each.phase) && !(each.phase === 'Pending' && (isGated(each) || each.deletedAt !== null));
}

/** By the Ready condition; a pod that ended, is being deleted, waits behind a gate, or whose containers have all done their work is not meant to be ready. */
function isNotReady(each: PodState): boolean {
  if (!isMeantToBeReady(each)) return false;
  const ready = conditionOf(each, 'Ready');
  return ready !== undefined && ready.status !== 'True' && ready.reason !== 'PodCompleted' && !isPartlyDone(each);
}

function isMeantToBeReady(each: PodState): boolean {
  return !isFinished(each) && each.deletedAt === null && !isGated(each);
}

/** Some containers have ended well and are not started again, and the others do their work: a job's helper that was done first. */
function isPartlyDone({ containers }: PodState): boolean {
  const unready = containers.filter(({ role, ready }) => role === 'app' && !ready);
  return unready.length > 0 && unready.every(({ state }) => state.kind === 'terminated' && state.exitCode === 0);
}

function isUnschedulable(each: PodState): boolean {
  const scheduled = conditionOf(each, 'PodScheduled');
  return !isFinished(each) && each.deletedAt === null && scheduled?.status === 'False' && scheduled.reason === 'Unschedulable';
}

function isGated(each: PodState): boolean {
  return conditionOf(each, 'PodScheduled')?.reason === 'SchedulingGated';
}

function finishedAt(each: PodState): number {
  const ends = each.containers.map(({ state }) => (state.kind === 'terminated' ? state.finishedAt : null));
  const times = [...ends, ...each.conditions.map((condition) => condition.since)].filter((time) => time !== null);
  return times.length === 0 ? each.createdAt : Math.max(...times);
}

function reasonOf(each: PodState, spec: Spec): string {
  if (spec.unschedulable !== null) return 'Unschedulable';
  if (spec.not_ready !== null) return waitingReason(each) || conditionOf(each, 'Ready')?.reason || 'NotReady';
  return each.reason || waitingReason(each) || each.phase;
}

function messageOf(each: PodState, spec: Spec): string {
  if (spec.unschedulable !== null) return schedulingCause(conditionOf(each, 'PodScheduled')?.message ?? '');
  if (spec.not_ready !== null) return conditionOf(each, 'Ready')?.message ?? '';
  return each.message;
}

function waitingReason(each: PodState): string {
  for (const { state } of each.containers) if (state.kind === 'waiting' && state.reason !== '') return state.reason;
  return '';
}

function describe(spec: Spec): string {
  const parts = [
    ...(spec.phase === null ? [] : [`in phase ${spec.phase.join(' or ')}`]),
    ...(spec.reason === null ? [] : [`with reason ${spec.reason.map((each) => each.source).join(' or ')}`]),
    ...(spec.not_ready === null ? [] : [`not ready${flapText(spec)}`]),
    ...(spec.unschedulable === null ? [] : ['that cannot be scheduled']),
  ];
  return `a pod ${parts.join(', ')}`;
}

/** `: Evicted, the node was low on resource: memory`; of unschedulable pods only what the scheduler says. */
function because({ reason = '', notes: [note = ''] = [] }: Facts, { unschedulable, reason: wanted }: Spec): string {
  if (unschedulable !== null) return note === '' ? '' : `: ${note}`;
  // That they were evicted is what a rule on that alone is about.
  const said = wanted?.length !== 1 || note === '' ? reason : '';
  const text = note.startsWith(said) ? note : `${said}, ${note}`;
  return text === '' ? '' : `: ${note === '' ? said : text}`;
}

function shortly(spec: Spec): string {
  if (spec.unschedulable !== null) return 'unschedulable';
  if (spec.not_ready !== null) return 'not ready';
  return spec.phase === null ? 'ended' : spec.phase.join(' or ').toLowerCase();
}
