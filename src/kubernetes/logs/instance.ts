import { SECOND } from '../../base/duration.ts';
import { CollectError } from '../../base/errors.ts';
import type { Tail } from '../../core/analyze/frame.ts';
import type { LineSink } from '../../core/analyze/line-sink.ts';
import type { GapReason } from '../../core/model/cycle.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import type { Feed } from '../hot/feed.ts';
import { lostBytes } from '../hot/lost-bytes.ts';
import type { LineSpan } from '../hot/pace.ts';
import { type Position, startingAt, unseenSince } from './cursor.ts';
import { lateStart } from './late-start.ts';
import { type LogReader, type LogRequest, type LogResponse, readLog } from './logs.ts';
import type { InstanceRead, Span } from './plan.ts';
import { isSameTail, takeTail } from './unterminated.ts';

/** Responses that one collection asks of one instance at most. */
const MAX_READS = 8;
/** Equal inconclusive answers in a row after which they are believed. */
const EMPTY_READS = 2;
const SHORT_READS = 3;
const NO_LINES: LineSpan = { bytes: 0, firstAt: null, lastAt: null };
const REMOVED = /^unable to retrieve container logs|does not exist|no such file/;

/** What reading one instance came to. */
export interface InstanceOutcome {
  readonly position: Position;
  readonly drained: boolean;
  readonly gaps: readonly Span[];
  readonly lines: number;
  readonly bytes: number;
  /** What a rotation took from between the lines read before and these, as far as it can be told. */
  readonly lostBytes: number;
  /** The node's time of the first new line, epoch milliseconds; `null` without one. */
  readonly firstAt: number | null;
  /** The pod has changed since it was listed: plan its container anew. */
  readonly replaced: boolean;
  /** For a probe: whether the lines that the cursor knows are this instance's. If not, nothing was taken. */
  readonly matched: boolean;
  readonly failure: CollectError | null;
}

export interface InstanceOptions {
  readonly maxLine: number;
  readonly maxBytes: number;
  readonly now: () => number;
  /** What came of the instance without being asked for; `null` when it is not followed. */
  readonly feed: Feed | null;
  /** The API is asked only where the feed needs it. */
  readonly trustsFeed: boolean;
}

/**
 * Reads one container instance from where it was left: once when it runs; until two answers are equal when it has ended, since only that
 * shows that nothing was cut off behind the API server. An unterminated last line is taken only then, or where there is nothing left to ask.
 */
export async function readInstance(reader: LogReader, read: InstanceRead, options: InstanceOptions): Promise<InstanceOutcome> {
  const run = new InstanceRun(read, options);
  const { feed, maxLine } = options;
  const takeLast = (tail: Tail | null): Promise<void> =>
    takeTail(() => reader.sinkFor(read.ref), { tail, maxLine, count: (lines, bytes) => run.count(lines, bytes) });
  if (feed !== null && !read.isProbe) {
    await run.takeFeed(feed, reader.sinkFor);
    // The last words of an instance that has ended may still be on their way.
    if (options.trustsFeed && read.ended === null && !feed.needsProof) return run.outcome({});
  }
  for (let reads = 0; reads < MAX_READS; reads++) {
    let response: LogResponse;
    try {
      // A probe that does not match need not look any further.
      response = await readLog(read.isProbe ? { ...reader, isStillThere: async () => false } : reader, run.request());
    } catch (error) {
      if (!(error instanceof CollectError) || error.reason === 'aborted') throw error;
      // A pod that is gone cannot be asked again: its last words as they came are better than none.
      if (isGone(error) && !run.request().isDoubtful) await takeLast(run.seenTail);
      return run.refused(error);
    }
    const outcome = run.take(response);
    if (outcome === 'drained') {
      // An empty log has no line that could show whose it is.
      const request = run.request();
      if (request.isDoubtful && !(await reader.isStillThere(request))) return run.outcome({ replaced: true });
      await takeLast(response.tail);
      return run.drained();
    }
    if (outcome === 'removed' && !(await reader.hasEnded(run.request()))) return run.unreadable(response);
    if (outcome === 'removed') return run.outcome({ replaced: true });
    if (outcome === 'empty') return (await reader.isStillThere(run.request())) ? run.vanished() : run.outcome({ replaced: true });
    if (outcome !== 'more') return outcome;
  }
  return run.outcome({});
}

