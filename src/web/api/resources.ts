import { HOUR, MINUTE } from '../../base/duration.ts';
import { isFlapping } from '../../core/alerts/suppress/flapping.ts';
import { coveredBy } from '../../core/alerts/suppress/silence.ts';
import type { Alert } from '../../core/model/alert.ts';
import type { CycleSummary } from '../../core/model/cycle.ts';
import type { Flap } from '../../core/model/flap.ts';
import { formatNanoTime, type LogLine } from '../../core/model/log-line.ts';
import type { Delivery, Evidence } from '../../core/model/notification.ts';
import { meanLatency } from '../../core/model/probe.ts';
import { type Silence, silenceState } from '../../core/model/silence.ts';
import type { Suppression } from '../../core/model/suppression.ts';
import { minutesOf, type PatternRow } from '../logs/pattern-rows.ts';
import type { ProbeRow } from '../probe-rows.ts';
import { type RuleStatus, ruleMessages } from '../rules/rule-status.ts';
import type { StatusView } from '../view.ts';
import { countLines, currentUse, errorRatio, readUpTo, restartsOf, type WorkloadRow } from '../workload-row.ts';
import { evidenceJson } from './evidence-json.ts';
import { isoTime, levelName } from './json-scalars.ts';

// The objects of the JSON API: interface.md section 6.1 fixes their names. Times are RFC 3339 in UTC.

/** `flaps` are those of the document that the alert is of. */
export function alertJson(alert: Alert, evidence: Evidence | null, flaps: readonly Flap[]) {
  return {
    id: alert.id,
    alert: alert.alert,
    state: alert.state,
    unknown: alert.unknown,
    severity: alert.severity,
    labels: alert.labels,
    value: alert.value,
    peak: alert.peak,
    threshold: alert.threshold,
    unit: alert.unit,
    summary: alert.summary,
    facts: alert.facts,
    active_at: isoTime(alert.activeAt),
    fired_at: isoTime(alert.firedAt),
    resolved_at: isoTime(alert.resolvedAt),
    resolved_reason: alert.resolvedReason,
    judged_at: isoTime(alert.judgedAt),
    silenced: alert.suppressed?.by === 'silence',
    inhibited_by: alert.suppressed?.by === 'inhibition' ? alert.suppressed.id : null,
    flapping: isFlapping(alert, flaps),
    suppressed: alert.suppressed === undefined ? null : suppressionJson(alert.suppressed),
    evidence: evidence === null ? null : evidenceJson(evidence),
  };
}

export function suppressionJson({ by, text, id, until }: Suppression) {
  return { by, reason: text, id, until: isoTime(until) };
}

/** A workload; `lines` and `restarts` count from `from` on, and so does `error_ratio` unless `from` is left out: then over the last hour. */
export function workloadJson(view: StatusView, row: WorkloadRow, span: { readonly from: number; readonly asked: boolean }) {
  const window = view.window();
  const end = readUpTo(window, view.now());
  const counts = countLines(window, row, span.from, end);
  const judged = span.asked ? counts : countLines(window, row, end - HOUR, end);
  const { cpu, memory } = currentUse(window.usageHistory(row.key));
  const { namespace, kind, name } = row.workload;
  return {
    namespace,
    kind,
    workload: name,
    state: row.state,
    pods: row.pods,
    ready: row.ready,
    succeeded: row.succeeded,
    failed: row.failed,
    restarts: restartsOf(window, row.key, span.from, view.now()),
    lines: counts.lines,
    error_ratio: errorRatio(judged),
    cpu,
    memory,
    alerts: row.alerts.map(alertReference),
  };
}

export function ruleJson(status: RuleStatus) {
  const { rule, state, evaluation, alerts, lastFiredAt, value, backfill } = status;
  return {
    alert: rule.alert,
    file: rule.file,
    line: rule.line,
    state,
    severity: rule.severity,
    condition: rule.condition.text,
    value,
    threshold: rule.condition.threshold,
    unit: rule.condition.unit,
    last_evaluated_at: isoTime(evaluation?.at ?? null),
    last_fired_at: isoTime(lastFiredAt),
    backfill,
    alerts: alerts.map(alertReference),
    problems: ruleMessages(status),
  };
}

