import { ClockSteps } from '../../src/app/clock-steps.ts';
import { ClusterClock } from '../../src/app/cluster-clock.ts';
import { wellSelf } from '../../src/app/rule-test/self-scene.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Cycle } from '../../src/core/model/cycle.ts';
import type { Timeline } from './timeline-type.ts';

/** Tocsin's own clock in a timeline, and what the daemon makes of one that is wrong. */
export class OwnClock {
  readonly #period: number;
  readonly #isWrong: boolean;
  readonly #clock: ClusterClock;
  readonly #steps: ClockSteps;
  #at = 0;

  constructor({ clock: spans, every }: Timeline) {
    const ahead = () => spans.find(({ at, until }) => this.#at >= at && this.#at < until)?.ahead ?? 0;
    this.#period = every;
    this.#isWrong = spans.length > 0;
    this.#clock = new ClusterClock({ ...systemClock, now: () => this.#at + ahead(), monotonic: () => this.#at });
    this.#steps = new ClockSteps(this.#clock.machine);
  }

  /** The cycle as Tocsin dates it. */
  dated(cycle: Cycle): Cycle {
    this.#at = cycle.at;
    this.#clock.heard(cycle.at);
    const at = this.#clock.now();
    const dated = at === cycle.at ? cycle : { ...cycle, at, startedAt: at, finishedAt: at };
    if (cycle.trigger !== 'scheduled' || !this.#isWrong) return dated;
    const said = { clockStep: this.#steps.look(), ownAhead: this.#clock.ahead };
    return { ...dated, self: { ...(cycle.self ?? wellSelf(this.#period)), ...said } };
  }
}
