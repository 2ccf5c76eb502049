import type { WorkloadKey } from '../workload.ts';

/** A fall by more than this part of its range is memory that was given back, or work that is done, and no noise on a line that rises. */
export const MOST_FALL = 0.3;

/** What one instance of a container has used since it was started, and since its last fall. */
interface Rise {
  readonly instance: string;
  lowest: number;
  highest: number;
  at: number;
}

/** Which instance used something, and when. */
interface Used {
  /** Pod UID and container. */
  readonly container: string;
  readonly instance: string;
  readonly key: WorkloadKey;
  readonly name: string;
  readonly at: number;
}

/**
 * The levels from which the containers of a workload fell back by themselves: a heap is collected there, and the next pod's will be. Of each
 * workload and container name the highest that the window has; a restart is no fall.
 */
export class FallenFrom {
  readonly #rises = new Map<string, Rise>();
  readonly #levels = new Map<string, { at: number; level: number }>();

  add({ container, instance, key, name, at }: Used, value: number): void {
    const rise = this.#rises.get(container);
    if (rise === undefined || rise.instance !== instance) {
      this.#rises.set(container, { instance, lowest: value, highest: value, at });
      return;
    }
    rise.at = at;
    rise.lowest = Math.min(rise.lowest, value);
    rise.highest = Math.max(rise.highest, value);
    if (rise.highest - value <= MOST_FALL * (rise.highest - rise.lowest)) return;
    const known = this.#levels.get(`${key}/${name}`);
    // An equal level is kept for as long as the newer one.
    if (known === undefined || known.level <= rise.highest) this.#levels.set(`${key}/${name}`, { at, level: rise.highest });
    rise.highest = value;
  }

  /** `null` when none has fallen. */
  level(key: WorkloadKey, name: string): number | null {
    return this.#levels.get(`${key}/${name}`)?.level ?? null;
  }

  expire(before: number): void {
    for (const known of [this.#rises, this.#levels]) for (const [id, { at }] of known) if (at < before) known.delete(id);
  }
}
