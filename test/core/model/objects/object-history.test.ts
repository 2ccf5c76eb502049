import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HOUR } from '../../../../src/base/duration.ts';
import type { ClusterObject, CronJobObject, WorkloadObject } from '../../../../src/core/model/objects/cluster-object.ts';
import { withHistory } from '../../../../src/core/model/objects/object-history.ts';
import { clock } from '../../../build.ts';
import { cronJobObject, event, jobObject, reading, workloadObject } from '../../../build-objects.ts';

const nextTick = (_schedule: string, _zone: string | null, after: number) => (Math.floor(after / HOUR) + 1) * HOUR;

/** What is known after each of several collections, ten minutes apart from 10:00 on. */
function after(...collections: readonly (readonly ClusterObject[])[]): readonly ClusterObject[] {
  let before: readonly ClusterObject[] = [];
  for (const [index, items] of collections.entries()) {
    const at = clock('10:00') + index * 10 * 60_000;
    before = withHistory(reading(items), { before, events: [], at, nextTick }).items;
  }
  return before;
}

// The first object is of the kind that the test put first.
const workloadAfter = (...objects: readonly WorkloadObject[]) => after(...objects.map((each) => [each]))[0] as WorkloadObject;
const cronAfter = (...collections: readonly (readonly ClusterObject[])[]) => after(...collections)[0] as CronJobObject;

suite('a workload stands still', () => {
  const listed = (fields: Partial<WorkloadObject>) => workloadObject({ changedAt: Number.POSITIVE_INFINITY, ...fields });

  test('since it was first seen, or since its own word on it', () => {
    assert.equal(workloadAfter(listed({})).changedAt, clock('10:00'));
    assert.equal(workloadAfter(listed({ changedAt: clock('08:00') })).changedAt, clock('08:00'));
  });

  test('since its progress last changed; readiness that comes and goes is none', () => {
    const rolling = listed({ desired: 3, updated: 1 });
    assert.equal(workloadAfter(rolling, { ...rolling, available: 1 }, { ...rolling, available: 2 }).changedAt, clock('10:00'));
    assert.equal(workloadAfter(rolling, { ...rolling, updated: 2 }, { ...rolling, updated: 2 }).changedAt, clock('10:10'));
    assert.equal(workloadAfter(rolling, { ...rolling, desired: 4 }).changedAt, clock('10:10'));
  });

  test('a namesake that was made anew begins anew', () => {
    const first = listed({});
    assert.equal(workloadAfter(first, { ...first, uid: 'other' }).changedAt, clock('10:10'));
  });
});

suite('a CronJob', () => {
  test('owes the first moment after its newest Job', () => {
    assert.equal(cronAfter([cronJobObject()]).dueAt, clock('11:00'));
    assert.equal(cronAfter([cronJobObject({ lastScheduleAt: null, createdAt: clock('06:30') })]).dueAt, clock('07:00'));
  });

  test('owes nothing while it is suspended, nor from before it was resumed or changed', () => {
    const old = cronJobObject({ lastScheduleAt: clock('02:00'), createdAt: clock('01:00') });
    const suspended = { ...old, suspended: true };
    assert.equal(cronAfter([suspended]).dueAt, null);
    assert.equal(cronAfter([suspended], [old]).dueAt, clock('11:00'));
    assert.equal(cronAfter([suspended], [old], [old]).dueAt, clock('11:00'));
    assert.equal(cronAfter([old]).dueAt, clock('03:00'));
    assert.equal(cronAfter([old], [{ ...old, schedule: '5 * * * *' }]).dueAt, clock('11:00'));
  });

  test('does not owe what came while a run with Forbid went on', () => {
    const runs = cronJobObject({ lastScheduleAt: clock('05:00'), createdAt: clock('01:00'), concurrency: 'Forbid', active: 1 });
    const done = { ...runs, active: 0 };
    assert.equal(cronAfter([runs]).dueAt, clock('11:00'));
    assert.equal(cronAfter([runs], [done], [done]).dueAt, clock('11:00'));
    assert.equal(cronAfter([{ ...runs, concurrency: 'Allow' }]).dueAt, clock('06:00'));
    assert.equal(cronAfter([done]).dueAt, clock('06:00'));
  });

  const job = (name: string, fields: Partial<Parameters<typeof jobObject>[0]> = {}) =>
    jobObject({ of: 'shop/CronJob/nightly', name, uid: name, ...fields });
  const failed = job('nightly-1', { state: 'failed', finishedAt: clock('09:50'), reason: 'BackoffLimitExceeded', failures: 2 });

  test('has failed from a failed run to the next good one, also when the failed Job is deleted', () => {
    const cron = cronJobObject();
    assert.equal(cronAfter([cron, failed]).failure?.job, 'nightly-1');
    assert.equal(cronAfter([cron, failed], [cron]).failure?.reason, 'BackoffLimitExceeded');
    const good = job('nightly-2', { state: 'complete', finishedAt: clock('10:05') });
    assert.equal(cronAfter([cron, failed], [cron, failed, good]).failure, null);
    assert.equal(cronAfter([cron, failed], [{ ...cron, lastSuccessfulAt: clock('10:05') }]).failure, null);
    assert.equal(cronAfter([cron, failed], [{ ...cron, lastSuccessfulAt: clock('09:00') }]).failure?.job, 'nightly-1');
  });

  test('a run that still goes on is neither', () => {
    assert.equal(cronAfter([cronJobObject(), failed], [cronJobObject(), job('nightly-2')]).failure?.job, 'nightly-1');
    assert.equal(cronAfter([cronJobObject(), job('nightly-2')]).failure, null);
  });

  test('the event of a Job that nobody saw tells its failure', () => {
    const told = event('09:58', {
      of: 'shop/CronJob/nightly',
      kind: 'Job',
      name: 'nightly-7',
      reason: 'DeadlineExceeded',
      message: 'too long',
    });
    const look = { before: [], events: [told], at: clock('10:00'), nextTick };
    const [cron] = withHistory(reading([cronJobObject()]), look).items as readonly CronJobObject[];
    assert.deepEqual(cron?.failure, {
      at: clock('09:58'),
      job: 'nightly-7',
      reason: 'DeadlineExceeded',
      message: 'too long',
      failures: 0,
    });
    const [other] = withHistory(reading([cronJobObject({ of: 'shop/CronJob/other' })]), look).items as readonly CronJobObject[];
    assert.equal(other?.failure, null);
  });
});
