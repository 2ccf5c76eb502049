import type { Clock } from '../../base/clock.ts';
import { CollectError } from '../../base/errors.ts';

/** Those who wait go on together with all others of the same so many milliseconds: to wake up for each costs more than to send its request. */
const TURN = 100;

/** A token bucket: at most `perSecond` requests a second in the long run, and `burst` at once. Waiters are served in their order, a tenth of a second's together. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, burst: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#clock = clock;
    this.#tokens = burst;
    this.#filledAt = clock.monotonic();
  }

  /** Resolves when the next request may go, or is undefined when that is now; rejects with `aborted`, the token is then spent. */
  take(signal: AbortSignal): Promise<void> | undefined {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond) - 1;
    this.#filledAt = now;
    // A debt of tokens is a place in the queue: each waiter owes one more than the one before.
    return this.#tokens < 0 ? this.#wait((-this.#tokens / this.#perSecond) * 1000, signal) : undefined;
  }

  /** Takes a token if there is one now. */
  tryTake(): boolean {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    const turn = Math.ceil((this.#filledAt + ms) / TURN) * TURN;
    await this.#clock.sleep(turn - this.#filledAt, signal);
    if (signal.aborted) throw new CollectError('aborted', 'could not wait for the request limit: aborted');
  }
}

/** At most `size` holders at a time; waiters are served in their order. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Runs `work` while it holds a slot. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
