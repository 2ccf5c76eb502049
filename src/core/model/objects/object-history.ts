import type { ClusterEvent } from '../cycle.ts';
import type { ClusterObject, CronJobObject, JobFailure, JobObject, WorkloadObject } from './cluster-object.ts';
import type { ObjectReading } from './object-reading.ts';

/** What a collection knows beside the objects that it lists. */
export interface ObjectHistory {
  /** The newest known state of every object that is not known to be gone. */
  readonly before: readonly ClusterObject[];
  /** Warning events of this collection. */
  readonly events: readonly ClusterEvent[];
  readonly at: number;
  /** The first moment of a cron schedule after a time; `null` when it has none or cannot be read. */
  readonly nextTick: (schedule: string, timeZone: string | null, after: number) => number | null;
}

/** Why a Job is over for good, as the job controller's events say it. */
const FAILED_JOB = new Set([
  'BackoffLimitExceeded',
  'DeadlineExceeded',
  'PodFailurePolicy',
  'FailedIndexes',
  'MaxFailedIndexesExceeded',
]);

/** Adds to listed objects what no single list tells: since when a rollout stands still, what a CronJob owes, and failures whose Job is gone. */
export function withHistory(reading: ObjectReading, history: ObjectHistory): ObjectReading {
  const before = new Map(history.before.map((object) => [object.uid, object]));
  const jobs = Map.groupBy(
    reading.items.filter((object) => object.kind === 'Job' && object.workload.kind === 'CronJob'),
    // Checked: the filter lets Jobs pass only.
    (object) => `${object.namespace}/${(object as JobObject).workload.name}`,
  );
  const items = reading.items.map((object): ClusterObject => {
    const known = before.get(object.uid);
    switch (object.kind) {
      case 'Deployment':
      case 'StatefulSet':
      case 'DaemonSet':
        return { ...object, changedAt: changedAt(object, known, history.at) };
      case 'CronJob': {
        // Checked: as above.
        const own = (jobs.get(`${object.namespace}/${object.name}`) ?? []) as readonly JobObject[];
        return withCronHistory(object, { known: known?.kind === 'CronJob' ? known : undefined, own, history });
      }
      default:
        return object;
    }
  });
  return { ...reading, items };
}

/** At first sight a workload has stood still since its own word on it, or since it was made; else for as long as a list or a watch has seen it so. */
function changedAt(object: WorkloadObject, known: ClusterObject | undefined, at: number): number {
  // A Deployment's word is about what it has taken up.
  const own = known !== undefined && object.kind === 'Deployment' ? Number.POSITIVE_INFINITY : object.changedAt;
  return Math.min(known?.kind === object.kind && progressOf(known) === progressOf(object) ? known.changedAt : at, own);
}

/** What moves when a rollout or a change of size does; readiness is not in it, for pods that crash flip it. */
export function progressOf(object: WorkloadObject): string {
  const { observed, paused, desired, updated, updateTarget, progress } = object;
  return `${observed} ${paused} ${desired} ${updated}/${updateTarget} ${progress?.reason}`;
}

function withCronHistory(
  object: CronJobObject,
  {
    known,
    own,
    history,
  }: { readonly known: CronJobObject | undefined; readonly own: readonly JobObject[]; readonly history: ObjectHistory },
): CronJobObject {
  const { at, nextTick } = history;
  const isSameSchedule =
    known !== undefined &&
    known.schedule === object.schedule &&
    known.timeZone === object.timeZone &&
    known.suspended === object.suspended;
  const scheduledSince = known === undefined ? object.createdAt : isSameSchedule ? known.scheduledSince : at;
  const from = Math.max(object.lastScheduleAt ?? 0, scheduledSince);
  const isSame = isSameSchedule && known.lastScheduleAt === object.lastScheduleAt;
  const owed = isSame ? known.dueAt : nextTick(object.schedule, object.timeZone, from);
  // Past its starting deadline the controller never makes up for what came while the run before went on.
  const passed = owed !== null && owed <= at && (isHeldUp(object) || (known !== undefined && isHeldUp(known)));
  return {
    ...object,
    scheduledSince,
    dueAt: object.suspended ? null : passed ? nextTick(object.schedule, object.timeZone, at) : owed,
    failure: newestFailure(object, { known, own, events: history.events }),
  };
}

/** With Forbid the next run waits for the one that is still there. */
export function isHeldUp({ concurrency, active }: CronJobObject): boolean {
  return concurrency === 'Forbid' && active > 0;
}

function newestFailure(
  object: CronJobObject,
  {
    known,
    own,
    events,
  }: {
    readonly known: CronJobObject | undefined;
    readonly own: readonly JobObject[];
    readonly events: readonly ClusterEvent[];
  },
): JobFailure | null {
  const successes = own.filter((job) => job.state === 'complete').map((job) => job.finishedAt ?? 0);
  const success = Math.max(object.lastSuccessfulAt ?? 0, ...successes);
  const told = events.filter(
    ({ kind, reason, workload }) =>
      kind === 'Job' &&
      FAILED_JOB.has(reason) &&
      workload?.kind === 'CronJob' &&
      workload.namespace === object.namespace &&
      workload.name === object.name,
  );
  const failures: JobFailure[] = [
    ...(known?.failure == null ? [] : [known.failure]),
    // Of a Job that is still listed its own word, which comes last, wins over the event.
    ...told.map(({ at, name, reason, message }) => ({ at, job: name, reason, message, failures: 0 })),
    ...own
      .filter((job) => job.state === 'failed')
      .map(({ finishedAt, name, reason, message, failures }) => ({ at: finishedAt ?? 0, job: name, reason, message, failures })),
  ];
  let newest: JobFailure | null = null;
  for (const failure of failures) if (newest === null || failure.at >= newest.at || failure.job === newest.job) newest = failure;
  return newest !== null && newest.at > success ? newest : null;
}
