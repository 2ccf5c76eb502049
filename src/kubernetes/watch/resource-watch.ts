import type { CollectError } from '../../base/errors.ts';
import type { Metrics } from '../../base/metrics.ts';
import { type Place, placePath } from '../lists/namespaces.ts';
import type { RawObject } from '../lists/raw-object.ts';
import type { Session } from '../session/session.ts';
import { PlaceWatch } from './place-watch.ts';

/** What fails for every resource at the same time. */
const OUTAGES: ReadonlySet<CollectError['reason']> = new Set([
  'unreachable',
  'unauthorized',
  'timeout',
  'rate_limited',
  'server_error',
]);

export interface ResourceWatchOptions {
  readonly session: Session;
  readonly metrics: Metrics;
  /** `/apis/apps/v1`, `/api/v1`. */
  readonly group: string;
  /** `deployments`. */
  readonly resource: string;
  readonly fieldSelector?: string;
  /** Tells it from other watches of the resource, in the log and in metrics; the resource by default. */
  readonly name?: string;
  readonly places: readonly Place[];
  readonly idle?: number;
  /** The watch of another resource tells of outages. */
  readonly leavesOutages?: true;
  readonly onObject: (object: RawObject, isGone: boolean) => void;
}

/** Watches one resource in some places, over one connection each, and tells once where that fails. */
export class ResourceWatch {
  readonly #options: ResourceWatchOptions;
  /** Why a place is not watched now. */
  readonly #failures = new Map<Place, CollectError>();
  readonly #connected = new Set<Place>();

  constructor(options: ResourceWatchOptions) {
    this.#options = options;
  }

  /** What is not watched, in words: changes in it are seen by the scheduled cycles alone. */
  get problems(): readonly string[] {
    return [...this.#failures].map(([place, failure]) => `${nameOf(place)}: ${wordsOf(failure)}`);
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    this.#count();
    await Promise.all(this.#options.places.map((place) => this.#watchOf(place).run(signal)));
    this.#connected.clear();
    this.#count();
  }

  get #name(): string {
    return this.#options.name ?? this.#options.resource;
  }

  #watchOf(place: Place): PlaceWatch {
    const { metrics, group, resource } = this.#options;
    return new PlaceWatch({
      ...this.#options,
      path: placePath(group, resource, place),
      onState: (failure) => this.#noted(place, failure),
      onReopen: (reason) =>
        metrics.count('tocsin_watch_reconnects_total', 'Connections of watches that were made anew, by why', { reason }),
    });
  }

  #noted(place: Place, failure: CollectError | null): void {
    const { session, leavesOutages = false } = this.#options;
    const name = this.#name;
    const { logger } = session;
    const key = `watch ${name} ${place ?? ''}`;
    if (failure === null) {
      this.#failures.delete(place);
      this.#connected.add(place);
      logger.clear(key, `${name} are watched again`);
    } else {
      this.#connected.delete(place);
      // A server that has forgotten where the watch stood is not a fault: the objects are listed, and it goes on.
      if (failure.reason === 'expired' || (leavesOutages && OUTAGES.has(failure.reason))) {
        this.#count();
        return;
      }
      const told = this.#failures.get(place);
      this.#failures.set(place, failure);
      // One outage shows itself in several ways.
      if (told?.reason === failure.reason) return;
      logger.once(key, `${name} cannot be watched; their changes are seen by the scheduled cycles alone`, {
        namespace: place ?? undefined,
        reason: failure.reason,
        error: wordsOf(failure),
      });
    }
    this.#count();
  }

  #count(): void {
    const { metrics } = this.#options;
    metrics.set('tocsin_watch_connections', 'Open connections of watches', { resource: this.#name }, this.#connected.size);
  }
}

/** Without the query, which is another one every time. */
function wordsOf({ message }: CollectError): string {
  return message.replace(/\?\S*(?=: )/, '');
}

function nameOf(place: Place): string {
  return place === null ? 'the cluster' : `namespace ${place}`;
}
