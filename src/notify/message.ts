import { cut, visibleLine } from '../base/visible.ts';
import { subjectOf } from '../core/alerts/facts.ts';
import { SEVERITIES } from '../core/model/alert.ts';
import type { Notification, NotifiedAlert } from '../core/model/notification.ts';
import { type AlertText, alertText, type Tone } from './alert-text.ts';
import { headline, isOpen, lasted } from './headline.ts';

/** A notification in words: what Slack and mail both render, so that they say the same. Everything in it is safe to show as text. */
export interface Message {
  /** How bad and what, on one line: the headline, Slack's fallback and the mail's subject. */
  readonly title: string;
  readonly tone: Tone;
  /** News first: what fires anew, what ended, then what still fires. At most {@link TOLD}. */
  readonly alerts: readonly AlertText[];
  /** How many there are beyond these. */
  readonly untold: number;
  /** So many of them, from the first, are worth their details. */
  readonly news: number;
  /** Several groups in one message: what there is at all comes before the details. */
  readonly digest: boolean;
  readonly cluster: string;
  /** The page with all of it; `null` when its address is not set. */
  readonly statusPage: string | null;
  /** A text about Tocsin itself, in a message without alerts. */
  readonly notice: string | null;
}

const TITLE_CHARACTERS = 140;

/** More alerts than this fit into no message. */
export const TOLD = 250;

/** Puts a notification into words. */
export function messageOf(notification: Notification): Message {
  const firing = notification.groups.flatMap((group) => group.firing);
  const resolved = notification.groups.flatMap((group) => group.resolved);
  const alerts = [...firing.filter(({ fresh }) => fresh), ...resolved, ...firing.filter(({ fresh }) => !fresh)];
  const news = firing.filter(({ fresh }) => fresh).length + resolved.length;
  const notice = notification.notice === null ? null : visibleLine(notification.notice);
  return {
    title: cut(notice === null ? title(notification, [...firing, ...resolved]) : `WARNING · Tocsin: ${notice}`, TITLE_CHARACTERS),
    tone: notice === null ? tone([...firing, ...resolved].filter(isOpen)) : 'warning',
    alerts: alerts.slice(0, TOLD).map((alert) => alertText(alert, notification)),
    untold: Math.max(0, alerts.length - TOLD),
    digest: groupsWithAlerts(notification) > 1,
    news: Math.max(news, Math.min(1, alerts.length)),
    cluster: visibleLine(notification.cluster),
    statusPage: notification.externalUrl,
    notice,
  };
}

function groupsWithAlerts({ groups }: Notification): number {
  return groups.filter(({ firing, resolved }) => firing.length + resolved.length > 0).length;
}

function tone(open: readonly NotifiedAlert[]): Tone {
  return open.length === 0 ? 'resolved' : worst(open).alert.severity;
}

function worst(alerts: readonly NotifiedAlert[]): NotifiedAlert {
  const rank = ({ alert, fresh }: NotifiedAlert) => SEVERITIES.indexOf(alert.severity) * 2 + (fresh ? 1 : 0);
  return alerts.reduce((a, b) => (rank(b) > rank(a) ? b : a));
}

function title(notification: Notification, alerts: readonly NotifiedAlert[]): string {
  const firing = alerts.filter(isOpen);
  const resolved = alerts.filter((alert) => !isOpen(alert));
  const told = firing.length > 0 ? firing : resolved;
  if (told.length === 0) return `RESOLVED · ${visibleLine(notification.cluster)}`;
  const how = firing.length > 0 ? worst(firing).alert.severity.toUpperCase() : 'RESOLVED';
  if (groupsWithAlerts(notification) > 1) return `${how} · ${digestTitle(told, resolved.length, firing.length > 0)}`;
  const lead = firing.length > 0 ? worst(firing) : worst(resolved);
  const others = told.length - 1;
  // The worst stands first; when that is known already, the subject would else be the same as before.
  const news = lead.fresh
    ? ''
    : [
        named(
          'new',
          firing.filter(({ fresh }) => fresh),
        ),
        named('resolved', firing.length > 0 ? resolved : []),
      ].join('');
  const more = news !== '' ? news : others > 0 ? ` (+${others} more)` : '';
  const still = notification.reason === 'repeat' ? `, still firing after ${lasted(lead, notification.createdAt)}` : '';
  const end = `${still}${more}`;
  // What is new stands at the end: a long first part must not push it out.
  const first = `${how} · ${headline(lead, notification)}`;
  return `${cut(first, Math.max(TITLE_CHARACTERS / 2, TITLE_CHARACTERS - end.length))}${end}`;
}

/** `; new: RestartSpike, OOMKilled`, each rule once. */
function named(word: string, alerts: readonly NotifiedAlert[]): string {
  const names = new Set(alerts.map(({ alert }) => visibleLine(alert.alert)));
  return names.size === 0 ? '' : `; ${word}: ${[...names].join(', ')}`;
}

function digestTitle(told: readonly NotifiedAlert[], resolved: number, firing: boolean): string {
  const subjects = new Set(told.map(({ alert }) => subjectOf(alert.labels)));
  const names = Map.groupBy(told, ({ alert }) => alert.alert);
  const counts = [...names]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([name, list]) => `${visibleLine(name)} (${list.length})`);
  const also = firing && resolved > 0 ? `; ${resolved} resolved` : '';
  return `${told.length} ${told.length === 1 ? 'alert' : 'alerts'} on ${subjects.size} ${subjects.size === 1 ? 'subject' : 'subjects'}: ${counts.join(', ')}${also}`;
}
