import type { Clock } from '../base/clock.ts';
import { type Stamps, sameStamps, takeStamps } from './stamps.ts';

const INTERVAL_MS = 2_000;

export interface FileWatch {
  /** The files as they were when the configuration was last read, good or broken. */
  readonly stamps: () => Stamps;
  /** Called once for every change that has settled; to read everything anew. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly intervalMs?: number;
}

/**
 * Looks at the files of a configuration until `signal` aborts, every two seconds. Looking instead of listening: a swapped symlink (ConfigMap),
 * a rename by an editor, a network file system and a file that did not exist yet are then all the same, and none of them can end the watch.
 * A change counts once two looks in a row agree, so that a half-written file is not read.
 */
export async function watchFiles(watch: FileWatch, signal: AbortSignal): Promise<void> {
  let seen = watch.stamps();
  let told = seen;
  while (true) {
    await watch.clock.sleep(watch.intervalMs ?? INTERVAL_MS, signal);
    if (signal.aborted) return;
    const read = watch.stamps();
    const now = takeStamps(read.keys());
    if (!sameStamps(now, read) && !sameStamps(now, told) && sameStamps(now, seen)) {
      told = now;
      watch.onChange();
    }
    seen = now;
  }
}
