import { CollectError } from '../../base/errors.ts';
import type { Cursor, Gap, Pace, SourceError } from '../../core/model/cycle.ts';
import type { ContainerState, NodeState, PodState } from '../../core/model/pod.ts';
import type { Collection, CollectionRequest, LogsRequest } from '../collection.ts';
import { paceAfter } from '../hot/pace.ts';
import { sourceError } from '../lists/source-error.ts';
import { readPod } from '../objects/read-one.ts';
import type { Session } from '../session/session.ts';
import { forEachByNode, shuffled } from './by-node.ts';
import { type ContainerReader, cursorOf, type ReadResult, readContainer } from './container-run.ts';
import { unseenSince } from './cursor.ts';
import { type ContainerKey, containerKey } from './cursor-book.ts';
import { type InstanceOutcome, readInstance } from './instance.ts';
import { type LogReader, type LogRequest, PATIENT, type Patience } from './logs.ts';
import { NodeBreaker } from './node-breaker.ts';
import type { InstanceRead, Span } from './plan.ts';

/** Log reads on one node at a time: the API server does not defend its kubelets (kubernetes.md section 3.6). */
const PER_NODE = 2;

const TOO_LATE: SourceError = {
  source: 'logs',
  namespace: null,
  reason: 'timeout',
  message: 'not all logs could be read in time: the API server, or a node, answers slowly; the next cycle goes on',
};

/** What reading logs adds to a collection; cursors are those of the pods that were listed. */
export type LogsReading = Pick<Collection, 'cursors' | 'gaps' | 'errors' | 'containers' | 'lines' | 'bytes'>;

/** Reads the new log lines of every container of the given pods. Rejects only when aborted: what could not be read is a gap. */
export async function readLogs(
  session: Session,
  request: CollectionRequest,
  seen: { readonly pods: readonly PodState[]; readonly nodes: readonly NodeState[] },
  signal: AbortSignal,
): Promise<LogsReading> {
  const suspects = seen.nodes.filter((node) => node.ready === 'Unknown').map((node) => node.name);
  const run = new LogsRun(session, request, { breaker: new NodeBreaker(new Set(suspects)), signal });
  const late = new Set<Promise<void>>();
  request.late?.open(({ pod, containers }) => {
    const again = run.readAgain(
      pod,
      pod.containers.filter(({ name }) => containers === null || containers.has(name)),
    );
    if (again !== null) late.add(again);
    // Awaited below; until then a failure must not count as unhandled.
    again?.catch(() => undefined);
    return again !== null;
  });
  let done = 0;
  // One place stays free for looks at pods in the middle of reads, which would otherwise wait for each other.
  const limits = { total: Math.max(session.maxInFlight - 1, 1), perNode: PER_NODE, nodeOf: (pod: PodState) => pod.node };
  try {
    await forEachByNode(inOrder(seen.pods, session, request), limits, async (pod) => {
      await run.readPod(pod, pod.containers);
      done++;
      request.onProgress(done, seen.pods.length, run.lines);
    });
  } finally {
    request.late?.close();
    await Promise.allSettled(late);
  }
  await Promise.all(late);
  return run.reading();
}

/** By chance, but for followed pods: those come last, because what a stream brings waits until a container's reader has committed. */
function inOrder(pods: readonly PodState[], session: Session, { feeds }: CollectionRequest): readonly PodState[] {
  const [first, last]: [PodState[], PodState[]] = [[], []];
  for (const pod of shuffled(pods, session.random)) (feeds?.from.hasPod(pod.uid) === true ? last : first).push(pod);
  return [...first, ...last];
}

/** Reads of containers, and what they have come to so far. */
export class LogsRun {
  readonly #session: Session;
  readonly #request: LogsRequest;
  readonly #breaker: NodeBreaker;
  readonly #patience: Patience;
  readonly #signal: AbortSignal;
  /** Of every container that was read, and may be read again: what is committed is older by then. */
  readonly #cursors = new Map<ContainerKey, readonly Cursor[]>();
  readonly #reading = new Set<ContainerKey>();
  readonly #gaps: Gap[] = [];
  readonly #errors = new Map<string, SourceError>();
  /** Namespaces whose logs we may not read: asked once. */
  readonly #forbidden = new Set<string>();
  #bytes = 0;
  lines = 0;

  constructor(
    session: Session,
    request: LogsRequest,
    around: { readonly breaker: NodeBreaker; readonly signal: AbortSignal; readonly patience?: Patience },
  ) {
    this.#session = session;
    this.#request = request;
    this.#breaker = around.breaker;
    this.#signal = around.signal;
    this.#patience = around.patience ?? PATIENT;
  }

