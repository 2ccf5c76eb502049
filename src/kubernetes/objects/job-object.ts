import type { CronJobObject, JobObject } from '../../core/model/objects/cluster-object.ts';
import { workloadOfJob } from '../lists/owner.ts';
import { child, list, number, type RawObject, text, time } from '../lists/raw-object.ts';
import { headOf, type ObjectKind, statusCondition } from './object-kind.ts';

const GROUP = '/apis/batch/v1';

export const jobs: ObjectKind = {
  kind: 'Job',
  group: GROUP,
  project(raw, redact): JobObject {
    const spec = child(raw, 'spec');
    const status = child(raw, 'status');
    // FailureTarget comes first, while the pods that are left are still being stopped.
    const failed = ['Failed', 'FailureTarget']
      .map((type) => statusCondition(raw, type, redact))
      .find((condition) => condition?.status === 'True');
    const complete = statusCondition(raw, 'Complete', redact)?.status === 'True';
    return {
      ...headOf(raw, child(spec, 'template')),
      kind: 'Job',
      workload: workloadOfJob(raw),
      suspended: spec['suspend'] === true,
      state: failed != null ? 'failed' : complete ? 'complete' : 'running',
      failures: number(status, 'failed'),
      startedAt: time(status, 'startTime'),
      finishedAt: failed != null ? failed.since : time(status, 'completionTime'),
      reason: failed?.reason ?? '',
      message: failed?.message ?? '',
    };
  },
};

export const cronJobs: ObjectKind = {
  kind: 'CronJob',
  group: GROUP,
  project(raw): CronJobObject {
    const spec = child(raw, 'spec');
    const status = child(raw, 'status');
    const template: RawObject = child(child(child(spec, 'jobTemplate'), 'spec'), 'template');
    const head = headOf(raw, template);
    return {
      ...head,
      kind: 'CronJob',
      schedule: text(spec, 'schedule'),
      timeZone: text(spec, 'timeZone') || null,
      suspended: spec['suspend'] === true,
      concurrency: text(spec, 'concurrencyPolicy') || 'Allow',
      active: list(status, 'active').length,
      lastScheduleAt: time(status, 'lastScheduleTime'),
      lastSuccessfulAt: time(status, 'lastSuccessfulTime'),
      scheduledSince: head.createdAt,
      dueAt: null,
      failure: null,
    };
  },
};
