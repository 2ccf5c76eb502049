import type { Alert } from '../model/alert.ts';
import type { Delivery, OutboxRow } from '../model/notification.ts';
import { subjectOf } from './facts.ts';

/** So many alerts of one message are named in its delivery record. */
export const DELIVERY_NAMES = 20;

/** The record of a message that is owed. */
export function pendingDelivery(row: OutboxRow, alerts: ReadonlyMap<string, Alert>): Delivery {
  return {
    id: row.id,
    receiver: row.receiver,
    alerts: names(row, alerts),
    status: 'pending',
    attempts: row.attempts,
    createdAt: row.createdAt,
    deliveredAt: null,
    lastError: row.lastError,
  };
}

/** How a delivery record names an alert. */
export function deliveryName({ alert, labels }: Pick<Alert, 'alert' | 'labels'>): string {
  return `${alert} ${subjectOf(labels)}`.trimEnd();
}

function names(row: OutboxRow, alerts: ReadonlyMap<string, Alert>): readonly string[] {
  if (row.notice !== null) return [row.notice];
  const ids = [...row.firing, ...row.resolved];
  const named = ids.slice(0, DELIVERY_NAMES).flatMap((id) => {
    const alert = alerts.get(id);
    return alert === undefined ? [] : [deliveryName(alert)];
  });
  return ids.length <= DELIVERY_NAMES ? named : [...named, `${ids.length - DELIVERY_NAMES} more`];
}
