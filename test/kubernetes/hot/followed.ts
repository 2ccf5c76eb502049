import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { logAnswer } from '../../../demo/cluster/logs.ts';
import type { SimulatedPod } from '../../../demo/cluster/pod.ts';
import { podJson } from '../../../demo/cluster/pod-json.ts';
import { ClusterState } from '../../../demo/cluster/state.ts';
import { compileGlob } from '../../../src/base/glob.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import { Metrics } from '../../../src/base/metrics.ts';
import type { Cursor, Gap } from '../../../src/core/model/cycle.ts';
import { collect } from '../../../src/kubernetes/collect.ts';
import type { Collection } from '../../../src/kubernetes/collection.ts';
import { Followers } from '../../../src/kubernetes/hot/followers.ts';
import { OwnerCache } from '../../../src/kubernetes/lists/owner.ts';
import { CursorBook } from '../../../src/kubernetes/logs/cursor-book.ts';
import type { Api, OpenApi } from '../../../src/kubernetes/session/http.ts';
import type { Session } from '../../../src/kubernetes/session/session.ts';
import { lentBody } from '../lent-body.ts';

/** One pod of the simulated cluster, whose log is followed and polled without a network and on a clock that only the test moves. */
export class Followed implements AsyncDisposable {
  now = Date.UTC(2026, 10, 21, 12);
  readonly pod: SimulatedPod;
  followers: Followers;
  /** Rotations that the next streams to be opened will miss. */
  skips = 0;
  /** What is written reaches no stream until later. */
  holdStreams = false;
  /** Log requests so far, streams left out. */
  polls = 0;
  opened = 0;
  /** When each line was written. */
  readonly written: number[] = [];
  readonly got: number[] = [];
  readonly gaps: Gap[] = [];
  cursors: readonly Cursor[] = [];
  readonly #session: Session;
  #streams: Readable[] = [];

  constructor() {
    const state = new ClusterState({ now: () => this.now, file: { maxBytes: Number.MAX_SAFE_INTEGER, zone: 'Z' }, seed: 'hot' });
    state.addNode('node-1');
    this.pod = state.addPod({ namespace: 'ns', name: 'pod', createdAt: this.now });
    const clock = { now: () => this.now, monotonic: () => this.now, sleep: async () => {} };
    this.#session = {
      clusterName: 'simulated',
      server: 'http://api',
      maxInFlight: 5,
      api: this.#api(),
      owners: new OwnerCache(),
      clock,
      random: () => 0.5,
      logger: silentLogger,
      async [Symbol.asyncDispose]() {},
    };
    this.followers = this.#newFollowers();
  }

  /** The cursor of the running instance. */
  get cursor(): Cursor {
    const cursor = this.cursors.at(-1);
    if (cursor === undefined) throw new Error('nothing was read yet');
    return cursor;
  }

  /** Whether something of the running instance was read. */
  get isKnown(): boolean {
    return this.cursor.count > 0 && this.cursor.ref.containerID === this.pod.container().current?.id;
  }

  /** Writes lines a millisecond apart and lets the streams bring them. */
  async write(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.now++;
      this.written.push(this.now);
      this.pod.container().write(`line ${this.written.length} ${'x'.repeat(80)}`);
    }
    await this.settle();
  }

  async rotate(): Promise<void> {
    this.pod.container().rotateLog();
    await this.settle();
  }

  async follow(cursors: readonly Cursor[] = [this.cursor]): Promise<void> {
    // Files are small here: as much as a busy container writes between two looks of the kubelet.
    this.followers.follow(cursors.map((cursor) => ({ ...cursor, pace: { rate: 1024 * 1024, at: this.now } })));
    await this.settle();
  }

  /** The API server drops every stream. */
  async drop(): Promise<void> {
    for (const stream of this.#streams.splice(0)) stream.destroy(new Error('reset'));
    await this.settle();
  }

  /** One collection; with `isTrusted` as a targeted one. `isLost`: it could not be committed. */
  async read(options: { readonly isTrusted?: boolean; readonly isLost?: boolean } = {}): Promise<Collection> {
    const lines: number[] = [];
    const collection = await collect(
      this.#session,
      {
        include: [compileGlob('ns')],
        exclude: [],
        objects: new Set(),
        normalEvents: [],
        ownerOf: () => null,
        cursors: new CursorBook(this.cursors).begin(),
        eventCounts: {},
        lookback: 3_600_000,
        maxLine: 1024,
        maxPerContainer: 1 << 24,
        at: this.now,
        startedAt: this.now,
        sinkFor: () => ({
          line: ({ block, textStart, end }) =>
            void lines.push(Number(/^line (\d+) /.exec(block.toString('utf8', textStart, end))?.[1])),
          ready: () => undefined,
          async flush() {},
        }),
        feeds: { from: this.followers, areTrusted: options.isTrusted ?? false },
        redact: (text) => text,
        onProgress() {},
      },
      new AbortController().signal,
    );
    if (options.isLost === true) return collection;
    this.got.push(...lines);
    this.gaps.push(...collection.gaps);
    // As the store does it: through JSON.
    this.cursors = JSON.parse(JSON.stringify(collection.cursors));
    return collection;
  }

  /** As after `kill -9`: only what was committed is left. */
  async kill(): Promise<void> {
    await this.followers[Symbol.asyncDispose]();
    this.followers = this.#newFollowers();
  }

  /** Lines that are missing outside of every gap, and those that were taken more than once. */
  faults(): { readonly lost: readonly number[]; readonly twice: readonly number[] } {
    const known = new Set(this.got);
    const isTold = (at: number) => this.gaps.some(({ from, to }) => (from ?? 0) <= at && at <= to);
    const lost = this.written.flatMap((at, index) => (known.has(index + 1) || isTold(at) ? [] : [index + 1]));
    return { lost, twice: this.got.filter((line, index) => this.got.indexOf(line) !== index) };
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) await nextTurn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.followers[Symbol.asyncDispose]();
  }

  #newFollowers(): Followers {
    const { api, clock, logger } = this.#session;
    return new Followers({ api, clock, logger, metrics: new Metrics(), maxLine: 1024 });
  }

  #api(): Api & OpenApi {
    const answer = (path: string) => {
      const url = new URL(path, 'http://api');
      return logAnswer(this.pod, 'pod', url.searchParams, this.now);
    };
    return {
      json: async (path) => {
        if (path.endsWith('/pods/pod')) return { status: 200, value: podJson(this.pod) };
        return { status: 200, value: { items: path.includes('/pods?') ? [podJson(this.pod)] : [], metadata: {} } };
      },
      stream: async (path, _signal, _options, consume) => {
        this.polls++;
        return consume(lentBody([Buffer.from(answer(path).body)]));
      },
      open: async (path, signal, _idle, consume) => {
        this.opened++;
        const body = new Readable({ read() {} });
        const held: (Buffer | null)[] = [];
        const push = (bytes: Buffer | null) => {
          held.push(bytes);
          if (!this.holdStreams) for (const each of held.splice(0)) body.push(each);
        };
        const stop = answer(path).more?.({ write: push, end: () => push(null) }, this.skips);
        this.skips = 0;
        this.#streams.push(body);
        const abort = () => body.destroy(new Error('aborted'));
        signal.addEventListener('abort', abort, { once: true });
        try {
          return await consume(lentBody(body));
        } finally {
          stop?.();
        }
      },
    };
  }
}
