import { SECOND } from '../../base/duration.ts';
import type { Alert, Labels, Transition } from '../model/alert.ts';
import type { GroupState, NotificationPolicy, OutboxRow } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { digest } from './digest.ts';
import { groupKey, groupLabels } from './group.ts';
import { newRow } from './new-row.ts';
import { OutboxDraft } from './outbox-draft.ts';
import { prune } from './prune.ts';
import { knowsOfRefusals, tellRefusals } from './refusals.ts';
import { receiversFor } from './routing.ts';
import { dueReminders } from './suppress/silence.ts';
import { type Suppressed, type SuppressInput, suppress } from './suppress/suppress.ts';

export interface DueInput extends Pick<SuppressInput, 'nodesOf' | 'ignored'> {
  /** With the alerts as they are after the newest judgement. */
  readonly document: AlertsDocument;
  /** What that judgement changed: tells apart what fired and ended within it from what was told before. */
  readonly transitions: readonly Transition[];
  readonly policy: NotificationPolicy;
  /** The receivers that an alert's workload or rule names; `null` for those of the routes. */
  readonly receiversOf: (alert: Alert) => readonly string[] | null;
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

/** Alerts as they are told now: marked with what suppresses them, and what is told all the same. */
interface Told extends DueInput, Pick<Suppressed, 'ends' | 'news'> {}

/**
 * The document with the messages that are now owed: for every group in which an alert fired or ended, and for those whose repetition is
 * due. A message that still waits takes up what is new in its group, so that what fired and ended between two sends is one message;
 * more than `digestAbove` of them for one receiver within a minute become one. What nobody needs any more is dropped.
 * What is suppressed is neither told nor listed; when that is over, what still fires or whose end is owed is told.
 * Pure; calling it again without transitions adds nothing.
 */
export function due(input: DueInput): AlertsDocument {
  const { document, ...told } = suppress(input);
  const draft = new OutboxDraft(document);
  for (const receiver of input.policy.receivers) {
    putOut(draft, receiver, { ...input, ...told, document });
    forgetEnded(draft, receiver, input.policy.sendResolved);
  }
  remind(draft, { ...input, document });
  const { receivers } = input.policy;
  return tellRefusals(prune(draft.document(), { now: input.now, window: input.window, receivers }), { ...input, receivers });
}

/** Adds the receiver's messages, or merges them into those that wait. */
function putOut(draft: OutboxDraft, receiver: string, input: Told): void {
  knowAlready(draft, receiver, input);
  const toldAt = lastTold(draft, receiver);
  const news = new Map<string, Group[]>();
  let added = false;
  for (const group of groupsOf(draft, receiver, { input, told: toldAt })) {
    const waiting = draft.rowOf(group.key);
    const isNew = group.fresh.size > 0 || group.ended.length > 0;
    if (!isNew && (waiting !== undefined || !repeats(group, toldAt, input))) continue;
    draft.setGroup(nextState(draft.group(group.key), receiver, { group, now: input.now }));
    if (waiting === undefined) {
      draft.setRow(rowOf(receiver, group, input));
      added = true;
    } else news.set(waiting.id, [...(news.get(waiting.id) ?? []), group]);
  }
  for (const row of draft.rows(receiver)) {
    const groups = news.get(row.id);
    if (groups !== undefined) draft.setRow(merge(row, groups));
  }
  if (added) digest(draft, receiver, input);
}

/** Counts as told what the receiver heard by another message: that receivers refuse messages. */
function knowAlready(draft: OutboxDraft, receiver: string, { document, policy, receiversOf, now }: Told): void {
  if (document.refusals.length === 0) return;
  for (const alert of document.alerts) {
    if (alert.state !== 'firing' || alert.suppressed !== undefined || !knowsOfRefusals(document, alert, receiver)) continue;
    if (!receiversFor(alert, receiversOf(alert), policy).includes(receiver)) continue;
    const labels = groupLabels(alert, policy.groupBy);
    const key = groupKey(receiver, labels);
    const state = draft.group(key) ?? { key, receiver, group: labels, told: [], lastAt: now, sequence: 0 };
    if (!state.told.includes(alert.id)) draft.setGroup({ ...state, told: [...state.told, alert.id] });
  }
}

/** When the receiver was last told of each alert. By alert and not by group: a changed `group_by` neither tells again nor forgets to repeat. */
function lastTold(draft: OutboxDraft, receiver: string): ReadonlyMap<string, number> {
  const at = new Map<string, number>();
  for (const group of draft.groups(receiver)) for (const id of group.told) at.set(id, Math.max(group.lastAt, at.get(id) ?? 0));
  return at;
}

/** The receiver's groups that have an alert which fires or whose end is owed. */
function groupsOf(
  draft: OutboxDraft,
  receiver: string,
  { input, told }: { readonly input: Told; readonly told: ReadonlyMap<string, number> },
): readonly Group[] {
  const { document, policy } = input;
  const untold = new Set(draft.rows(receiver).flatMap((row) => row.fresh));
  const groups = new Map<string, { labels: Labels; firing: Alert[]; ended: Alert[]; fresh: Set<string> }>();
  for (const alert of document.alerts) {
    if (alert.suppressed !== undefined) continue;
    const known = told.has(alert.id);
    const isNews = input.news.has(alert.id);
    const isOwed = known ? policy.sendResolved || untold.has(alert.id) : input.ends.has(alert.id);
    const ended = alert.state === 'resolved' && (isNews || isOwed);
    if (alert.state !== 'firing' && !ended) continue;
    const routed = receiversFor(alert, input.receiversOf(alert), policy).includes(receiver);
    if (!routed && !(known && ended)) continue;
    const labels = groupLabels(alert, policy.groupBy);
    const key = groupKey(receiver, labels);
    const group = groups.get(key) ?? { labels, firing: [], ended: [], fresh: new Set<string>() };
    groups.set(key, group);
    (ended ? group.ended : group.firing).push(alert);
    if (!known || (isNews && !ended) || (alert.newsAt ?? 0) > (told.get(alert.id) ?? 0)) group.fresh.add(alert.id);
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}

/** Cycles are not equally long: a repetition that is due within this share of its interval, or this time, is due now. */
const EARLY_SHARE = 0.1;
const EARLY_MAX = 30 * SECOND;

function repeats(group: Group, toldAt: ReadonlyMap<string, number>, { policy, now }: DueInput): boolean {
  const times = group.firing.flatMap(({ id }) => toldAt.get(id) ?? []);
  const early = Math.min(policy.repeatInterval * EARLY_SHARE, EARLY_MAX);
  return times.length > 0 && now - Math.max(...times) >= policy.repeatInterval - early;
}

function nextState(
  state: GroupState | undefined,
  receiver: string,
  { group, now }: { readonly group: Group; readonly now: number },
): GroupState {
  return {
    key: group.key,
    receiver,
    group: group.labels,
    // An alert that the routes no longer bring here stays told, so that its end is.
    told: [...new Set([...group.firing.map(({ id }) => id), ...(state?.told ?? [])])],
    lastAt: now,
    sequence: (state?.sequence ?? 0) + 1,
  };
}

function rowOf(receiver: string, group: Group, { now, newId }: DueInput): OutboxRow {
  return newRow({
    id: newId(),
    receiver,
    groups: [group.key],
    reason: group.fresh.size > 0 ? 'fired' : group.ended.length > 0 ? 'resolved' : 'repeat',
    firing: group.firing.map(({ id }) => id),
    resolved: group.ended.map(({ id }) => id),
    fresh: [...group.fresh],
    createdAt: now,
  });
}

/** The waiting message with its groups' news: what it was to tell as firing and has ended is told as begun and ended. */
function merge(row: OutboxRow, groups: readonly Group[]): OutboxRow {
  const ended = groups.flatMap((group) => group.ended.map(({ id }) => id));
  const firing = new Set([...row.firing, ...groups.flatMap((group) => group.firing.map(({ id }) => id))]);
  for (const id of ended) firing.delete(id);
  const fresh = new Set([...row.fresh, ...groups.flatMap((group) => [...group.fresh])]);
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

/** Tells of silences that are about to end, to whom their alerts would be told. */
function remind(draft: OutboxDraft, { document, policy, receiversOf, now, newId }: DueInput): void {
  for (const { silence, alerts, text } of dueReminders(document, now)) {
    draft.setSilence({ ...silence, reminded: true });
    const receivers = new Set(alerts.flatMap((alert) => receiversFor(alert, receiversOf(alert), policy)));
    for (const receiver of receivers)
      draft.setRow(newRow({ id: newId(), receiver, createdAt: now, reason: 'fired', notice: text }));
  }
}

/** Takes what no longer fires out of what the receiver's groups were told, unless its end waits for what suppresses it. */
function forgetEnded(draft: OutboxDraft, receiver: string, sendResolved: boolean): void {
  const stays = (id: string) => {
    const alert = draft.alerts.get(id);
    if (alert?.state !== 'resolved') return alert?.state === 'firing';
    // How an alert that flaps ended is told when it is calm.
    return sendResolved && alert.suppressed !== undefined && alert.suppressed.by !== 'flapping';
  };
  for (const group of draft.groups(receiver)) {
    if (!group.told.every(stays)) draft.setGroup({ ...group, told: group.told.filter(stays) });
  }
}
