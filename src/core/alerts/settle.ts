import type { Delivery, OutboxRow } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { pendingDelivery } from './delivery.ts';
import { groupFinder } from './group.ts';
import { noteRefusal, noteTaken, tellRefusals, untell } from './refusals.ts';

/** How a message that was tried ends: what the outbox writes back. `sent` is the row as it was when the attempt began. */

/**
 * The receiver took the message: what it told is owed no more. What was merged into the row meanwhile stays owed, under a new id.
 * `problem` is what went wrong all the same. `receivers` are those that are on.
 */
export function accept(
  document: AlertsDocument,
  sent: OutboxRow,
  {
    now,
    problem,
    receivers,
    newId,
  }: {
    readonly now: number;
    readonly problem: string | null;
    readonly receivers: readonly string[];
    readonly newId: () => string;
  },
): AlertsDocument {
  const outbox = document.outbox.flatMap((row) => rest(row, sent, document, newId));
  const before = new Set(document.outbox.map(({ id }) => id));
  const alerts = new Map(document.alerts.map((alert) => [alert.id, alert]));
  const added = outbox.filter(({ id }) => !before.has(id)).map((row) => pendingDelivery(row, alerts));
  const deliveries = document.deliveries.map(
    (delivery): Delivery =>
      delivery.id === sent.id
        ? { ...delivery, status: 'delivered', attempts: delivery.attempts + 1, deliveredAt: now, lastError: problem }
        : delivery,
  );
  // A message that was late counts from its delivery, else its repetition would follow on its heels.
  const told = new Set(sent.groups);
  const groups = document.groups.map((group) =>
    told.has(group.key) && now - group.lastAt > LATE ? { ...group, lastAt: now } : group,
  );
  const taken = { ...document, groups, outbox, deliveries: [...deliveries, ...added] };
  const { receiver } = sent;
  const noted = problem === null ? noteTaken(taken, receiver) : noteRefusal(taken, sent, { now, message: problem });
  return tellRefusals(noted, { receivers, took: receiver, now, newId });
}

const LATE = 60_000;

/** What a row still has to say after `sent` was taken: nothing, itself, or a shorter row. */
function rest(row: OutboxRow, sent: OutboxRow, document: AlertsDocument, newId: () => string): readonly OutboxRow[] {
  if (row.id === sent.id && row.revision === sent.revision) return [];
  const sentGroups = new Set(sent.groups);
  const shared = new Set(row.groups.filter((key) => sentGroups.has(key)));
  if (shared.size === 0) return [row];
  const told = new Set(sent.fresh);
  const ended = new Set(sent.resolved);
  const resolved = row.resolved.filter((id) => !ended.has(id));
  const fresh = row.fresh.filter((id) => !told.has(id));
  const keyOf = keysById(row, document);
  const withNews = new Set([...resolved, ...fresh].map(keyOf));
  const groups = row.groups.filter((key) => !shared.has(key) || withNews.has(key));
  if (groups.length === 0) return [];
  const kept = new Set<string | undefined>(groups);
  const left = { ...row, groups, resolved, fresh, firing: row.firing.filter((id) => kept.has(keyOf(id))) };
  return [row.id === sent.id ? { ...left, id: newId(), revision: 0, attempts: 0, lastError: null, recipients: null } : left];
}

/** The group key of each alert that a row tells. */
function keysById(row: OutboxRow, document: AlertsDocument): (id: string) => string | undefined {
  const named = new Set(row.groups);
  const find = groupFinder(document.groups.filter(({ key }) => named.has(key)));
  const alerts = new Map(document.alerts.map((alert) => [alert.id, alert]));
  return (id) => {
    const alert = alerts.get(id);
    return alert === undefined ? undefined : find(alert);
  };
}

/** The attempt failed and another one follows. `refused` is what was refused for good all the same, such as one recipient of several. */
export function postpone(
  document: AlertsDocument,
  sent: OutboxRow,
  failure: {
    readonly message: string;
    readonly nextAttemptAt: number;
    readonly recipients: readonly string[] | null;
    readonly refused?: { readonly now: number; readonly message: string } | null;
  },
): AlertsDocument {
  const attempts = sent.attempts + 1;
  const refused = failure.refused ?? null;
  const noted = refused === null ? document : noteRefusal(document, sent, refused);
  return {
    ...noted,
    outbox: document.outbox.map((row) => {
      if (row.id !== sent.id) return row;
      // Who took the former text has not seen what was merged since.
      const recipients = row.revision === sent.revision ? (failure.recipients ?? row.recipients) : null;
      return { ...row, attempts, nextAttemptAt: failure.nextAttemptAt, lastError: failure.message, recipients };
    }),
    deliveries: document.deliveries.map((delivery) =>
      delivery.id === sent.id ? { ...delivery, attempts, lastError: failure.message } : delivery,
    ),
  };
}

/**
 * The message will not be delivered: a dead letter. The first one since the receiver last took a message is told through another
 * receiver that is well, as soon as there is one.
 */
export function bury(
  document: AlertsDocument,
  sent: OutboxRow,
  {
    now,
    message,
    receivers,
    newId,
  }: { readonly now: number; readonly message: string; readonly receivers: readonly string[]; readonly newId: () => string },
): AlertsDocument {
  // What was merged into it meanwhile is another message, and was not tried yet.
  if (!document.outbox.some(({ id, revision }) => id === sent.id && revision === sent.revision)) return document;
  const buried: AlertsDocument = {
    ...document,
    outbox: document.outbox.filter(({ id }) => id !== sent.id),
    deliveries: document.deliveries.map(
      (delivery): Delivery =>
        delivery.id === sent.id ? { ...delivery, status: 'dead', attempts: sent.attempts + 1, lastError: message } : delivery,
    ),
  };
  return tellRefusals(noteRefusal(untell(buried, sent.id), sent, { now, message }), { receivers, now, newId });
}
