import { deliveryName } from '../core/alerts/delivery.ts';
import type { Alert } from '../core/model/alert.ts';
import type { Delivery } from '../core/model/notification.ts';

/** Alerts by how messages name them, each life of one after those before it. */
export type NamedAlerts = ReadonlyMap<string, readonly Alert[]>;

export function namedAlerts(alerts: readonly Alert[]): NamedAlerts {
  return Map.groupBy(
    alerts.toSorted((a, b) => a.activeAt - b.activeAt),
    deliveryName,
  );
}

/** The alert that a message means by a name: the newest that had begun when it was made; `undefined` for one that is no longer kept. */
export function deliveredAlert(named: NamedAlerts, name: string, { createdAt }: Pick<Delivery, 'createdAt'>): Alert | undefined {
  return named.get(name)?.findLast(({ activeAt }) => activeAt <= createdAt);
}
