import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ContainerState, PodState } from '../../../../src/core/model/pod.ts';
import { endedContainers } from '../../../../src/core/model/window/ended-containers.ts';
import { clock, container, pod, terminated, termination, waiting } from '../../../build.ts';

const of = (fields: Partial<ContainerState>, more: Partial<Omit<PodState, 'workload'>> = {}) =>
  pod({ containers: [container(fields), container({ name: 'sidecar' })], ...more });
const runs = of({});
const crashed = termination('10:00');
const completed = termination('10:00', { exitCode: 0, reason: 'Completed' });
const deleted = { deletedAt: clock('10:01') };

suite('containers worth a read at once', () => {
  for (const [what, before, after, expected] of [
    ['a container that crashed', runs, of({ state: terminated('10:00') }), ['app']],
    ['one that was started again', runs, of({ restarts: 1, last: crashed }), ['app']],
    ['one that was started again after it had done its work', runs, of({ restarts: 1, last: completed }), ['app']],
    [
      'one whose end was seen and that was then started again',
      of({ state: terminated('10:00') }),
      of({ restarts: 1, last: crashed }),
      ['app'],
    ],
    [
      'one that begins to wait in CrashLoopBackOff',
      of({ state: terminated('10:00') }),
      of({ state: waiting('CrashLoopBackOff'), last: crashed }),
      ['app'],
    ],
    ['a crash in a pod that was not seen before', undefined, of({ state: terminated('10:00') }), ['app']],
    ['every container of a pod that failed', runs, of({}, { phase: 'Failed', reason: 'Evicted' }), ['app', 'sidecar']],
    [
      'what ended well in a pod that is being deleted',
      of({}, deleted),
      of({ state: { kind: 'terminated', ...completed } }, deleted),
      ['app'],
    ],
    [
      'what has ended in a pod whose deletion begins',
      of({ state: { kind: 'terminated', ...completed } }),
      of({ state: { kind: 'terminated', ...completed } }, deleted),
      ['app'],
    ],
  ] as const) {
    test(`are ${what}`, () => assert.deepEqual([...endedContainers(before, after)], expected));
  }

  for (const [what, before, after] of [
    ['a running pod', runs, runs],
    ['a pod that becomes ready', of({ ready: false }), runs],
    ['an end that was seen before', of({ state: terminated('10:00') }), of({ state: terminated('10:00') })],
    ['a container that has done its work', runs, of({ state: { kind: 'terminated', ...completed } })],
    ['a new pod that waits for its image', undefined, of({ state: waiting('ImagePullBackOff') })],
    ['a pod whose deletion begins while it runs', runs, of({}, deleted)],
    [
      'a container that goes on waiting in CrashLoopBackOff',
      of({ state: waiting('CrashLoopBackOff', 'back-off 10s'), last: crashed }),
      of({ state: waiting('CrashLoopBackOff', 'back-off 20s'), last: crashed }),
    ],
  ] as const) {
    test(`are none in ${what}`, () => assert.deepEqual([...endedContainers(before, after)], []));
  }
});
