import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FastLane } from '../../../src/app/between/fast-lane.ts';
import { rule } from '../../build-rule.ts';
import { eventually } from '../../faults/eventually.ts';
import { EngineRoom } from '../engine-room.ts';
import { Lane } from './lane.ts';

const terminated = rule('terminated', { count: 1, within: '1h' });

suite('the fast lane', () => {
  test('tells of a crash with the last words, without a scheduled cycle', async () => {
    await using lane = await Lane.open([terminated]);
    const { room } = lane;
    const pod = room.cluster.addPod({ namespace: 'shop', name: 'checkout' });
    pod.container().write('last words').restart({ exitCode: 1 });
    await eventually('an alert', 30_000, () => lane.firing.includes('checkout'));
    assert.ok((await room.lines()).includes('last words'));
    assert.equal(room.alerts.read().outbox.length, 1);
  });

  test('saves the log of a pod that crashes and is deleted at once', async () => {
    await using lane = await Lane.open([terminated]);
    const { room } = lane;
    const pod = room.cluster.addPod({ namespace: 'shop', name: 'checkout' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    pod.container().write('last words').exit({ exitCode: 2 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    pod.markDeleted();
    await eventually('the log', 30_000, async () => (await room.lines()).includes('last words'));
    room.cluster.removePod(pod);
    await eventually('an alert', 30_000, () => lane.firing.includes('checkout'));
  });

  test('reads a crash once, however often its pod changes afterwards', async () => {
    await using lane = await Lane.open([terminated]);
    const { room } = lane;
    const pod = room.cluster.addPod({ namespace: 'shop', name: 'checkout' });
    pod.container().write('last words').exit({ exitCode: 1 });
    for (let change = 0; change < 10; change++) {
      pod.setCondition('Ready', change % 2 === 0 ? 'True' : 'False');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await eventually('an alert', 30_000, () => lane.firing.includes('checkout'));
    assert.equal(lane.metric('tocsin_targeted_pods_total{outcome="taken"}'), 1);
    assert.equal((await room.lines()).filter((line) => line === 'last words').length, 1);
  });

  test('leaves most of a storm to the next scheduled cycle, which tells the rest once', async () => {
    await using lane = await Lane.open([terminated]);
    const { room } = lane;
    const pods = Array.from({ length: 120 }, (_, index) => {
      return room.cluster.addPod({ namespace: `ns-${index % 3}`, name: `pod-${index}` });
    });
    for (const pod of pods) pod.container().write(`words of ${pod.name}`).restart({ exitCode: 1 });
    const count = (outcome: string) => lane.metric(`tocsin_targeted_pods_total{outcome="${outcome}"}`);
    const begun = performance.now();
    await eventually('all are seen', 30_000, () => count('taken') + count('left') === 120);
    const taken = count('taken');
    assert.ok(taken >= 50 && taken <= 51 + (5 * (performance.now() - begun)) / 1000, String(taken));
    await eventually('alerts', 30_000, () => lane.firing.length >= 50);
    await room.scheduled();
    assert.equal(new Set(lane.firing).size, 120);
    assert.equal(lane.firing.length, 120);
    const lines = await room.lines();
    assert.equal(lines.length, 120);
    assert.equal(new Set(lines).size, 120);
  });

  test('reads no fewer crashes where as many pods cannot run, for which nothing is read', async () => {
    await using lane = await Lane.open([terminated]);
    const { room } = lane;
    const crashing = Array.from({ length: 45 }, (_, index) => room.cluster.addPod({ namespace: 'shop', name: `pod-${index}` }));
    for (let index = 0; index < 45; index++) {
      const pod = room.cluster.addPod({ namespace: 'bank', name: `broken-${index}`, run: false });
      pod.container().wait('ErrImagePull', 'no such image');
    }
    for (const pod of crashing) pod.container().write(`words of ${pod.name}`).restart({ exitCode: 1 });
    await eventually('alerts', 30_000, () => lane.firing.length === 45);
    assert.equal(lane.metric('tocsin_targeted_pods_total{outcome="left"}'), 0);
    assert.equal(lane.metric('tocsin_targeted_pods_total{outcome="taken"}'), 90);
  });

  test('tells of a pod that cannot run, once, and of none that is merely starting', async () => {
    await using lane = await Lane.open([rule('waiting', { reasons: ['ImagePullBackOff', 'ContainerCreating'] })]);
    const { room } = lane;
    const broken = room.cluster.addPod({ namespace: 'shop', name: 'broken', run: false });
    const starting = room.cluster.addPod({ namespace: 'bank', name: 'starting', run: false });
    starting.container().wait('ContainerCreating');
    broken.container().wait('ErrImagePull', 'no such image');
    await eventually('an alert', 30_000, () => lane.firing.includes('broken'));
    for (const reason of ['ImagePullBackOff', 'ErrImagePull', 'ImagePullBackOff']) {
      broken.container().wait(reason, 'no such image');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(lane.firing, ['broken']);
    assert.equal(lane.metric('tocsin_targeted_pods_total{outcome="taken"}'), 1);
  });

  test('does nothing before the first scheduled cycle', async () => {
    await using room = await EngineRoom.open([terminated]);
    const added: unknown[] = [];
    const { engine, clock, metrics } = room;
    const lane = new FastLane({ engine, targeted: { add: (batch) => added.push(batch) > 0 }, clock, metrics });
    room.cluster.addPod({ namespace: 'shop', name: 'checkout' }).container().restart({ exitCode: 1 });
    lane.take(await room.look('checkout'), false);
    assert.deepEqual(added, []);
    await room.scheduled();
    room.cluster.pod('shop', 'checkout').container().restart({ exitCode: 1 });
    lane.take(await room.look('checkout'), false);
    assert.equal(added.length, 1);
  });
});
