import type { Alert, Labels } from '../model/alert.ts';

/** The labels of the group that an alert belongs to; one that is not set is the empty text. */
export function groupLabels(alert: Alert, groupBy: readonly string[]): Labels {
  return Object.fromEntries(groupBy.map((name) => [name, alert.labels[name] ?? '']));
}

/** Names one group of one receiver. */
export function groupKey(receiver: string, labels: Labels): string {
  return JSON.stringify([receiver, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)]);
}

/** Whether an alert is in the group with these labels. */
export function inGroup(alert: Alert, labels: Labels): boolean {
  return Object.entries(labels).every(([name, value]) => (alert.labels[name] ?? '') === value);
}
