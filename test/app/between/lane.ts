import { openWatches, type Watches } from '../../../src/app/between/watches.ts';
import { TargetedCycles } from '../../../src/app/cycle/targeted-cycles.ts';
import { compileGlob } from '../../../src/base/glob.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import type { Rule } from '../../../src/core/rules/rule.ts';
import { eventually } from '../../faults/eventually.ts';
import { EngineRoom } from '../engine-room.ts';

/** The whole way from a change in a simulated cluster to what is owed to a receiver. */
export class Lane implements AsyncDisposable {
  readonly room: EngineRoom;
  readonly watches: Watches;
  readonly #targeted: TargetedCycles;
  readonly #abort = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  private constructor(room: EngineRoom) {
    this.room = room;
    const { engine, clock, metrics, session } = room;
    this.#targeted = new TargetedCycles({ engine, clock, logger: silentLogger, onJudged() {} });
    this.watches = openWatches({
      settings: { namespaces: { include: [compileGlob('*')], exclude: [] } },
      redact: (text) => text,
      session,
      engine,
      alerts: room.alerts,
      targeted: this.#targeted,
      hotReads: { take() {} },
      clock,
      metrics,
    });
  }

  /** With a cluster that `prepare` has filled before the first cycle. */
  static async open(rules: readonly Rule[], prepare: (room: EngineRoom) => void = () => undefined): Promise<Lane> {
    const lane = new Lane(await EngineRoom.open(rules));
    prepare(lane.room);
    await lane.room.scheduled();
    await lane.start();
    return lane;
  }

  /** Starts watching, as the daemon does once its first cycle has ended. */
  async start(): Promise<void> {
    const { signal } = this.#abort;
    this.#work = Promise.all([this.watches.run(signal), this.#targeted.run(signal).catch(() => undefined)]);
    const resources = ['pods', 'jobs', 'deployments', 'nodes', 'events', 'statefulsets', 'daemonsets', 'cronjobs'];
    await eventually('open watches', 30_000, () =>
      resources.every((resource) => this.room.cluster.watches.openOf(resource) >= 1 || this.watches.problems.length > 0),
    );
  }

  get firing(): readonly string[] {
    const { alerts } = this.room.alerts.read();
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['workload'] ?? '');
  }

  metric(name: string): number {
    const found = this.room.metrics.render().match(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\d+)$`, 'm'));
    return Number(found?.[1] ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#work;
    await this.room[Symbol.asyncDispose]();
  }
}
