import { type Clock, everySoOften } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { PodState } from '../../core/model/pod.ts';
import { endedContainers } from '../../core/model/window/ended-containers.ts';
import { podStanding, podTrouble } from '../../core/model/window/pod-trouble.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';
import { LaneLimit } from './lane-limit.ts';
import { PassedOn } from './passed-on.ts';

/** So long a pod has to stand as it does: most starts are over by then. */
const SETTLE = 2 * SECOND;
const EVERY = SECOND;
/** Pods that wait for that, and those that are remembered until a cycle has them. */
export const MOST_STANDING = 1_000;

interface PodStatesOptions {
  readonly engine: Pick<Engine, 'window' | 'lastAt' | 'rules'>;
  readonly targeted: Pick<TargetedCycles, 'add'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

interface Standing {
  readonly pod: PodState;
  readonly what: string;
  /** Monotonic milliseconds. */
  readonly since: number;
}

/** Turns pods that the watch shows to be not ready, pending or well again for some seconds into judgements. */
export class PodStates {
  readonly #options: PodStatesOptions;
  readonly #limit: LaneLimit;
  readonly #waiting = new Map<string, Standing>();
  readonly #passedOn: PassedOn;

  constructor(options: PodStatesOptions) {
    this.#options = options;
    const help = 'Pods that the watch showed to get ready or to stop being so: judged soon, or left to the next scheduled cycle';
    this.#limit = new LaneLimit(options, { name: 'tocsin_targeted_states_total', help });
    this.#passedOn = new PassedOn(options.engine, MOST_STANDING);
  }

  /** A pod as the watch shows it. */
  take(pod: PodState, isGone: boolean): void {
    if (this.#options.engine.lastAt === null) return;
    const what = this.#standing(pod);
    const before = this.#waiting.get(pod.uid);
    if (isGone || what === this.#known(pod.uid)) this.#waiting.delete(pod.uid);
    else if (before !== undefined || this.#waiting.size < MOST_STANDING) {
      const since = before?.what === what ? before.since : this.#options.clock.monotonic();
      this.#waiting.set(pod.uid, { pod, what, since });
    }
  }

  run(signal: AbortSignal): Promise<void> {
    return everySoOften({ clock: this.#options.clock, ms: EVERY, signal }, () => this.tick());
  }

  /** Passes on the pods that have stood so for long enough. */
  tick(): void {
    const { clock } = this.#options;
    for (const [uid, { pod, what, since }] of this.#waiting) {
      if (clock.monotonic() - since < SETTLE) continue;
      this.#waiting.delete(uid);
      // A cycle has seen it meanwhile.
      if (what === this.#known(uid)) continue;
      if (this.#limit.take(() => this.#passOn(pod))) this.#passedOn.set(uid, what);
    }
  }

  #passOn(pod: PodState): boolean {
    const { engine, targeted, clock } = this.#options;
    const known = engine.window.pod(pod.uid);
    const state = known === null ? pod : { ...pod, workload: known.workload };
    const containers = endedContainers(known ?? undefined, state);
    return targeted.add({
      reads: containers.size === 0 ? [] : [{ pod: state, containers }],
      observed: [{ pod: state, seenAt: clock.now(), isGone: false }],
    });
  }

  #known(uid: string): string {
    const passed = this.#passedOn.get(uid);
    if (passed !== null) return passed;
    const known = this.#options.engine.window.pod(uid);
    return known === null ? '' : this.#standing(known);
  }

  /** That a pod is not ready matters to rules on pods alone. */
  #standing(pod: PodState): string {
    return this.#options.engine.rules.some(({ condition }) => condition.kind === 'pod') ? podStanding(pod) : podTrouble(pod);
  }
}
