import { HOUR } from '../../base/duration.ts';
import type { Alert } from '../model/alert.ts';
import type { OutboxRow } from '../model/notification.ts';
import { DEAD_LETTERS, type Refusal } from '../model/refusal.ts';
import type { AlertsDocument } from '../model/state.ts';
import { pendingDelivery } from './delivery.ts';
import { newRow } from './new-row.ts';

/** A receiver that refuses now and again is told of at most so often. */
export const REFUSAL_QUIET = HOUR;

/** Receivers that refused a message for good and have taken none since. */
export function refusingReceivers({ refusals }: AlertsDocument): readonly string[] {
  return refusals.filter(({ over }) => !over).map(({ receiver }) => receiver);
}

/** Records that a receiver refused for good what `sent` told, or a part of it. */
export function noteRefusal(
  document: AlertsDocument,
  sent: OutboxRow,
  { now, message }: { readonly now: number; readonly message: string },
): AlertsDocument {
  const { receiver } = sent;
  const about = document.deliveries.find(({ id }) => id === sent.id)?.alerts ?? [];
  const first: Refusal = { receiver, at: now, message, about, count: 1, told: null, over: false };
  const known = document.refusals.find((refusal) => refusal.receiver === receiver);
  const goesOn = known !== undefined && (!known.over || now - known.at < REFUSAL_QUIET);
  const next = goesOn ? { ...known, count: known.count + 1, over: false } : first;
  return { ...document, refusals: [...document.refusals.filter((refusal) => refusal !== known), next] };
}

/** Records that a receiver took a whole message: it is well. */
export function noteTaken(document: AlertsDocument, receiver: string): AlertsDocument {
  if (!refusingReceivers(document).includes(receiver)) return document;
  const refusals = document.refusals.map((refusal) => (refusal.receiver === receiver ? { ...refusal, over: true } : refusal));
  return { ...document, refusals };
}

/** The message that told of a refusal will not arrive: another one is to. */
export function untell(document: AlertsDocument, rowId: string): AlertsDocument {
  if (!document.refusals.some(({ told }) => told?.row === rowId)) return document;
  const refusals = document.refusals.map((refusal) => (refusal.told?.row === rowId ? { ...refusal, told: null } : refusal));
  return { ...document, refusals };
}

/** Whether the receiver heard of all that the alert says by a message of {@link tellRefusals}. */
export function knowsOfRefusals({ refusals }: AlertsDocument, { facts }: Alert, receiver: string): boolean {
  const refusing = refusals.filter(({ over }) => !over);
  return facts.reason === DEAD_LETTERS && refusing.length > 0 && refusing.every(({ told }) => told?.receiver === receiver);
}

/** Which receivers are on, and which of them has just taken a message. */
export interface Telling {
  readonly receivers: readonly string[];
  readonly took?: string;
  readonly now: number;
  readonly newId: () => string;
}

/**
 * Adds a message about every refusal that nobody was told of, for a receiver that is well: another one where there is one, else the
 * refusing one itself once it takes messages again. Without any the refusal waits for one. Forgets what is over and was told.
 */
export function tellRefusals(document: AlertsDocument, telling: Telling): AlertsDocument {
  const { receivers, now, newId } = telling;
  if (document.refusals.length === 0) return document;
  const waits = new Set(document.outbox.map(({ id }) => id));
  const rows: OutboxRow[] = [];
  const refusals = document.refusals.flatMap((refusal) => {
    if (!receivers.includes(refusal.receiver)) return [];
    if (refusal.told !== null) {
      const isPast = refusal.over && now - refusal.at >= REFUSAL_QUIET && !waits.has(refusal.told.row);
      return isPast ? [] : [refusal];
    }
    const receiver = wellest(document, refusal, telling);
    if (receiver === undefined) return [refusal];
    const row = newRow({ id: newId(), receiver, createdAt: now, reason: 'fired', notice: textOf(refusal) });
    rows.push(row);
    return [{ ...refusal, told: { row: row.id, receiver } }];
  });
  if (rows.length === 0 && refusals.length === document.refusals.length) return document;
  const records = rows.map((row) => pendingDelivery(row, new Map()));
  return { ...document, refusals, outbox: [...document.outbox, ...rows], deliveries: [...document.deliveries, ...records] };
}

/** So many alerts of the first message that was refused are named. */
const NAMED = 3;

function textOf({ receiver, message, about, count, over }: Refusal): string {
  const names = [...about.slice(0, NAMED), ...(about.length > NAMED ? [`${about.length - NAMED} more`] : [])].join(', ');
  const what = over ? `refused ${count === 1 ? 'a message' : `${count} messages`}` : 'refuses messages';
  return `receiver ${receiver} ${what}: ${message}${names === '' ? '' : `; it was not told of ${names}`}`;
}

/** A receiver that last took what it got, else one without a delivery yet; none that refuses or fails now. */
function wellest(document: AlertsDocument, { receiver, over }: Refusal, { receivers, took }: Telling): string | undefined {
  const refusing = new Set(refusingReceivers(document));
  const failing = new Set(document.outbox.filter(({ attempts }) => attempts > 0).map((row) => row.receiver));
  const isWell = (name: string) => !refusing.has(name) && (name === took || !failing.has(name));
  const others = receivers.filter((name) => name !== receiver && isWell(name));
  const taken = new Set(document.deliveries.filter(({ status }) => status === 'delivered').map((each) => each.receiver));
  const itself = took === receiver || (over && isWell(receiver)) ? receiver : undefined;
  return others.find((name) => taken.has(name)) ?? others[0] ?? itself;
}
