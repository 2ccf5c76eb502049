/** That a receiver refused messages for good: kept until it takes messages again, so that people hear of it once. */
export interface Refusal {
  readonly receiver: string;
  /** Of the first of them. */
  readonly at: number;
  /** What the receiver said to the first of them. */
  readonly message: string;
  /** What that one was about, as its delivery record names it. */
  readonly about: readonly string[];
  readonly count: number;
  /** The message that tells of it, and whom; `null` while no receiver is well enough to take one. */
  readonly told: { readonly row: string; readonly receiver: string } | null;
  /** It has taken messages since. */
  readonly over: boolean;
}

/** The reason of an alert that says nothing but that receivers refuse messages. */
export const DEAD_LETTERS = 'DeadLetters';
