import { humanDuration } from '../../base/duration.ts';

/** What Tocsin knows of its own condition at a cycle, beside the cycle's gaps and errors. */
export interface SelfReport {
  /** The schedule's, in milliseconds. */
  readonly period: number;
  /** What changed files have wrong, as `file:line:column: message`: the last good ones are in force. At most 5. */
  readonly broken: readonly string[];
  readonly storeBytes: number;
  readonly storeLimit: number;
  /** Cycles that were deleted before their time since the cycle before, for want of room. */
  readonly dropped: number;
  /** Receivers that refuse messages for good. */
  readonly refusing: readonly string[];
  /** Rules that are not judged any more because a pattern of theirs was too slow, each in a sentence. */
  readonly suspended: readonly string[];
  /** By how many milliseconds the clock was set since the cycle before; ahead is positive, 0 when it was not. */
  readonly clockStep: number;
  /** By how many milliseconds Tocsin's own clock is ahead of the API server's; 0 when it is right within two minutes. */
  readonly ownAhead: number;
  /** Nodes whose containers write times of the future, and by how many milliseconds at most. */
  readonly ahead: readonly { readonly node: string; readonly by: number }[];
}

/** What is said of Tocsin's own clock while it is ahead, by so many milliseconds. */
export function ownClockText(ahead: number): string {
  return `Tocsin's own clock is ${humanDuration(ahead)} ahead of the API server's, whose time is used instead`;
}
