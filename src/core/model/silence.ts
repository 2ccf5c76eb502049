/** Keeps the alerts that it matches from being told for a while. Times are epoch milliseconds. */
export interface Silence {
  readonly id: string;
  /** Globs by alert label as they were written: every label must match one of its globs. */
  readonly match: Readonly<Record<string, readonly string[]>>;
  readonly createdAt: number;
  readonly startsAt: number;
  /** Moved to the moment of its end when it is ended early. */
  readonly endsAt: number;
  readonly comment: string;
  readonly author: string;
  /** Ends by itself once the alerts that fired under it have resolved. */
  readonly untilResolved: boolean;
  /** An alert has fired under it. */
  readonly covered: boolean;
  /** It was told that it is about to end while something still fires under it. */
  readonly reminded: boolean;
}

export type SilenceState = 'pending' | 'active' | 'ended';

export function silenceState({ startsAt, endsAt }: Silence, now: number): SilenceState {
  if (now >= endsAt) return 'ended';
  return now < startsAt ? 'pending' : 'active';
}
