import { MINUTE } from '../../../base/duration.ts';
import type { Cycle, Gap } from '../cycle.ts';
import type { PodState } from '../pod.ts';
import { type WorkloadKey, workloadKey } from '../workload.ts';
import { LateLooks } from './late-looks.ts';
import type { Coverage, LateMinutes } from './window.ts';

/** Gaps kept of one container name of one workload; the oldest are merged into one span. */
const MOST_GAPS = 500;

const NONE: readonly Gap[] = [];

/** A gap's span with its start made definite. */
interface Blind {
  readonly gap: Gap;
  readonly from: number;
}

interface Looked {
  /** The first moment whose lines were asked for, and the end of what has been read without interruption of looking. */
  from: number;
  to: number;
  gaps: Blind[];
  /** Its logs could not be read at all since `to`. */
  isRefused: boolean;
}

interface PodContainer {
  readonly pod: PodState;
  /** The container's place among the pod's, and its name. */
  readonly index: number;
  readonly container: string;
}

/** When each container name of each workload was looked at. */
export class WindowCoverage {
  readonly #looked = new Map<WorkloadKey, Map<string, Looked>>();
  readonly #late = new LateLooks();
  readonly #lookback: number;
  /** Of a pod's containers in their order: a pod that has not changed is the same object cycle after cycle. */
  #ofPod = new WeakMap<PodState, (Looked | undefined)[]>();

  /** `lookback`: how far back the first read of a container goes, in milliseconds. */
  constructor(lookback: number) {
    this.#lookback = lookback;
  }

  add(cycle: Cycle): void {
    const losses = byInstance(cycle.gaps);
    const refused = refusedNamespaces(cycle);
    for (const pod of cycle.states) {
      const isRefused = refused.size > 0 && (refused.has(pod.namespace) || refused.has('*'));
      for (let index = 0; index < pod.containers.length; index++) {
        const name = pod.containers[index]?.name ?? '';
        if (isRefused) this.#refuse(pod, name);
        else {
          const lost = losses.size === 0 ? NONE : losses.get(instanceKey(pod.namespace, pod.name, name));
          this.#extend({ pod, index, container: name }, cycle, lost ?? NONE);
        }
      }
    }
    if (losses.size > 0) this.#keepOfGone(cycle);
    if (cycle.trigger === 'scheduled') this.#late.close(cycle);
  }

  late(cycle: string): readonly LateMinutes[] {
    return this.#late.of(cycle);
  }

  coverage(key: WorkloadKey, container: string, minute: number): Coverage {
    const looked = this.#of(key, container);
    const from = minute * MINUTE;
    if (looked === undefined || from + MINUTE <= looked.from || from + MINUTE > looked.to) return 'unseen';
    return looked.gaps.some((blind) => blind.from < from + MINUTE && blind.gap.to > from) ? 'gap' : 'seen';
  }

  /** The first minute that was looked at; `null` before the first look. */
  firstLook(key: WorkloadKey, container: string): number | null {
    const looked = this.#of(key, container);
    return looked === undefined || looked.to <= looked.from ? null : Math.floor(looked.from / MINUTE);
  }

  /** Whether every minute in [from, to) was seen. */
  isSeen(key: WorkloadKey, container: string, span: { readonly from: number; readonly to: number }): boolean {
    const looked = this.#of(key, container);
    const from = span.from * MINUTE;
    const to = span.to * MINUTE;
    if (looked === undefined || from + MINUTE <= looked.from || to > looked.to) return false;
    return looked.gaps.length === 0 || !looked.gaps.some((blind) => blind.from < to && blind.gap.to > from);
  }

