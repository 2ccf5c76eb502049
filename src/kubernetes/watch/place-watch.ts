import { MINUTE, SECOND } from '../../base/duration.ts';
import type { CollectError } from '../../base/errors.ts';
import { readList } from '../lists/list.ts';
import type { RawObject } from '../lists/raw-object.ts';
import { toCollectError } from '../session/api-error.ts';
import type { Session } from '../session/session.ts';
import { readWatch, type WatchEvent } from './watch-events.ts';

/** How long the server is asked to keep a watch open; spread, so that the watches of many clients do not come back together. */
const OPEN_FOR = 5 * MINUTE;
/** A watch brings a bookmark about every minute: one that is silent for longer is dead, whatever TCP says. */
const IDLE = 90 * SECOND;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30 * SECOND;
/** A permission may be granted while Tocsin runs. */
const FORBIDDEN_WAIT = 10 * MINUTE;
/** A watch that ends sooner counts as a failure, so that a server that closes at once is not asked in a circle. */
const SHORTEST_LIFE = 5 * SECOND;

/** What is watched, and who is told. */
export interface PlaceWatchOptions {
  readonly session: Pick<Session, 'api' | 'clock' | 'random'>;
  /** The list that is watched, of the whole cluster or of one namespace. */
  readonly path: string;
  /** Which of its objects; left out: all. */
  readonly fieldSelector?: string;
  /** Milliseconds without a byte after which a watch counts as dead. */
  readonly idle?: number;
  /** An object as it is now, listed or changed; `isGone` when it was removed. */
  readonly onObject: (object: RawObject, isGone: boolean) => void;
  /** The watch runs (`null`), or why it does not. Told after every attempt, but for a running watch that broke off. */
  readonly onState: (failure: CollectError | null) => void;
  /** A connection had to be made anew: why. */
  readonly onReopen: (reason: 'ended' | CollectError['reason']) => void;
}

/**
 * Watches the objects of one list over one connection: lists them, follows their changes, resumes by resource version, lists anew when the server
 * no longer has that (410), and waits ever longer between failures. Keeps nothing of an object.
 */
export class PlaceWatch {
  readonly #options: PlaceWatchOptions;
  /** Where the next watch goes on; `null` when the objects have to be listed first. */
  #resourceVersion: string | null = null;

  constructor(options: PlaceWatchOptions) {
    this.#options = options;
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { session, onState, onReopen } = this.#options;
    const { clock } = session;
    let failures = 0;
    while (!signal.aborted) {
      const begun = clock.monotonic();
      const failure = await this.#attempt(signal);
      if (signal.aborted) return;
      failures = clock.monotonic() - begun >= SHORTEST_LIFE && failure?.reason !== 'forbidden' ? 0 : failures + 1;
      onReopen(failure?.reason ?? 'ended');
      // A connection that breaks off is opened again at once: only where that fails too, the objects are not watched.
      if (failure !== null && failures > 0) onState(failure);
      await clock.sleep(failure?.reason === 'forbidden' ? this.#jittered(FORBIDDEN_WAIT) : this.#wait(failures), signal);
    }
  }

  /** One list, where needed, and one watch. */
  async #attempt(signal: AbortSignal): Promise<CollectError | null> {
    const { path } = this.#options;
    try {
      this.#resourceVersion ??= await this.#list(signal);
      await this.#follow(this.#resourceVersion, signal);
      return null;
    } catch (error) {
      const failure = toCollectError(path, error, signal);
      if (failure.reason === 'expired' || failure.reason === 'invalid_answer') this.#resourceVersion = null;
      return failure;
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { session, path, onObject } = this.#options;
    const onItem = (object: RawObject) => onObject(object, false);
    const query = new URLSearchParams(this.#selection).toString();
    const { resourceVersion } = await readList(session.api, path, { query, onItem, onRestart() {} }, signal);
    return resourceVersion;
  }

  async #follow(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { session, path, onState, idle = IDLE } = this.#options;
    const seconds = Math.round((OPEN_FOR / SECOND) * (1 + session.random()));
    const query = new URLSearchParams({
      watch: '1',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(seconds),
      resourceVersion,
      ...this.#selection,
    });
    await session.api.open(`${path}?${query}`, signal, idle, (body) => {
      onState(null);
      return readWatch(path, body, (event) => this.#take(event));
    });
  }

  #take({ type, object, resourceVersion }: WatchEvent): void {
    if (type !== 'BOOKMARK') this.#options.onObject(object, type === 'DELETED');
    if (resourceVersion !== '') this.#resourceVersion = resourceVersion;
  }

  get #selection(): Readonly<Record<string, string>> {
    const { fieldSelector } = this.#options;
    return fieldSelector === undefined ? {} : { fieldSelector };
  }

  #wait(failures: number): number {
    return failures === 0 ? 0 : this.#jittered(Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT));
  }

  #jittered(wait: number): number {
    return wait * (0.5 + this.#options.session.random());
  }
}
