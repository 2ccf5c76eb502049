import type { Clock } from '../../base/clock.ts';
import { HOUR, MINUTE, SECOND } from '../../base/duration.ts';
import { messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Cursor } from '../../core/model/cycle.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import { logPath } from '../logs/logs.ts';
import type { OpenApi } from '../session/http.ts';
import { Feed } from './feed.ts';

/** A stream is opened anew after this long: some API servers stop sending on one that has been open for hours. */
const LONGEST = HOUR;
/** Without a byte for this long a stream ends. */
const IDLE = 5 * MINUTE;
/** A stream that ends sooner is opened again at once, since a rotation is far off then; when that ends soon too, only after a while. */
const STABLE = MINUTE;
const SHORTEST_WAIT = 15 * SECOND;
const LONGEST_WAIT = 5 * MINUTE;
/** Bytes that all streams together hold for reads; each new one waits until there is room. */
const MOST_BUFFERED = 24 * 1024 * 1024;

export interface FollowersOptions {
  readonly api: OpenApi;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Bytes. */
  readonly maxLine: number;
}

interface Stream {
  readonly feed: Feed;
  readonly done: Promise<void>;
}

/** The containers whose logs are followed, each by one stream that stays open. */
export class Followers implements AsyncDisposable {
  readonly #options: FollowersOptions;
  readonly #streams = new Map<string, Stream>();
  /** Of wanted streams that ended too soon. */
  readonly #waits = new Map<string, { readonly until: number; readonly wait: number }>();

  constructor(options: FollowersOptions) {
    this.#options = options;
  }

  /** The instances that have a stream, also one whose end was not read yet. */
  get following(): ReadonlySet<string> {
    return new Set([...this.#streams.values()].map(({ feed }) => feed.ref.containerID));
  }

  /** Whether a container of the pod is followed. */
  hasPod(uid: string): boolean {
    return [...this.#streams.values()].some(({ feed }) => feed.ref.uid === uid);
  }

  /** What came of an instance since it was read last; `null` when it is not followed. */
  feedOf(ref: ContainerRef): Feed | null {
    return this.#streams.get(keyOf(ref))?.feed ?? null;
  }

  /** The instances that should be read now; with the first that is due go those that could be, so that commits stay few. */
  due(): readonly ContainerRef[] {
    const feeds = [...this.#streams.values()].map(({ feed }) => feed);
    return feeds.some((feed) => feed.isDue) ? feeds.filter((feed) => feed.isDue || feed.isReady).map(({ ref }) => ref) : [];
  }

  /** Opens the streams that are wanted and missing, each where its cursor stands, and ends those that are not wanted or too old. */
  follow(wanted: readonly Cursor[]): void {
    const now = this.#options.clock.monotonic();
    const keys = new Set(wanted.map(({ ref }) => keyOf(ref)));
    let buffered = 0;
    for (const [key, { feed }] of this.#streams) {
      buffered += feed.buffered;
      feed.watchHold();
      if (feed.isSpent) this.#streams.delete(key);
      else if (!keys.has(key) || now - feed.openedAt >= LONGEST) feed.end();
    }
    for (const key of this.#waits.keys()) if (!keys.has(key)) this.#waits.delete(key);
    for (const cursor of wanted) {
      const key = keyOf(cursor.ref);
      const isWaiting = (this.#waits.get(key)?.until ?? now) > now;
      if (!this.#streams.has(key) && !isWaiting && buffered < MOST_BUFFERED) this.#open(key, cursor);
    }
    this.#options.metrics.set('tocsin_follow_streams', 'Container logs that are followed', {}, this.#streams.size);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { feed } of this.#streams.values()) feed.end();
    await Promise.all([...this.#streams.values()].map(({ done }) => done));
    this.#streams.clear();
  }

  #open(key: string, cursor: Cursor): void {
    const { clock, maxLine } = this.#options;
    const { ref, pace } = cursor;
    const feed = new Feed({ ref, position: cursor, maxLine, rate: pace?.rate ?? 0, now: () => clock.monotonic() });
    this.#streams.set(key, { feed, done: this.#run(key, feed, cursor) });
  }

  async #run(key: string, feed: Feed, cursor: Cursor): Promise<void> {
    const { api, logger, clock, metrics } = this.#options;
    const path = `${logPath({ ref: cursor.ref, previous: false, position: cursor })}&follow=true`;
    let reason = 'ended';
    try {
      // What comes waits for the next read of the container: it must be the feed's own.
      await api.open(path, feed.signal, IDLE, (body) =>
        body.each((bytes) => feed.push(Buffer.from(bytes))?.then(() => true) ?? true),
      );
    } catch (error) {
      reason = feed.signal.aborted ? 'closed' : 'failed';
      if (reason === 'failed') logger.debug('a followed log broke off', { pod: feed.ref.pod, error: messageOf(error) });
    }
    feed.end();
    metrics.count('tocsin_follow_ends_total', 'Followed logs by how they ended', { reason });
    this.#noteEnd(key, clock.monotonic() - feed.openedAt);
  }

  #noteEnd(key: string, lasted: number): void {
    if (lasted >= STABLE) {
      this.#waits.delete(key);
      return;
    }
    const before = this.#waits.get(key)?.wait;
    const wait = before === undefined ? 0 : Math.min(Math.max(2 * before, SHORTEST_WAIT), LONGEST_WAIT);
    this.#waits.set(key, { until: this.#options.clock.monotonic() + wait, wait });
  }
}

function keyOf({ uid, container, containerID }: ContainerRef): string {
  return `${uid}/${container}/${containerID}`;
}
