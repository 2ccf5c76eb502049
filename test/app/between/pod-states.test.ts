import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MOST_STANDING } from '../../../src/app/between/pod-states.ts';
import { MINUTE, SECOND } from '../../../src/base/duration.ts';
import { rule } from '../../build-rule.ts';
import { DueRoom } from './due-room.ts';

const notReady = rule('pod', { phase: 'Running', not_ready: true });
const image = rule('waiting', { reasons: ['ImagePullBackOff'] }, { for: 2 * MINUTE });

suite('how pods stand', () => {
  test('is judged once it has lasted for two seconds', async () => {
    await using on = await DueRoom.open([notReady], ({ cluster }) => void cluster.addPod({ namespace: 'shop', name: 'web' }));
    const container = on.room.cluster.pod('shop', 'web').container();
    container.setReady(false);
    await on.showPod('web');
    assert.equal(await on.pass(SECOND), 0);
    container.setReady(true);
    await on.showPod('web');
    assert.equal(await on.pass(SECOND), 0, 'a slow start, or a hiccup');
    container.setReady(false);
    await on.showPod('web');
    await on.showPod('web');
    assert.equal(await on.pass(2 * SECOND), 1);
    assert.deepEqual(on.alerts, ['web firing']);
    await on.showPod('web');
    assert.equal(await on.pass(MINUTE), 0, 'once');
  });

  test('ends a hold when it is well again in between', async () => {
    await using on = await DueRoom.open([image], ({ cluster }) => {
      cluster.addPod({ namespace: 'shop', name: 'web', run: false }).container().wait('ErrImagePull');
    });
    const pod = on.room.cluster.pod('shop', 'web');
    assert.deepEqual(on.alerts, ['web pending']);
    pod.run();
    await on.showPod('web');
    assert.equal(await on.pass(2 * SECOND), 1);
    assert.deepEqual(on.alerts, []);
  });

  test('does not matter where no rule asks for it', async () => {
    await using on = await DueRoom.open([image], ({ cluster }) => void cluster.addPod({ namespace: 'shop', name: 'web' }));
    on.room.cluster.pod('shop', 'web').container().setReady(false);
    await on.showPod('web');
    assert.equal(await on.pass(MINUTE), 0);
  });

  test(`is waited for with ${MOST_STANDING} pods, and passed on for fifty at once`, async () => {
    await using on = await DueRoom.open([notReady], ({ cluster }) => void cluster.addPod({ namespace: 'shop', name: 'web' }));
    on.room.cluster.pod('shop', 'web').container().setReady(false);
    const pod = await on.room.look('web');
    for (let index = 0; index < MOST_STANDING + 20; index++) on.states.take({ ...pod, uid: `uid-${index}` }, false);
    on.states.take({ ...pod, uid: 'uid-0' }, true);
    await on.pass(2 * SECOND);
    const count = (outcome: string) =>
      Number(new RegExp(`tocsin_targeted_states_total\\{outcome="${outcome}"\\} (\\d+)`).exec(on.room.metrics.render())?.[1]);
    assert.equal(count('taken') + count('left'), MOST_STANDING - 1);
    assert.ok(count('taken') >= 50 && count('taken') < 60);
  });
});
