import type { Alert } from '../model/alert.ts';
import type { Delivery, OutboxRow } from '../model/notification.ts';
import { subjectOf } from './facts.ts';

/** So many alerts of one message are named in its delivery record. */
export const DELIVERY_NAMES = 20;

/** The record of a message that is owed. */
export function pendingDelivery(row: OutboxRow, alerts: readonly Alert[]): Delivery {
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

function names(row: OutboxRow, alerts: readonly Alert[]): readonly string[] {
  const ids = new Set([...row.firing, ...row.resolved]);
  const all = alerts.filter((alert) => ids.has(alert.id)).map((alert) => `${alert.alert} ${subjectOf(alert.labels)}`.trimEnd());
  if (row.notice !== null) return [row.notice];
  return all.length <= DELIVERY_NAMES ? all : [...all.slice(0, DELIVERY_NAMES), `${all.length - DELIVERY_NAMES} more`];
}
