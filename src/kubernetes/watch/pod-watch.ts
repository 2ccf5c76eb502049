import type { Metrics } from '../../base/metrics.ts';
import type { PodState } from '../../core/model/pod.ts';
import { PodProjector } from '../lists/pods.ts';
import { child, type RawObject, text } from '../lists/raw-object.ts';
import type { Session } from '../session/session.ts';
import { ResourceWatch } from './resource-watch.ts';
import { isChosen, MOST_WATCHES, placesOf, type WatchScope } from './watch-scope.ts';

export interface PodWatchOptions extends WatchScope {
  readonly session: Session;
  readonly metrics: Metrics;
  /** Takes secrets out of termination messages. */
  readonly redact: (text: string) => string;
  readonly idle?: number;
  /** A chosen pod as it is now; `isGone` when it was removed, and this is how it was last. */
  readonly onPod: (pod: PodState, isGone: boolean) => void;
}

/** Follows the changes of the chosen pods: over one connection for the cluster, or one per namespace where the list has no glob, so that a Role suffices. */
export class PodWatch {
  readonly #options: PodWatchOptions;
  readonly #watch: ResourceWatch;
  /** Namespaces beyond the bound. */
  readonly #left: number;

  constructor(options: PodWatchOptions) {
    this.#options = options;
    const places = placesOf(options);
    this.#left = Math.max(places.length - MOST_WATCHES, 0);
    this.#watch = new ResourceWatch({
      ...options,
      group: '/api/v1',
      resource: 'pods',
      places: places.slice(0, MOST_WATCHES),
      onObject: (pod, isGone) => this.#take(pod, isGone),
    });
  }

  /** What is not watched, in words: its crashes are seen by the scheduled cycles alone. */
  get problems(): readonly string[] {
    const { problems } = this.#watch;
    return this.#left === 0 ? problems : [...problems, `${this.#left} namespaces: more than ${MOST_WATCHES} are not watched`];
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#watch.run(signal);
  }

  #take(pod: RawObject, isGone: boolean): void {
    const { session, redact, onPod } = this.#options;
    if (!isChosen(this.#options, text(child(pod, 'metadata'), 'namespace'))) return;
    onPod(new PodProjector(session.owners, redact).project(pod).state, isGone);
  }
}
