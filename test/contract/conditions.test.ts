import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/base/duration.ts';
import { lineValueId } from '../../src/core/model/line-value.ts';
import { CONDITION_KINDS } from '../../src/core/rules/registry.ts';
import {
  clock,
  container,
  cycle,
  distributionOf,
  minute,
  node,
  patternOf,
  pod,
  refOf,
  restartsOf,
  terminationOf,
  usage,
  waiting,
} from '../build.ts';
import {
  autoscalerObject,
  claimObject,
  event,
  jobObject,
  progress,
  quotaObject,
  reading,
  selfReport,
  workloadObject,
} from '../build-objects.ts';
import { type ConditionScenario, conditionContract } from './condition.contract.ts';

const unseen = { states: [], namespaces: [], podsComplete: false };
const unread = {
  states: [pod()],
  errors: [{ source: 'logs', namespace: 'shop', reason: 'forbidden', message: 'may not read logs' }],
} as const;
const limited = pod({ containers: [container({ limits: { cpu: null, memory: 1000 } })] });
const errors = [{ ref: refOf(pod()), minutes: [minute('10:09', { levels: { error: 50, info: 50 } })] }];

const slow = { [lineValueId({ field: 'latency', unit: 'milliseconds' })]: distributionOf(Array(20).fill(800)) };

const leaking = (memory: number) => ({ states: [limited], usage: [usage(limited, { memory })] });
/** A probe with four checks in each of the ten minutes before a time, so many of them failed. */
function probed(at: number, failed: number) {
  const counts = {
    checks: 4,
    failed,
    answered: 4,
    latencySum: 80,
    latencyMax: 30,
    reason: failed > 0 ? 'status 503' : '',
    certificateEndsAt: null,
  };
  const minutes = Array.from({ length: 10 }, (_, back) => ({
    name: 'front',
    minute: Math.floor(at / MINUTE) - 1 - back,
    ...counts,
  }));
  return { targets: [{ name: 'front', url: 'http://front/' }], minutes };
}

