import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterOptions, type SimulatedCluster, startCluster } from '../../demo/cluster/simulated-cluster.ts';
import { AlertState } from '../../src/app/alerts/alert-state.ts';
import { ClusterClock } from '../../src/app/cluster-clock.ts';
import { Engine } from '../../src/app/cycle/engine.ts';
import type { TargetBatch } from '../../src/app/cycle/targeted-cycle.ts';
import { PatternWorker } from '../../src/app/patterns/pattern-worker.ts';
import { compileSchedule } from '../../src/app/schedule.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { DAY, HOUR } from '../../src/base/duration.ts';
import { compileGlob } from '../../src/base/glob.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { Metrics } from '../../src/base/metrics.ts';
import type { Cycle } from '../../src/core/model/cycle.ts';
import { EVERY_LINE } from '../../src/core/model/line-query.ts';
import type { PodState } from '../../src/core/model/pod.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { Followers } from '../../src/kubernetes/hot/followers.ts';
import { PodProjector } from '../../src/kubernetes/lists/pods.ts';
import { rawObject } from '../../src/kubernetes/lists/raw-object.ts';
import { openSession, type Session } from '../../src/kubernetes/session/session.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { sessionOptions } from '../kubernetes/collecting.ts';
import { options } from '../store/store-fixture.ts';

/** An engine over a simulated cluster and a real store, which can be killed and opened again. */
export class EngineRoom implements AsyncDisposable {
  readonly cluster: SimulatedCluster;
  readonly metrics = new Metrics();
  readonly clock: Clock;
  readonly #folder: string;
  readonly #session: Session;
  readonly #rules: readonly Rule[];
  #store: Store | null = null;
  #engine: Engine | null = null;
  #followers: Followers | null = null;
  #alerts: AlertState | null = null;

  private constructor(parts: {
    cluster: SimulatedCluster;
    folder: string;
    session: Session;
    rules: readonly Rule[];
    clock: Clock;
  }) {
    this.cluster = parts.cluster;
    this.clock = parts.clock;
    this.#folder = parts.folder;
    this.#session = parts.session;
    this.#rules = parts.rules;
  }

  static async open(rules: readonly Rule[] = [], clock: Clock = systemClock, options: ClusterOptions = {}): Promise<EngineRoom> {
    const cluster = await startCluster(options);
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-engine-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, cluster.kubeconfig());
    const session = await openSession(sessionOptions({ kubeconfig, clock }));
    const room = new EngineRoom({ cluster, folder, session, rules, clock });
    await room.reopen();
    return room;
  }

  get engine(): Engine {
    if (this.#engine === null) throw new Error('the engine is not open');
    return this.#engine;
  }

  get alerts(): AlertState {
    if (this.#alerts === null) throw new Error('the engine is not open');
    return this.#alerts;
  }

  get store(): Store {
    if (this.#store === null) throw new Error('the engine is not open');
    return this.#store;
  }

  get followers(): Followers {
    if (this.#followers === null) throw new Error('the engine is not open');
    return this.#followers;
  }

  get session(): Session {
    return this.#session;
  }

  /** Opens the engine anew, as a start after a kill does: only what is on disk is left. */
  async reopen(): Promise<void> {
    await this.#followers?.[Symbol.asyncDispose]();
    await this.#store?.[Symbol.asyncDispose]();
    const { clock, metrics } = this;
    const { api } = this.#session;
    this.#followers = new Followers({ api, clock, logger: silentLogger, metrics, maxLine: 4096 });
    const store = await openStore('json', options(join(this.#folder, 'data'), { now: () => clock.now() }));
    this.#store = store;
    this.#alerts = await AlertState.load(store, { receivers: ['inbox'], now: clock.now(), newId: () => 'loaded' });
    let ids = 0;
    this.#engine = await Engine.open({
      patternWorker: new PatternWorker({ onSuspend() {} }),
      prober: null,
      store,
      alerts: this.#alerts,
      session: this.#session,
      followers: this.#followers,
      newId: () => `id-${++ids}`,
      schedule: compileSchedule('*/10 * * * *', 'UTC', clock.now()),
      rules: this.#rules,
      problems: () => [],
      storeLimit: 1024 ** 3,
      policy: {
        routes: [],
        receivers: ['inbox'],
        groupBy: ['namespace', 'workload'],
        repeatInterval: 4 * HOUR,
        sendResolved: true,
        inhibitions: [],
        mutes: [],
        digestAbove: 10,
      },
      collect: {
        include: [compileGlob('*')],
        exclude: [],
        lookback: HOUR,
        maxLine: 4096,
        maxPerContainer: 32 * 1024 ** 2,
        redact: [],
      },
      window: DAY,
      cluster: 'test',
      clock: new ClusterClock(clock),
      logger: silentLogger,
      metrics,
    });
  }

  scheduled(signal = new AbortController().signal): Promise<Cycle> {
    return this.engine.cycle({ trigger: 'scheduled', at: this.clock.now(), missed: 0 }, signal);
  }

  /** One targeted cycle of these pods as they are now. */
  async targeted(...names: readonly string[]): Promise<readonly string[]> {
    const pods = await Promise.all(names.map((name) => this.look(name)));
    const taken = await this.engine.targeted(once(batchOf(pods, this.clock.now())), new AbortController().signal);
    return taken.map(({ pod }) => pod.name);
  }

  /** A pod of the namespace `shop` as the API server shows it. */
  async look(name: string): Promise<PodState> {
    const { value } = await this.#session.api.json(`/api/v1/namespaces/shop/pods/${name}`, new AbortController().signal);
    return new PodProjector(this.#session.owners, (text) => text).project(rawObject(value)).state;
  }

  /** Every stored line, oldest first. */
  async lines(): Promise<readonly string[]> {
    const found: string[] = [];
    const query = { ...EVERY_LINE, from: 0, to: Number.MAX_SAFE_INTEGER, order: 'oldest_first' as const };
    for await (const line of this.store.lines(query, new AbortController().signal)) found.push(line.text);
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#followers?.[Symbol.asyncDispose]();
    await this.#store?.[Symbol.asyncDispose]();
    await this.#session[Symbol.asyncDispose]();
    await this.cluster.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function batchOf(pods: readonly PodState[], seenAt: number): TargetBatch {
  return {
    reads: pods.map((pod) => ({ pod, containers: null })),
    observed: pods.map((pod) => ({ pod, seenAt, isGone: false })),
  };
}

/** Gives one batch, and then no more. */
export function once(batch: TargetBatch): () => Promise<TargetBatch | null> {
  const batches = [batch];
  return async () => batches.shift() ?? null;
}
