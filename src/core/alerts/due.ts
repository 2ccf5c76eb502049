import { SECOND } from '../../base/duration.ts';
import type { Alert, Labels, Transition } from '../model/alert.ts';
import type { Delivery, GroupState, NotificationPolicy, OutboxRow } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { pendingDelivery } from './delivery.ts';
import { digest } from './digest.ts';
import { groupKey, groupLabels } from './group.ts';
import { prune } from './prune.ts';
import { receiversFor } from './routing.ts';

export interface DueInput {
  /** With the alerts as they are after the newest judgement. */
  readonly document: AlertsDocument;
  /** What that judgement changed: tells apart what fired and ended within it from what was told before. */
  readonly transitions: readonly Transition[];
  readonly policy: NotificationPolicy;
  /** A rule's own receivers, by the rule's `alert`; `null` when it names none or is gone. */
  readonly receiversOf: (alert: string) => readonly string[] | null;
  readonly now: number;
  /** How long ended alerts and deliveries are kept, in milliseconds. */
  readonly window: number;
  readonly newId: () => string;
}

/** One group of one receiver, as it is now. */
interface Group {
  readonly key: string;
  readonly labels: Labels;
  readonly firing: readonly Alert[];
  /** Ended, and the receiver is to hear of it. */
  readonly ended: readonly Alert[];
  /** Those of both that the receiver has not been told of. */
  readonly fresh: ReadonlySet<string>;
}

/**
 * The document with the messages that are now owed: for every group in which an alert fired or ended, and for those whose repetition is
 * due. A message that still waits takes up what is new in its group, so that what fired and ended between two sends is one message;
 * more than `digestAbove` of them for one receiver within a minute become one. What nobody needs any more is dropped.
 * Pure; calling it again without transitions adds nothing.
 */
export function due(input: DueInput): AlertsDocument {
  let { document } = input;
  for (const receiver of input.policy.receivers) {
    const before = document;
    for (const group of groupsOf(receiver, input)) document = putOut(document, receiver, group, input);
    document = forgetEnded(document, receiver);
    if (document.outbox !== before.outbox) document = digest(document, receiver, input);
  }
  return prune(document, input.now, input.window);
}

