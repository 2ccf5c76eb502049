import { SECOND } from '../../base/duration.ts';
import { type Touched, UNTOUCHED } from '../../core/model/window/touched.ts';
import type { WorkloadKey } from '../../core/model/workload.ts';

/** The workloads of one namespace are judged between scheduled cycles so often in the long run. */
const PAUSE = 5 * SECOND;
/** So many times without a pause, once nothing has been for long enough: few changes are judged as they come. */
const BURST = 3;

/** Spaces the judgements that targeted cycles ask for, so that a namespace in which everything crashes costs one at a time. Times are monotonic milliseconds. */
export class JudgePace {
  /** By namespace: when as many pauses are over as it was judged. */
  readonly #restedAt = new Map<string, number>();
  readonly #waiting = new Map<string, Touched>();

  /** Adds what something new is known of, and takes that whose turn it is; with it that of which something is due now. */
  take(touched: Touched, now: number, isDue = false): Touched {
    const added = byNamespace(touched);
    for (const [namespace, own] of added) this.#waiting.set(namespace, joined(this.#waiting.get(namespace) ?? UNTOUCHED, own));
    let taken = UNTOUCHED;
    for (const [namespace, waiting] of this.#waiting) {
      if (now < this.#turnOf(namespace) && !(isDue && added.has(namespace))) continue;
      this.#waiting.delete(namespace);
      const rested = Math.max(now, this.#restedAt.get(namespace) ?? now) + PAUSE;
      this.#restedAt.set(namespace, Math.min(rested, now + BURST * PAUSE));
      taken = joined(taken, waiting);
    }
    for (const [namespace, at] of this.#restedAt) if (at <= now) this.#restedAt.delete(namespace);
    return taken;
  }

  /** When the next of those that wait may be judged; `null` when none waits. */
  get nextAt(): number | null {
    let next: number | null = null;
    for (const namespace of this.#waiting.keys()) next = Math.min(next ?? Number.POSITIVE_INFINITY, this.#turnOf(namespace));
    return next;
  }

  /** Takes all that waits, whosever turn it is. */
  takeAll(): Touched {
    let taken = UNTOUCHED;
    for (const waiting of this.#waiting.values()) taken = joined(taken, waiting);
    this.#waiting.clear();
    return taken;
  }

  #turnOf(namespace: string): number {
    return (this.#restedAt.get(namespace) ?? Number.NEGATIVE_INFINITY) - (BURST - 1) * PAUSE;
  }
}

const SOURCES = ['pods', 'objects', 'events'] as const;

function byNamespace(touched: Touched): ReadonlyMap<string, Touched> {
  const found = new Map<string, Touched>();
  for (const source of SOURCES)
    for (const [namespace, keys] of Map.groupBy(touched[source], namespaceOf))
      found.set(namespace, { ...(found.get(namespace) ?? UNTOUCHED), [source]: new Set(keys) });
  return found;
}

function namespaceOf(key: WorkloadKey): string {
  return key.slice(0, key.indexOf('/'));
}

function joined(one: Touched, other: Touched): Touched {
  return {
    pods: new Set([...one.pods, ...other.pods]),
    objects: new Set([...one.objects, ...other.objects]),
    events: new Set([...one.events, ...other.events]),
  };
}
