import { MINUTE, SECOND } from '../../base/duration.ts';
import { list, oneOrMany } from '../../base/schema/collections.ts';
import { object, optional, required } from '../../base/schema/object.ts';
import { choice, duration, flag, integer, onlyTrue, percentage, text, textOrEmpty } from '../../base/schema/scalars.ts';
import { described, refine, type Type, type Value, withJson } from '../../base/schema/type.ts';
import { OBJECT_SOURCES } from '../../core/model/objects/cluster-object.ts';
import { timeZone } from '../decode/scalars.ts';
import { clockTime, cronSchedule, inOrder, notFarAfter, workload, workloadOf } from './test-scalars.ts';
import { series, seriesKeys } from './test-series.ts';

/** What every entry about an object has: from `at` on it is as said, and what is not said stays as it was. */
const from = { at: required(clockTime), gone: optional(described(onlyTrue(), 'It does not exist from here on.'), null) };

const workloadState = object({
  ...from,
  workload: required(
    described(workloadOf(['Deployment', 'StatefulSet', 'DaemonSet']), 'NAMESPACE/KIND/NAME; without KIND a Deployment.'),
  ),
  desired: optional(described(integer(), 'Pods that it wants; default: 1.'), null),
  updated: optional(described(integer(), 'Pods of the newest template; default: all.'), null),
  available: optional(described(integer(), 'Default: all.'), null),
  misscheduled: optional(described(integer(), 'Pods on nodes where none belong; of a DaemonSet.'), null),
  paused: optional(flag(), null),
  stuck: optional(described(flag(), "A Deployment's progress deadline is exceeded."), null),
  refused: optional(
    described(
      textOrEmpty('a message'),
      'Why its pods cannot be created (the condition ReplicaFailure); empty when they can again.',
    ),
    null,
  ),
});

const jobState = object({
  ...from,
  workload: required(
    described(workloadOf(['Job', 'CronJob']), 'NAMESPACE/NAME of a Job, or NAMESPACE/CronJob/NAME for a Job of a CronJob.'),
  ),
  job: optional(described(text('the name of a job'), 'Default: the name of the Job, or of the CronJob and "-1".'), null),
  complete: optional(described(onlyTrue(), 'It has ended well.'), null),
  failed: optional(described(text('a reason'), 'It has failed for good: BackoffLimitExceeded, DeadlineExceeded.'), null),
  failures: optional(described(integer(), 'Pods that have failed.'), null),
  message: optional(text('a message'), null),
  suspended: optional(flag(), null),
});

const cronJobEntry = object({
  ...from,
  workload: required(described(workloadOf(['CronJob']), 'NAMESPACE/NAME of a CronJob.')),
  schedule: optional(described(cronSchedule, 'Such as "0 3 * * *".'), null),
  timezone: optional(described(timeZone(), 'Default: UTC.'), null),
  suspended: optional(flag(), null),
  concurrency: optional(choice('Allow', 'Forbid', 'Replace'), null),
  active: optional(described(integer(), 'Jobs that run.'), null),
  last_scheduled: optional(described(clockTime, 'The scheduled moment of the newest Job.'), null),
  last_successful: optional(described(clockTime, 'When a Job last ended well.'), null),
});

const cronJobState = notFarAfter(cronJobEntry, ['last_scheduled', 'last_successful']);

const objectName = refine(withJson(text('an object such as Pod/checkout-1'), { pattern: '^[^/]+/[^/]+$' }), (value, fail) =>
  /^[^/]+\/[^/]+$/.test(value) ? value : fail(`expected an object such as Pod/checkout-1, found ${JSON.stringify(value)}`),
);

const MOST_IN_SERIES = 10_000;

const event = series(
  object({
    workload: required(described(workload, 'Whose event it is: NAMESPACE/KIND/NAME; without KIND a Deployment.')),
    object: optional(
      described(
        objectName,
        'KIND/NAME of what it is about; default: the pod NAME-1, or else the first pod of the workload that has not started.',
      ),
      null,
    ),
    at: required(clockTime),
    ...seriesKeys({ what: 'events', every: MINUTE, least: SECOND, most: MOST_IN_SERIES }),
    reason: required(text('a reason such as FailedMount')),
    type: optional(described(choice('Normal', 'Warning'), 'Default: Warning; Normal of Killing.'), null),
    message: optional(text('a message'), null),
  }),
  MOST_IN_SERIES,
);

