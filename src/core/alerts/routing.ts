import type { Alert, Labels } from '../model/alert.ts';
import type { LabelMatch, NotificationPolicy } from '../model/notification.ts';

/**
 * The receivers of an alert, without repetition, in the order of the settings: the rule's own where it names some, else those of the
 * first route that matches and of the next ones while `continue` is set; every receiver when there are no routes.
 * Receivers that are off are left out.
 */
export function receiversFor(alert: Alert, own: readonly string[] | null, policy: NotificationPolicy): readonly string[] {
  const chosen = new Set(own ?? routed(alert.labels, policy));
  return policy.receivers.filter((receiver) => chosen.has(receiver));
}

/** The receivers that the routes give to these labels, those that are off included. */
export function routed(labels: Labels, policy: NotificationPolicy): readonly string[] {
  if (policy.routes.length === 0) return policy.receivers;
  const receivers: string[] = [];
  for (const route of policy.routes) {
    if (!matchesLabels(route.match, labels)) continue;
    receivers.push(...route.receivers);
    if (!route.continue) break;
  }
  return receivers;
}

/** Whether at least one of the matches holds. */
export function matchesAnyOf(matches: readonly LabelMatch[], labels: Labels): boolean {
  return matches.some((match) => matchesLabels(match, labels));
}

/** Whether every key's value matches one of its globs; a label that is not set is the empty text. */
export function matchesLabels(match: LabelMatch, labels: Labels): boolean {
  return [...match].every(([key, globs]) => globs.some((glob) => glob.matches(labels[key] ?? '')));
}
