import type { Delivery, OutboxRow } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { noteRefusal, untell } from './refusals.ts';

/** So many deliveries are remembered, whatever their age; those that wait are never dropped. */
export const DELIVERIES_CAP = 1_000;

/** Why a message that waited for the whole window is given up. */
export const TOO_OLD = 'given up: not delivered within the window';

/**
 * Drops what nobody needs any more: alerts that ended before the window and that no message tells or will tell, groups without either, old
 * deliveries. A message that could not be delivered within the window becomes a dead letter.
 */
export function prune(
  given: AlertsDocument,
  { now, window, receivers }: { readonly now: number; readonly window: number; readonly receivers: readonly string[] },
): AlertsDocument {
  const since = now - window;
  const outbox = given.outbox.filter((row) => row.createdAt >= since);
  const lateRows = given.outbox.filter((row) => row.createdAt < since);
  const late = new Set(lateRows.map(({ id }) => id));
  const document = lateRows.reduce(
    (before, row) => noteRefusal(untell(before, row.id), row, { now, message: tooOld(row.lastError) }),
    given,
  );
  // An end that waits for a long silence is told after it, however late.
  const waiting = document.groups.filter(({ receiver }) => receivers.includes(receiver)).flatMap(({ told }) => told);
  const owed = new Set([...outbox.flatMap((row) => [...row.firing, ...row.resolved]), ...waiting, ...document.owed]);
  const alerts = document.alerts.filter(
    (alert) => alert.state !== 'resolved' || owed.has(alert.id) || (alert.resolvedAt ?? now) >= since,
  );
  const known = new Set(alerts.map(({ id }) => id));
  const named = new Set(outbox.flatMap((row) => row.groups));
  const groups = document.groups
    .map((group) =>
      group.told.every((id) => known.has(id)) ? group : { ...group, told: group.told.filter((id) => known.has(id)) },
    )
    .filter((group) => group.told.length > 0 || named.has(group.key) || group.lastAt >= since);
  const ends = document.owed.filter((id) => known.has(id));
  return {
    ...document,
    owed: ends,
    alerts,
    groups,
    outbox,
    deliveries: keptDeliveries(document.deliveries, { outbox, late, since }),
  };
}

function tooOld(lastError: string | null): string {
  return lastError === null ? TOO_OLD : `${TOO_OLD}: ${lastError}`;
}

function keptDeliveries(
  deliveries: readonly Delivery[],
  kept: { readonly outbox: readonly OutboxRow[]; readonly late: ReadonlySet<string>; readonly since: number },
): readonly Delivery[] {
  const waiting = new Set(kept.outbox.map(({ id }) => id));
  const settled = deliveries
    .map((delivery): Delivery => {
      if (!kept.late.has(delivery.id)) return delivery;
      return {
        ...delivery,
        status: 'dead',
        lastError: tooOld(delivery.lastError),
      };
    })
    .filter((delivery) => waiting.has(delivery.id) || kept.late.has(delivery.id) || delivery.createdAt >= kept.since);
  let surplus = settled.length - DELIVERIES_CAP;
  return surplus <= 0 ? settled : settled.filter((delivery) => waiting.has(delivery.id) || surplus-- <= 0);
}
