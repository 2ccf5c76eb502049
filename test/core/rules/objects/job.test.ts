import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cycle } from '../../../../src/core/model/cycle.ts';
import type { ClusterObject } from '../../../../src/core/model/objects/cluster-object.ts';
import { clock, cycle, pod, terminationOf } from '../../../build.ts';
import { cronJobObject, jobObject, reading } from '../../../build-objects.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const FAILED = {
  state: 'failed',
  finishedAt: clock('10:09'),
  reason: 'BackoffLimitExceeded',
  failures: 2,
  message: 'Job has reached the specified backoff limit',
} as const;

/** What a rule says at 10:10 of everything that it finds true, one text each. */
function told(items: readonly ClusterObject[], written: unknown, fields: Partial<Cycle> = {}): readonly string[] {
  const daemon = new Daemon([rule('job', written)], clock('10:00'));
  daemon.cycle(cycle('10:10', { objects: reading(items), ...fields }));
  return daemon.alerts.map(({ summary }) => summary);
}

suite('a failed job', () => {
  test('is told with its reason and the end of the pod that failed, not of the newest one', () => {
    const failing = pod({ of: 'shop/Job/checkout', name: 'checkout-aaaaa', phase: 'Failed' });
    const good = pod({ of: 'shop/Job/checkout', name: 'checkout-bbbbb', phase: 'Succeeded' });
    const terminations = [terminationOf(failing, '10:05', { exitCode: 3 }), terminationOf(good, '10:08', { exitCode: 0 })];
    const daemon = new Daemon([rule('job', { failed: true })], clock('10:00'));
    daemon.cycle(cycle('10:10', { objects: reading([jobObject(FAILED)]), states: [failing, good], terminations }));
    const [alert] = daemon.alerts;
    assert.equal(alert?.summary, 'shop/checkout: job checkout failed: BackoffLimitExceeded (2 failed pods, exit code 3)');
    assert.deepEqual(alert?.facts.pods, ['checkout-aaaaa']);
    assert.equal(alert?.facts.exit_code, 3);
    assert.equal(alert?.labels['kind'], 'Job');
  });

  test('is over for 24 hours at most, and when it is deleted', () => {
    const old = jobObject({ ...FAILED, finishedAt: clock('10:09') - 24 * 3_600_000 });
    assert.deepEqual(told([old], { failed: true }), []);
    const daemon = new Daemon([rule('job', { failed: true })], clock('10:00'));
    daemon.cycle(cycle('10:10', { objects: reading([jobObject(FAILED)]) }));
    daemon.cycle(cycle('10:20', { objects: reading([]) }));
    assert.deepEqual(daemon.states, ['resolved: Job is gone']);
  });

  test('is none while retries go on, nor once one ended well', () => {
    const retried = jobObject({ failures: 2 });
    assert.deepEqual(told([retried, { ...retried, uid: 'b', name: 'b', state: 'complete' }], { failed: true }), []);
  });

  test('of a CronJob is told for the CronJob, until it is suspended', () => {
    const failure = { at: clock('10:05'), job: 'nightly-29', reason: 'DeadlineExceeded', message: 'too long', failures: 0 };
    const summary = 'shop/nightly: job nightly-29 failed: DeadlineExceeded';
    assert.deepEqual(told([cronJobObject({ failure })], { failed: true }), [summary]);
    assert.deepEqual(told([cronJobObject({ failure, suspended: true })], { failed: true }), []);
  });

  test('of an owner that is no CronJob is told for that owner, by its newest job', () => {
    const of = (name: string, fields: object) => jobObject({ of: 'shop/Workflow/build', name, uid: name, ...fields });
    const failed = of('step-1', FAILED);
    assert.equal(told([failed], { failed: true }).length, 1);
    assert.deepEqual(told([failed, of('step-2', { state: 'complete', finishedAt: clock('10:10') })], { failed: true }), []);
  });
});

test('a job that runs too long is overdue, a suspended one is not', () => {
  const running = jobObject({ startedAt: clock('08:00') });
  assert.deepEqual(told([running], { overdue: '3h' }), []);
  assert.deepEqual(told([running], { overdue: '2h' }), ['shop/checkout: job checkout has been running for 2 h 10 min']);
  assert.deepEqual(told([{ ...running, suspended: true }], { overdue: '2h' }), []);
});

test('a CronJob whose moment passed five minutes ago was not scheduled, unless its run before still goes on', () => {
  const late = cronJobObject({ dueAt: clock('10:05'), lastScheduleAt: clock('09:05') });
  const missed = { not_scheduled: true };
  assert.deepEqual(told([late], missed), ['shop/nightly: no job was made for 2026-11-21 10:05 UTC']);
  assert.deepEqual(told([{ ...late, dueAt: clock('10:06') }], missed), []);
  assert.deepEqual(told([{ ...late, concurrency: 'Forbid', active: 1 }], missed), []);
  assert.equal(told([{ ...late, concurrency: 'Allow', active: 1 }], missed).length, 1);
  assert.deepEqual(told([{ ...late, dueAt: null }], missed), []);
});
