import type { Alert } from './alert.ts';

/** Something about an alert's subject that was changed before the alert began. */
export interface Change {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What is known of that moment: the first pod of a new template was made then, a pod was, a collection saw it then, or the cluster dates it so. */
  readonly dated: 'rolled out' | 'made' | 'seen' | 'since';
  /** `image of app`, `memory limit of app`, `replicas`, `another pod template`. */
  readonly what: string;
  /** Both `null` where there is nothing to compare. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What was changed before an alert began. Times are epoch milliseconds. */
export interface Changes {
  /** From when on a rollout would be known, at most a day before the alert began. */
  readonly from: number;
  /** Newest first; only of the time shortly before. */
  readonly items: readonly Change[];
  /** Further ones of that time. */
  readonly more: number;
  /** The newest rollout of the day before that time, where `items` is empty; `null` for none. */
  readonly earlierAt: number | null;
  /** The first of the ends that the alert counts: what was changed after it cannot be its cause. `null` where it counts none. */
  readonly firstEndAt: number | null;
}

/** How an alert compares with the day before it. Times are epoch milliseconds. */
export interface Comparison {
  /** The number that alerts; `null` for conditions without one, and where too little of it was seen. */
  readonly number: NumberComparison | null;
  /** How often the same alert had fired; `null` where that is not known. */
  readonly fired: FiredBefore | null;
}

export interface NumberComparison {
  /** `restarts in 30 min`, `share of error lines in a minute`. */
  readonly what: string;
  readonly unit: Alert['unit'];
  readonly now: number;
  /** The time before: from when on it was seen, and where what alerts begins. */
  readonly from: number;
  readonly to: number;
  readonly median: number;
  /** The highest, or the lowest where a low number is the bad one. */
  readonly worst: number;
  readonly worstIs: 'highest' | 'lowest';
  readonly worstAt: number;
}

export interface FiredBefore {
  /** The time before, from when on it would be known. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly lastAt: number | null;
  /** How long it was true the last time, milliseconds; `null` where that is not over. */
  readonly lastFor: number | null;
  /** When it ended the last time, where it had begun more than a day before. */
  readonly lastUntil?: number;
}
