import { PROBE_STATES } from '../probe-rows.ts';
import { RULE_STATES } from '../rules/rule-status.ts';
import { WORKLOAD_STATES } from '../workload-row.ts';

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const number = { type: 'number' } as const;
const numberOrNull = { type: ['number', 'null'] } as const;
const count = { type: 'integer', minimum: 0 } as const;
const flag = { type: 'boolean' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const timeOrNull = { type: ['string', 'null'], format: 'date-time' } as const;
const unit = { enum: ['count', 'ratio', 'bytes', 'cores', 'milliseconds', 'none'] } as const;
const severity = { enum: ['info', 'warning', 'critical'] } as const;

/** An object that has exactly these fields. */
function object(properties: Readonly<Record<string, object>>, description?: string) {
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    required: Object.keys(properties),
    additionalProperties: false,
    properties,
  };
}

function list(items: object) {
  return { type: 'array', items };
}

function reference(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

function orNull(schema: object) {
  return { anyOf: [schema, { type: 'null' }] };
}

const logLevel = { enum: ['trace', 'debug', 'info', 'warning', 'error', 'fatal', null] } as const;
const globs = { anyOf: [text, list(text)] };

const evidenceLine = object({ at: time, pod: text, container: text, level: text, text });

/** The objects of the JSON API as JSON Schema. */
export const API_SCHEMAS = {
  Alert: object({
    id: text,
    alert: { ...text, description: 'The rule’s name' },
    state: { enum: ['pending', 'firing', 'resolved'] },
    unknown: { ...flag, description: 'The newest judgement could not see the subject' },
    severity,
    labels: { type: 'object', additionalProperties: text },
    value: { ...numberOrNull, description: 'A ratio as a fraction; null when the condition has no number' },
    peak: numberOrNull,
    threshold: numberOrNull,
    unit,
    summary: text,
    facts: {
      type: 'object',
      description: 'What is known besides the labels; each only where it is known',
      properties: {
        reason: text,
        exit_code: { type: 'integer' },
        count,
        pods: list(text),
        node: text,
        image: text,
        notes: list(text),
      },
    },
    active_at: time,
    fired_at: timeOrNull,
    resolved_at: timeOrNull,
    resolved_reason: textOrNull,
    judged_at: time,
    silenced: flag,
    inhibited_by: { ...textOrNull, description: 'Id of the alert that inhibits it' },
    flapping: { ...flag, description: 'It fires and resolves again and again, and is quiet until it is calm' },
    suppressed: orNull(reference('Suppression')),
    evidence: orNull(reference('Evidence')),
  }),
  Suppression: object(
    {
      by: { enum: ['silence', 'ignore', 'mute', 'inhibition', 'flapping'] },
      reason: text,
      id: { ...textOrNull, description: 'Of the silence, or of the alert that inhibits' },
      until: timeOrNull,
    },
    'Why an alert is not told, or was not before it ended',
  ),
  Evidence: object({
    at: time,
    last_lines: list(evidenceLine),
    matching: list(evidenceLine),
    patterns: list(object({ id: text, level: logLevel, template: text, count, sample: text })),
    events: list(object({ at: time, reason: text, message: text, count, kind: text, name: text })),
    terminations: list(
      object({ at: time, pod: text, container: text, reason: text, exit_code: { type: 'integer' }, message: text }),
    ),
    changes: orNull(reference('Changes')),
    comparison: orNull(reference('Comparison')),
    series: list(object({ at: time, value: numberOrNull })),
  }),
  Changes: object(
    {
      known_from: { ...time, description: 'From when on a rollout would be known' },
      items: list(
        object({
          at: time,
          dated: { enum: ['rolled out', 'made', 'seen', 'since'] },
          what: text,
          from: textOrNull,
          to: textOrNull,
        }),
      ),
      more: count,
      earlier_at: { ...timeOrNull, description: 'The newest rollout before the time of `items`, where there are none' },
      first_end_at: { ...timeOrNull, description: 'The first of the ends that the alert counts' },
    },
    'What was changed shortly before the alert began, newest first; null where nothing is known of its subject',
  ),
  Comparison: object(
    {
      number: orNull(
        object({
          what: text,
          unit,
          now: number,
          from: time,
          to: time,
          median: number,
          worst: number,
          worst_is: { enum: ['highest', 'lowest'] },
          worst_at: time,
        }),
      ),
      fired: orNull(object({ from: time, to: time, count, last_at: timeOrNull, last_ms: numberOrNull })),
    },
    'How the alert compares with the day before it',
  ),
  AlertReference: object({ id: text, alert: text, state: { enum: ['pending', 'firing'] }, severity }),
  Workload: object({
    namespace: text,
    kind: text,
    workload: text,
    state: { enum: WORKLOAD_STATES },
    pods: { ...count, description: 'Pods that have not ended' },
    ready: count,
    succeeded: count,
    failed: count,
    restarts: { ...count, description: 'Over 24 hours, or since `since`' },
    lines: { ...count, description: 'Log records over 24 hours, or since `since`' },
    error_ratio: {
      ...numberOrNull,
      description: 'Records of level error or worse among all, over the last hour read, or since `since`',
    },
    cpu: orNull(reference('ResourceUse')),
    memory: orNull(reference('ResourceUse')),
    alerts: list(reference('AlertReference')),
  }),
  ResourceUse: object(
    { usage: number, limit: numberOrNull, ratio: numberOrNull },
    'Of the workload’s worst pod, the one nearest to its limit: cores or bytes, and the share of the limit as a fraction',
  ),
  Rule: object({
    alert: text,
    file: text,
    line: count,
    state: { enum: RULE_STATES },
    severity,
    condition: text,
    value: { ...numberOrNull, description: 'The value nearest to firing, or beyond it, at the newest judgement' },
    threshold: numberOrNull,
    unit,
    last_evaluated_at: timeOrNull,
    last_fired_at: { ...timeOrNull, description: 'The newest time within the window at which it fired' },
    backfill: {
      anyOf: [object({ done: count, total: count }), { type: 'null' }],
      description: 'Cycles whose stored lines were counted for it; null when all are',
    },
    alerts: list(reference('AlertReference')),
    problems: list(text),
  }),
  Cycle: object({
    id: text,
    trigger: { enum: ['scheduled', 'targeted'] },
    at: time,
    started_at: time,
    finished_at: time,
    pods: count,
    containers: count,
    lines: count,
    bytes: count,
    missed: { ...count, description: 'Scheduled cycles that did not happen before this one' },
    gaps: list(
      object({
        namespace: text,
        kind: text,
        workload: text,
        pod: text,
        container: text,
        from: timeOrNull,
        to: time,
        reason: text,
        bytes: { type: ['integer', 'null'], description: 'About how much log text is missing' },
      }),
    ),
    errors: list(object({ source: text, namespace: textOrNull, reason: text, message: text })),
  }),
  LogLine: object({
    at: { ...time, description: 'With nanoseconds' },
    namespace: text,
    kind: text,
    workload: text,
    pod: text,
    container: text,
    node: text,
    level: logLevel,
    status: { type: ['integer', 'null'], description: 'HTTP status' },
    text,
  }),
  Pattern: object({
    id: { ...text, description: 'Stays over restarts; the same template has the same id everywhere' },
    namespace: text,
    kind: text,
    workload: text,
    container: text,
    level: logLevel,
    template: text,
    count: { ...count, description: 'Log records in the window, or since `since`' },
    first_seen_at: time,
    last_seen_at: time,
    minutes: {
      ...list(object({ at: time, count })),
      description: 'Minutes with records, oldest first: since `since`, else of the last hour in which it was seen',
    },
    sample: { ...text, description: 'The beginning of one record' },
  }),
  Delivery: object({
    id: text,
    receiver: text,
    alerts: list(text),
    status: { enum: ['pending', 'delivered', 'dead'] },
    attempts: count,
    created_at: time,
    delivered_at: timeOrNull,
    last_error: textOrNull,
  }),
  Silence: object({
    id: text,
    state: { enum: ['pending', 'active', 'ended'] },
    match: { type: 'object', description: 'A glob, or a list of them, by alert label', additionalProperties: globs },
    created_at: time,
    starts_at: time,
    ends_at: time,
    until_resolved: { ...flag, description: 'Ends once the alerts that fired under it have resolved' },
    comment: text,
    author: text,
    alerts: list(reference('AlertReference')),
  }),
  SilenceRequest: {
    type: 'object',
    required: ['match'],
    additionalProperties: false,
    properties: {
      match: { type: 'object', minProperties: 1, additionalProperties: globs },
      for: { ...text, description: 'A duration such as 2h; or `ends_at`, or `until_resolved` alone, which is a day at most' },
      starts_at: { ...time, description: 'Now, when left out' },
      ends_at: time,
      comment: text,
      author: text,
      until_resolved: flag,
    },
  },
  Probe: object({
    name: text,
    url: { ...text, description: 'Without user, password and query' },
    state: { enum: PROBE_STATES, description: 'By its newest minute' },
    checks: { ...count, description: 'In the last hour that was checked' },
    failed_ratio: numberOrNull,
    latency_ms: { ...numberOrNull, description: 'Mean of the answers' },
    last_error: textOrNull,
    last_checked_at: timeOrNull,
    certificate_ends_at: timeOrNull,
    minutes: list(
      object({ at: time, checks: count, failed: count, latency_ms: numberOrNull, latency_max_ms: number, reason: text }),
    ),
  }),
  Health: object({ status: { enum: ['ok', 'degraded', 'failing'] }, reasons: list(text) }),
  Error: object({ error: text }),
} as const;
