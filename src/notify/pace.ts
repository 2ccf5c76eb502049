import type { Clock } from '../base/clock.ts';
import type { Notifier } from './notifier.ts';

/** Gives turns to what may not go faster than a given pace: all that share a key wait for each other. */
export class Pace {
  readonly #clock: Clock;
  /** Monotonic time of the next free turn, by key. */
  readonly #next = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is the caller's turn, or when `signal` aborts. Without a pace it is so at once. */
  async turn(pace: Notifier['pace'], signal: AbortSignal): Promise<void> {
    if (pace === undefined) return;
    for (;;) {
      const now = this.#clock.monotonic();
      const at = this.#next.get(pace.key) ?? now;
      if (at <= now || signal.aborted) break;
      await this.#clock.sleep(at - now, signal);
    }
    this.done(pace);
  }

  /** The turn has ended: the next one comes an interval later, since what was sent may have arrived only now. */
  done(pace: Notifier['pace']): void {
    if (pace !== undefined) this.#next.set(pace.key, this.#clock.monotonic() + pace.interval);
  }
}
