import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SimulatedCluster, startCluster } from '../../demo/cluster/simulated-cluster.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { compileGlob } from '../../src/base/glob.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { Metrics } from '../../src/base/metrics.ts';
import { collect } from '../../src/kubernetes/collect.ts';
import type { Collection, CollectionRequest } from '../../src/kubernetes/collection.ts';
import { CursorBook } from '../../src/kubernetes/logs/cursor-book.ts';
import { openSession, type Session, type SessionOptions } from '../../src/kubernetes/session/session.ts';

/** A clock whose waits are over at once, and remembered. */
export function impatientClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return { ...systemClock, waits, sleep: async (ms) => void waits.push(ms) };
}

/** Session options for tests: no environment, no home, deterministic. */
export function sessionOptions(options: Partial<SessionOptions> = {}): SessionOptions {
  return {
    kubeconfig: null,
    context: null,
    env: {},
    home: '/nonexistent',
    requestsPerSecond: 1000,
    maxInFlight: 25,
    version: '0.0.0-test',
    metrics: new Metrics(),
    logger: silentLogger,
    redact: (text) => text.replaceAll('hunter2', '***'),
    random: () => 0.5,
    clock: impatientClock(),
    ...options,
  };
}

/** A simulated cluster with a session to it, and what the last collection left behind. */
export class Collecting implements AsyncDisposable {
  readonly cluster: SimulatedCluster;
  readonly session: Session;
  readonly options: SessionOptions;
  readonly #folder: string;
  #last: Pick<Collection, 'cursors' | 'eventCounts'> = { cursors: [], eventCounts: {} };
  /** Lines of the last collection by `POD/CONTAINER`. */
  lines = new Map<string, string[]>();

  constructor(parts: { cluster: SimulatedCluster; session: Session; options: SessionOptions; folder: string }) {
    this.cluster = parts.cluster;
    this.session = parts.session;
    this.options = parts.options;
    this.#folder = parts.folder;
  }

  static async start(options: Partial<SessionOptions> = {}): Promise<Collecting> {
    const cluster = await startCluster();
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, cluster.kubeconfig());
    const full = sessionOptions({ kubeconfig, ...options });
    return new Collecting({ cluster, session: await openSession(full), options: full, folder });
  }

  async collect(
    options: Partial<Omit<CollectionRequest, 'include' | 'exclude'>> & {
      include?: string[];
      exclude?: string[];
      signal?: AbortSignal;
    } = {},
  ): Promise<Collection> {
    const { include = ['*'], exclude = [], signal = new AbortController().signal, ...rest } = options;
    this.lines = new Map();
    const collection = await collect(
      this.session,
      {
        cursors: new CursorBook(this.#last.cursors).begin(),
        eventCounts: this.#last.eventCounts,
        lookback: 3_600_000,
        maxLine: 256 * 1024,
        maxPerContainer: 32 * 1024 * 1024,
        at: Date.now(),
        startedAt: Date.now(),
        sinkFor: (ref) => {
          const key = `${ref.pod}/${ref.container}`;
          return {
            line: ({ block, textStart, end }) => {
              this.lines.set(key, [...(this.lines.get(key) ?? []), block.toString('utf8', textStart, end)]);
            },
            ready: () => undefined,
            async flush() {},
          };
        },
        redact: (text) => text,
        objects: new Set(),
        normalEvents: [],
        ownerOf: () => null,
        onProgress() {},
        ...rest,
        include: include.map(compileGlob),
        exclude: exclude.map(compileGlob),
      },
      signal,
    );
    this.#last = { cursors: collection.cursors, eventCounts: collection.eventCounts };
    return collection;
  }

  logReads(): number {
    return this.cluster.traffic.requests.filter(({ url }) => url.includes('/log?')).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
    await this.cluster.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
