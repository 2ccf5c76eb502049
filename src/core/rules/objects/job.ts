import { DAY, formatDuration, humanDuration, MINUTE, SECOND } from '../../../base/duration.ts';
import { object, optional } from '../../../base/schema/object.ts';
import { duration, onlyTrue } from '../../../base/schema/scalars.ts';
import { anyRequired, refine, withJson } from '../../../base/schema/type.ts';
import type { Facts, Labels } from '../../model/alert.ts';
import type { ClusterObject, CronJobObject, JobFailure, JobObject } from '../../model/objects/cluster-object.ts';
import { isHeldUp } from '../../model/objects/object-history.ts';
import { objectsOf, wasRead } from '../../model/objects/object-reading.ts';
import { selectsObject } from '../../model/selector.ts';
import type { StateSample } from '../../model/window/window.ts';
import { type Workload, workloadKey } from '../../model/workload.ts';
import type { ConditionKind, Sample, View } from '../condition.ts';
import { plainMessage } from '../evaluation/cause-text.ts';
import { endFacts, notes, podFacts } from '../evaluation/facts.ts';
import { seenAt } from './object-subject.ts';

interface Spec {
  readonly failed: true | null;
  readonly overdue: number | null;
  readonly not_scheduled: true | null;
}

/** The controller makes a Job some seconds after its moment, and a cycle may look just then. */
const LATE_AFTER = 5 * MINUTE;
/** A Job that failed counts for this long after, as a pod does, so that old failures do not alert for ever. */
const FAILED_COUNTS_FOR = DAY;

/** A workload's Jobs, and its CronJob where it is one. */
interface Runs {
  readonly workload: Workload;
  readonly labels: Readonly<Record<string, string>>;
  readonly cronJob: CronJobObject | null;
  readonly jobs: readonly JobObject[];
}

const written = {
  failed: optional(onlyTrue(), null),
  overdue: optional(duration(SECOND), null),
  not_scheduled: optional(onlyTrue(), null),
};

/** Jobs that failed for good, that take too long, and CronJobs whose moment passed without a Job. */
export const job: ConditionKind<Spec> = {
  kind: 'job',
  description:
    'A Job failed for good (of a CronJob: its newest run, until one succeeds), runs for longer than `overdue`, or a CronJob missed its schedule by five minutes; of several keys one must hold. A Job that is retried and ends well never failed.',
  type: refine(withJson(object(written), anyRequired(Object.keys(written))), (spec, fail) =>
    Object.values(spec).every((value) => value === null) ? fail('expected at least one of failed, overdue, not_scheduled') : spec,
  ),
  bind: (spec) => ({
    kind: 'job',
    judged: 'state',
    about: 'pods',
    failedEnds: true,
    text: describe(spec),
    matchers: [],
    evidence: null,
    threshold: null,
    unit: 'count',
    steady: true,
    reads: ['Job', 'CronJob'],
    dueAt: (each) => dueAt(each, spec),
    whyGone,
    phrase: ({ facts: { notes: [first = 'failed'] = [] } }) => first,
    evaluate: (view) => runsOf(view).map((runs) => judgeRuns(runs, view, spec)),
  }),
};

function runsOf({ sample, selection }: View): readonly Runs[] {
  const reading = sample?.objects ?? null;
  if (reading === null) return [];
  const jobs = Map.groupBy(objectsOf(reading, 'Job'), (each) => workloadKey(each.workload));
  const runs = objectsOf(reading, 'CronJob').map((cronJob): Runs => {
    const { namespace, kind, name, labels } = cronJob;
    const workload = { namespace, kind, name };
    const own = jobs.get(workloadKey(workload)) ?? [];
    jobs.delete(workloadKey(workload));
    return { workload, labels, cronJob, jobs: own };
  });
  for (const own of jobs.values()) {
    const [first] = own;
    if (first !== undefined) runs.push({ workload: first.workload, labels: first.labels, cronJob: null, jobs: own });
  }
  return runs.filter(({ workload: { namespace, kind, name: workload }, labels }) =>
    selectsObject(selection, { namespace, kind, workload, labels }),
  );
}

function judgeRuns(runs: Runs, view: View, spec: Spec): Sample {
  const { namespace, kind, name: workload } = runs.workload;
  const subject = { namespace, kind, workload };
  const found =
    (spec.failed === null ? null : failed(runs, view.sample?.listedAt ?? view.at, view)) ??
    (spec.overdue === null ? null : overdue(runs, view, spec.overdue)) ??
    (spec.not_scheduled === null ? null : notScheduled(runs, view));
  if (found === null) return { subject, verdict: 'false', value: 0, facts: { count: 0 } };
  const { count, since, facts } = found;
  return { subject, verdict: 'true', value: count, ...(since === null ? {} : { since }), facts: { count, ...facts } };
}

interface Finding {
  readonly count: number;
  readonly since: number | null;
  readonly facts: Facts;
}

