import { humanSize } from '../../../base/size.ts';
import { type Facts, MOST_PODS } from '../../model/alert.ts';
import type { TerminationRecord } from '../../model/cycle.ts';
import type { ContainerState, PodState, Termination } from '../../model/pod.ts';

const MOST_NOTES = 5;
const LONGEST_NOTE = 200;
/** Chains of causes name what failed at their beginning and why at their end: both are kept. */
const NOTE_HEAD = 70;

/** Names of the pods that a sample is about, the newest first, for they are of the newest template; and their node where it is one. */
export function podFacts(pods: readonly PodState[]): Pick<Facts, 'pods' | 'node'> {
  const names = [...new Set(pods.toSorted((a, b) => b.createdAt - a.createdAt).map((pod) => pod.name))];
  const [node, ...others] = new Set(pods.map((pod) => pod.node).filter((name) => name !== ''));
  return {
    ...(names.length > 0 ? { pods: names.slice(0, MOST_PODS) } : {}),
    ...(node !== undefined && others.length === 0 ? { node } : {}),
  };
}

/** As {@link podFacts}, with the newest pod's image. */
export function containerFacts(
  members: readonly { readonly pod: PodState; readonly container: ContainerState }[],
): Pick<Facts, 'pods' | 'node' | 'image'> {
  const image = newestFirst(members)[0]?.container.image ?? '';
  return { ...podFacts(members.map((member) => member.pod)), ...(image === '' ? {} : { image }) };
}

type Members = Parameters<typeof containerFacts>[0];

/** Members stay the same list as long as the pods do, and are asked for at every minute that is true. */
const knownWriters = new WeakMap<Members, ReturnType<typeof containerFacts>>();

/** As {@link containerFacts}, of what may have written lines: a container that has never run has not. */
export function writerFacts(members: Members): ReturnType<typeof containerFacts> {
  let facts = knownWriters.get(members);
  if (facts === undefined) {
    const ran = members.filter(({ container: { containerID, last } }) => containerID !== '' || last !== null);
    facts = containerFacts(ran.length > 0 ? ran : members);
    knownWriters.set(members, facts);
  }
  return facts;
}

/** Those of the newest template before others: what is said of one of them is said of it. */
export function newestFirst<T extends { readonly pod: PodState }>(members: readonly T[]): readonly T[] {
  return members.toSorted((a, b) => b.pod.createdAt - a.pod.createdAt);
}

/** As {@link containerFacts}, of what ended in a pod that may be gone. */
export function endedFacts({ pod, node, image }: TerminationRecord): Pick<Facts, 'pods' | 'node' | 'image'> {
  return { pods: [pod], ...(node === '' ? {} : { node }), ...(image === '' ? {} : { image }) };
}

/** Reason and exit code of an end. */
export function endFacts(end: Termination | TerminationRecord | undefined): Pick<Facts, 'reason' | 'exit_code'> {
  return end === undefined ? {} : { ...(end.reason === '' ? {} : { reason: end.reason }), exit_code: end.exitCode };
}

/** What a container that ran out of memory was allowed; empty when nothing is known of it. */
export function memoryLimit([container]: readonly ContainerState[]): string {
  if (container === undefined) return '';
  const { memory } = container.limits;
  return memory === null
    ? 'it has no memory limit of its own: the node or a limit of the pod ran out'
    : `its memory limit is ${humanSize(memory)}`;
}

/** Short sentences for a message's "why": empty ones left out, the same one once. */
export function notes(lines: readonly string[]): Pick<Facts, 'notes'> {
  const kept = [...new Set(lines.map((line) => shortened(line.trim())).filter((line) => line !== ''))].slice(0, MOST_NOTES);
  return kept.length === 0 ? {} : { notes: kept };
}

function shortened(line: string): string {
  if (line.length <= LONGEST_NOTE) return line;
  const tail = line.slice(NOTE_HEAD + 3 - LONGEST_NOTE);
  return `${line.slice(0, NOTE_HEAD)} … ${tail}`.toWellFormed();
}

/** The end that finished last, among what the containers' states tell. */
export function newestEnd(containers: readonly ContainerState[]): Termination | undefined {
  let newest: Termination | undefined;
  for (const { role, state, last } of containers) {
    // An init container that has done its work by now did not end as those before it did.
    const own = state.kind === 'terminated' && !(role === 'init' && state.exitCode === 0) ? state : null;
    for (const end of [own, last])
      if (end !== null && (newest === undefined || (end.finishedAt ?? 0) > (newest.finishedAt ?? 0))) newest = end;
  }
  return newest;
}

/** `1 restart`, `2 restarts`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
