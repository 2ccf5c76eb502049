import { HOUR } from '../../base/duration.ts';

/** How much of the window one call may delete before a second one has confirmed the time: a clock may jump. */
const UNCONFIRMED_SPAN = HOUR;

interface DatedCycle {
  readonly id: string;
  readonly at: number;
}

export interface Expiry {
  /** How many of the oldest cycles go. */
  readonly count: number;
  /** The newest cycle that would have gone too, had the time been sure; the next call with the same verdict deletes it. */
  readonly doubted: string | null;
}

/**
 * Which of the cycles, given oldest first, have left the window, which begins at `horizon`. The newest stays however old it is, since collection resumes from it.
 * `doubted` is what the call before this one returned.
 */
export function chooseExpired(cycles: readonly DatedCycle[], horizon: number, doubted: string | null): Expiry {
  const candidates = cycles.slice(0, -1).filter((cycle) => cycle.at < horizon);
  const [oldest] = candidates;
  const newest = candidates.at(-1);
  if (oldest === undefined || newest === undefined) return { count: 0, doubted: null };
  const confirmed = doubted !== null && newest.id >= doubted;
  const sure = oldest.at + UNCONFIRMED_SPAN;
  if (confirmed || newest.at < sure) return { count: candidates.length, doubted: null };
  return { count: candidates.filter((cycle) => cycle.at < sure).length, doubted: newest.id };
}
