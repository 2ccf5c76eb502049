import { nextCycleId } from '../../store/cycle-id.ts';

/**
 * Ids of cycles in the order of their commits. A scheduled cycle takes its id when it begins; targeted ones that are committed while it
 * still reads get ids below it, so that the order of ids stays the order of commits.
 */
export class CycleIds {
  #last: string | null;
  #running: string | null = null;

  /** `last`: of the newest committed cycle. */
  constructor(last: string | null) {
    this.#last = last;
  }

  /** The id of a scheduled cycle that begins now; one at a time. */
  beginScheduled(at: number): string {
    this.#running = nextCycleId(this.#last, at);
    return this.#running;
  }

  /** The window has it, whether or not it could be stored: what comes next is behind it. */
  scheduledTaken(): void {
    this.#last = this.#running ?? this.#last;
    this.#running = null;
  }

  /** It is over, taken or not. */
  scheduledEnded(): void {
    this.#running = null;
  }

  /** The id of a targeted cycle; `null` when the running scheduled cycle leaves no room below its own. */
  targeted(at: number): string | null {
    if (this.#last === null) return null;
    // An early time gives the first id behind the last one.
    const id = nextCycleId(this.#last, this.#running === null ? at : 0);
    if (this.#running !== null && id >= this.#running) return null;
    this.#last = id;
    return id;
  }
}
