import type { Clock } from '../base/clock.ts';
import type { Configuration } from './load.ts';
import { sameStamps, takeStamps } from './stamps.ts';

const INTERVAL_MS = 2_000;

export interface ConfigWatchOptions {
  /** The configuration in force: its files are watched. */
  readonly first: Configuration;
  readonly load: () => Configuration;
  /** Takes what was read anew, good or broken: a broken one keeps the last good in force, and has its problems to tell. */
  readonly apply: (configuration: Configuration) => void | Promise<void>;
  readonly clock: Clock;
  readonly intervalMs?: number;
}

/**
 * Reads settings and rules again when their files change. It looks every two seconds instead of listening: a swapped symlink, a rename by an
 * editor, a network file system and a file that did not exist yet are then all the same, and none of them can end the watch. A change
 * counts once two looks in a row agree, so that a half-written file is not read.
 */
export class ConfigWatch {
  readonly #options: ConfigWatchOptions;
  #stamps: Configuration['stamps'];
  #reloading: Promise<void> = Promise.resolve();

  constructor(options: ConfigWatchOptions) {
    this.#options = options;
    this.#stamps = options.first.stamps;
  }

  /** Looks until `signal` aborts. Rejects only with what `apply` throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervalMs = INTERVAL_MS } = this.#options;
    let seen = this.#stamps;
    while (true) {
      await clock.sleep(intervalMs, signal);
      if (signal.aborted) return;
      const now = takeStamps(this.#stamps.keys());
      if (!sameStamps(now, this.#stamps) && sameStamps(now, seen)) await this.reload();
      seen = now;
    }
  }

  /** Reads everything now, changed or not (SIGHUP); one after the other. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(async () => {
      const configuration = this.#options.load();
      this.#stamps = configuration.stamps;
      await this.#options.apply(configuration);
    });
    return this.#reloading;
  }
}
