import { messageOf, toError } from './errors.ts';
import type { Logger } from './logger.ts';

/**
 * Owns what a process started: named clean-ups, run last in first out, and loops whose promises are awaited at the end.
 * One failing clean-up never keeps the others from running.
 */
export class Scope implements AsyncDisposable {
  readonly #logger: Logger;
  readonly #abort = new AbortController();
  readonly #cleanups: { readonly name: string; readonly run: () => void | Promise<void> }[] = [];
  readonly #work = new Map<Promise<void>, string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Aborts when the scope begins to close. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Registers a clean-up for when the scope closes. */
  defer(name: string, run: () => void | Promise<void>): void {
    this.#cleanups.push({ name, run });
  }

  /** Starts supervised work: the scope waits for it at the end, and an error in it is logged, never lost. */
  spawn(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const promise = work(this.signal)
      .catch((error: unknown) => {
        if (!this.signal.aborted)
          this.#logger.error('work failed', { work: name, error: toError(error).stack ?? messageOf(error) });
      })
      .finally(() => this.#work.delete(promise));
    this.#work.set(promise, name);
  }

  /** Aborts the work, waits for it and runs the clean-ups. Returns the names of work that had not ended within `deadlineMs`. */
  async close(deadlineMs: number): Promise<readonly string[]> {
    this.#abort.abort();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([Promise.all(this.#work.keys()), deadline]);
    const late = [...this.#work.values()];
    for (const { name, run } of this.#cleanups.splice(0).reverse()) {
      try {
        await Promise.race([run(), deadline]);
      } catch (error) {
        this.#logger.error('clean-up failed', { cleanup: name, error: messageOf(error) });
      }
    }
    clearTimeout(timer);
    return late;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(10_000);
  }
}