function failed({ workload, cronJob, jobs }: Runs, at: number, view: View): Finding | null {
  const failure = cronJob === null ? failureOf(jobs, at) : cronJob.suspended ? null : cronJob.failure;
  if (failure === null) return null;
  const { job: name, reason, message, failures } = failure;
  const key = workloadKey(workload);
  const isOfJob = (pod: string) => pod.startsWith(`${name}-`);
  // The pod that failed says why, not the newest one (kubernetes.md section 4.7.11); a deadline leaves none at all.
  // A watch may have shown both ends since the last list.
  const to = view.sample?.at ?? at;
  const end = view.window.terminations(key, at - DAY, to).findLast((each) => isOfJob(each.pod) && each.exitCode !== 0);
  const pods = (view.sample?.byWorkload.get(key) ?? []).filter((pod) => isOfJob(pod.name) && pod.phase === 'Failed');
  const after = failures > 0 ? `${failures} failed ${failures === 1 ? 'pod' : 'pods'}` : '';
  const what = end === undefined ? after : [after, `exit code ${end.exitCode}`].filter((part) => part !== '').join(', ');
  return {
    count: Math.max(1, failures),
    since: failure.at > 0 ? failure.at : null,
    facts: {
      ...podFacts(pods),
      ...(end === undefined ? {} : { exit_code: endFacts(end).exit_code ?? end.exitCode }),
      ...(end === undefined || pods.length > 0 ? {} : { pods: [end.pod] }),
      reason: reason === '' ? 'Failed' : reason,
      ...notes([`job ${name} failed: ${reason || 'no reason given'}${what === '' ? '' : ` (${what})`}`, message]),
    },
  };
}

/** How the newest Job that ended failed, if it did. */
function failureOf(jobs: readonly JobObject[], at: number): JobFailure | null {
  const ended = jobs.filter((each) => each.state !== 'running').toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
  const newest = ended.at(-1);
  if (newest?.state !== 'failed' || at - (newest.finishedAt ?? at) >= FAILED_COUNTS_FOR) return null;
  const { name, reason, message, failures, finishedAt } = newest;
  return { at: finishedAt ?? 0, job: name, reason, message, failures };
}

function overdue({ jobs }: Runs, view: View, longest: number): Finding | null {
  const late = jobs
    .map((each) => ({ ...each, ran: seenAt(view, each) - (runsSince(each) ?? Number.POSITIVE_INFINITY) }))
    .filter(({ ran }) => ran > longest);
  const [first] = late.toSorted((a, b) => b.ran - a.ran);
  if (first === undefined) return null;
  const running = humanDuration(first.ran);
  return {
    count: late.length,
    since: null,
    facts: { reason: 'Overdue', ...notes([`job ${first.name} has been running for ${running}`]) },
  };
}

/** `null` for a Job that does not run. */
function runsSince({ state, suspended, startedAt }: JobObject): number | null {
  return state === 'running' && !suspended ? startedAt : null;
}

function notScheduled({ workload, cronJob }: Runs, view: View): Finding | null {
  // A run that is still there and holds the next one up is `overdue`'s to tell.
  if (cronJob === null || cronJob.dueAt === null || isHeldUp(cronJob)) return null;
  const at = seenAt(view, cronJob);
  const { schedule, timeZone, dueAt, lastScheduleAt } = cronJob;
  if (at - dueAt < LATE_AFTER) return null;
  const last = lastScheduleAt === null ? 'it has never run' : `it last ran at ${utc(lastScheduleAt)}`;
  const refused = view.window.events(workloadKey(workload), dueAt, at).findLast(({ type }) => type === 'Warning');
  return {
    count: 1,
    since: null,
    facts: {
      reason: 'NotScheduled',
      ...notes([
        `no job was made for ${utc(dueAt)}${refused === undefined ? '' : `: ${plainMessage(refused.message)}`}`,
        `schedule "${schedule}"${timeZone === null ? '' : ` in ${timeZone}`}; ${last}`,
      ]),
    },
  };
}

/** When a Job that runs is overdue, or a CronJob that has made none is late. */
function dueAt(each: ClusterObject, { overdue: longest, not_scheduled }: Spec): number | null {
  if (each.kind === 'Job') {
    const since = runsSince(each);
    // It is overdue beyond the time, not at it.
    return since === null || longest === null ? null : since + longest + 1;
  }
  if (each.kind !== 'CronJob' || not_scheduled === null || each.dueAt === null || isHeldUp(each)) return null;
  return each.dueAt + LATE_AFTER;
}

/** A failed Job that the history limit deletes heals nothing: only the CronJob's own end does (kubernetes.md section 4.7.5). */
function whyGone({ namespace = '', kind = '', workload }: Labels, { objects }: StateSample): string | null {
  if (objects === null || !wasRead(objects, 'Job', namespace)) return null;
  if (kind === 'CronJob' && !wasRead(objects, 'CronJob', namespace)) return null;
  const exists = objects.items.some((each) => {
    const { name } = each.kind === 'Job' ? each.workload : each;
    return (each.kind === 'Job' || each.kind === 'CronJob') && each.namespace === namespace && name === workload;
  });
  return exists ? 'rule no longer selects it' : `${kind} is gone`;
}

function describe({ failed: hasFailed, overdue: longest, not_scheduled: missed }: Spec): string {
  const parts = [
    ...(hasFailed === null ? [] : ['that failed']),
    ...(longest === null ? [] : [`that runs for more than ${formatDuration(longest)}`]),
    ...(missed === null ? [] : ['that was not scheduled']),
  ];
  return `a job ${parts.join(' or ')}`;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
