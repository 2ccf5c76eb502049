import { DAY, HOUR } from '../../../src/base/duration.ts';
import { compileGlob } from '../../../src/base/glob.ts';
import type { DueInput } from '../../../src/core/alerts/due.ts';
import { due } from '../../../src/core/alerts/due.ts';
import type { Alert, Transition } from '../../../src/core/model/alert.ts';
import type {
  Evidence,
  Notification,
  NotificationPolicy,
  NotifiedAlert,
  OutboxRow,
  Route,
} from '../../../src/core/model/notification.ts';
import { type AlertsDocument, EMPTY_ALERTS } from '../../../src/core/model/state.ts';
import { clock } from '../../build.ts';

/** A crash loop of `shop-1/checkout` that fires since 10:00; `of` names another `NAMESPACE/WORKLOAD`. */
export function alert(fields: Partial<Alert> & { readonly of?: string } = {}): Alert {
  const { of = 'shop-1/checkout', ...rest } = fields;
  const [namespace = '', workload = ''] = of.split('/');
  const name = rest.alert ?? 'CrashLoopBackOff';
  const severity = rest.severity ?? 'critical';
  const activeAt = rest.activeAt ?? clock('10:00');
  return {
    id: `${name}-${workload}-${activeAt}`,
    fingerprint: 'a1b2c3d4e5f60718',
    alert: name,
    labels: { alert: name, severity, cluster: 'production', namespace, kind: 'Deployment', workload, container: 'app' },
    severity,
    state: 'firing',
    unknown: false,
    activeAt,
    firedAt: activeAt,
    resolvedAt: null,
    resolvedReason: null,
    value: 7,
    peak: 7,
    threshold: 2,
    unit: 'count',
    facts: {
      reason: 'Error',
      exit_code: 1,
      pods: [`${workload}-7d4b9c-x2x7p`],
      node: 'node-3',
      image: 'registry.example.com/checkout:1.4.2',
    },
    summary: `${workload} is crash looping: Error, exit code 1`,
    falseSince: null,
    falseCollections: 0,
    judgedAt: activeAt,
    ...rest,
  };
}

/** The alert after it ended. */
export function ended(of: Alert, at: string): Alert {
  return { ...of, state: 'resolved', resolvedAt: clock(at), resolvedReason: 'condition is false', value: 0 };
}

export function policy(fields: Partial<NotificationPolicy> = {}): NotificationPolicy {
  return {
    routes: [],
    receivers: ['slack'],
    groupBy: ['namespace', 'workload'],
    repeatInterval: 4 * HOUR,
    sendResolved: true,
    digestAbove: 10,
    inhibitions: [],
    mutes: [],
    ...fields,
  };
}

export function route(match: Readonly<Record<string, string>>, receivers: readonly string[], goOn = false): Route {
  return { match: new Map(Object.entries(match).map(([key, glob]) => [key, [compileGlob(glob)]])), receivers, continue: goOn };
}

export function row(fields: Partial<OutboxRow> = {}): OutboxRow {
  return {
    id: 'row-1',
    receiver: 'slack',
    groups: [],
    reason: 'fired',
    firing: [],
    resolved: [],
    fresh: [],
    notice: null,
    revision: 0,
    recipients: null,
    createdAt: clock('10:00'),
    attempts: 0,
    nextAttemptAt: clock('10:00'),
    lastError: null,
    ...fields,
  };
}

let ids = 0;

/** One judgement: the alerts as they are now, and what is owed after it. Alerts that are not named stay as they were. */
export function judge(
  before: AlertsDocument,
  at: string | number,
  alerts: readonly Alert[],
  options: Partial<DueInput> = {},
): AlertsDocument {
  const now = typeof at === 'number' ? at : clock(at);
  const old = new Map(before.alerts.map((each) => [each.id, each]));
  const transitions = alerts.flatMap((each): readonly Transition[] => {
    const from = old.get(each.id)?.state ?? null;
    if (from === each.state) return [];
    const end: Transition = { alert: each, from: 'firing', to: 'resolved', at: now };
    return each.state === 'resolved' ? [end] : [{ alert: each, from, to: each.state, at: now }];
  });
  const merged = new Map([...old, ...alerts.map((each) => [each.id, each] as const)]);
  return due({
    document: { ...before, alerts: [...merged.values()] },
    transitions,
    policy: policy(),
    receiversOf: () => null,
    nodesOf: () => [],
    ignored: () => null,
    now,
    window: DAY,
    newId: () => `id-${++ids}`,
    ...options,
  });
}

export const nothing: AlertsDocument = EMPTY_ALERTS;

export function evidence(of: string, fields: Partial<Evidence> = {}): Evidence {
  return { alert: of, at: clock('10:00'), lastLines: [], matching: [], events: [], terminations: [], series: [], ...fields };
}

export function notified(of: Alert = alert(), fields: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    alert: of,
    description: null,
    runbook: 'https://runbooks.example.com/crash-loop',
    condition: 'CrashLoopBackOff, or at least 2 restarts within 30m',
    phrase: 'crash looping, 7 restarts within 30m',
    evidence: null,
    fresh: true,
    flapping: null,
    ...fields,
  };
}

/** A message about one group of `shop-1/checkout`, made at 10:20. */
export function notification(
  fields: Partial<Notification> & {
    readonly firing?: readonly NotifiedAlert[];
    readonly resolved?: readonly NotifiedAlert[];
  } = {},
): Notification {
  const { firing = [notified()], resolved = [], ...rest } = fields;
  const labels = { namespace: 'shop-1', workload: 'checkout' };
  return {
    id: 'message-1',
    receiver: 'slack',
    reason: 'fired',
    cluster: 'production',
    groups: [{ key: '["slack","namespace=shop-1","workload=checkout"]', labels, sequence: 1, firing, resolved }],
    notice: null,
    recipients: null,
    createdAt: clock('10:20'),
    externalUrl: 'https://tocsin.example.com',
    timezone: 'Europe/Berlin',
    ...rest,
  };
}
