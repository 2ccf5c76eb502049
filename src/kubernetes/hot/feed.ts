import { setImmediate as nextTurn } from 'node:timers/promises';
import { SECOND } from '../../base/duration.ts';
import { type Frame, LineFramer } from '../../core/analyze/frame.ts';
import type { LineSink } from '../../core/analyze/line-sink.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import { type Position, Resume } from '../logs/cursor.ts';
import { FeedProof } from './feed-proof.ts';

/** Bytes that wait for a read: from the first on a read is due, at the second the stream is held up until it has come. */
const ENOUGH = 1024 * 1024;
const MOST = 2 * ENOUGH;
/** After so many bytes a take lets others have their turn. */
const PIECE = 64 * 1024;
/** What has come waits no longer than this for a read. */
const OLDEST = 5 * SECOND;
/** Reads of one feed are apart at least this much. */
const SHORTEST_PAUSE = 2 * SECOND;
/** A stream that was held up for this long may fall behind by a whole file, and is given up. */
const LONGEST_HOLD = 10 * SECOND;

export interface FeedOptions {
  readonly ref: ContainerRef;
  /** Where the stream begins. */
  readonly position: Position;
  readonly maxLine: number;
  /** Bytes a second that the container wrote lately. */
  readonly rate: number;
  /** Milliseconds since an arbitrary start. */
  readonly now: () => number;
}

/** What a read takes out of a feed. */
export interface FeedTake {
  readonly position: Position;
  readonly lines: number;
  readonly bytes: number;
  /** Epoch milliseconds of the first new line. */
  readonly firstAt: number | null;
}

interface Chunk {
  readonly bytes: Buffer;
  readonly at: number;
}

/**
 * What has come of one followed container instance and was not read yet. It only spares a read its request: whatever is doubtful, that the
 * stream has gone on behind a file it skipped above all, ends it, and the next read asks the API as ever, finds out and says what is missing.
 */
export class Feed {
  readonly ref: ContainerRef;
  readonly openedAt: number;
  readonly #options: FeedOptions;
  readonly #resume: Resume;
  readonly #framer: LineFramer;
  readonly #proof: FeedProof;
  readonly #stop = new AbortController();
  #chunks: Chunk[] = [];
  #buffered = 0;
  #hold: { readonly until: Promise<void>; readonly release: () => void; readonly since: number } | null = null;
  /** Where the cursor stands that was read last. */
  #at: Position;
  #takenAt: number;
  #ended = false;
  #isDoubted = false;
  /** The node's time of the newest line that came, epoch milliseconds. */
  #newestAt = 0;
  /** The end was seen by a read, so that nothing is left in here. */
  #settled = false;
  /** What the read under way has taken. */
  #sink: LineSink | null = null;
  #lines = 0;
  #bytes = 0;
  #firstAt: number | null = null;
  #arrivedAt = 0;

  constructor(options: FeedOptions) {
    const { ref, position, maxLine, rate, now } = options;
    this.#options = options;
    this.ref = ref;
    this.openedAt = now();
    this.#takenAt = this.openedAt - SHORTEST_PAUSE;
    this.#at = position;
    this.#resume = new Resume(position, true);
    this.#framer = new LineFramer(maxLine, { onLine: (frame) => this.#line(frame), onOrphan() {} });
    this.#proof = new FeedProof(rate, this.openedAt);
  }

  /** Aborts when the stream is to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Bytes that wait for a read. */
  get buffered(): number {
    return this.#buffered;
  }

  /** Nothing more comes, and all that came was read. */
  get isSpent(): boolean {
    return this.#settled;
  }

