import type { Clock } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import { keepNewest } from '../../base/keep-newest.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { PodState } from '../../core/model/pod.ts';
import { endedContainers } from '../../core/model/window/ended-containers.ts';
import { podStanding, podTrouble } from '../../core/model/window/pod-trouble.ts';
import { RateLimit } from '../../kubernetes/session/rate-limit.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';

/** So long a pod has to stand as it does: most starts are over by then. */
const SETTLE = 2 * SECOND;
const EVERY = SECOND;
/** Pods that are judged for how they stand, in a second and at once: a storm is left to the scheduled cycles. */
const PER_SECOND = 5;
const BURST = 50;
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
  readonly #limit: RateLimit;
  readonly #waiting = new Map<string, Standing>();
  /** How pods stood when they were passed on, and the scheduled cycle before that: a later one knows them better. */
  readonly #passedOn = new Map<string, { readonly what: string; readonly after: number | null }>();

  constructor(options: PodStatesOptions) {
    this.#options = options;
    this.#limit = new RateLimit(PER_SECOND, BURST, options.clock);
    for (const outcome of ['taken', 'left'] as const) this.#count(outcome, 0);
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

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(EVERY, signal);
      if (!signal.aborted) this.tick();
    }
  }

  /** Passes on the pods that have stood so for long enough. */
  tick(): void {
    const { clock, engine } = this.#options;
    for (const [uid, { pod, what, since }] of this.#waiting) {
      if (clock.monotonic() - since < SETTLE) continue;
      this.#waiting.delete(uid);
      // A cycle has seen it meanwhile.
      if (what === this.#known(uid)) continue;
      const isTaken = this.#limit.tryTake() && this.#passOn(pod);
      this.#count(isTaken ? 'taken' : 'left', 1);
      if (isTaken) keepNewest(this.#passedOn, MOST_STANDING, [uid, { what, after: engine.lastAt }]);
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
    const { window, lastAt } = this.#options.engine;
    const passed = this.#passedOn.get(uid);
    if (passed !== undefined && passed.after === lastAt) return passed.what;
    const known = window.pod(uid);
    return known === null ? '' : this.#standing(known);
  }

  /** That a pod is not ready matters to rules on pods alone. */
  #standing(pod: PodState): string {
    return this.#options.engine.rules.some(({ condition }) => condition.kind === 'pod') ? podStanding(pod) : podTrouble(pod);
  }

  #count(outcome: 'taken' | 'left', value: number): void {
    const help = 'Pods that the watch showed to get ready or to stop being so: judged soon, or left to the next scheduled cycle';
    this.#options.metrics.count('tocsin_targeted_states_total', help, { outcome }, value);
  }
}
