import type { Alert, Fingerprint } from '../../model/alert.ts';

/** When alerts of a rule last ended because their condition was false: what fires again soon after that recurs. */
export class EndedLives {
  readonly #within: number;
  readonly #endedAt = new Map<Fingerprint, number>();

  /** `within`: milliseconds in which an alert that fires again recurs; 0 for never. */
  constructor(within: number) {
    this.#within = within;
  }

  /** Takes an alert that has ended. One whose object is gone, or was mended by a rollout, does not come back: what fires then is another. */
  add({ fingerprint, resolvedAt, resolvedReason }: Alert): void {
    if (this.#within === 0 || resolvedAt === null || resolvedReason !== 'condition is false') return;
    this.#endedAt.set(fingerprint, Math.max(this.#endedAt.get(fingerprint) ?? 0, resolvedAt));
  }

  /** Whether an alert that becomes true at `at` recurs. */
  recurs(fingerprint: Fingerprint, at: number): boolean {
    const endedAt = this.#endedAt.get(fingerprint);
    return endedAt !== undefined && at - endedAt <= this.#within;
  }
}
