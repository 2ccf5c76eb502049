import { DueLane } from '../../../src/app/between/due-lane.ts';
import { PodStates } from '../../../src/app/between/pod-states.ts';
import { Rollouts } from '../../../src/app/between/rollouts.ts';
import type { TargetBatch } from '../../../src/app/cycle/targeted-cycle.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { SECOND } from '../../../src/base/duration.ts';
import type { Alert } from '../../../src/core/model/alert.ts';
import type { Rule } from '../../../src/core/rules/rule.ts';
import { readObject } from '../../../src/kubernetes/objects/read-one.ts';
import { EngineRoom, once } from '../engine-room.ts';

/** What is judged between the cycles by time and for how pods stand, on a clock that can be moved on. */
export class DueRoom implements AsyncDisposable {
  readonly room: EngineRoom;
  readonly lane: DueLane;
  readonly states: PodStates;
  readonly rollouts: Rollouts;
  readonly batches: TargetBatch[] = [];
  readonly #time: { ahead: number };

  private constructor(room: EngineRoom, time: { ahead: number }) {
    this.room = room;
    this.#time = time;
    const { engine, clock, metrics, session, alerts } = room;
    const targeted = { add: (batch: TargetBatch) => this.batches.push(batch) > 0 };
    this.rollouts = new Rollouts((uid) => engine.window.object(uid));
    const parts = { engine, alerts, clock, metrics, session, targeted, rollouts: this.rollouts };
    this.lane = new DueLane({ ...parts, redact: (text) => text });
    this.states = new PodStates(parts);
  }

  /** With a cluster that `prepare` has filled before the first cycle. */
  static async open(rules: readonly Rule[], prepare: (room: EngineRoom) => void = () => undefined): Promise<DueRoom> {
    const time = { ahead: 0 };
    const clock = {
      ...systemClock,
      now: () => systemClock.now() + time.ahead,
      monotonic: () => systemClock.monotonic() + time.ahead,
    };
    const room = await EngineRoom.open(rules, clock, { now: clock.now });
    prepare(room);
    await room.scheduled();
    return new DueRoom(room, time);
  }

  /** Lets time pass, second by second, and runs the targeted cycles that are asked for; how many there were. */
  async pass(ms: number): Promise<number> {
    this.#time.ahead += ms;
    return this.tick();
  }

  async tick(): Promise<number> {
    const { signal } = new AbortController();
    await this.lane.tick(signal);
    this.states.tick();
    const batches = this.batches.splice(0);
    for (const batch of batches) await this.room.engine.targeted(once(batch), signal);
    // A namespace may have to wait for its turn.
    if (this.room.engine.judgesAt !== null) {
      this.#time.ahead += 5 * SECOND;
      await this.room.engine.judgeWaiting();
    }
    return batches.length;
  }

  /** A pod of the namespace `shop` as the watch shows it. */
  async showPod(name: string): Promise<void> {
    this.states.take(await this.room.look(name), false);
  }

  /** An object of the namespace `shop` as the watch shows it. */
  async showObject(kind: Parameters<typeof readObject>[0]['kind'], name: string): Promise<void> {
    const { session, clock } = this.room;
    const read = { session, redact: (text: string) => text, signal: new AbortController().signal };
    const object = await readObject({ kind, namespace: 'shop', name }, read);
    if (object !== null) this.lane.takeObject(this.rollouts.take(object, clock.now()));
  }

  /** `WORKLOAD STATE` of every alert. */
  get alerts(): readonly string[] {
    return this.room.alerts
      .read()
      .alerts.map(({ labels, state }) => `${labels['workload']} ${state}`)
      .toSorted();
  }

  get alert(): Alert | undefined {
    return this.room.alerts.read().alerts[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.room[Symbol.asyncDispose]();
  }
}
