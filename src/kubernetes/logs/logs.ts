import { SECOND } from '../../base/duration.ts';
import { CollectError } from '../../base/errors.ts';
import { type Frame, LineFramer, type Tail } from '../../core/analyze/frame.ts';
import type { LineSink } from '../../core/analyze/line-sink.ts';
import type { ContainerRef } from '../../core/model/log-line.ts';
import { toCollectError } from '../session/api-error.ts';
import type { Api } from '../session/http.ts';
import { type Position, Resume } from './cursor.ts';

/** How long a read may take. */
export interface Patience {
  /** A read without a byte for this long gives up; milliseconds. */
  readonly idle: number;
  /** A read that is not done by then gives up. */
  readonly deadline: number;
  /** Whether a try that failed before its first byte is made again. */
  readonly retries: boolean;
}

/** Of the reads of a whole collection. */
export const PATIENT: Patience = { idle: 30 * SECOND, deadline: 120 * SECOND, retries: true };
/** Of reads for which somebody waits: what does not come soon is left to the next collection. */
export const HASTY: Patience = { idle: 4 * SECOND, deadline: 8 * SECOND, retries: false };

/** After this many bytes the sink is asked whether it can take more. */
const READY_EVERY = 256 * 1024;
/** What the kubelet appends to a 200 answer when it fails after the headers (kubernetes.md section 1.4). */
const KUBELET_ERROR =
  /^(unable to retrieve container logs for|failed to (try resolving symlinks|open log file|read log|get parse function|seek|start log)|rpc error:|container status is nil|log file .* (does not exist|is a symlink)|unable to return)/;

/** One read of one container instance. */
export interface LogRequest {
  readonly ref: ContainerRef;
  /** Reads `lastState.terminated` instead of the current instance. */
  readonly previous: boolean;
  readonly position: Position;
  /** Do not compare with what was read before: it was seen not to match. */
  readonly afresh: boolean;
  /** Nothing but the list says that this is the instance's log, and the container may have restarted since: look before taking a line. */
  readonly isDoubtful: boolean;
  /** When a line of this instance can have been written, epoch milliseconds: the first line outside makes us look whose log this is. */
  readonly plausible: { readonly from: number | null; readonly to: number | null };
  /** The instance is followed, so that its position has to say which line is its newest. */
  readonly isFollowed: boolean;
  readonly maxLine: number;
  /** New bytes that may still be taken. */
  readonly budget: number;
}

/** What reads need of their surroundings. */
export interface LogReader {
  readonly api: Api;
  readonly signal: AbortSignal;
  /** Milliseconds since an arbitrary start. */
  readonly now: () => number;
  readonly sinkFor: (ref: ContainerRef) => LineSink;
  readonly patience: Patience;
  /** Told of each failed try; whether another makes sense. */
  readonly mayRetry: (error: CollectError) => boolean;
  /** Asks the API whether the request still reads the instance that it is meant for. */
  readonly isStillThere: (request: LogRequest) => Promise<boolean>;
  /** Asks the API whether the instance has ended, or is about to with its pod. */
  readonly hasEnded: (request: LogRequest) => Promise<boolean>;
}

/** What one response told. It never says that it was complete: a connection that breaks behind the API server ends like a whole answer. */
export interface LogResponse {
  readonly position: Position;
  /** Whether all lines that were known came again. */
  readonly verified: boolean;
  /** Lines in the response, the known ones included; and those that are new. */
  readonly lines: number;
  readonly fresh: number;
  readonly bytes: number;
  /** Epoch milliseconds of the first and newest new line. */
  readonly firstAt: number | null;
  readonly rotated: boolean;
  /** What follows the last line end, whether or not it is a log line. */
  readonly tail: Tail | null;
  /** The kubelet's own words in place of log lines. */
  readonly errorText: string | null;
  /** `again`: read once more with `afresh`. `replaced`: the log belongs to another instance, nothing was taken. */
  readonly end: 'whole' | 'limit' | 'replaced' | 'again' | 'broken';
  readonly failure: CollectError | null;
}

/** Reads one log response into the sink. Rejects with `CollectError` for an answer that is no log, before a line was taken. */
export async function readLog(reader: LogReader, request: LogRequest): Promise<LogResponse> {
  const path = logPath(request);
  const { signal, mayRetry, now, patience } = reader;
  return reader.api.stream(path, signal, { idle: patience.idle, mayRetry }, async (body) => {
    const intake = new Intake(request, reader.sinkFor);
    const within = now() + patience.deadline;
    const goesOn = (): boolean => {
      // The idle time sees to it that this is asked again.
      if (now() > within)
        throw new CollectError('timeout', `could not read ${path}: not done within ${patience.deadline / SECOND} s`);
      return !intake.stopped;
    };
    const hold = (): Promise<void> | undefined => {
      if (intake.doubtful) return reader.isStillThere(request).then((isOurs) => intake.settle(isOurs));
      return intake.unasked < READY_EVERY ? undefined : intake.ready();
    };
    let failure: CollectError | null = null;
    try {
      await body.each((bytes) => {
        intake.push(bytes);
        return hold()?.then(goesOn) ?? goesOn();
      });
    } catch (error) {
      failure = toCollectError(path, error, signal);
      if (failure.reason === 'aborted') throw failure;
    }
    await intake.flush();
    return intake.response(failure);
  });
}

