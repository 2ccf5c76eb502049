import type { AlertsDocument } from '../../../core/model/state.ts';

/** Whether a file holds what this version of the store keeps of alerts. */
export function isAlertsDocument(data: unknown): data is AlertsDocument {
  if (typeof data !== 'object' || data === null) return false;
  const { version, alerts, groups, outbox, deliveries } = data as Partial<Record<keyof AlertsDocument, unknown>>; // an object: checked above
  return version === 1 && [alerts, groups, outbox, deliveries].every(Array.isArray);
}
