import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outage } from '../../src/app/outage.ts';
import { MINUTE, SECOND } from '../../src/base/duration.ts';

function watched(): { readonly outage: Outage; readonly pass: (ms: number) => void } {
  let now = 0;
  const clock = { now: () => now, monotonic: () => now, sleep: () => Promise.resolve() };
  return { outage: new Outage(clock), pass: (ms) => (now += ms) };
}

test('cycles that fail for two minutes are told once, and that the cluster is seen again', () => {
  const { outage, pass } = watched();
  const told: (string | null)[] = [];
  for (let i = 0; i < 30; i++) {
    told.push(outage.failed('connect ECONNREFUSED'));
    pass(10 * SECOND);
  }
  assert.deepEqual(
    told.filter((text) => text !== null),
    ['nothing of the cluster has been seen for 2 min: connect ECONNREFUSED; alerts stay as they are meanwhile'],
  );
  assert.equal(
    told.findIndex((text) => text !== null),
    12,
  );
  assert.equal(outage.ended(), 'the cluster is seen again after 5 min');
  assert.equal(outage.ended(), null);
});

test('one failure, and failures of less than two minutes, are not told', () => {
  const { outage, pass } = watched();
  assert.equal(outage.failed('timed out'), null);
  pass(10 * MINUTE);
  assert.equal(outage.ended(), null);
  assert.equal(outage.failed('timed out'), null);
  pass(30 * SECOND);
  assert.equal(outage.failed('timed out'), null);
  assert.equal(outage.ended(), null);
});

test('on a schedule of ten minutes the second failure in a row is told', () => {
  const { outage, pass } = watched();
  outage.failed('timed out');
  pass(10 * MINUTE);
  assert.match(outage.failed('timed out') ?? '', /^nothing of the cluster has been seen for 10 min: timed out/);
});