  gaps(key: WorkloadKey, from: number, to: number): readonly Gap[] {
    return [...(this.#looked.get(key)?.values() ?? [])].flatMap((looked) =>
      looked.gaps.filter((blind) => blind.from < to && blind.gap.to > from).map((blind) => blind.gap),
    );
  }

  forget(key: WorkloadKey): void {
    this.#looked.delete(key);
    this.#ofPod = new WeakMap();
  }

  expire(before: number): void {
    for (const containers of this.#looked.values()) {
      for (const looked of containers.values()) {
        // Its counts are gone: they must not read as minutes without lines.
        looked.from = Math.max(looked.from, before);
        if (looked.gaps.length > 0) looked.gaps = looked.gaps.filter((blind) => blind.gap.to >= before);
      }
    }
  }

  #extend({ pod, index, container }: PodContainer, cycle: Cycle, losses: readonly Gap[]): void {
    const looked = this.#lookedOf({ pod, index, container }, cycle);
    // What a read gave up on comes with the next one that succeeds: only then is the minute whole.
    if (looked.gaps.length > 0 && losses.length === 0) {
      const whose = { key: workloadKey(pod.workload), container };
      const isOver = ({ gap }: Blind) => gap.pod === pod.name && isMadeGood(gap);
      for (const blind of looked.gaps) if (isOver(blind)) this.#late.add(whose, blind.from, blind.gap.to);
      looked.gaps = looked.gaps.filter((blind) => !isOver(blind));
    }
    for (const gap of losses) keep(looked, gap);
    // A targeted read looks at single pods: of the workload's others nothing was read.
    if (cycle.trigger !== 'scheduled') return;
    if (looked.isRefused) this.#late.add({ key: workloadKey(pod.workload), container }, looked.to, cycle.startedAt);
    looked.isRefused = false;
    looked.to = Math.max(looked.to, cycle.startedAt);
  }

  /** What is known of a pod's container; from now on something is. */
  #lookedOf({ pod, index, container }: PodContainer, cycle: Cycle): Looked {
    const ofPod = this.#ofPod.get(pod) ?? [];
    const known = ofPod[index];
    if (known !== undefined) return known;
    const key = workloadKey(pod.workload);
    const containers = this.#looked.get(key) ?? new Map<string, Looked>();
    const from = Math.max(pod.createdAt, cycle.startedAt - this.#lookback);
    const looked = containers.get(container) ?? { from, to: from, gaps: [], isRefused: false };
    this.#looked.set(key, containers.set(container, looked));
    ofPod[index] = looked;
    this.#ofPod.set(pod, ofPod);
    return looked;
  }

  /** Gaps of pods that are gone by now. */
  #keepOfGone(cycle: Cycle): void {
    const present = new Set(cycle.states.map((pod) => `${pod.namespace}/${pod.name}`));
    for (const gap of cycle.gaps) {
      if (present.has(`${gap.namespace}/${gap.pod}`)) continue;
      const looked = this.#of(workloadKey(gap.workload), gap.container);
      if (looked !== undefined) keep(looked, gap);
    }
  }

  #refuse(pod: PodState, container: string): void {
    const looked = this.#of(workloadKey(pod.workload), container);
    if (looked !== undefined) looked.isRefused = true;
  }

  #of(key: WorkloadKey, container: string): Looked | undefined {
    return this.#looked.get(key)?.get(container);
  }
}

function isMadeGood(gap: Gap): boolean {
  return gap.reason === 'read_failed' || gap.reason === 'node_skipped';
}

function keep(looked: Looked, gap: Gap): void {
  looked.gaps.push({ gap, from: gap.from ?? Math.min(looked.to, gap.to - MINUTE) });
  const [first, second] = looked.gaps;
  if (looked.gaps.length <= MOST_GAPS || first === undefined || second === undefined) return;
  looked.gaps.splice(0, 2, { gap: second.gap, from: Math.min(first.from, second.from) });
}

/** Namespaces whose logs could not be read at all: an error and no gap that says which container; `*` is every namespace. */
function refusedNamespaces(cycle: Cycle): ReadonlySet<string> {
  const told = new Set(cycle.gaps.map((gap) => gap.namespace));
  const refused = cycle.errors.filter(
    (error) => error.source === 'logs' && !(error.namespace === null ? told.size > 0 : told.has(error.namespace)),
  );
  return new Set(refused.map((error) => error.namespace ?? '*'));
}

function byInstance(gaps: readonly Gap[]): ReadonlyMap<string, readonly Gap[]> {
  const found = new Map<string, Gap[]>();
  for (const gap of gaps) {
    const key = instanceKey(gap.namespace, gap.pod, gap.container);
    const list = found.get(key);
    if (list === undefined) found.set(key, [gap]);
    else list.push(gap);
  }
  return found;
}

function instanceKey(namespace: string, pod: string, container: string): string {
  return `${namespace}/${pod}/${container}`;
}
