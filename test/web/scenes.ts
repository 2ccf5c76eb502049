import { MINUTE } from '../../src/base/duration.ts';
import type { Gap } from '../../src/core/model/cycle.ts';
import type { Rollout } from '../../src/core/model/window/window.ts';
import type { StatusView } from '../../src/web/view.ts';
import { clock, workload } from '../build.ts';
import { alert, delivery, evidence, logLine, rule } from './build-page.ts';
import { dayOfCycles, NOW, statusView, type WorkloadSpec } from './fixture.ts';

const GIB = 1024 ** 3;

const SHOP: readonly WorkloadSpec[] = [
  { path: 'shop-1/checkout', pods: 3 },
  { path: 'shop-1/cart', pods: 2, unknown: [100, 101, 102] },
  { path: 'shop-1/catalog', pods: 4, cpu: { from: 0.3, to: 0.42, limit: 1 } },
  { path: 'shop-1/StatefulSet/postgres', pods: 1, memory: { from: 2 * GIB, to: 2.4 * GIB, limit: 4 * GIB } },
  { path: 'payments/ledger', pods: 2, failing: [60, 61, 62] },
  { path: 'payments/CronJob/settle', pods: 1, phase: 'Succeeded' },
  { path: 'ingress/DaemonSet/nginx', pods: 6, errors: 0.2, cpu: { from: 0.2, to: 0.21, limit: null } },
  { path: 'monitoring/grafana', pods: 1, memory: { from: 0.1 * GIB, to: 0.12 * GIB, limit: null } },
  { path: 'kube-system/coredns', pods: 2 },
  { path: 'kube-system/DaemonSet/kube-proxy', pods: 6 },
];

/** Nothing fires; one alert resolved this morning. */
export function allWell(): StatusView {
  const resolved = alert({
    id: 'old-1',
    state: 'resolved',
    activeAt: clock('10:40'),
    firedAt: clock('10:40'),
    resolvedAt: clock('11:10'),
    resolvedReason: 'condition is false',
  });
  return statusView({
    workloads: SHOP,
    alerts: [resolved],
    deliveries: [delivery({ createdAt: clock('10:41'), deliveredAt: clock('10:41') })],
  });
}

