import { humanDuration, parseDuration } from '../base/duration.ts';
import { visibleLine } from '../base/visible.ts';
import { subjectOf } from '../core/alerts/facts.ts';
import type { Alert } from '../core/model/alert.ts';
import type { Notification, NotifiedAlert } from '../core/model/notification.ts';

/** `shop-1/checkout: CrashLoopBackOff, 7 restarts in 30 min`, or how long it lasted. */
export function headline(notified: NotifiedAlert, notification: Notification): string {
  const { alert } = notified;
  const subject = visibleLine(subjectOf(alert.labels));
  const where = subject === '' ? visibleLine(notification.cluster) : subject;
  const what = visibleLine(alert.alert);
  if (notified.flapping !== null) return `${where}: ${what} ${flapping(notified.flapping, alert)}`;
  if (alert.state === 'resolved') {
    const span = lasted(notified, notification.createdAt);
    const why = endReason(alert);
    return `${where}: ${what}, ${notified.fresh ? `began and ended within ${span}` : `after ${span}`}${why === null ? '' : `, ${why}`}`;
  }
  const said = calm(notified, notification.createdAt) ?? gist(notified);
  return said === null ? `${where}: ${what}` : `${where}: ${what}, ${said}`;
}

function flapping({ state, often }: NonNullable<NotifiedAlert['flapping']>, alert: Alert): string {
  if (state === 'begun') return `is flapping, fired and resolved ${often}`;
  return alert.state === 'resolved'
    ? `has stopped flapping after ${often}`
    : `has stopped flapping after ${often}, and still fires`;
}

/** Whether an alert is told as something that is the matter: it fires, or goes on to fire and resolve. */
export function isOpen({ alert, flapping }: NotifiedAlert): boolean {
  return alert.state !== 'resolved' || flapping?.state === 'begun';
}

/** How long an alert's condition has been true, or was: from its first moment on, as "since" says it. */
export function lasted({ alert }: NotifiedAlert, now: number): string {
  return humanDuration((alert.resolvedAt ?? now) - alert.activeAt);
}

/** Why an alert ended other than by its condition being false: then nothing has healed. */
export function endReason({ resolvedReason }: Alert): string | null {
  return resolvedReason === null || resolvedReason === 'condition is false' ? null : visibleLine(resolvedReason);
}

/** Of an alert that was told before and that only its rule's hold keeps firing: its number is that of a good moment. `calm for 40 min`. */
export function calm({ alert, fresh }: NotifiedAlert, now: number): string | null {
  if (alert.state !== 'firing' || fresh || alert.falseSince === null) return null;
  return `calm for ${humanDuration(Math.max(0, now - alert.falseSince))}`;
}

/** What is the matter, in a few words: `7 restarts in 30 min`; else the reason; `null` when there is nothing to say. */
function gist({ alert, phrase }: NotifiedAlert): string | null {
  if (phrase !== null && phrase !== '') return visibleLine(humanSpans(withoutName(phrase, alert.alert)));
  const { reason, exit_code: code } = alert.facts;
  if (reason === undefined || reason === '' || reason === alert.alert) return code === undefined ? null : `exit code ${code}`;
  return visibleLine(code === undefined ? reason : `${reason}, exit code ${code}`);
}

/** The name of the rule stands before it: `OOMKilled once` is `once`, `1 pod ended: Evicted` is `1 pod ended`. */
function withoutName(phrase: string, name: string): string {
  const rest = phrase.replace(/^crash looping, /, '');
  if (rest.startsWith(`${name} `)) return rest.slice(name.length + 1);
  return rest.endsWith(`: ${name}`) ? rest.slice(0, -name.length - 2) : rest;
}

/** `within 30m` and `in the 30m before`, as settings have it, as a person says it: `in 30 min`. */
function humanSpans(text: string): string {
  return text.replace(/\b(within|in the) ((?:\d+(?:ms|s|m|h|d))+)\b/g, (all, before: string, span: string) => {
    const ms = parseDuration(span);
    return ms === null ? all : `${before === 'within' ? 'in' : before} ${humanDuration(ms)}`;
  });
}
