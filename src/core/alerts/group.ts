import type { Alert, Labels } from '../model/alert.ts';
import type { GroupState } from '../model/notification.ts';

/** The labels of the group that an alert belongs to; one that is not set is the empty text. */
export function groupLabels(alert: Alert, groupBy: readonly string[]): Labels {
  return Object.fromEntries(groupBy.map((name) => [name, alert.labels[name] ?? '']));
}

/** Names one group of one receiver. */
export function groupKey(receiver: string, labels: Labels): string {
  return JSON.stringify([receiver, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)]);
}

/** Finds the key of an alert's group among those of one receiver; `undefined` when it is in none. Groups may come from several `group_by`. */
export function groupFinder(groups: readonly GroupState[]): (alert: Alert) => string | undefined {
  const keys = new Set(groups.map(({ key }) => key));
  const ways = new Map(
    groups.map(({ receiver, group }) => {
      const names = Object.keys(group);
      return [JSON.stringify([receiver, names]), { receiver, names }];
    }),
  );
  return (alert) => {
    for (const { receiver, names } of ways.values()) {
      const key = groupKey(receiver, groupLabels(alert, names));
      if (keys.has(key)) return key;
    }
    return undefined;
  };
}
