import type { Clock } from '../base/clock.ts';
import { humanDuration, MINUTE } from '../base/duration.ts';

/** A control plane of one machine is away for a minute when it is upgraded. */
const TOLD_AFTER = 2 * MINUTE;
const FAILURES = 2;

/** While cycles fail no rule is judged, so that nobody would hear of it: this says when to tell, and that it is over. */
export class Outage {
  readonly #clock: Clock;
  /** Monotonic. */
  #since: number | null = null;
  #failures = 0;
  #isTold = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A scheduled cycle failed. What there is to tell of it, once in an outage; `null` when there is nothing. */
  failed(why: string): string | null {
    const now = this.#clock.monotonic();
    this.#since ??= now;
    this.#failures++;
    const lasts = now - this.#since;
    if (this.#isTold || this.#failures < FAILURES || lasts < TOLD_AFTER) return null;
    this.#isTold = true;
    return `nothing of the cluster has been seen for ${humanDuration(lasts)}: ${why}; alerts stay as they are meanwhile`;
  }

  /** A scheduled cycle was done. Says that the outage is over, where it was told; else `null`. */
  ended(): string | null {
    const lasted = this.#since === null ? 0 : this.#clock.monotonic() - this.#since;
    const text = this.#isTold ? `the cluster is seen again after ${humanDuration(lasted)}` : null;
    this.#since = null;
    this.#failures = 0;
    this.#isTold = false;
    return text;
  }
}