  reading(): LogsReading {
    return {
      cursors: [...this.#cursors.values()].flat(),
      gaps: this.#gaps,
      errors: [...this.#errors.values()],
      containers: this.#cursors.size,
      lines: this.lines,
      bytes: this.#bytes,
    };
  }

  /** Reads what is new of the given containers of a pod, one after the other; each waits until no other reading has it. */
  async readPod(pod: PodState, containers: readonly ContainerState[]): Promise<void> {
    for (const container of containers) {
      const key = containerKey(pod.uid, container.name);
      const known = this.#cursors.get(key) ?? (await this.#request.cursors.claim(key));
      this.#reading.add(key);
      // Without a node nothing can have run.
      if (pod.node === '') this.#cursors.set(key, known);
      else this.#cursors.set(key, await readContainer(this.#containerReader(pod), pod, container, known));
      this.#reading.delete(key);
    }
  }

  /** Reads containers once more that have all been read; `null` when one has not, or is just being read. */
  readAgain(pod: PodState, containers: readonly ContainerState[]): Promise<void> | null {
    const keys = containers.map(({ name }) => containerKey(pod.uid, name));
    if (!keys.every((key) => this.#cursors.has(key) && !this.#reading.has(key))) return null;
    for (const key of keys) this.#reading.add(key);
    return this.readPod(pod, containers);
  }

  async #read(pod: PodState, read: InstanceRead, budget: number): Promise<ReadResult> {
    const stay = { cursor: cursorOf(read), replaced: false, matched: false, bytes: 0 };
    const unseen = { from: unseenSince(read.position, read.startedAt), to: this.#session.clock.now() };
    if (this.#session.clock.monotonic() >= (this.#request.readUntil ?? Number.POSITIVE_INFINITY)) {
      this.#tell(pod, read.ref.container, [{ ...unseen, reason: 'read_failed' }]);
      this.#errors.set('late', TOO_LATE);
      return stay;
    }
    if (this.#breaker.isOpen(pod.node)) {
      this.#tell(pod, read.ref.container, [{ ...unseen, reason: 'node_skipped' }]);
      return stay;
    }
    if (this.#forbidden.has(pod.namespace)) {
      this.#tell(pod, read.ref.container, [{ ...unseen, reason: 'read_failed' }]);
      return stay;
    }
    const outcome = await readInstance(this.#readerFor(pod), read, {
      maxLine: this.#request.maxLine,
      maxBytes: budget,
      now: () => this.#session.clock.now(),
      feed: this.#request.feeds?.from.feedOf(read.ref) ?? null,
      trustsFeed: this.#request.feeds?.areTrusted ?? false,
    });
    this.lines += outcome.lines;
    this.#bytes += outcome.bytes;
    this.#tell(pod, read.ref.container, outcome.gaps);
    this.#note(pod, outcome.failure);
    const { position, drained, replaced, matched, bytes } = outcome;
    const pace = replaced ? read.pace : this.#paceAfter(read, outcome);
    return { cursor: { ...cursorOf({ ...read, position, pace }), drained }, replaced, matched, bytes };
  }

  /** A refused read shows nothing of the pace, and the time without an answer is not one without lines. */
  #paceAfter(read: InstanceRead, { failure, bytes, lostBytes, firstAt, position }: InstanceOutcome): Pace | undefined {
    if (failure !== null) return read.pace;
    return paceAfter(read.pace, { bytes, lostBytes, firstAt, lastAt: position.lastAt, at: this.#session.clock.now() });
  }

  #containerReader(pod: PodState): ContainerReader {
    return {
      lookback: this.#request.lookback,
      maxBytes: this.#request.maxPerContainer,
      now: () => this.#session.clock.now(),
      read: (fresh, read, budget) => this.#read(fresh, read, budget),
      lookAgain: (fresh) => this.#lookAgain(fresh),
      tell: (container, spans) => this.#tell(pod, container, spans),
    };
  }

  #readerFor(pod: PodState): LogReader {
    return {
      api: this.#session.api,
      signal: this.#signal,
      now: () => this.#session.clock.monotonic(),
      sinkFor: this.#request.sinkFor,
      patience: this.#patience,
      mayRetry: (error) => {
        if (isNodeFailure(error)) this.#breaker.failed(pod.node);
        return this.#patience.retries && !this.#breaker.isOpen(pod.node);
      },
      isStillThere: (request) => this.#isStillThere(pod, request),
      hasEnded: (request) => this.#hasEnded(pod, request),
    };
  }

  #note(pod: PodState, failure: CollectError | null): void {
    if (failure === null) {
      this.#breaker.answered(pod.node);
      return;
    }
    if (failure.reason === 'forbidden') this.#forbidden.add(pod.namespace);
    const key = `${pod.namespace} ${failure.reason}`;
    if (!this.#errors.has(key)) this.#errors.set(key, sourceError('logs', pod.namespace, failure));
  }

  async #isStillThere(pod: PodState, request: LogRequest): Promise<boolean> {
    const fresh = await this.#lookAgain(pod);
    // Whoever cannot look must not guess: the lines are left for a later read.
    if (fresh === null || fresh === 'unknown' || fresh.uid !== pod.uid) return false;
    const container = fresh.containers.find(({ name }) => name === request.ref.container);
    if (container === undefined) return false;
    const isWaiting = container.state.kind === 'waiting';
    const id = request.previous || isWaiting ? container.last?.containerID : container.containerID;
    return id === request.ref.containerID;
  }

  async #hasEnded(pod: PodState, { ref }: LogRequest): Promise<boolean> {
    const fresh = await this.#lookAgain(pod);
    if (fresh === 'unknown') return false;
    if (fresh === null || fresh.uid !== pod.uid || fresh.deletedAt !== null) return true;
    const container = fresh.containers.find(({ name }) => name === ref.container);
    return container?.containerID !== ref.containerID || container.state.kind !== 'running';
  }

  /** The pod as it is now; `null` when it is gone. */
  async #lookAgain(pod: PodState): Promise<PodState | null | 'unknown'> {
    try {
      return await readPod(pod, { session: this.#session, redact: this.#request.redact, signal: this.#signal });
    } catch (error) {
      if (!(error instanceof CollectError) || error.reason === 'aborted') throw error;
      return 'unknown';
    }
  }

  #tell(pod: PodState, container: string, spans: readonly Span[]): void {
    const { namespace, workload } = pod;
    for (const { from, to, reason, bytes } of spans) {
      const gap = { namespace, workload, pod: pod.name, container, from, to, reason };
      this.#gaps.push(bytes == null ? gap : { ...gap, bytes });
    }
  }
}

/** Whether a failed try speaks against the node rather than against us. */
function isNodeFailure(error: CollectError): boolean {
  return error.reason === 'server_error' || error.reason === 'timeout' || error.reason === 'unreachable';
}