function alertReference({ id, alert, state, severity }: Alert) {
  return { id, alert, state, severity };
}

export function cycleJson(cycle: CycleSummary) {
  return {
    id: cycle.id,
    trigger: cycle.trigger,
    at: isoTime(cycle.at),
    started_at: isoTime(cycle.startedAt),
    finished_at: isoTime(cycle.finishedAt),
    pods: cycle.pods,
    containers: cycle.containers,
    lines: cycle.lines,
    bytes: cycle.bytes,
    missed: cycle.missed,
    gaps: cycle.gaps.map(({ namespace, workload, pod, container, from, to, reason, bytes }) => ({
      namespace,
      kind: workload.kind,
      workload: workload.name,
      pod,
      container,
      from: isoTime(from),
      to: isoTime(to),
      reason,
      bytes: bytes ?? null,
    })),
    errors: cycle.errors.map(({ source, namespace, reason, message }) => ({ source, namespace, reason, message })),
  };
}

/** A silence; `alerts` are those that it matches now. */
export function silenceJson(silence: Silence, { alerts, now }: { readonly alerts: readonly Alert[]; readonly now: number }) {
  const state = silenceState(silence, now);
  return {
    id: silence.id,
    state,
    match: Object.fromEntries(Object.entries(silence.match).map(([key, globs]) => [key, globs.length === 1 ? globs[0] : globs])),
    created_at: isoTime(silence.createdAt),
    starts_at: isoTime(silence.startsAt),
    ends_at: isoTime(silence.endsAt),
    until_resolved: silence.untilResolved,
    comment: silence.comment,
    author: silence.author,
    alerts: state === 'ended' ? [] : coveredBy(silence, alerts).map(alertReference),
  };
}

export function deliveryJson(delivery: Delivery) {
  return {
    id: delivery.id,
    receiver: delivery.receiver,
    alerts: delivery.alerts,
    status: delivery.status,
    attempts: delivery.attempts,
    created_at: isoTime(delivery.createdAt),
    delivered_at: isoTime(delivery.deliveredAt),
    last_error: delivery.lastError,
  };
}

/** A log line; `level` and `status` are `null` where the line has none. */
export function logLineJson(line: LogLine) {
  const { ref } = line;
  return {
    at: formatNanoTime(line.second, line.nanos),
    namespace: ref.workload.namespace,
    kind: ref.workload.kind,
    workload: ref.workload.name,
    pod: ref.pod,
    container: ref.container,
    node: ref.node,
    level: levelName(line.level),
    status: line.status === 0 ? null : line.status,
    text: line.text,
  };
}

/** A pattern of one container name of one workload; `minutes` since the asked time, or of the last hour before it was seen last. */
export function patternJson({ workload, container, pattern, count }: PatternRow, since: number | null) {
  return {
    id: pattern.id,
    namespace: workload.namespace,
    kind: workload.kind,
    workload: workload.name,
    container,
    level: levelName(pattern.level),
    template: pattern.template,
    count,
    first_seen_at: isoTime(pattern.firstAt),
    last_seen_at: isoTime(pattern.lastAt),
    minutes: minutesOf(pattern, since ?? pattern.lastAt - HOUR).map((minute) => ({ ...minute, at: isoTime(minute.at) })),
    sample: pattern.sample,
  };
}

export function probeJson({ name, url, state, checks, failedRatio, latency, lastError, ...row }: ProbeRow) {
  return {
    name,
    url,
    state,
    checks,
    failed_ratio: failedRatio,
    latency_ms: latency,
    last_error: lastError,
    last_checked_at: isoTime(row.lastCheckedAt),
    certificate_ends_at: isoTime(row.certificateEndsAt),
    minutes: row.minutes.map((found) => ({
      at: isoTime(found.minute * MINUTE),
      checks: found.checks,
      failed: found.failed,
      latency_ms: meanLatency(found),
      latency_max_ms: found.latencyMax,
      reason: found.reason,
    })),
  };
}
