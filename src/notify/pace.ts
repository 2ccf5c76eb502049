import type { Clock } from '../base/clock.ts';
import type { Notifier } from './notifier.ts';

/** Gives turns to what may not go faster than a given pace: all that share a key wait in one line. */
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
    const now = this.#clock.monotonic();
    const at = Math.max(now, this.#next.get(pace.key) ?? now);
    this.#next.set(pace.key, at + pace.interval);
    if (at > now) await this.#clock.sleep(at - now, signal);
  }
}
