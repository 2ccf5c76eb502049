import { type Clock, everySoOften } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { Followers } from '../../kubernetes/hot/followers.ts';
import { HotPlanner } from '../../kubernetes/hot/hot-planner.ts';
import type { ReadTarget } from '../../kubernetes/logs/read-targets.ts';
import type { Engine } from '../cycle/engine.ts';
import type { TargetedCycles } from '../cycle/targeted-cycles.ts';
import { FirstLooks } from './first-looks.ts';

/** How often it is looked for what is due. */
const EVERY = SECOND;
/** A read that failed, or was not made, is asked for again after this time. */
const ASK_AGAIN = 15 * SECOND;

interface HotReadsOptions {
  readonly engine: Pick<Engine, 'window' | 'cursors' | 'isRead'>;
  readonly followers: Pick<Followers, 'follow' | 'due' | 'following'>;
  readonly targeted: Pick<TargetedCycles, 'add'>;
  readonly clock: Clock;
}

/** Sees to it that containers that write much are read between the scheduled cycles, or followed. */
export class HotReads {
  readonly #options: HotReadsOptions;
  /** When a read was asked for, by instance; monotonic milliseconds. */
  readonly #asked = new Map<string, number>();
  readonly #planner = new HotPlanner();
  readonly #firstLooks: FirstLooks;

  constructor(options: HotReadsOptions) {
    this.#options = options;
    this.#firstLooks = new FirstLooks({ clock: options.clock, isRead: options.engine.isRead });
  }

  /** A pod as the watch shows it: a new one is read soon, so that it is known whether it writes much. */
  take(pod: PodState, isGone: boolean): void {
    this.#firstLooks.take(pod, isGone);
  }

  run(signal: AbortSignal): Promise<void> {
    return everySoOften({ clock: this.#options.clock, ms: EVERY, signal }, () => this.tick());
  }

  /** Opens and ends streams, and asks for the reads that are due now. */
  tick(): void {
    const { engine, followers, targeted, clock } = this.#options;
    const plan = this.#planner.plan(engine.cursors(), followers.following, clock.now());
    followers.follow(plan.follows);
    const refs = [...followers.due(), ...this.#notAsked(plan.reads)];
    const { reads, observed } = this.#firstLooks.due();
    if (refs.length + reads.length > 0) targeted.add({ reads: [...this.#targets(refs), ...reads], observed });
  }

  #notAsked(reads: readonly ContainerRef[]): readonly ContainerRef[] {
    const now = this.#options.clock.monotonic();
    for (const [id, at] of this.#asked) if (now - at >= ASK_AGAIN) this.#asked.delete(id);
    const due = reads.filter(({ containerID }) => !this.#asked.has(containerID));
    for (const { containerID } of due) this.#asked.set(containerID, now);
    return due;
  }

  /** Containers whose pod is not known any more are left to the next scheduled cycle. */
  #targets(refs: readonly ContainerRef[]): readonly ReadTarget[] {
    const wanted = Map.groupBy(refs, ({ uid }) => uid);
    return this.#options.engine.window.pods
      .filter(({ uid }) => wanted.has(uid))
      .map((pod) => ({ pod, containers: new Set(wanted.get(pod.uid)?.map(({ container }) => container)) }));
  }
}
