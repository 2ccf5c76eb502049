/** What the checks of one probe gave in one minute, each dated at its end. */
export interface ProbeMinute {
  readonly name: string;
  /** Minutes since the epoch. */
  readonly minute: number;
  readonly checks: number;
  readonly failed: number;
  /** Checks that got an answer, expected or not. */
  readonly answered: number;
  /** Of the answered ones, milliseconds: their sum and the longest. */
  readonly latencySum: number;
  readonly latencyMax: number;
  /** Why the newest failed one failed; empty when none did. */
  readonly reason: string;
  /** When the server's certificate ends, epoch milliseconds; `null` without TLS or an answer. */
  readonly certificateEndsAt: number | null;
}

/** The probes of one cycle: those that are set up, and their minutes since the cycle before. */
export interface ProbeReading {
  /** `url` is without user, password and query. */
  readonly targets: readonly { readonly name: string; readonly url: string }[];
  readonly minutes: readonly ProbeMinute[];
}

/** The mean time of the answers in milliseconds; `null` when nothing answered. */
export function meanLatency({ answered, latencySum }: Pick<ProbeMinute, 'answered' | 'latencySum'>): number | null {
  return answered === 0 ? null : latencySum / answered;
}