/** One scenario for each kind; a kind without one fails below. */
const SCENARIOS: Readonly<Record<string, ConditionScenario>> = {
  crash_loop: {
    written: { restarts: 2, within: '30m' },
    holds: { states: [pod({ containers: [container({ state: waiting('CrashLoopBackOff') })] })] },
    healthy: { states: [pod()] },
    blind: unseen,
  },
  probe: {
    about: 'front',
    written: { failed_ratio: '50%' },
    holds: { states: [pod()], probes: probed(clock('10:10'), 4) },
    healthy: (at) => ({ states: [pod()], probes: probed(at, 0) }),
    blind: { states: [pod()], probes: { ...probed(clock('10:10'), 0), minutes: [] } },
  },
  restarts: {
    written: { above: 5, within: '30m' },
    holds: { states: [pod()], restarts: [restartsOf(pod(), '10:10', { count: 6 })] },
    healthy: { states: [pod()] },
    blind: unseen,
  },
  waiting: {
    written: { reasons: ['ImagePullBackOff'] },
    holds: { states: [pod({ containers: [container({ state: waiting('ErrImagePull') })] })] },
    healthy: { states: [pod()] },
    blind: unseen,
  },
  terminated: {
    written: { reasons: ['OOMKilled'], within: '30m' },
    holds: { states: [pod()], terminations: [terminationOf(pod(), '10:09', { reason: 'OOMKilled', exitCode: 137 })] },
    healthy: { states: [pod()] },
    blind: unseen,
  },
  pod: {
    written: { not_ready: true },
    holds: { states: [pod({ ready: 'False' })] },
    healthy: { states: [pod()] },
    blind: unseen,
  },
  workload: {
    written: { rollout_stuck: true },
    holds: {
      objects: reading([
        workloadObject({ desired: 3, updated: 1, progress: progress({ status: 'False', reason: 'ProgressDeadlineExceeded' }) }),
      ]),
    },
    healthy: { objects: reading([workloadObject({ desired: 3 })]) },
    blind: { objects: reading([], ['Deployment']) },
  },
  job: {
    written: { failed: true },
    holds: {
      objects: reading([jobObject({ state: 'failed', reason: 'BackoffLimitExceeded', finishedAt: clock('10:09') })]),
    },
    healthy: { objects: reading([jobObject()]) },
    blind: { objects: reading([], ['Job']) },
  },
  node: {
    about: 'node-1',
    written: { not_ready: true },
    holds: { nodes: [node({ ready: 'False' })] },
    healthy: { nodes: [node()] },
    blind: { nodes: [] },
  },
  hpa: {
    written: { maxed_out: true },
    holds: {
      objects: reading([
        autoscalerObject({ current: 10, limited: progress({ type: 'ScalingLimited', reason: 'TooManyReplicas' }) }),
      ]),
    },
    healthy: { objects: reading([autoscalerObject()]) },
    blind: { objects: reading([], ['HorizontalPodAutoscaler']) },
  },
  claim: {
    written: { pending: true },
    holds: { states: [pod({ claims: ['checkout'] })], objects: reading([claimObject({ phase: 'Pending' })]) },
    healthy: { objects: reading([claimObject()]) },
    blind: { objects: reading([], ['PersistentVolumeClaim']) },
  },
  quota: {
    written: { above: '90%' },
    holds: { objects: reading([quotaObject(10)]) },
    healthy: { objects: reading([quotaObject(9)]) },
    blind: { objects: reading([], ['ResourceQuota']) },
  },
  event: {
    written: { reasons: ['BackOff'], above: 2, within: '15m' },
    holds: { states: [pod()], events: [event('10:09', { reason: 'BackOff', count: 3 })] },
    healthy: { states: [pod()] },
    blind: unseen,
  },
  usage_trend: {
    written: { resource: 'memory', within: '1h' },
    past: [900, 910, 920, 930, 940].map((memory, index) => cycle(clock('09:20') + index * 600_000, leaking(memory))),
    holds: leaking(950),
    healthy: leaking(100),
    blind: { states: [limited], usageSource: 'unavailable' },
  },
  collector: {
    about: 'tocsin',
    written: { rules_broken: true },
    holds: { self: selfReport({ broken: ['rules/a.yaml:1:1: unknown key'] }) },
    healthy: { self: selfReport() },
    blind: {},
  },
  usage: {
    written: { resource: 'memory', above: '90%' },
    holds: { states: [limited], usage: [usage(limited, { at: clock('10:09'), memory: 950 })] },
    healthy: { states: [limited], usage: [usage(limited, { at: clock('10:09'), memory: 100 })] },
    blind: { states: [limited], usageSource: 'unavailable' },
  },
  error_ratio: {
    written: { errors: { level: 'error' }, above: '5%' },
    holds: { states: [pod()], minutes: errors },
    healthy: { states: [pod()] },
    blind: unread,
  },
  log_absent: {
    written: { level: 'info', within: '5m' },
    holds: { states: [pod()], minutes: [{ ref: refOf(pod()), minutes: [minute('10:02', { levels: { info: 5 } })] }] },
    healthy: (at) => ({
      states: [pod()],
      minutes: [{ ref: refOf(pod()), minutes: [2, 5, 8].map((ago) => minute(at - ago * MINUTE, { levels: { info: 1 } })) }],
    }),
    blind: unread,
  },
  log_spike: {
    written: { level: 'error', factor: 3 },
    holds: { states: [pod()], minutes: errors },
    healthy: { states: [pod()] },
    blind: unread,
  },
  log_value: {
    written: { field: 'latency', percentile: 90, above: '500ms', min_count: 10 },
    holds: { states: [pod()], minutes: [{ ref: refOf(pod()), minutes: [{ ...minute('10:09'), values: slow }] }] },
    healthy: { states: [pod()] },
    blind: unread,
  },
  new_pattern: {
    written: { level: 'error', unseen_for: '30m' },
    holds: {
      states: [pod()],
      patternsFrom: 4,
      patterns: [{ ref: refOf(pod()), patterns: [patternOf('could not pay <num>', { '10:05': 2 })], dropped: 0 }],
    },
    healthy: { states: [pod()], patternsFrom: 4 },
    blind: { ...unread, patternsFrom: 4 },
  },
  log_match: {
    written: { level: 'error' },
    holds: { states: [pod()], minutes: errors },
    healthy: { states: [pod()] },
    blind: unread,
  },
};

for (const kind of CONDITION_KINDS) {
  const scenario = SCENARIOS[kind.kind];
  if (scenario === undefined) test(`condition ${kind.kind}`, () => assert.fail('has no scenario in this file'));
  else conditionContract(kind, scenario);
}
