import type { ReadTarget } from './read-targets.ts';

/**
 * Where a collection takes containers that it has read already once more, because they have ended or written much since: it keeps their logs
 * until it is committed, and by then what they wrote may be gone. One collection at a time.
 */
export class LateReads {
  #take: ((target: ReadTarget) => boolean) | null = null;

  /** Begins to take containers; they are read beside the rest. */
  open(take: (target: ReadTarget) => boolean): void {
    this.#take = take;
  }

  close(): void {
    this.#take = null;
  }

  /** Whether a running collection reads them now; it has to have read all of them before. */
  offer(target: ReadTarget): boolean {
    return this.#take?.(target) ?? false;
  }
}
