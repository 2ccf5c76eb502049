import type { Labels } from '../model/alert.ts';
import type { NotificationPolicy } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { newRow } from './new-row.ts';
import { OutboxDraft } from './outbox-draft.ts';
import { routed } from './routing.ts';

/** The document with a message of one sentence about Tocsin itself, to whom an alert with the labels would be told. */
export function withNotice(
  document: AlertsDocument,
  notice: {
    readonly text: string;
    readonly labels: Labels;
    readonly policy: NotificationPolicy;
    readonly now: number;
    readonly newId: () => string;
  },
): AlertsDocument {
  const { text, labels, policy, now, newId } = notice;
  const draft = new OutboxDraft(document);
  const chosen = new Set(routed(labels, policy));
  for (const receiver of policy.receivers) {
    if (chosen.has(receiver)) draft.setRow(newRow({ id: newId(), receiver, createdAt: now, reason: 'fired', notice: text }));
  }
  return draft.document();
}