  /** Whether the container should be read now. */
  get isDue(): boolean {
    const now = this.#options.now();
    const oldest = this.#chunks[0]?.at ?? now;
    if (now - this.#takenAt < SHORTEST_PAUSE) return false;
    return this.#ended || this.#buffered >= ENOUGH || now - oldest >= OLDEST || this.#proof.isWanted(now);
  }

  /** Whether a read would bring something, and the last one is long enough ago. */
  get isReady(): boolean {
    return this.#buffered > 0 && this.#options.now() - this.#takenAt >= SHORTEST_PAUSE;
  }

  /** Whether a read has to ask the API too: to prove that the stream still brings this file, or because it has ended. */
  get needsProof(): boolean {
    return this.#ended || this.#proof.isWanted(this.#options.now());
  }

  /** Takes what came; resolves when more can be taken, or is undefined when that is now. */
  push(bytes: Buffer): Promise<void> | undefined {
    const now = this.#options.now();
    this.#chunks.push({ bytes, at: now });
    this.#buffered += bytes.length;
    this.#proof.arrived(now);
    if (this.#buffered < MOST) return undefined;
    if (this.#hold === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#hold = { until: promise, release: resolve, since: now };
    }
    return this.#hold.until;
  }

  /** Nothing more will come. */
  end(): void {
    if (!this.#ended) this.#takenAt = this.#options.now() - SHORTEST_PAUSE;
    this.#ended = true;
    this.#stop.abort();
    this.#release();
  }

  /** Gives the stream up when it was held up for too long. */
  watchHold(): void {
    if (this.#hold !== null && this.#options.now() - this.#hold.since > LONGEST_HOLD) this.end();
  }

  /**
   * Hands what came since the cursor's position to the sink, up to where it is beyond doubt; one take at a time. Others have their turn after every
   * piece.
   */
  async take(cursor: Position, sink: LineSink): Promise<FeedTake> {
    this.#sink = sink;
    this.#takenAt = this.#options.now();
    this.#lines = 0;
    this.#bytes = 0;
    this.#firstAt = null;
    if (!isSame(cursor, this.#at) && !this.#catchUp(cursor)) this.#doubt();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#buffered = 0;
    let unasked = 0;
    for (const { bytes, at } of chunks) {
      this.#arrivedAt = at;
      this.#framer.push(bytes);
      unasked += bytes.length;
      if (unasked < PIECE) continue;
      unasked = 0;
      await sink.ready();
      await nextTurn();
    }
    this.#release();
    this.#sink = null;
    this.#at = this.#lines === 0 ? cursor : this.#resume.position();
    return { position: this.#at, lines: this.#lines, bytes: this.#bytes, firstAt: this.#firstAt };
  }

  /** A read asked the API from where {@link Feed.take} ended: whether its answer went on from there, and with how many new lines. */
  proved(continued: boolean, fresh: number): void {
    if (!continued || !this.#proof.asked(fresh, this.#options.now())) this.#doubt();
    this.#settled = this.#ended;
  }

  #line(frame: Frame): void {
    const ms = frame.second * SECOND + Math.floor(frame.nanos / 1e6);
    const verdict = this.#isDoubted || this.#jumps(ms) ? 'mismatch' : this.#resume.take(frame);
    if (verdict === 'mismatch') this.#doubt();
    else this.#newestAt = Math.max(this.#newestAt, ms);
    if (verdict !== 'new') return;
    this.#proof.lineTaken();
    this.#sink?.line(frame);
    const size = frame.end - frame.textStart + frame.cut;
    this.#lines++;
    this.#bytes += size;
    this.#firstAt ??= ms;
  }

  /** Another read went ahead. One that stands behind us means that what we gave was dropped. */
  #catchUp(cursor: Position): boolean {
    return (cursor.lastAt ?? 0) >= this.#newestAt && this.#resume.skipTo(cursor);
  }

  /** Lines are missing in time where the file was not seen to be quiet: a file may have been skipped. */
  #jumps(ms: number): boolean {
    return this.#newestAt !== 0 && ms - this.#newestAt > this.#proof.jump && !this.#proof.excuses(this.#arrivedAt);
  }

  /** From here on the stream says nothing more; what it has given stands. */
  #doubt(): void {
    this.#isDoubted = true;
    this.end();
  }

  #release(): void {
    this.#hold?.release();
    this.#hold = null;
  }
}

function isSame(one: Position, other: Position): boolean {
  return (
    one.since === other.since &&
    one.count === other.count &&
    one.chain === other.chain &&
    one.first === other.first &&
    one.lastAt === other.lastAt
  );
}
