import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { json } from '../../../src/store/json/json.ts';
import { clock } from '../../build.ts';
import { commit, listOf, options, temporaryFolder, textsOf } from '../store-fixture.ts';

/** A store as the first version wrote it: three cycles of two pods. */
const FIRST = fileURLToPath(new URL('../../fixtures/store-v1', import.meta.url));

test('a store of the first version is read and written on', async () => {
  await using folder = await temporaryFolder();
  await cp(FIRST, folder.path, { recursive: true });
  await using store = await json.open(options(folder.path));
  await commit(store, '10:30');
  const [first, second, third, last] = await listOf(store.cycles());
  assert.deepEqual(store.repairs, []);
  assert.deepEqual(
    [first, second, third, last].map((cycle) => [cycle?.at, cycle?.states.length, cycle?.counted]),
    [
      [clock('10:00'), 2, ['pattern=refused']],
      [clock('10:10'), 2, []],
      [clock('10:20'), 1, []],
      [clock('10:30'), 0, undefined],
    ],
  );
  assert.deepEqual([...(first?.minutes ?? [])][1]?.minutes[0]?.matched, { 'pattern=refused': 3 });
  assert.equal(second?.states[0]?.labels['tier'], 'web');
  assert.deepEqual([second?.restarts.length, second?.terminations.length, third?.usage[0]?.memory], [1, 1, 3e6]);
  assert.equal((await textsOf(store)).length, 18);
  assert.equal((await store.loadAlerts()).judgedTo, clock('10:20'));
});
