import { DAY } from '../../src/base/duration.ts';
import type { Alert } from '../../src/core/model/alert.ts';
import type { Level, LogLine } from '../../src/core/model/log-line.ts';
import type { Delivery, Evidence } from '../../src/core/model/notification.ts';
import type { Condition } from '../../src/core/rules/condition.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { clock, container, pod, refOf } from '../build.ts';

/** A log line of `path` at `HH:MM:SS` and some nanoseconds. */
export function logLine(path: string, time: string, fields: Partial<LogLine> & { readonly text: string }): LogLine {
  const from = pod({ of: path, containers: [container()] });
  return { second: clock(time) / 1000, nanos: 0, ref: refOf(from), level: 3 as Level, status: 0, ...fields };
}

/** A firing critical crash loop of shop-1/checkout since 13:52; `labels` are added to its own. */
export function alert(fields: Partial<Alert> = {}): Alert {
  const name = fields.alert ?? 'CrashLoopBackOff';
  const severity = fields.severity ?? 'critical';
  return {
    id: `${name}-0001`,
    fingerprint: '00000000000000aa',
    alert: name,
    severity,
    state: 'firing',
    unknown: false,
    activeAt: clock('13:52'),
    firedAt: clock('13:52'),
    resolvedAt: null,
    resolvedReason: null,
    value: 7,
    peak: 7,
    threshold: 2,
    unit: 'count',
    facts: { reason: 'Error', exit_code: 1, count: 7, pods: ['checkout-5d9c7-x2x4q', 'checkout-5d9c7-9k2lm'], node: 'node-3' },
    summary: 'checkout is crash looping: Error, exit code 1',
    falseSince: null,
    falseCollections: 0,
    judgedAt: clock('14:10'),
    ...fields,
    labels: {
      alert: name,
      severity,
      cluster: 'production',
      namespace: 'shop-1',
      kind: 'Deployment',
      workload: 'checkout',
      container: 'app',
      ...fields.labels,
    },
  };
}

/** A rule of `rules/crashes.yaml` with a condition that is never asked. */
export function rule(fields: Partial<Rule> = {}, condition: Partial<Condition> = {}): Rule {
  return {
    alert: 'CrashLoopBackOff',
    condition: {
      kind: 'crash_loop',
      judged: 'state',
      about: 'pods',
      text: 'in CrashLoopBackOff, or at least 2 restarts within 30m',
      matchers: [],
      evidence: null,
      threshold: 2,
      unit: 'count',
      phrase: () => 'crash looping',
      evaluate: () => [],
      ...condition,
    },
    selection: { match: [], except: [] },
    for: 0,
    keepFiringFor: 0,
    recursWithin: 0,
    resolveAfter: 2,
    resolveBelow: null,
    severity: 'critical',
    labels: {},
    summary: null,
    description: null,
    runbook: 'https://runbooks.example.com/crash-loop',
    receivers: null,
    enabled: true,
    file: 'rules/crashes.yaml',
    line: 3,
    ...fields,
  };
}

/** Evidence of a crash: last lines, two ends, an event, a rollout before it, and how it compares. */
export function evidence(fields: Partial<Evidence> = {}): Evidence {
  const line = (at: string, level: string, text: string) => ({
    at: `2026-11-21T${at}.120456789Z`,
    pod: 'checkout-5d9c7-x2x4q',
    container: 'app',
    level,
    text,
  });
  return {
    alert: 'CrashLoopBackOff',
    at: clock('13:52'),
    lastLines: [
      line('13:51:40', 'info', '{"level":"info","msg":"starting checkout","version":"4.12.0"}'),
      line('13:51:41', 'info', '{"level":"info","msg":"connecting to postgres","host":"db-0.db.shop-1.svc"}'),
      line(
        '13:51:46',
        'fatal',
        'panic: could not connect to db-0.db.shop-1.svc:5432: connection refused\n\ngoroutine 1 [running]:\nmain.mustConnect(0xc0001a2000)\n\t/src/cmd/checkout/main.go:48 +0x1d5\nmain.main()\n\t/src/cmd/checkout/main.go:31 +0x88',
      ),
    ],
    matching: [],
    events: [
      {
        at: clock('13:52'),
        reason: 'BackOff',
        message: 'Back-off restarting failed container app in pod checkout-5d9c7-x2x4q_shop-1',
        count: 12,
        kind: 'Pod',
        name: 'checkout-5d9c7-x2x4q',
      },
    ],
    terminations: [
      { at: clock('13:51:46'), pod: 'checkout-5d9c7-x2x4q', container: 'app', reason: 'Error', exitCode: 1, message: '' },
      {
        at: clock('13:49:02'),
        pod: 'checkout-5d9c7-9k2lm',
        container: 'app',
        reason: 'Error',
        exitCode: 1,
        message: 'could not connect to db-0.db.shop-1.svc:5432',
      },
    ],
    changes: {
      from: clock('13:48') - DAY,
      items: [{ at: clock('13:40'), dated: 'rolled out', what: 'image of app', from: 'checkout:4.11.2', to: 'checkout:4.12.0' }],
      more: 0,
      earlierAt: null,
      firstEndAt: null,
    },
    comparison: {
      number: {
        what: 'restarts in 30 min',
        unit: 'count',
        now: 7,
        from: clock('13:48') - DAY,
        to: clock('13:18'),
        median: 0,
        worst: 1,
        worstIs: 'highest',
        worstAt: clock('03:12'),
      },
      fired: { from: clock('13:48') - DAY, to: clock('13:48'), count: 0, lastAt: null, lastFor: null },
    },
    series: [],
    ...fields,
  };
}

export function delivery(fields: Partial<Delivery> = {}): Delivery {
  return {
    id: 'd-0001',
    receiver: 'slack',
    alerts: ['CrashLoopBackOff shop-1/checkout'],
    status: 'delivered',
    attempts: 1,
    createdAt: clock('13:52:10'),
    deliveredAt: clock('13:52:11'),
    lastError: null,
    ...fields,
  };
}
