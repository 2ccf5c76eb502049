import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type Observation, restartIncreases, terminationRecords } from '../../../src/core/model/changes.ts';
import type { PodState } from '../../../src/core/model/pod.ts';
import { clock, container, pod, terminated, termination, waiting } from '../../build.ts';

const at = clock('10:10');

function seen(before: PodState | null, after: PodState): Observation {
  return { before: before === null ? [] : [before], after: [after], at };
}

function restarted(restarts: number, last: string | null = null): PodState {
  return pod({ containers: [container({ restarts, last: last === null ? null : termination(last) })] });
}

suite('restartIncreases', () => {
  test('the increase is dated at the collection, the newest restart at its finishedAt', () => {
    const increases = restartIncreases(seen(restarted(1, '09:55'), restarted(4, '10:07')));
    assert.deepEqual(
      increases.map(({ at: time, count, podCreatedAt, seenAt }) => [time, count, podCreatedAt, seenAt]),
      [
        [clock('10:07'), 1, null, at],
        [at, 2, null, undefined],
      ],
    );
  });

  test('an end in the future of the collection is dated at the collection', () => {
    assert.deepEqual(
      restartIncreases(seen(restarted(1), restarted(2, '10:30'))).map((increase) => increase.at),
      [at],
    );
  });

  test('at first sight all restarts are told with the creation of the pod', () => {
    const [first, second] = restartIncreases(seen(null, restarted(5, '10:01')));
    assert.deepEqual([first?.count, first?.podCreatedAt], [1, clock('09:00')]);
    assert.deepEqual([second?.count, second?.podCreatedAt], [4, clock('09:00')]);
  });

  test('a counter that fell began anew', () => {
    assert.equal(restartIncreases(seen(restarted(7), restarted(2)))[0]?.count, 2);
  });

  test('a new pod of the same name is a new counter', () => {
    const replaced = { ...restarted(2), uid: 'new', createdAt: clock('10:05') };
    const [increase] = restartIncreases(seen(restarted(9), replaced));
    assert.deepEqual([increase?.count, increase?.podCreatedAt], [2, clock('10:05')]);
  });

  test('init containers and sidecars have their own counters', () => {
    const of = (restarts: number) =>
      pod({
        containers: [
          container({ name: 'setup', role: 'init', restarts }),
          container({ name: 'proxy', role: 'sidecar', restarts }),
        ],
      });
    assert.deepEqual(
      restartIncreases(seen(of(0), of(1))).map((increase) => increase.container),
      ['setup', 'proxy'],
    );
  });

  test('an eviction counts as no restart although the kubelet counts one', () => {
    const evicted = pod({
      phase: 'Failed',
      reason: 'Evicted',
      containers: [container({ restarts: 1, state: terminated('10:08', { reason: 'ContainerStatusUnknown', exitCode: 137 }) })],
    });
    assert.deepEqual(restartIncreases(seen(restarted(0), evicted)), []);
  });

  test('what is counted over many looks is what the counter rose by, resets included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 }), (counters) => {
        let before = restarted(0);
        let counted = 0;
        let expected = 0;
        for (const counter of counters) {
          const previous = before.containers[0]?.restarts ?? 0;
          expected += counter >= previous ? counter - previous : counter;
          const after = restarted(counter);
          for (const increase of restartIncreases(seen(before, after))) counted += increase.count;
          before = after;
        }
        assert.equal(counted, expected);
      }),
    );
  });
});

