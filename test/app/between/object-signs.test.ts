import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObjectLane } from '../../../src/app/between/object-lane.ts';
import type { TargetBatch } from '../../../src/app/cycle/targeted-cycle.ts';
import type { SeenEvent } from '../../../src/core/model/seen-event.ts';
import { pod } from '../../build.ts';
import { rule } from '../../build-rule.ts';
import { eventually } from '../../faults/eventually.ts';
import { EngineRoom, once } from '../engine-room.ts';

test('an object in trouble comes with what was said of its pods since the last cycle, which no rule counts', async () => {
  await using room = await EngineRoom.open([rule('workload', { rollout_stuck: true })]);
  room.cluster.addWorkload({ namespace: 'shop', kind: 'Deployment', name: 'late' }).pods[0]?.container().setReady(false);
  await room.scheduled();
  const { engine, clock, metrics } = room;
  const [late] = engine.window.objects.filter(({ kind }) => kind === 'Deployment');
  const [known] = engine.window.newest?.pods ?? [];
  assert.ok(late?.kind === 'Deployment' && known !== undefined);
  const batches: TargetBatch[] = [];
  const targeted = { add: (batch: TargetBatch) => batches.push(batch) > 0 };
  const lane = new ObjectLane({ rollouts: { of: () => null }, engine, clock, metrics, targeted });
  const made = pod({ uid: 'made', name: 'late-2', of: 'shop/late', createdAt: clock.now() });
  const said = (objectUid: string, message: string): SeenEvent => ({
    ...{ uid: `event of ${objectUid}`, namespace: 'shop', kind: 'Pod', name: objectUid, objectUid, workload: null },
    ...{ type: 'Warning', reason: 'Unhealthy', message, at: clock.now(), count: 1 },
  });
  lane.takePod(made, false);
  lane.takeEvent(said('of nobody known', 'Readiness probe failed: of nobody known'));
  lane.takeEvent(said(known.uid, 'Readiness probe failed: the database is not there'));
  lane.takeEvent(said('made', 'Readiness probe failed: nor is it there for this one'));
  const message = 'as simulated';
  const progress = {
    type: 'Progressing',
    status: 'False' as const,
    reason: 'ProgressDeadlineExceeded',
    message,
    since: clock.now(),
  };
  lane.takeObject({ ...late, desired: 2, updated: 2, available: 0, progress });
  const stop = new AbortController();
  const running = lane.run(stop.signal);
  await eventually('a batch', 30_000, () => batches.length > 0);
  stop.abort();
  await running;
  const [batch] = batches;
  assert.ok(batch);
  assert.deepEqual(
    [batch.objects?.length, batch.events?.map(({ objectUid }) => objectUid), batch.observed.map(({ pod: { name } }) => name)],
    [1, [known.uid, 'made'], ['late-2']],
  );
  await engine.targeted(once(batch), new AbortController().signal);
  const [alert] = room.alerts.read().alerts;
  assert.equal(alert?.state, 'firing');
  assert.match(alert.summary, /Readiness probe failed/);
});
