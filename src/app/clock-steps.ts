import type { Clock } from '../base/clock.ts';
import { MINUTE } from '../base/duration.ts';

/** Smaller differences are corrections, as time servers make them. */
const SMALLEST_STEP = 2 * MINUTE;

/** Notices that the wall clock was set: it then stands elsewhere than the monotonic clock says. */
export class ClockSteps {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.monotonic();
  }

  /** By how many milliseconds it was set since the last look: ahead is positive, 0 when it was not. */
  look(): number {
    const offset = this.#clock.now() - this.#clock.monotonic();
    const step = offset - this.#offset;
    this.#offset = offset;
    return Math.abs(step) < SMALLEST_STEP ? 0 : step;
  }
}