/** Two critical alerts and two warnings fire, one of them for the same workload as a critical one; a probe fails, one is pending, some of the cluster cannot be seen, and a rule file is broken. */
export function withAlerts(): StatusView {
  const ratio = {
    id: 'ratio-1',
    alert: 'HighErrorRatio',
    value: 0.094,
    peak: 0.122,
    threshold: 0.05,
    unit: 'ratio' as const,
    summary: '9.4% of the lines of cart are errors',
    facts: { count: 564, pods: ['cart-7f6d-aaaaa'] },
    labels: { workload: 'cart' },
    activeAt: clock('14:03'),
    firedAt: clock('14:06'),
  };
  const memory = {
    id: 'memory-1',
    alert: 'MemoryNearLimit',
    severity: 'warning' as const,
    value: 0.93,
    peak: 0.94,
    threshold: 0.9,
    unit: 'ratio' as const,
    summary: 'postgres uses 93% of its memory limit',
    facts: { pods: ['postgres-0'], node: 'node-2' },
    labels: { workload: 'postgres', kind: 'StatefulSet' },
    activeAt: clock('13:30'),
    firedAt: clock('13:50'),
    unknown: true,
  };
  const replicas = {
    id: 'replicas-1',
    alert: 'ReplicasMismatch',
    severity: 'warning' as const,
    summary: 'checkout: 1 of 3 pods available',
    activeAt: clock('13:51'),
    suppressed: { by: 'inhibition' as const, text: 'inhibited by CrashLoopBackOff shop-1/checkout', id: null, until: null },
  };
  const pending = {
    id: 'pending-1',
    alert: 'PodNotReady',
    severity: 'warning' as const,
    state: 'pending' as const,
    value: null,
    peak: null,
    threshold: null,
    unit: 'none' as const,
    summary: '1 pod of catalog is not ready',
    facts: { pods: ['catalog-0'] },
    labels: { workload: 'catalog' },
    activeAt: clock('14:08'),
    firedAt: null,
  };
  const resolved = {
    id: 'old-1',
    state: 'resolved' as const,
    activeAt: clock('10:40'),
    firedAt: clock('10:40'),
    resolvedAt: clock('11:10'),
    resolvedReason: 'condition is false',
    labels: { namespace: 'payments', workload: 'ledger' },
  };
  const line = (at: string, text: string) => ({
    at: `2026-11-21T${at}.004512000Z`,
    pod: 'cart-7f6d-aaaaa',
    container: 'app',
    level: 'error',
    text,
  });
  return statusView({
    workloads: SHOP.map(troubled),
    cycles: dayOfCycles({ gaps: GAPS, errors: ERRORS, missed: 1 }),
    alerts: [alert(), alert(ratio), alert(memory), alert(replicas), alert(pending), alert(resolved)],
    deliveries: [
      delivery(),
      delivery({
        id: 'd-0002',
        alerts: ['HighErrorRatio shop-1/cart'],
        createdAt: clock('14:06'),
        deliveredAt: clock('14:07'),
        attempts: 3,
      }),
      delivery({
        id: 'd-0003',
        receiver: 'hook',
        status: 'dead',
        deliveredAt: null,
        attempts: 1,
        lastError: 'the receiver refused it: 410 Gone',
      }),
      delivery({
        id: 'd-0004',
        receiver: 'mail',
        status: 'pending',
        deliveredAt: null,
        attempts: 4,
        lastError: 'could not connect: timeout',
      }),
    ],
    evidence: new Map([
      ['CrashLoopBackOff-0001', evidence()],
      [
        'ratio-1',
        evidence({
          lastLines: [],
          terminations: [],
          events: [],
          matching: [
            line(
              '14:03:02',
              'ERROR 14:03:02 [http-7] c.s.cart.Api - POST /cart/items failed: upstream catalog timed out after 2000 ms',
            ),
            line(
              '14:03:03',
              'ERROR 14:03:03 [http-2] c.s.cart.Api - <script>alert(1)</script> \u001b[31mred\u001b[0m \u202egnp.exe',
            ),
          ],
          series: Array.from({ length: 40 }, (_, i) => ({
            at: clock('13:26') + i * MINUTE,
            value: i === 17 ? null : i < 33 ? 0.008 + (i % 5) * 0.003 : 0.05 + (i - 32) * 0.012 - (i % 2) * 0.02,
          })),
        }),
      ],
    ]),
    rules: [
      rule(),
      rule(
        { alert: 'HighErrorRatio', line: 14, file: 'rules/errors.yaml' },
        { text: 'error lines above 5% (min 20 lines) in 3 of 10 minutes', threshold: 0.05, unit: 'ratio' },
      ),
      rule(
        { alert: 'MemoryNearLimit', severity: 'warning', file: 'rules/usage.yaml', for: 20 * MINUTE },
        { text: 'memory above 90% of limit', threshold: 0.9, unit: 'ratio' },
      ),
      rule(
        { alert: 'PodNotReady', severity: 'warning', file: 'rules/pods.yaml', for: 15 * MINUTE },
        { text: 'pods that are not ready', threshold: null, unit: 'none' },
      ),
      rule(
        { alert: 'RestartSpike', severity: 'warning', line: 9, enabled: false },
        { text: 'more than 5 restarts within 1h', threshold: 5 },
      ),
    ],
    lines: [
      logLine('shop-1/cart', '14:03:02', {
        level: 5,
        status: 504,
        text: 'ERROR POST /cart/items failed: upstream catalog timed out after 2000 ms\n\tat c.s.cart.Api.post(Api.java:81)\n\tat c.s.cart.Main.run(Main.java:12)',
      }),
      logLine('shop-1/cart', '14:03:03', {
        level: 5,
        nanos: 5,
        text: '<script>alert(1)</script> \u001b[31mred\u001b[0m \u202egnp.exe',
      }),
      ...Array.from({ length: 40 }, (_, i) =>
        logLine('shop-1/checkout', `14:${String(10 + (i % 3)).padStart(2, '0')}:${String(i).padStart(2, '0')}`, {
          level: i % 7 === 0 ? 4 : 3,
          nanos: i * 1_000_003,
          text: `{"level":"${i % 7 === 0 ? 'warn' : 'info'}","msg":"order accepted","order":${48211 + i},"ms":${12 + (i % 9)}}`,
        }),
      ),
    ],
    probes: {
      targets: [{ name: 'checkout-from-outside', url: 'https://checkout.shop-1.example.com:8443/a/long/path/that/has/no/end' }],
      minutes: [
        {
          name: 'checkout-from-outside',
          minute: NOW / MINUTE - 1,
          checks: 6,
          failed: 6,
          answered: 6,
          latencySum: 6_000,
          latencyMax: 1_800,
          reason: 'status 503, expected 2xx',
          certificateEndsAt: NOW + 40 * 24 * 60 * MINUTE,
        },
      ],
    },
    overrides: {
      health: () => ({
        status: 'degraded',
        reasons: ['namespace batch cannot be read: forbidden', 'receiver mail: 4 attempts failed (could not connect: timeout)'],
        alive: true,
        strict: true,
      }),
      problems: () => [
        {
          file: 'rules/usage.yaml',
          line: 12,
          column: 18,
          message: 'unknown key "abov"; did you mean "above"?',
          severity: 'error',
        },
      ],
      receivers: () => [
        { name: 'slack', kind: 'slack', off: false, pending: 0, lastDeliveredAt: clock('14:07'), lastError: null },
        {
          name: 'mail',
          kind: 'email',
          off: false,
          pending: 1,
          lastDeliveredAt: clock('10:41'),
          lastError: 'could not connect: timeout',
        },
        {
          name: 'hook',
          kind: 'webhook',
          off: false,
          pending: 0,
          lastDeliveredAt: null,
          lastError: 'the receiver refused it: 410 Gone',
        },
        { name: 'pager', kind: 'webhook', off: true, pending: 0, lastDeliveredAt: null, lastError: null },
      ],
      evaluation: (name) =>
        name === 'RestartSpike'
          ? null
          : {
              alert: name,
              at: NOW - 5 * MINUTE,
              samples:
                name === 'HighErrorRatio'
                  ? [
                      {
                        subject: { namespace: 'shop-1', kind: 'Deployment', workload: 'cart', container: 'app' },
                        verdict: 'true',
                        value: 0.094,
                        facts: {},
                      },
                    ]
                  : [],
              error: null,
            },
      progress: () => ({ startedAt: NOW - 2000, done: 120, total: 489 }),
    },
  });
}

