import type { CronJobEntry, JobEntry } from '../../config/rule-tests/test-object-type.ts';
import type { CronJobObject, JobObject } from '../../core/model/objects/cluster-object.ts';
import { head, type Known, newest, sinceWhen } from './known-object.ts';

/** An entry, and which Job of its name it is about, counted from 0. */
type Run = JobEntry & { readonly run: number };

/** The Jobs that a rule test describes, as they are listed at a moment. */
export function jobsAt(entries: readonly JobEntry[], at: number): readonly JobObject[] {
  return newest(runsOf(entries), at, (entry) => `${jobKey(entry)}/${entry.run}`).map(jobObject);
}

/** The CronJobs that it describes. */
export function cronJobsAt(entries: readonly CronJobEntry[], at: number): readonly CronJobObject[] {
  return newest(entries, at, ({ workload: { namespace, name } }) => `${namespace}/${name}`).map(cronJobObject);
}

/** A Job that has ended does not run again: what is said of it afterwards, beside further words on its end, is about the next one of its name. */
function runsOf(entries: readonly JobEntry[]): readonly Run[] {
  const runs = new Map<string, { readonly run: number; readonly end: 'complete' | 'failed' | null }>();
  return entries
    .toSorted((a, b) => a.at - b.at)
    .flatMap((entry) => {
      const key = jobKey(entry);
      const known = runs.get(key) ?? { run: 0, end: null };
      if (entry.gone !== null) {
        runs.set(key, { ...known, end: null });
        return Array.from({ length: known.run + 1 }, (_, run) => ({ ...entry, run }));
      }
      const end = entry.failed !== null ? 'failed' : entry.complete !== null ? 'complete' : null;
      const isFurther = end === known.end || (end === null && (entry.failures ?? entry.message) !== null);
      const isSame = known.end === null || isFurther;
      const run = isSame ? known.run : known.run + 1;
      runs.set(key, { run, end: isSame ? (end ?? known.end) : end });
      return [{ ...entry, run }];
    });
}

/** When a Job began to run at last: one that is suspended from the start has not, and Kubernetes dates one that is resumed anew. */
function startOf({ states }: Known<Run>): number | null {
  let started: number | null = null;
  let wasSuspended = false;
  for (const { at, suspended } of states) {
    const isSuspended = suspended === true;
    if (!isSuspended && (wasSuspended || started === null)) started = at;
    wasSuspended = isSuspended;
  }
  return started;
}

function jobObject(known: Known<Run>): JobObject {
  const { entry, born } = known;
  const hasEnded = ({ complete, failed }: Run) => complete !== null || failed !== null;
  return {
    ...head(entry.workload.namespace, 'Job', jobName(entry), born),
    kind: 'Job',
    workload: entry.workload,
    suspended: entry.suspended ?? false,
    state: entry.failed !== null ? 'failed' : entry.complete !== null ? 'complete' : 'running',
    failures: entry.failures ?? 0,
    startedAt: startOf(known),
    finishedAt: hasEnded(entry) ? sinceWhen(known, hasEnded) : null,
    reason: entry.failed ?? '',
    message: entry.message ?? '',
  };
}

function cronJobObject({ entry, born }: Known<CronJobEntry>): CronJobObject {
  const { namespace, name } = entry.workload;
  return {
    ...head(namespace, 'CronJob', name, born),
    kind: 'CronJob',
    schedule: entry.schedule ?? '0 0 * * *',
    timeZone: entry.timezone,
    suspended: entry.suspended ?? false,
    concurrency: entry.concurrency ?? 'Allow',
    active: entry.active ?? 0,
    lastScheduleAt: entry.last_scheduled,
    lastSuccessfulAt: entry.last_successful,
    scheduledSince: born,
    dueAt: null,
    failure: null,
  };
}

function jobKey(entry: JobEntry): string {
  return `${entry.workload.namespace}/${jobName(entry)}`;
}

function jobName({ workload, job }: JobEntry): string {
  return job ?? (workload.kind === 'CronJob' ? `${workload.name}-1` : workload.name);
}
