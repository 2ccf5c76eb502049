import type { Cycle, CycleSummary, Gap } from './cycle.ts';
import type { PodState } from './pod.ts';

/**
 * What a scheduled cycle becomes that takes over the targeted ones before it: all that was read and that happened since the scheduled cycle
 * before, as if it had been read at once. Its state is its own. All have looked for the same patterns.
 */
export function foldCycles(scheduled: Cycle, targeted: readonly Cycle[]): Cycle {
  if (targeted.length === 0) return scheduled;
  const every = [...targeted, scheduled];
  return {
    ...scheduled,
    lines: sum(every, ({ lines }) => lines),
    bytes: sum(every, ({ bytes }) => bytes),
    gaps: [...targeted.flatMap(({ gaps }) => gaps.filter((gap) => !isMadeGood(gap, scheduled))), ...scheduled.gaps],
    restarts: every.flatMap(({ restarts }) => restarts),
    terminations: every.flatMap(({ terminations }) => terminations),
    events: every.flatMap(({ events }) => events),
    minutes: every.flatMap(({ minutes }) => [...minutes]),
    patterns: every.flatMap(({ patterns }) => patterns),
    departed: departed(scheduled, targeted),
    ...counted(every),
  };
}

/** What is listed of a cycle. */
export function summaryOf(cycle: Cycle): CycleSummary {
  const { id, trigger, at, startedAt, finishedAt, pods, containers, lines, bytes, gaps, errors, missed } = cycle;
  return { id, trigger, at, startedAt, finishedAt, pods, containers, lines, bytes, gaps, errors, missed };
}

function sum(cycles: readonly Cycle[], of: (cycle: Cycle) => number): number {
  return cycles.reduce((total, cycle) => total + of(cycle), 0);
}

/** What a targeted read gave up on has come with the scheduled one, unless that has lost something of the container itself. */
function isMadeGood(gap: Gap, { states, gaps }: Cycle): boolean {
  if (gap.reason !== 'read_failed' && gap.reason !== 'node_skipped') return false;
  const isListed = states.some(({ namespace, name }) => namespace === gap.namespace && name === gap.pod);
  const isOf = (other: Gap) => other.namespace === gap.namespace && other.pod === gap.pod && other.container === gap.container;
  return isListed && !gaps.some(isOf);
}

/** What all of them have counted: the rest is counted of the whole again. */
function counted(cycles: readonly Cycle[]): Pick<Cycle, 'counted'> {
  const lists = cycles.flatMap((cycle) => (cycle.counted === undefined ? [] : [cycle.counted]));
  const [first, ...others] = lists;
  return first === undefined ? {} : { counted: first.filter((id) => others.every((list) => list.includes(id))) };
}

/** Pods that were gone by the list, as they were last: rules select by them what is told of them. */
function departed({ states }: Cycle, targeted: readonly Cycle[]): readonly PodState[] {
  const listed = new Set(states.map(({ uid }) => uid));
  const seen = targeted.flatMap((cycle) => [...(cycle.departed ?? []), ...cycle.states]).map((pod) => [pod.uid, pod] as const);
  return [...new Map(seen).values()].filter(({ uid }) => !listed.has(uid));
}
