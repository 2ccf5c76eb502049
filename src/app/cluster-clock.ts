import type { Clock } from '../base/clock.ts';
import { MINUTE } from '../base/duration.ts';

/** Smaller differences do not matter to any judgement, and the way of an answer takes time, too. */
const SMALLEST = 2 * MINUTE;

/**
 * The machine's clock, but for one that is minutes ahead of the API server's: then it is the API server's time. Lines, events and ends of
 * containers would seem to stay away otherwise. One that is behind is left as it is: what is there is judged later, and nothing falsely.
 */
export class ClusterClock implements Clock {
  /** As the machine has it, whatever the API server says. */
  readonly machine: Clock;
  #ahead = 0;
  /** Wall time minus monotonic time when the API server was last heard. */
  #offset: number | null = null;

  constructor(machine: Clock) {
    this.machine = machine;
  }

  /** The API server's answers tell its time, in epoch milliseconds. */
  heard(serverTime: number): void {
    if (!Number.isFinite(serverTime)) return;
    this.#offset = this.#offsetNow();
    const ahead = this.machine.now() - serverTime;
    // Kept as it is while it is about right, so that time goes on evenly.
    if (ahead < SMALLEST) this.#ahead = 0;
    else if (Math.abs(ahead - this.#ahead) >= SMALLEST) this.#ahead = ahead;
  }

  /** By how many milliseconds the machine's clock is ahead of the API server's; 0 when it is about right. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Whether the API server has to be heard before the time is known: it never was, or the machine's clock has been set since. */
  get isUnsure(): boolean {
    return this.#offset === null || Math.abs(this.#offsetNow() - this.#offset) >= SMALLEST;
  }

  now(): number {
    return this.machine.now() - this.#ahead;
  }

  monotonic(): number {
    return this.machine.monotonic();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.machine.sleep(ms, signal);
  }

  #offsetNow(): number {
    return this.machine.now() - this.machine.monotonic();
  }
}
