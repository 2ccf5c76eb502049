import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { messageOf } from '../../src/base/errors.ts';
import { EMPTY_ALERTS } from '../../src/core/model/state.ts';
import { json } from '../../src/store/json/json.ts';
import { clock } from '../build.ts';
import { commit, containerOf, linesOf, options, segmentOf, temporaryFolder, textsOf } from '../store/store-fixture.ts';

test('a full disk fails the write, and nothing else', async (context) => {
  await onSmallDisk(context, async (disk) => {
    await using store = await json.open(options(disk));
    await commit(store, '10:00', [segmentOf(containerOf(), [{ at: '09:59', text: 'kept' }])]);
    await store.saveAlerts({ ...EMPTY_ALERTS, judgedTo: 1 });
    const noise = randomBytes(1_500_000).toString('hex');
    const big = segmentOf(containerOf(), [{ at: '10:09', text: noise }]);
    await assert.rejects(commit(store, '10:10', [big]), {
      name: 'StoreError',
      reason: 'full',
      message: 'could not commit cycle 20261121T101000000Z: no space left on the device',
    });
    await assert.rejects(commit(store, '10:10', [], { namespaces: [noise] }), { reason: 'full' });
    await assert.rejects(store.saveAlerts({ ...EMPTY_ALERTS, judgedCycle: noise }), { reason: 'full' });
    assert.equal((await store.loadAlerts()).judgedTo, 1);
    assert.deepEqual(await textsOf(store), ['kept']);
    const left = await readdir(disk, { recursive: true });
    assert.deepEqual(
      left.filter((name) => name.endsWith('.tmp') || name.includes('101000000Z')),
      [],
    );
    await commit(store, '10:10', [segmentOf(containerOf(), [{ at: '10:09', text: 'there is room again' }])]);
    await store.saveAlerts({ ...EMPTY_ALERTS, judgedTo: 2 });
    await store[Symbol.asyncDispose]();
    await using again = await json.open(options(disk));
    assert.equal((await again.loadAlerts()).judgedTo, 2);
    assert.deepEqual(again.repairs, []);
    assert.equal(again.summaries().length, 2);
  });
});

test('on a full disk the oldest cycles give way to new ones and to alerts', async (context) => {
  await onSmallDisk(context, async (disk) => {
    await using store = await json.open(options(disk));
    const noise = () => randomBytes(150_000).toString('hex');
    const times = ['10:00', '10:10', '10:20', '10:30', '10:40', '10:50', '11:00'];
    for (const at of times) await commit(store, at, [segmentOf(containerOf(), [{ at, text: noise() }])]);
    await store.saveAlerts({ ...EMPTY_ALERTS, judgedTo: 1, judgedCycle: noise() });
    const kept = store.summaries().length;
    assert.ok(kept > 1 && kept < times.length);
    assert.equal((await linesOf(store)).length, kept);
    assert.equal(store.repairs.length, times.length - kept);
    // Two writers that need room at once may end in either order.
    assert.ok(store.repairs.some((repair) => /the disk is full: cycle 20261121T100000000Z was deleted/.test(repair)));
    assert.equal((await store.newest())?.at, clock('11:00'));
  });
});

/** Runs with a file system of one megabyte, which only root can mount. */
async function onSmallDisk(context: TestContext, check: (disk: string) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  const disk = join(folder.path, 'disk');
  await mkdir(disk);
  try {
    run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  } catch (error) {
    context.skip(`needs to mount a small file system: ${messageOf(error).trim()}`);
    return;
  }
  try {
    await check(disk);
  } finally {
    run(['umount', disk]);
  }
}

function run([command = '', ...args]: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