function troubled(spec: WorkloadSpec): WorkloadSpec {
  switch (spec.path) {
    case 'shop-1/checkout':
      return { ...spec, ready: 1, restarts: 7, failing: [0, 1, 2], errors: 1, rollouts: [ROLLOUT] };
    case 'shop-1/cart':
      return { ...spec, errors: 9.4, failing: [0, 30, 31] };
    case 'shop-1/StatefulSet/postgres':
      return { ...spec, memory: { from: 2 * GIB, to: 3.72 * GIB, limit: 4 * GIB } };
    case 'shop-1/catalog':
      return { ...spec, ready: 3 };
    case 'kube-system/coredns':
      return { ...spec, unknown: [0, 1, 2, 3] };
    default:
      return spec;
  }
}

const ROLLOUT: Rollout = {
  at: clock('13:40'),
  dated: 'made',
  revision: '5d9c7',
  images: [
    {
      container: 'app',
      from: 'registry.example.com/shop/checkout:4.11.2',
      to: 'registry.example.com/shop/checkout:4.12.0',
    },
  ],
  resources: [],
};

const GAPS: readonly Gap[] = ['rotated', 'rotated', 'truncated'].map((reason, i) => ({
  namespace: 'ingress',
  workload: workload('ingress/DaemonSet/nginx'),
  pod: `nginx-${i}`,
  container: 'nginx',
  from: clock('14:01'),
  to: clock('14:04'),
  reason: reason === 'rotated' ? 'rotated' : 'truncated',
}));

const ERRORS = [
  { source: 'pods', namespace: 'batch', reason: 'forbidden', message: 'pods is forbidden' },
  { source: 'metrics', namespace: null, reason: 'absent', message: 'the server could not find the requested resource' },
] as const;

/** A large cluster: `count` workloads, one in ten with a history, one in fifty in trouble. */
export function manyWorkloads(count: number, troubledShare = 50): StatusView {
  const workloads = Array.from({ length: count }, (_, i): WorkloadSpec => {
    const path = `team-${String(i % 40).padStart(2, '0')}/service-with-a-longish-name-${i}`;
    return i % troubledShare === 0
      ? { path, pods: 3, ready: 1, restarts: i % 9, failing: [0, 1, 2, 20, 21, 40, 60, 61], errors: 3 }
      : { path, pods: 3, ...(i % 10 === 1 ? { failing: [30, 31, 80], unknown: [7, 99] } : {}) };
  });
  const alerts = workloads.flatMap((spec, i) =>
    i % troubledShare === 0
      ? [alert({ id: `a-${i}`, labels: { namespace: workload(spec.path).namespace, workload: workload(spec.path).name } })]
      : [],
  );
  return statusView({ workloads, alerts, evidence: new Map(alerts.map(({ id }) => [id, evidence()])) });
}