/** The receiver's groups that have an alert which fires or whose end is owed. */
function groupsOf(receiver: string, input: DueInput): readonly Group[] {
  const { document, policy } = input;
  const told = new Set(document.groups.filter((group) => group.receiver === receiver).flatMap((group) => group.told));
  const justEnded = new Set(
    input.transitions.filter(({ from, to }) => from === 'firing' && to === 'resolved').map(({ alert }) => alert.id),
  );
  const untold = new Set(document.outbox.filter((row) => row.receiver === receiver).flatMap((row) => row.fresh));
  const groups = new Map<string, { labels: Labels; firing: Alert[]; ended: Alert[]; fresh: Set<string> }>();
  for (const alert of document.alerts) {
    const known = told.has(alert.id);
    const ended = alert.state === 'resolved' && (known ? policy.sendResolved || untold.has(alert.id) : justEnded.has(alert.id));
    if (alert.state !== 'firing' && !ended) continue;
    const routed = receiversFor(alert, input.receiversOf(alert.alert), policy).includes(receiver);
    if (!routed && !(known && ended)) continue;
    const labels = groupLabels(alert, policy.groupBy);
    const key = groupKey(receiver, labels);
    const group = groups.get(key) ?? { labels, firing: [], ended: [], fresh: new Set<string>() };
    groups.set(key, group);
    (ended ? group.ended : group.firing).push(alert);
    if (!known) group.fresh.add(alert.id);
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}

/** Adds the group's message, or merges it into the one that waits, where there is anything to say. */
function putOut(document: AlertsDocument, receiver: string, group: Group, input: DueInput): AlertsDocument {
  const state = document.groups.find(({ key }) => key === group.key);
  const waiting = document.outbox.find((row) => row.receiver === receiver && row.groups.includes(group.key));
  const news = group.fresh.size > 0 || group.ended.length > 0;
  if (!news && (waiting !== undefined || !repeats(receiver, group, input))) return document;
  const firing = group.firing.map(({ id }) => id);
  const next: GroupState = {
    key: group.key,
    receiver,
    group: group.labels,
    // An alert that the routes no longer bring here stays told, so that its end is.
    told: [...new Set([...firing, ...(state?.told ?? [])])],
    lastAt: input.now,
    sequence: (state?.sequence ?? 0) + 1,
  };
  const groups = [...document.groups.filter(({ key }) => key !== group.key), next];
  const row = waiting === undefined ? newRow(receiver, group, input) : merge(waiting, group);
  return { ...document, groups, ...withRow(document, row) };
}

/** Cycles are not equally long: a repetition that is due within this share of its interval, or this time, is due now. */
const EARLY_SHARE = 0.1;
const EARLY_MAX = 30 * SECOND;

function repeats(receiver: string, group: Group, { document, policy, now }: DueInput): boolean {
  const firing = new Set(group.firing.map(({ id }) => id));
  // By alert and not by key: a changed `group_by` neither tells again nor forgets to repeat.
  const toldAt = document.groups
    .filter((state) => state.receiver === receiver && state.told.some((id) => firing.has(id)))
    .map(({ lastAt }) => lastAt);
  const early = Math.min(policy.repeatInterval * EARLY_SHARE, EARLY_MAX);
  return toldAt.length > 0 && now - Math.max(...toldAt) >= policy.repeatInterval - early;
}

function newRow(receiver: string, group: Group, { now, newId }: DueInput): OutboxRow {
  const begun = group.fresh.size > 0;
  return {
    id: newId(),
    receiver,
    groups: [group.key],
    reason: begun ? 'fired' : group.ended.length > 0 ? 'resolved' : 'repeat',
    firing: group.firing.map(({ id }) => id),
    resolved: group.ended.map(({ id }) => id),
    fresh: [...group.fresh],
    notice: null,
    revision: 0,
    recipients: null,
    createdAt: now,
    attempts: 0,
    nextAttemptAt: now,
    lastError: null,
  };
}

/** The waiting message with the group's news: what it was to tell as firing and has ended is told as begun and ended. */
function merge(row: OutboxRow, group: Group): OutboxRow {
  const ended = group.ended.map(({ id }) => id);
  const firing = new Set([...row.firing, ...group.firing.map(({ id }) => id)]);
  for (const id of ended) firing.delete(id);
  const fresh = new Set([...row.fresh, ...group.fresh]);
  return {
    ...row,
    reason: fresh.size > 0 ? 'fired' : ended.length > 0 ? 'resolved' : row.reason,
    firing: [...firing],
    resolved: [...new Set([...row.resolved, ...ended])],
    fresh: [...fresh],
    revision: row.revision + 1,
    // Whoever took the former message has not seen this one.
    recipients: null,
  };
}

function withRow(document: AlertsDocument, row: OutboxRow): { outbox: readonly OutboxRow[]; deliveries: readonly Delivery[] } {
  const delivery = pendingDelivery(row, document.alerts);
  const known = document.outbox.some(({ id }) => id === row.id);
  return known
    ? {
        outbox: document.outbox.map((each) => (each.id === row.id ? row : each)),
        deliveries: document.deliveries.map((each) => (each.id === row.id ? { ...each, alerts: delivery.alerts } : each)),
      }
    : { outbox: [...document.outbox, row], deliveries: [...document.deliveries, delivery] };
}

/** Takes what no longer fires out of what the receiver's groups were told. */
function forgetEnded(document: AlertsDocument, receiver: string): AlertsDocument {
  const firing = new Set(document.alerts.filter(({ state }) => state === 'firing').map(({ id }) => id));
  const stale = (group: GroupState) => group.receiver === receiver && group.told.some((id) => !firing.has(id));
  if (!document.groups.some(stale)) return document;
  return {
    ...document,
    groups: document.groups.map((group) =>
      stale(group) ? { ...group, told: group.told.filter((id) => firing.has(id)) } : group,
    ),
  };
}
