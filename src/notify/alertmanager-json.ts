import type { Labels } from '../core/model/alert.ts';
import type { Notification, NotificationGroup, NotifiedAlert } from '../core/model/notification.ts';
import { type AlertText, alertText } from './alert-text.ts';

/** Alertmanager's webhook payload tells at most so many alerts; the rest is counted in `truncatedAlerts`. */
export const WEBHOOK_ALERTS = 500;

/** The zero time of Go, which stands for "has not ended". */
const NEVER = '0001-01-01T00:00:00Z';

interface AlertmanagerAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** Alertmanager's webhook JSON, version 4. */
export interface AlertmanagerPayload {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly externalURL: string;
  readonly alerts: readonly AlertmanagerAlert[];
}

/** A notification as Alertmanager would post it. A digest is one group without labels; a notice is one alert `TocsinNotice`. */
export function alertmanagerJson(notification: Notification): AlertmanagerPayload {
  const all =
    notification.notice === null ? notification.groups.flatMap((group) => alertsOf(group, notification)) : [notice(notification)];
  const alerts = all.slice(0, WEBHOOK_ALERTS);
  const [only, ...others] = notification.groups;
  return {
    version: '4',
    groupKey: notification.groups.length > 0 ? notification.groups.map(({ key }) => key).join(' ') : notification.id,
    truncatedAlerts: all.length - alerts.length,
    status: all.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: notification.receiver,
    groupLabels: only !== undefined && others.length === 0 ? only.labels : {},
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: notification.externalUrl ?? '',
    alerts,
  };
}

function alertsOf(group: NotificationGroup, notification: Notification): readonly AlertmanagerAlert[] {
  return [
    ...group.firing.map((each) => alertOf(each, 'firing', notification)),
    ...group.resolved.map((each) => alertOf(each, 'resolved', notification)),
  ];
}

function alertOf(notified: NotifiedAlert, status: 'firing' | 'resolved', notification: Notification): AlertmanagerAlert {
  const { alert, description, runbook } = notified;
  const { externalUrl } = notification;
  const { alert: alertname, ...labels } = alert.labels;
  return {
    status,
    labels: { alertname: alertname ?? alert.alert, ...labels },
    annotations: {
      ...(alert.summary === '' ? {} : { summary: alert.summary }),
      ...(description === null ? {} : { description }),
      ...(runbook === null ? {} : { runbook_url: runbook }),
      ...(alert.value === null ? {} : { value: String(alert.value) }),
      ...context(alertText(notified, notification)),
    },
    startsAt: new Date(alert.firedAt ?? alert.activeAt).toISOString(),
    endsAt: status === 'resolved' && alert.resolvedAt !== null ? new Date(alert.resolvedAt).toISOString() : NEVER,
    generatorURL: externalUrl === null ? '' : `${externalUrl}/alerts/${encodeURIComponent(alert.id)}`,
    fingerprint: alert.fingerprint,
  };
}

/** What labels do not say, as the other receivers tell it: `image`, `why`, `changes`, `comparison`, and as `log` the line that says most. */
function context({ where, parts, lead }: AlertText): Labels {
  const facts = where.flatMap(({ label, value }) => (label in UNLABELLED ? [[UNLABELLED[label], value]] : []));
  const said = parts.flatMap((part) => (part.kind === 'excerpt' ? [] : [[part.kind, part.lines.join('\n')]]));
  return Object.fromEntries([...facts, ...said, ...(lead === null ? [] : [['log', lead]])]);
}

/** The annotations of facts that no label has, or not always. */
const UNLABELLED: Readonly<Record<string, string>> = { Pods: 'pods', Pod: 'pods', Node: 'node', Image: 'image' };

function notice(notification: Notification): AlertmanagerAlert {
  return {
    status: 'firing',
    labels: { alertname: 'TocsinNotice', severity: 'warning', cluster: notification.cluster },
    annotations: { summary: notification.notice ?? '' },
    startsAt: new Date(notification.createdAt).toISOString(),
    endsAt: NEVER,
    generatorURL: notification.externalUrl ?? '',
    fingerprint: notification.id,
  };
}

/** What all of them have with the same value. */
function common(sets: readonly Labels[]): Labels {
  const [first, ...others] = sets;
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}