suite('terminationRecords', () => {
  const ended = (id: string, fields = {}) => termination('10:07', { containerID: id, ...fields });

  test('an end is recorded once, whether it is seen as the current state or as the last one', () => {
    const current = pod({ containers: [container({ state: { kind: 'terminated', ...ended('a') } })] });
    const last = pod({ containers: [container({ restarts: 1, last: ended('a') })] });
    assert.equal(terminationRecords(seen(pod(), current)).length, 1);
    assert.equal(terminationRecords(seen(current, last)).length, 0);
    assert.equal(terminationRecords(seen(last, last)).length, 0);
  });

  test('two ends between two looks are two records, the older first', () => {
    const both = pod({
      containers: [container({ restarts: 1, last: termination('10:03'), state: terminated('10:08', { exitCode: 2 }) })],
    });
    assert.deepEqual(
      terminationRecords(seen(pod(), both)).map((record) => [record.at, record.exitCode]),
      [
        [clock('10:03'), 1],
        [clock('10:08'), 2],
      ],
    );
  });

  test('at first sight an end counts when its time is known', () => {
    const known = pod({ containers: [container({ last: ended('a') })] });
    const timeless = pod({ containers: [container({ last: ended('a', { finishedAt: null }) })] });
    assert.equal(terminationRecords(seen(null, known)).length, 1);
    assert.equal(terminationRecords(seen(null, timeless)).length, 0);
    assert.equal(terminationRecords(seen(pod(), timeless))[0]?.at, at);
  });

  test('a clean rollout or scale-down is no failure, whatever the exit code', () => {
    for (const exitCode of [0, 1, 137, 143]) {
      const leaving = pod({
        deletedAt: clock('10:09'),
        phase: 'Failed',
        containers: [container({ state: terminated('10:09', { exitCode }) })],
      });
      assert.deepEqual(terminationRecords(seen(pod(), leaving)), [], `exit code ${exitCode}`);
    }
  });

  test('a failure before the deletion was asked for is recorded, though both are seen together', () => {
    const ends = (exitCode: number) =>
      terminationRecords(
        seen(pod(), pod({ deletedAt: clock('10:09'), containers: [container({ state: terminated('10:08:59', { exitCode }) })] })),
      );
    assert.deepEqual(
      ends(1).map((record) => record.exitCode),
      [1],
    );
    for (const exitCode of [0, 137, 143])
      assert.deepEqual(ends(exitCode), [], `exit code ${exitCode}: a node's clock may be behind`);
  });

  test('a crash before the deletion, and an out-of-memory kill during it, are recorded', () => {
    const crashed = pod({ deletedAt: clock('10:09'), containers: [container({ restarts: 1, last: ended('a') })] });
    assert.equal(terminationRecords(seen(pod(), crashed)).length, 1);
    const killed = pod({
      deletedAt: clock('10:09'),
      containers: [container({ state: terminated('10:08', { reason: 'OOMKilled', exitCode: 137 }) })],
    });
    assert.equal(terminationRecords(seen(pod(), killed)).length, 1);
  });

  test('an evicted or disrupted pod did not crash', () => {
    const state = terminated('10:08', { exitCode: 137 });
    const evicted = pod({ phase: 'Failed', reason: 'Evicted', containers: [container({ state })] });
    const drained = pod({
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: '', since: null }],
      containers: [container({ state })],
    });
    assert.deepEqual([...terminationRecords(seen(pod(), evicted)), ...terminationRecords(seen(pod(), drained))], []);
  });

  test('an init container is marked', () => {
    const failed = pod({ containers: [container({ name: 'setup', role: 'init', state: terminated('10:08') })] });
    assert.equal(terminationRecords(seen(pod(), failed))[0]?.init, true);
  });

  test('a container ID that the kubelet left out is told apart by time, code and reason', () => {
    const first = pod({ containers: [container({ last: termination('10:01', { containerID: '' }) })] });
    const second = pod({ containers: [container({ restarts: 1, last: termination('10:05', { containerID: '' }) })] });
    assert.equal(terminationRecords(seen(first, second)).length, 1);
  });
});

suite('waiting pods', () => {
  test('a pod that never started has neither restarts nor ends', () => {
    const stuck = pod({ containers: [container({ state: waiting('ImagePullBackOff') })] });
    assert.deepEqual([...restartIncreases(seen(null, stuck)), ...terminationRecords(seen(null, stuck))], []);
  });
});
