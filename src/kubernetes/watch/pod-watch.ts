import type { CollectError } from '../../base/errors.ts';
import { type Glob, matchesAny } from '../../base/glob.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { PodState } from '../../core/model/pod.ts';
import type { Place } from '../lists/namespaces.ts';
import { PodProjector } from '../lists/pods.ts';
import { child, type RawObject, text } from '../lists/raw-object.ts';
import type { Session } from '../session/session.ts';
import { PlaceWatch } from './place-watch.ts';

/** Namespaces that are watched one by one; those beyond it are seen by the scheduled cycles alone. */
export const MOST_WATCHES = 50;

export interface PodWatchOptions {
  readonly session: Session;
  readonly metrics: Metrics;
  readonly include: readonly Glob[];
  readonly exclude: readonly Glob[];
  /** Takes secrets out of termination messages. */
  readonly redact: (text: string) => string;
  readonly idle?: number;
  /** A chosen pod as it is now; `isGone` when it was removed, and this is how it was last. */
  readonly onPod: (pod: PodState, isGone: boolean) => void;
}

/** Follows the changes of the chosen pods: over one connection for the cluster, or one per namespace where the list has no glob, so that a Role suffices. */
export class PodWatch {
  readonly #options: PodWatchOptions;
  readonly #places: readonly Place[];
  readonly #left: number;
  /** Why a place is not watched now. */
  readonly #failures = new Map<Place, CollectError>();
  readonly #connected = new Set<Place>();

  constructor(options: PodWatchOptions) {
    this.#options = options;
    const places = placesOf(options);
    this.#places = places.slice(0, MOST_WATCHES);
    this.#left = places.length - this.#places.length;
  }

  /** What is not watched, in words: its crashes are seen by the scheduled cycles alone. */
  get problems(): readonly string[] {
    const failing = [...this.#failures].map(([place, failure]) => `${nameOf(place)}: ${wordsOf(failure)}`);
    return this.#left === 0 ? failing : [...failing, `${this.#left} namespaces: more than ${MOST_WATCHES} are not watched`];
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    this.#tell();
    await Promise.all(this.#places.map((place) => this.#watchOf(place).run(signal)));
  }

  #watchOf(place: Place): PlaceWatch {
    const { session, metrics, idle } = this.#options;
    return new PlaceWatch({
      session,
      place,
      ...(idle === undefined ? {} : { idle }),
      onPod: (pod, isGone) => this.#take(pod, isGone),
      onState: (failure) => this.#noted(place, failure),
      onReopen: (reason) =>
        metrics.count('tocsin_watch_reconnects_total', 'Connections of the pod watch that were made anew, by why', { reason }),
    });
  }

  #take(pod: RawObject, isGone: boolean): void {
    const { session, redact, onPod } = this.#options;
    if (!this.#selects(text(child(pod, 'metadata'), 'namespace'))) return;
    onPod(new PodProjector(session.owners, redact).project(pod).state, isGone);
  }

  #selects(namespace: string): boolean {
    return matchesAny(this.#options.include, namespace) && !matchesAny(this.#options.exclude, namespace);
  }

  #noted(place: Place, failure: CollectError | null): void {
    const { logger } = this.#options.session;
    const key = `watch ${place ?? ''}`;
    if (failure === null) {
      this.#failures.delete(place);
      this.#connected.add(place);
      logger.clear(key, 'pods are watched again');
    } else {
      this.#connected.delete(place);
      // A server that has forgotten where the watch stood is not a fault: the pods are listed, and it goes on.
      if (failure.reason === 'expired') return;
      const told = this.#failures.get(place);
      this.#failures.set(place, failure);
      // One outage shows itself in several ways.
      if (told?.reason === failure.reason) return;
      logger.once(key, 'pods cannot be watched; crashes are seen by the scheduled cycles alone', {
        namespace: place ?? undefined,
        reason: failure.reason,
        error: wordsOf(failure),
      });
    }
    this.#tell();
  }

  #tell(): void {
    const { metrics } = this.#options;
    metrics.set('tocsin_watch_connections', 'Open connections of the pod watch', {}, this.#connected.size);
  }
}

function placesOf({ include, exclude }: Pick<PodWatchOptions, 'include' | 'exclude'>): readonly Place[] {
  if (!include.every((glob) => glob.literal)) return [null];
  return [...new Set(include.map((glob) => glob.source))].filter((name) => !matchesAny(exclude, name));
}

/** Without the query, which is another one every time. */
function wordsOf({ message }: CollectError): string {
  return message.replace(/\?\S*(?=: )/, '');
}

function nameOf(place: Place): string {
  return place === null ? 'the cluster' : `namespace ${place}`;
}
