import type { Fingerprint } from './alert.ts';

/** An alert that fires and resolves again and again: told once, then quiet until it is calm. Times are epoch milliseconds. */
export interface Flap {
  readonly fingerprint: Fingerprint;
  /** The first firing that counts. */
  readonly since: number;
  /** How often it has fired and resolved since. */
  readonly count: number;
  /** When it fired or resolved last. */
  readonly changedAt: number;
  /** Id of the alert whose message says that it flaps; `null` while something else keeps that from being told. */
  readonly announced: string | null;
  /** When it was found calm; `null` while it flaps. */
  readonly endedAt: number | null;
  /** Id of the alert whose message says how it ended; `null` before. */
  readonly concluded: string | null;
}
