import type { Alert } from '../model/alert.ts';
import { SEVERITIES } from '../model/alert.ts';
import type { Evidence, Notification, NotificationGroup, NotifiedAlert, OutboxRow } from '../model/notification.ts';
import type { AlertsDocument } from '../model/state.ts';
import { render, type Template } from '../model/template.ts';
import type { Condition, Sample } from '../rules/condition.ts';
import { alertValue } from '../rules/judging/alert-text.ts';
import { formatTime } from './facts.ts';
import { groupFinder } from './group.ts';
import { messageId } from './new-row.ts';
import { flapText } from './suppress/flapping.ts';

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
  readonly condition: Pick<Condition, 'text' | 'phrase'>;
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
    id: messageId(row),
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
    const named = new Set(row.groups);
    const states = document.groups.filter(({ key }) => named.has(key));
    const byKey = Map.groupBy(told, groupFinder(states));
    return states.map((state) => {
      const mine = (byKey.get(state.key) ?? []).map((alert) => notified(alert, { from, wanted, fresh }));
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
    description:
      rule?.description == null
        ? null
        : render(rule.description, (name) => alertValue(alert, name, (at) => formatTime(at, from.timezone))),
    runbook: rule?.runbook ?? null,
    condition: rule?.condition.text ?? '',
    phrase: rule?.condition.phrase(sampleOf(alert)) ?? null,
    evidence: wanted.has(alert.id) ? from.evidenceOf(alert.id) : null,
    fresh: fresh.has(alert.id),
    flapping: flappingOf(alert, from.document),
  };
}

function flappingOf({ id }: Alert, { flaps }: AlertsDocument): NotifiedAlert['flapping'] {
  const flap = flaps.find(({ announced, concluded }) => announced === id || concluded === id);
  return flap === undefined ? null : { state: flap.concluded === id ? 'over' : 'begun', often: flapText(flap) };
}

/** The alert as the judgement that said it: what a condition puts into words. */
function sampleOf(alert: Alert): Sample {
  const { namespace = '', kind = '', workload = '', container, pod, node } = alert.labels;
  const about = {
    ...(container === undefined ? {} : { container }),
    ...(pod === undefined ? {} : { pod }),
    ...(node === undefined ? {} : { node }),
  };
  return { subject: { namespace, kind, workload, ...about }, verdict: 'true', value: alert.value, facts: alert.facts };
}

function worstFirst(a: NotifiedAlert, b: NotifiedAlert): number {
  const severity = SEVERITIES.indexOf(b.alert.severity) - SEVERITIES.indexOf(a.alert.severity);
  return (
    Number(b.fresh) - Number(a.fresh) || severity || a.alert.activeAt - b.alert.activeAt || (a.alert.id < b.alert.id ? -1 : 1)
  );
}
