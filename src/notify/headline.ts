import { humanDuration } from '../base/duration.ts';
import { formatValue, subjectOf } from '../core/alerts/facts.ts';
import type { Notification, NotifiedAlert } from '../core/model/notification.ts';
import { visibleLine } from './visible.ts';

/** `shop-1/checkout: CrashLoopBackOff, 7 restarts within 30m`, or how long it lasted. */
export function headline(notified: NotifiedAlert, notification: Notification): string {
  const { alert } = notified;
  const subject = visibleLine(subjectOf(alert.labels));
  const where = subject === '' ? visibleLine(notification.cluster) : subject;
  const what = visibleLine(alert.alert);
  if (alert.state === 'resolved') {
    const span = lasted(notified, notification.createdAt);
    return `${where}: ${what}, ${notified.fresh ? `began and ended within ${span}` : `after ${span}`}`;
  }
  const said = gist(notified);
  return said === null ? `${where}: ${what}` : `${where}: ${what}, ${said}`;
}

/** How long an alert has fired, or did. */
export function lasted({ alert }: NotifiedAlert, now: number): string {
  return humanDuration((alert.resolvedAt ?? now) - (alert.firedAt ?? alert.activeAt));
}

/** The value in a few words: `7 restarts within 30m`, `12.4 % (above 5 %)`; else the reason; `null` when there is nothing to say. */
function gist({ alert, condition }: NotifiedAlert): string | null {
  const value = formatValue(alert.value, alert.unit);
  if (value === null) {
    const { reason, exit_code: code } = alert.facts;
    if (reason === undefined || reason === '' || reason === alert.alert) return code === undefined ? null : `exit code ${code}`;
    return visibleLine(code === undefined ? reason : `${reason}, exit code ${code}`);
  }
  if (alert.unit === 'count') {
    const [counted] =
      /\b(?:restarts?|terminations?|ends?|matching lines|lines|records?|events?|pods?|containers?)\b.*$/.exec(condition) ?? [];
    return counted === undefined
      ? value
      : visibleLine(`${value} ${alert.value === 1 ? counted.replace(/^(\w+)s\b/, '$1') : counted}`);
  }
  const threshold = formatValue(alert.threshold, alert.unit);
  if (threshold === null || alert.threshold === null || alert.value === null) return value;
  return `${value} (${alert.value < alert.threshold ? 'below' : 'above'} ${threshold})`;
}