/** The request for what an instance's log has from a position on. */
export function logPath({ ref, previous, position }: Pick<LogRequest, 'ref' | 'previous' | 'position'>): string {
  let query = `container=${encodeURIComponent(ref.container)}&timestamps=true`;
  if (previous) query += '&previous=true';
  if (position.since !== null) query += `&sinceTime=${new Date(position.since * 1000).toISOString().slice(0, 19)}Z`;
  const pod = `${encodeURIComponent(ref.workload.namespace)}/pods/${encodeURIComponent(ref.pod)}`;
  return `/api/v1/namespaces/${pod}/log?${query}`;
}

/** Takes the lines of one response: known ones are checked and dropped, new ones go to the sink. */
class Intake {
  readonly #request: LogRequest;
  readonly #sinkFor: (ref: ContainerRef) => LineSink;
  readonly #resume: Resume;
  readonly #framer: LineFramer;
  #sink: LineSink | null = null;
  /** Lines that wait until it is known whose log this is, with bytes of their own. */
  #held: Frame[] | null = null;
  #stop: 'limit' | 'replaced' | 'again' | null = null;
  #checked: boolean;
  #rotated = false;
  #errorText: string | null = null;
  #fresh = 0;
  #bytes = 0;
  #firstAt: number | null = null;
  unasked = 0;

  constructor(request: LogRequest, sinkFor: (ref: ContainerRef) => LineSink) {
    this.#request = request;
    this.#sinkFor = sinkFor;
    this.#resume = new Resume(request.position, request.isFollowed);
    this.#checked = request.position.count > 0 && !request.afresh;
    this.#framer = new LineFramer(request.maxLine, {
      onLine: (frame) => this.#line(frame),
      onOrphan: (text) => this.#orphan(text),
    });
  }

  get doubtful(): boolean {
    return this.#held !== null;
  }

  get stopped(): boolean {
    return this.#stop !== null;
  }

  push(chunk: Buffer): void {
    this.#framer.push(chunk);
  }

  /** Ends the doubt: the held lines are this instance's (its file was rotated, or is new), or they are not. */
  settle(isOurs: boolean): void {
    const held = this.#held ?? [];
    this.#held = null;
    if (!isOurs) {
      this.#stop = 'replaced';
      return;
    }
    this.#checked = true;
    this.#rotated = this.#request.position.count > 0;
    this.#resume.acceptAll();
    for (const frame of held) this.#line(frame);
  }

  /** The record that is open stays open: its next line may come with the next bytes. */
  ready(): Promise<void> | undefined {
    this.unasked = 0;
    return this.#sink?.ready();
  }

  async flush(): Promise<void> {
    await this.#sink?.flush();
  }

  response(failure: CollectError | null): LogResponse {
    const tail = failure === null && this.#stop === null ? this.#framer.end(false) : null;
    if (tail !== null && !tail.timestamped) this.#orphan(tail.bytes);
    return {
      position: this.#resume.position(),
      verified: this.#resume.verified,
      lines: this.#resume.taken,
      fresh: this.#fresh,
      bytes: this.#bytes,
      firstAt: this.#firstAt,
      rotated: this.#rotated,
      tail,
      errorText: this.#errorText,
      end: failure !== null ? 'broken' : (this.#stop ?? 'whole'),
      failure,
    };
  }

  #line(frame: Frame): void {
    if (this.#stop !== null) return;
    if (this.#held !== null) {
      this.#held.push(kept(frame));
      return;
    }
    if (!this.#checked) {
      this.#checked = true;
      if (this.#request.afresh || this.#request.isDoubtful || !this.#isPlausible(frame)) {
        this.#held = [kept(frame)];
        return;
      }
    }
    if (this.#resume.verified && this.#bytes >= this.#request.budget) {
      this.#stop = 'limit';
      return;
    }
    const before = this.#resume.taken;
    switch (this.#resume.take(frame)) {
      case 'known':
        return;
      case 'new':
        this.#emit(frame);
        return;
      case 'mismatch':
        // Lines that were dropped as known cannot be had back from this response.
        if (before > 0) this.#stop = 'again';
        else this.#held = [kept(frame)];
    }
  }

  #emit(frame: Frame): void {
    const { textStart, end, second, nanos, cut } = frame;
    this.#sink ??= this.#sinkFor(this.#request.ref);
    this.#sink.line(frame);
    const size = end - textStart + cut;
    this.#fresh++;
    this.#bytes += size;
    this.unasked += size;
    this.#firstAt ??= second * 1000 + Math.floor(nanos / 1e6);
  }

  #orphan(text: Buffer): void {
    const said = text.toString('utf8');
    if (KUBELET_ERROR.test(said)) this.#errorText = said;
  }

  #isPlausible(frame: Frame): boolean {
    const { from, to } = this.#request.plausible;
    // Kubelet's times of start and end are whole seconds too.
    const at = frame.second * SECOND;
    return (from === null || at >= from) && (to === null || at <= to);
  }
}

/** A frame that outlives the block of the one that is given. */
function kept(frame: Frame): Frame {
  const { block, lineStart, textStart, end } = frame;
  const own = Buffer.from(block.subarray(lineStart, end));
  return { ...frame, block: own, lineStart: 0, textStart: textStart - lineStart, end: own.length };
}
