import { formatDuration } from '../../base/duration.ts';
import type { Alert } from '../model/alert.ts';
import { SEVERITIES } from '../model/alert.ts';
import type { Evidence, Notification, NotificationGroup, NotifiedAlert, OutboxRow } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { render, type Template } from '../model/template.ts';
import { formatValue } from './facts.ts';
import { inGroup } from './group.ts';

export interface ComposeInput {
  readonly row: OutboxRow;
  readonly document: AlertsDocument;
  /** What messages need of a rule, by its `alert`; `undefined` when the rule is gone. */
  readonly ruleOf: (alert: string) => RuleText | undefined;
  /** By alert id; `null` when none was gathered. Only {@link evidenceWanted} is asked for. */
  readonly evidenceOf: (id: string) => Evidence | null;
  readonly cluster: string;
  readonly externalUrl: string | null;
  readonly timezone: string;
  readonly now: number;
}

/** The part of a rule that messages show. */
export interface RuleText {
  readonly description: Template | null;
  readonly runbook: string | null;
  readonly condition: { readonly text: string };
}

/** A message shows the evidence of at most so many alerts. */
export const EVIDENCE_CAP = 10;

/** The ids of the alerts whose evidence the row's message shows: those that are new in it first. */
export function evidenceWanted(row: OutboxRow): readonly string[] {
  const fresh = new Set(row.fresh);
  const ids = [...row.firing, ...row.resolved];
  return [...ids.filter((id) => fresh.has(id)), ...ids.filter((id) => !fresh.has(id))].slice(0, EVIDENCE_CAP);
}

/** The message of an outbox row, from what is known when it is sent. Pure. */
export function compose(input: ComposeInput): Notification {
  const { row, document } = input;
  return {
    id: row.revision === 0 ? row.id : `${row.id}.${row.revision}`,
    receiver: row.receiver,
    reason: row.reason,
    cluster: input.cluster,
    groups: groupsOf(input),
    notice: row.notice,
    recipients: row.recipients,
    createdAt: input.now,
    externalUrl: input.externalUrl,
    timezone: input.timezone,
  };

  function groupsOf(from: ComposeInput): readonly NotificationGroup[] {
    const firing = new Set(row.firing);
    const resolved = new Set(row.resolved);
    const wanted = new Set(evidenceWanted(row));
    const fresh = new Set(row.fresh);
    const told = document.alerts.filter(
      (alert) => resolved.has(alert.id) || (firing.has(alert.id) && (alert.state === 'firing' || fresh.has(alert.id))),
    );
    const states = document.groups.filter(({ key }) => row.groups.includes(key));
    return states.map((state) => {
      const mine = told.filter((alert) => inGroup(alert, state.group)).map((alert) => notified(alert, { from, wanted, fresh }));
      return {
        key: state.key,
        labels: state.group,
        sequence: state.sequence,
        firing: mine.filter(({ alert }) => !resolved.has(alert.id)).sort(worstFirst),
        resolved: mine.filter(({ alert }) => resolved.has(alert.id)).sort(worstFirst),
      };
    });
  }
}

function notified(
  alert: Alert,
  {
    from,
    wanted,
    fresh,
  }: { readonly from: ComposeInput; readonly wanted: ReadonlySet<string>; readonly fresh: ReadonlySet<string> },
): NotifiedAlert {
  const rule = from.ruleOf(alert.alert);
  return {
    alert,
    description: rule?.description == null ? null : render(rule.description, templateValues(alert, from.now)),
    runbook: rule?.runbook ?? null,
    condition: rule?.condition.text ?? '',
    evidence: wanted.has(alert.id) ? from.evidenceOf(alert.id) : null,
    fresh: fresh.has(alert.id),
  };
}

/** What a template's names stand for (interface.md section 4.1 point 15): the labels, and what the newest sample said. */
function templateValues(alert: Alert, now: number): Readonly<Record<string, string | undefined>> {
  const { facts } = alert;
  return {
    ...alert.labels,
    value: formatValue(alert.value, alert.unit) ?? undefined,
    threshold: formatValue(alert.threshold, alert.unit) ?? undefined,
    count: facts.count?.toString(),
    reason: facts.reason,
    exit_code: facts.exit_code?.toString(),
    since: formatDuration(Math.floor((now - alert.activeAt) / 1000) * 1000),
    pods: facts.pods?.join(', '),
    node: facts.node ?? alert.labels['node'],
    image: facts.image,
  };
}

function worstFirst(a: NotifiedAlert, b: NotifiedAlert): number {
  const severity = SEVERITIES.indexOf(b.alert.severity) - SEVERITIES.indexOf(a.alert.severity);
  return (
    Number(b.fresh) - Number(a.fresh) || severity || a.alert.activeAt - b.alert.activeAt || (a.alert.id < b.alert.id ? -1 : 1)
  );
}