const namespaced = refine(
  withJson(text('NAMESPACE/NAME'), { pattern: '^[^/]+/[^/]+$' }),
  (value, fail): { readonly namespace: string; readonly name: string } | undefined => {
    const [namespace, name, ...more] = value.split('/');
    return namespace && name && more.length === 0
      ? { namespace, name }
      : fail(`expected NAMESPACE/NAME, found ${JSON.stringify(value)}`);
  },
);

const nodeState = object({
  ...from,
  node: required(text('the name of a node')),
  ready: optional(described(flag(), 'Default: true.'), null),
  lost: optional(described(flag(), 'Its kubelet is not heard of any more.'), null),
  pressure: optional(described(list(choice('memory', 'disk', 'pid')), 'What it is short of; [] when of nothing any more.'), null),
  message: optional(text('a message'), null),
});

const autoscalerState = object({
  ...from,
  autoscaler: required(namespaced),
  min: optional(described(integer(), 'Default: 1.'), null),
  max: optional(described(integer(1), 'Default: 10.'), null),
  current: optional(described(integer(), 'Replicas; default: 1.'), null),
  limited: optional(described(flag(), 'It wants more than its maximum.'), null),
  unable: optional(described(textOrEmpty(), 'Why it cannot scale; empty when it can again.'), null),
});

const claimState = object({
  ...from,
  claim: required(namespaced),
  phase: optional(described(choice('Pending', 'Bound', 'Lost'), 'Default: Bound.'), null),
});

const quotaState = object({
  ...from,
  quota: required(namespaced),
  resource: optional(described(text('a resource'), 'Default: pods.'), null),
  used: optional(described(integer(), 'Default: 0.'), null),
  hard: optional(described(integer(), 'Default: 10.'), null),
});

const GAPS = ['rotated', 'truncated', 'read_failed', 'node_skipped', 'missed_instances', 'gone'] as const;

const collector = object({
  at: required(clockTime),
  broken: optional(described(textOrEmpty('a problem'), 'What is wrong in a rule file; "" when nothing.'), null),
  suspended: optional(described(textOrEmpty('a sentence'), 'A rule that is suspended; "" when none.'), null),
  refusing: optional(described(list(text('a receiver')), 'Receivers that refuse messages.'), null),
  missed: optional(described(integer(), 'Scheduled cycles that did not run.'), null),
  store: optional(described(percentage(), 'How full it is.'), null),
  clock_step: optional(described(duration(), 'By how much the clock was set ahead.'), null),
  gap: optional(described(choice('none', ...GAPS), 'Lines of shop/Deployment/checkout that were lost.'), null),
});

const SOURCES = ['pods', 'nodes', 'events', 'metrics', 'logs', ...Object.values(OBJECT_SOURCES)] as const;

const unread = inOrder(
  object({
    at: required(clockTime),
    until: optional(described(clockTime, 'Default: the end of the test.'), null),
    sources: required(described(oneOrMany(sourceName()), 'What cannot be read, as the API calls it.')),
  }),
);

const probeSeries = series(
  object({
    probe: required(text('the name of a probe')),
    at: required(clockTime),
    ...seriesKeys({ what: 'checks', every: 30 * SECOND, least: SECOND, most: MOST_IN_SERIES }),
    problem: optional(described(text('why they fail'), 'Left out: they are as expected.'), null),
    latency_ms: optional(described(integer(), 'How long the answers take.'), 50),
    certificate_ends: optional(clockTime, null),
  }),
  MOST_IN_SERIES,
);

/** The entries of a rule test that are about other things than pods, logs and usage. */
export const objectEntries = {
  workloads: optional(list(workloadState), []),
  jobs: optional(list(jobState), []),
  cron_jobs: optional(list(cronJobState), []),
  nodes: optional(list(nodeState), []),
  autoscalers: optional(list(autoscalerState), []),
  claims: optional(list(claimState), []),
  quotas: optional(list(quotaState), []),
  events: optional(list(event), []),
  collector: optional(list(collector), []),
  probes: optional(list(probeSeries), []),
  unread: optional(list(unread), []),
};

function sourceName(): Type<(typeof SOURCES)[number]> {
  return choice(...SOURCES);
}

export type WorkloadEntry = Value<typeof workloadState>;
export type JobEntry = Value<typeof jobState>;
export type CronJobEntry = Value<typeof cronJobState>;
export type NodeEntry = Value<typeof nodeState>;
export type AutoscalerEntry = Value<typeof autoscalerState>;
export type ClaimEntry = Value<typeof claimState>;
export type QuotaEntry = Value<typeof quotaState>;
export type EventEntry = Value<typeof event>;
export type CollectorEntry = Value<typeof collector>;
export type ProbeEntry = Value<typeof probeSeries>;
export type UnreadEntry = Value<typeof unread>;
