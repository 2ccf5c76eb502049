import { MINUTE } from '../../base/duration.ts';
import type { NotificationPolicy, OutboxRow } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { pendingDelivery } from './delivery.ts';

/** Messages that wait, or were delivered within this time, count together. */
const DIGEST_SPAN = MINUTE;

/**
 * Turns one receiver's untried messages into one, when with those of the last minute there are more than `digestAbove`.
 * Every group stays whole; the digest stands where the first of them stood.
 */
export function digest(
  document: AlertsDocument,
  receiver: string,
  input: { readonly policy: NotificationPolicy; readonly now: number; readonly newId: () => string },
): AlertsDocument {
  const waiting = document.outbox.filter((row) => row.receiver === receiver && row.notice === null);
  const untried = waiting.filter((row) => row.attempts === 0);
  const recent = document.deliveries.filter(
    (delivery) =>
      delivery.receiver === receiver && delivery.deliveredAt !== null && input.now - delivery.deliveredAt < DIGEST_SPAN,
  );
  const [first] = untried;
  if (first === undefined || untried.length < 2 || waiting.length + recent.length <= input.policy.digestAbove) return document;
  const row = combine(first, untried, input.newId());
  const gone = new Set(untried.map(({ id }) => id));
  return {
    ...document,
    outbox: document.outbox.flatMap((each) => (each === first ? [row] : gone.has(each.id) ? [] : [each])),
    deliveries: [...document.deliveries.filter(({ id }) => !gone.has(id)), pendingDelivery(row, document.alerts)],
  };
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
