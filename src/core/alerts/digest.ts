import { MINUTE } from '../../base/duration.ts';
import type { NotificationPolicy, OutboxRow } from '../model/notification.ts';
import type { OutboxDraft } from './outbox-draft.ts';

/** Messages that wait, or were delivered within this time, count together. */
const DIGEST_SPAN = MINUTE;

/**
 * Turns one receiver's untried messages into one, when with those of the last minute there are more than `digestAbove`.
 * Every group stays whole; the digest stands where the first of them stood.
 */
export function digest(
  draft: OutboxDraft,
  receiver: string,
  input: { readonly policy: NotificationPolicy; readonly now: number; readonly newId: () => string },
): void {
  const waiting = draft.rows(receiver).filter((row) => row.notice === null);
  const untried = waiting.filter((row) => row.attempts === 0);
  const [first] = untried;
  if (first === undefined || untried.length < 2) return;
  const recent = draft
    .deliveries(receiver)
    .filter(({ deliveredAt }) => deliveredAt !== null && input.now - deliveredAt < DIGEST_SPAN);
  if (waiting.length + recent.length <= input.policy.digestAbove) return;
  draft.combine(combine(first, untried, input.newId()), untried);
}

function combine(first: OutboxRow, rows: readonly OutboxRow[], id: string): OutboxRow {
  const all = (pick: (row: OutboxRow) => readonly string[]) => [...new Set(rows.flatMap(pick))];
  const reasons = new Set(rows.map(({ reason }) => reason));
  return {
    ...first,
    id,
    groups: all((row) => row.groups),
    reason: reasons.has('fired') ? 'fired' : reasons.has('resolved') ? 'resolved' : 'repeat',
    firing: all((row) => row.firing),
    resolved: all((row) => row.resolved),
    fresh: all((row) => row.fresh),
    revision: 0,
  };
}
