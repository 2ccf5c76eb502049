import { codeOf, StoreError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { due } from '../../core/alerts/due.ts';
import { type LastPods, WorkloadWishes } from '../../core/alerts/suppress/annotations.ts';
import { nodesOf } from '../../core/alerts/suppress/nodes.ts';
import type { Transition } from '../../core/model/alert.ts';
import type { NotificationPolicy } from '../../core/model/notification.ts';
import type { AlertsDocument } from '../../core/model/state.ts';
import type { Window } from '../../core/model/window/window.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { AlertState } from './alert-state.ts';

/** What decides which messages are owed, besides the alerts themselves. */
export interface Owing {
  readonly policy: NotificationPolicy;
  readonly rules: readonly Rule[];
  readonly window: Window;
  /** How long ended alerts and deliveries are kept, in milliseconds. */
  readonly span: number;
  readonly newId: () => string;
}

/** The document with the messages that are owed at a moment. Pure. */
export function owe(
  { policy, rules, window, span, newId }: Owing,
  given: { readonly document: AlertsDocument; readonly transitions: readonly Transition[]; readonly now: number },
): AlertsDocument {
  const lastPods: LastPods = (key) => window.workload(key)?.pods ?? [];
  const wishes = new WorkloadWishes(window.newest, lastPods);
  return due({
    ...given,
    policy,
    receiversOf: (alert) =>
      wishes.receiversOf(alert, policy.receivers) ?? rules.find((rule) => rule.alert === alert.alert)?.receivers ?? null,
    ignored: (alert, at) => wishes.ignored(alert, at),
    nodesOf: nodesOf(window.newest, lastPods),
    window: span,
    newId,
  });
}

/** The messages that became due by time alone, such as after a mute; the document itself when there is nothing new, so that nothing is written. */
export function oweByNow(owing: Owing, document: AlertsDocument, now: number): AlertsDocument {
  const next = owe(owing, { document, transitions: [], now });
  return LISTS.every((list) => hasSame(document[list], next[list])) ? document : next;
}

const LISTS = ['alerts', 'groups', 'outbox', 'deliveries', 'refusals', 'owed', 'silences', 'flaps'] as const;

function hasSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What cannot be saved stays in force in memory and is told from there; it goes to disk with the next change that can (reliability.md R5). */
export async function saveAlerts(
  { alerts, logger }: { readonly alerts: AlertState; readonly logger: Logger },
  change: Parameters<AlertState['update']>[0],
): Promise<void> {
  try {
    await alerts.update(change);
    logger.clear('alerts', 'alerts can be saved again');
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    logger.once('alerts', 'could not save the alerts; they are kept in memory', { reason: error.reason, code: codeOf(error) });
  }
}
