import type { Clock } from '../../base/clock.ts';
import { keepNewest } from '../../base/keep-newest.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { PodState } from '../../core/model/pod.ts';
import { endedContainers } from '../../core/model/window/ended-containers.ts';
import { podTrouble } from '../../core/model/window/pod-trouble.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';
import { LaneLimit } from './lane-limit.ts';

/** States that are remembered until a cycle has them. */
export const MOST_REMEMBERED = 1_000;

interface FastLaneOptions {
  readonly engine: Pick<Engine, 'window' | 'lastAt'>;
  readonly targeted: Pick<TargetedCycles, 'add'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/**
 * Turns what the pod watch shows into targeted reads: of a container that crashed or started anew, of a pod that failed or goes away with an end unread.
 * A pod that cannot run (no image, no node) is judged at once, too.
 */
export class FastLane {
  readonly #options: FastLaneOptions;
  readonly #reads: LaneLimit;
  /** A pod that crashes and fails is news twice: what is only judged takes no place from what is read. */
  readonly #judgements: LaneLimit;
  /** The newest state that was passed on, by uid: cycles know it a little later. */
  readonly #passedOn = new Map<string, PodState>();

  constructor(options: FastLaneOptions) {
    this.#options = options;
    const help = 'Pods that the watch showed to crash or go: read at once, or left to the next scheduled cycle';
    this.#reads = new LaneLimit(options, { name: 'tocsin_targeted_pods_total', help });
    this.#judgements = new LaneLimit(options, { name: 'tocsin_targeted_pods_total', help });
  }

  /** A pod as the watch shows it. */
  take(pod: PodState, isGone: boolean): void {
    const { engine, targeted, clock } = this.#options;
    if (engine.lastAt === null) return;
    const known = engine.window.pod(pod.uid);
    const state = known === null ? pod : { ...pod, workload: known.workload };
    const containers = this.#news(known, state);
    const isTroubled = !isGone && this.#isNewlyTroubled(known, state);
    if (isGone) this.#passedOn.delete(pod.uid);
    if (containers.size === 0 && !isTroubled) return;
    const reads = containers.size === 0 ? [] : [{ pod: state, containers }];
    const limit = reads.length === 0 ? this.#judgements : this.#reads;
    const isTaken = limit.take(() => targeted.add({ reads, observed: [{ pod: state, seenAt: clock.now(), isGone }] }));
    if (isTaken && !isGone) keepNewest(this.#passedOn, MOST_REMEMBERED, [state.uid, state]);
  }

  /** What neither the window nor what was passed on before has. */
  #news(known: PodState | null, pod: PodState): ReadonlySet<string> {
    const ended = endedContainers(known ?? undefined, pod);
    const before = this.#passedOn.get(pod.uid);
    if (ended.size === 0 || before === undefined) return ended;
    const newer = endedContainers(before, pod);
    return new Set([...ended].filter((name) => newer.has(name)));
  }

  #isNewlyTroubled(known: PodState | null, pod: PodState): boolean {
    const trouble = podTrouble(pod);
    const before = [known, this.#passedOn.get(pod.uid) ?? null];
    return trouble !== '' && before.every((each) => each === null || trouble !== podTrouble(each));
  }
}
