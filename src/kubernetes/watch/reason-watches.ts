import type { ResourceWatch } from './resource-watch.ts';

interface Running {
  readonly watch: ResourceWatch;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Watches of events, one for each reason that is wanted; what is wanted may change while they run. */
export class ReasonWatches {
  readonly #watchOf: (reason: string) => ResourceWatch;
  readonly #most: number;
  readonly #running = new Map<string, Running>();
  #wanted: readonly string[];
  #changed = Promise.withResolvers<void>();

  /** At most `most` at a time, the first. */
  constructor(reasons: readonly string[], watchOf: (reason: string) => ResourceWatch, most: number) {
    this.#wanted = reasons;
    this.#watchOf = watchOf;
    this.#most = most;
  }

  /** From now on these reasons are wanted. */
  use(reasons: readonly string[]): void {
    this.#wanted = reasons;
    this.#changed.resolve();
  }

  /** What is wanted and cannot be watched beside the others. */
  get left(): readonly string[] {
    return this.#wanted.slice(this.#most);
  }

  get problems(): readonly string[] {
    return [...this.#running.values()].flatMap(({ watch }) => watch.problems);
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      this.#changed = Promise.withResolvers();
      const wanted = new Set(this.#wanted.slice(0, this.#most));
      for (const [reason, { stop }] of this.#running) if (!wanted.has(reason)) stop.abort();
      await Promise.all([...this.#running].map(([reason, { done }]) => (wanted.has(reason) ? null : done)));
      for (const reason of wanted) if (!this.#running.has(reason) && !signal.aborted) this.#begin(reason, signal);
      await Promise.race([this.#changed.promise, ended]);
    }
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #begin(reason: string, signal: AbortSignal): void {
    const watch = this.#watchOf(reason);
    const stop = new AbortController();
    const done = watch.run(AbortSignal.any([signal, stop.signal])).finally(() => this.#running.delete(reason));
    this.#running.set(reason, { watch, stop, done });
  }
}
