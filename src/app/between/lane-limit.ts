import type { Clock } from '../../base/clock.ts';
import type { Metrics } from '../../base/metrics.ts';
import { RateLimit } from '../../kubernetes/session/rate-limit.ts';

/** What one lane takes up in a second and at once: a storm is left to the scheduled cycles. */
const PER_SECOND = 5;
const BURST = 50;

/** How much one lane may take up between the scheduled cycles, and the count of what it took and of what it left to them. */
export class LaneLimit {
  readonly #limit: RateLimit;
  readonly #metrics: Metrics;
  readonly #counter: { readonly name: string; readonly help: string };

  constructor(
    { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
    counter: { readonly name: string; readonly help: string },
  ) {
    this.#limit = new RateLimit(PER_SECOND, BURST, clock);
    this.#metrics = metrics;
    this.#counter = counter;
    for (const outcome of ['taken', 'left'] as const) this.#add(outcome, 0);
  }

  /** Whether one more may be taken up now; if so, it counts for the limit. */
  tryTake(): boolean {
    return this.#limit.tryTake();
  }

  /** Takes one up, if it may be and `add` does; says whether it was. */
  take(add: () => boolean): boolean {
    const isTaken = this.tryTake() && add();
    this.count(isTaken);
    return isTaken;
  }

  count(isTaken: boolean): void {
    this.#add(isTaken ? 'taken' : 'left', 1);
  }

  #add(outcome: 'taken' | 'left', value: number): void {
    this.#metrics.count(this.#counter.name, this.#counter.help, { outcome }, value);
  }
}
