import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../../../src/base/duration.ts';
import { MOST_ROLLOUTS, WindowRollouts } from '../../../../src/core/model/window/window-rollouts.ts';
import { clock, container, pod } from '../../../build.ts';

/** A pod of a Deployment: `v1 09:00` was made at that time from the template whose hash and image tag are v1. */
function made(text: string, label = 'pod-template-hash') {
  const [revision = '', time = ''] = text.split(' ');
  return pod({
    name: `checkout-${revision}-${time}`,
    labels: { [label]: revision },
    createdAt: clock(time),
    containers: [container({ image: `shop/checkout:${revision}` }), container({ name: 'proxy' })],
  });
}

/** When collections look, later than any pod was made. */
const SEEN = clock('14:00');

function rolloutsAfter(...collections: readonly (readonly string[])[]) {
  const rollouts = new WindowRollouts();
  for (const pods of collections)
    rollouts.see(
      pods.map((each) => made(each)),
      SEEN,
    );
  return rollouts.all.map(({ at, revision }) => `${revision} ${new Date(at).toISOString().slice(11, 16)}`);
}

test('a template that comes after another is a rollout, dated by its first pod', () => {
  assert.deepEqual(rolloutsAfter(['v1 09:00'], ['v1 09:00', 'v2 09:14', 'v2 09:15'], ['v2 09:14', 'v2 09:15']), ['v2 09:14']);
});

test('the first template that is seen is none, nor are pods that are made again or added', () => {
  assert.deepEqual(rolloutsAfter(['v1 09:00', 'v1 09:10'], ['v1 09:40'], [], ['v1 09:50', 'v1 09:51']), []);
});

test('a roll back is one, dated by the first pod that it made', () => {
  assert.deepEqual(
    rolloutsAfter(['v1 09:00'], ['v1 09:00', 'v2 09:14'], ['v1 09:00', 'v1 09:21', 'v2 09:14'], ['v1 09:00', 'v1 09:21']),
    ['v2 09:14', 'v1 09:21'],
  );
});

test('a roll back that leaves the pods of before and makes none is dated by the collection that sees it', () => {
  assert.deepEqual(rolloutsAfter(['v1 09:00'], ['v1 09:00', 'v2 09:14'], ['v1 09:00']), ['v2 09:14', 'v1 14:00']);
});

test('a lost pod of the old template that is made again while a rollout is stuck is none', () => {
  assert.deepEqual(rolloutsAfter(['v1 09:00'], ['v1 09:00', 'v2 09:14'], ['v1 09:30', 'v2 09:14'], ['v2 09:14', 'v2 09:40']), [
    'v2 09:14',
  ]);
});

test('it tells which images changed', () => {
  const rollouts = new WindowRollouts();
  rollouts.see([made('v1 09:00')], SEEN);
  rollouts.see([made('v2 09:10')], SEEN);
  assert.deepEqual(rollouts.all[0]?.images, [{ container: 'app', from: 'shop/checkout:v1', to: 'shop/checkout:v2' }]);
});

test('it tells containers that came and went, and limits and requests of those that stayed', () => {
  const [before, after] = [made('v1 09:00'), made('v2 09:10')];
  const rollouts = new WindowRollouts();
  rollouts.see([before], SEEN);
  const app = container({ image: 'shop/checkout:v1', limits: { cpu: 1, memory: 128 * 2 ** 20 } });
  rollouts.see([{ ...after, containers: [app, container({ name: 'cache', image: 'redis:8' })] }], SEEN);
  assert.deepEqual(rollouts.all[0]?.images, [
    { container: 'cache', from: null, to: 'redis:8' },
    { container: 'proxy', from: 'registry.example.com/proxy:1', to: null },
  ]);
  assert.deepEqual(rollouts.all[0]?.resources, [
    { container: 'app', resource: 'memory', of: 'limit', from: null, to: 128 * 2 ** 20 },
    { container: 'app', resource: 'cpu', of: 'limit', from: null, to: 1 },
  ]);
});

test('a rollout that goes on at the first look is one; pods of before that have ended prove none', () => {
  assert.deepEqual(rolloutsAfter(['v1 09:00', 'v2 09:14', 'v2 09:15']), ['v2 09:14']);
  const rollouts = new WindowRollouts();
  rollouts.see([{ ...made('v1 09:00'), phase: 'Failed' }, made('v2 09:14')], SEEN);
  assert.deepEqual(rollouts.all, []);
});

test('limits that change in place, or by an autoscaler for the next pod, are told without a revision', () => {
  const limited = (time: string, memory: number) => {
    const of = made(`v1 ${time}`);
    return { ...of, containers: of.containers.map((each) => ({ ...each, limits: { cpu: null, memory } })) };
  };
  const rollouts = new WindowRollouts();
  rollouts.see([limited('09:00', 1_000_000)], clock('09:10'));
  rollouts.see([limited('09:00', 1_000_100)], clock('09:20'));
  rollouts.see([limited('09:00', 2_000_000)], clock('09:30'));
  rollouts.see([limited('09:00', 2_000_000), limited('09:34', 3_000_000)], clock('09:40'));
  const changes = rollouts.all.map(({ at, dated, revision, resources }) => [at, dated, revision, resources[0]?.to]);
  assert.deepEqual(changes, [
    [clock('09:30'), 'seen', null, 2_000_000],
    [clock('09:34'), 'made', null, 3_000_000],
  ]);
});

test('the runs of a CronJob share a template that nothing names', () => {
  const run = (time: string, image: string) =>
    pod({ of: 'shop/CronJob/report', name: `report-${time}`, createdAt: clock(time), containers: [container({ image })] });
  const rollouts = new WindowRollouts();
  rollouts.see([run('09:00', 'report:1')], clock('09:10'));
  rollouts.see([run('09:00', 'report:1'), run('10:00', 'report:2')], clock('10:10'));
  assert.deepEqual(rollouts.all[0]?.images, [{ container: 'app', from: 'report:1', to: 'report:2' }]);
  assert.equal(rollouts.all[0]?.at, clock('10:00'));
});

test('revisions of StatefulSets and DaemonSets are seen too; pods without any tell nothing', () => {
  const rollouts = new WindowRollouts();
  for (const revision of ['a 09:00', 'b 09:10']) rollouts.see([made(revision, 'controller-revision-hash')], SEEN);
  rollouts.see([pod({ createdAt: clock('09:20') })], SEEN);
  assert.equal(rollouts.all.length, 1);
});

test('the newest are kept, those that have left the window are dropped', () => {
  const rollouts = new WindowRollouts();
  const start = clock('09:00');
  for (let i = 0; i < MOST_ROLLOUTS + 20; i++)
    rollouts.see([pod({ labels: { 'pod-template-hash': `v${i}` }, createdAt: start + i * MINUTE })], SEEN);
  assert.equal(rollouts.all.length, MOST_ROLLOUTS);
  rollouts.expire(start + (MOST_ROLLOUTS + 18) * MINUTE);
  assert.deepEqual(
    rollouts.all.map(({ revision }) => revision),
    [`v${MOST_ROLLOUTS + 18}`, `v${MOST_ROLLOUTS + 19}`],
  );
});