/** The state of reading one instance over several responses. */
class InstanceRun {
  readonly #read: InstanceRead;
  readonly #options: InstanceOptions;
  readonly #gaps: Span[] = [];
  #position: Position;
  #afresh = false;
  #matched = false;
  #lines = 0;
  #bytes = 0;
  #firstAt: number | null = null;
  #empty = 0;
  #short = 0;
  #lastTail: Tail | null | undefined = undefined;

  constructor(read: InstanceRead, options: InstanceOptions) {
    this.#read = read;
    this.#options = options;
    this.#position = read.position;
  }

  request(): LogRequest {
    const { ref, previous, startedAt, ended } = this.#read;
    return {
      ref,
      previous,
      position: this.#position,
      afresh: this.#afresh,
      isDoubtful: this.#read.mayRestart && this.#position.count === 0,
      plausible: { from: startedAt, to: ended?.finishedAt ?? null },
      isFollowed: this.#options.feed !== null,
      maxLine: this.#options.maxLine,
      budget: this.#options.maxBytes - this.#bytes,
    };
  }

  /** Takes what a stream has brought; requests go on from there. */
  async takeFeed(feed: Feed, sinkFor: (ref: ContainerRef) => LineSink): Promise<void> {
    const sink = sinkFor(this.#read.ref);
    const { position, lines, bytes, firstAt } = await feed.take(this.#position, sink);
    await sink.flush();
    this.#position = position;
    this.#firstAt = firstAt;
    this.count(lines, bytes);
  }

  count(lines: number, bytes: number): void {
    this.#lines += lines;
    this.#bytes += bytes;
  }

  outcome(what: { readonly drained?: boolean; readonly replaced?: boolean; readonly failure?: CollectError }): InstanceOutcome {
    return {
      position: this.#position,
      drained: what.drained ?? false,
      gaps: this.#gaps,
      lines: this.#lines,
      bytes: this.#bytes,
      lostBytes: this.#gaps.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      firstAt: this.#firstAt,
      replaced: what.replaced ?? false,
      matched: this.#matched,
      failure: what.failure ?? null,
    };
  }

  /** What followed the last line end when an ended instance was read, until that is known to be all. */
  get seenTail(): Tail | null {
    return this.#lastTail ?? null;
  }

  /** Read to its end: an instance that wrote nothing was seen until it ended. */
  drained(): InstanceOutcome {
    const finishedAt = this.#read.ended?.finishedAt ?? null;
    if (this.#position.lastAt === null && finishedAt !== null) this.#position = startingAt(Math.floor(finishedAt / SECOND));
    return this.outcome({ drained: true });
  }

  /** Judges one response: `more` asks for another, `empty` and `removed` for a look at the pod before it is believed. */
  take(response: LogResponse): InstanceOutcome | 'more' | 'drained' | 'empty' | 'removed' {
    this.count(response.fresh, response.bytes);
    this.#firstAt ??= response.firstAt;
    this.#matched ||= response.verified && response.lines > 0;
    if (this.#read.isProbe && !this.#matched) return this.outcome({});
    if (response.end === 'replaced') return this.outcome({ replaced: true });
    if (response.end === 'again') {
      this.#afresh = true;
      return 'more';
    }
    this.#noteRotation(response);
    this.#position = response.position;
    this.#afresh = false;
    if (response.verified) this.#options.feed?.proved(!response.rotated, response.fresh);
    if (response.errorText !== null) return this.#spoken(response);
    if (response.failure !== null) return this.#unread('read_failed', response.failure);
    if (response.end === 'limit') return this.#unread('truncated');
    if (!response.verified) return this.#inconclusive(response);
    if (this.#read.ended === null) return this.outcome({});
    const unchanged = this.#lastTail !== undefined && response.fresh === 0 && isSameTail(this.#lastTail, response.tail);
    this.#lastTail = response.tail;
    return unchanged ? 'drained' : 'more';
  }

  /** The API server or the kubelet refused. Most 400s are ordinary states of a container. */
  refused(error: CollectError): InstanceOutcome {
    if (this.#read.isProbe) return this.outcome({});
    if (isGone(error)) return this.#gone();
    if (error.status === 400) return this.outcome({});
    return this.#unread('read_failed', error);
  }

  /** Twice nothing although lines were read before: a new file without lines, or a log that was removed. */
  vanished(): InstanceOutcome {
    if (this.#read.ended !== null) return this.#gone();
    const { lastAt, since } = this.#position;
    // The whole second of the last line is left out, because its lines would come twice if the answers were cut off after all.
    const next = lastAt === null ? since : Math.floor(lastAt / 1000) + 1;
    this.#lost(this.#unseenUntil(Math.max(this.#options.now(), (next ?? 0) * 1000)), NO_LINES);
    this.#position = { ...startingAt(next), lastAt };
    return this.outcome({});
  }

  #inconclusive(response: LogResponse): InstanceOutcome | 'more' | 'empty' {
    this.#lastTail = undefined;
    if (response.lines === 0) {
      return ++this.#empty < EMPTY_READS ? 'more' : 'empty';
    }
    return ++this.#short < SHORT_READS ? 'more' : this.#unread('read_failed');
  }

  #noteRotation(response: LogResponse): void {
    const { fresh, firstAt: to, rotated } = response;
    if (fresh === 0 || to === null) return;
    const { lastAt, since, count } = this.#position;
    if (rotated) this.#lost(this.#unseenUntil(to), spanOf(response));
    else if (lastAt === null) {
      const late = lateStart(this.#read, since, response);
      if (late !== null) this.#gaps.push(late);
    } else if (count === 0) {
      // The first lines after an empty file: no known line shows whether another file was rotated away before them.
      const from = Math.max(lastAt, (since ?? 0) * 1000);
      if (to > from) this.#lost({ from, to }, spanOf(response));
    }
  }

  /** The kubelet answered with a text in place of the log. */
  unreadable({ errorText }: LogResponse): InstanceOutcome {
    const { pod } = this.#read.ref;
    return this.#unread('read_failed', new CollectError('server_error', `could not read the log of ${pod}: ${errorText}`));
  }

  #spoken(response: LogResponse): InstanceOutcome | 'removed' {
    if (!REMOVED.test(response.errorText ?? '')) return this.unreadable(response);
    return this.#read.ended === null ? 'removed' : this.#gone();
  }

  #gone(): InstanceOutcome {
    const finishedAt = this.#read.ended?.finishedAt ?? null;
    // Kubelet cuts its times to whole seconds.
    this.#gap(finishedAt === null ? this.#options.now() : finishedAt + SECOND, 'gone');
    return this.outcome({ drained: true });
  }

  #unread(reason: GapReason, failure?: CollectError): InstanceOutcome {
    this.#gap(this.#options.now(), reason);
    return this.outcome(failure === undefined ? {} : { failure });
  }

  #gap(to: number, reason: GapReason): void {
    this.#gaps.push({ ...this.#unseenUntil(to), reason, bytes: null });
  }

  /** A gap by rotation: the lines behind it, or the pace before it, tell how much is missing. */
  #lost(span: Pick<Span, 'from' | 'to'>, after: LineSpan): void {
    this.#gaps.push({ ...span, reason: 'rotated', bytes: lostBytes(span, this.#read.pace, after) });
  }

  #unseenUntil(to: number): Pick<Span, 'from' | 'to'> {
    const since = unseenSince(this.#position, this.#read.startedAt);
    return { from: since === null ? null : Math.min(since, to), to };
  }
}

/** The instance's log is no more: its pod, or what is kept of the instance before, was removed. */
function isGone({ status, message }: CollectError): boolean {
  return (
    (status === 400 && /previous terminated container .* not found/.test(message)) ||
    (status === 404 && /\bpods? "[^"]*" not found/.test(message))
  );
}

function spanOf({ bytes, firstAt, position }: LogResponse): LineSpan {
  return { bytes, firstAt, lastAt: position.lastAt };
}
