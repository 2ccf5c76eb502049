import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../src/base/duration.ts';
import { createLogger } from '../../../src/base/logger.ts';
import { chooseExpired } from '../../../src/store/json/expiry.ts';
import { json } from '../../../src/store/json/json.ts';
import { clock } from '../../build.ts';
import { commit, options, temporaryFolder } from '../store-fixture.ts';

/** Cycles every ten minutes, oldest first. */
function cycles(count: number) {
  return Array.from({ length: count }, (_, i) => ({ id: String(100 + i), at: i * 10 * MINUTE }));
}

test('nothing expires while all of it is in the window', () => {
  assert.deepEqual(chooseExpired(cycles(5), 0, null), { count: 0, doubted: null });
  assert.deepEqual(chooseExpired([], DAY, null), { count: 0, doubted: null });
});

test('one call deletes less than an hour of cycles, the next that says the same deletes the rest', () => {
  const all = cycles(20);
  assert.deepEqual(chooseExpired(all, DAY, null), { count: 6, doubted: '118' });
  assert.deepEqual(chooseExpired(all.slice(6), DAY, '118'), { count: 13, doubted: null });
});

test('a clock that was set right again takes the verdict back', () => {
  const all = cycles(20);
  assert.deepEqual(chooseExpired(all, 1, '118'), { count: 1, doubted: null });
  assert.deepEqual(chooseExpired(all, 2 * HOUR, '118'), { count: 6, doubted: '111' });
});

test('the newest cycle stays', () => {
  assert.deepEqual(chooseExpired(cycles(1), DAY, null), { count: 0, doubted: null });
  assert.deepEqual(chooseExpired(cycles(2), DAY, null), { count: 1, doubted: null });
});

test('evidence goes with the cycles of its time, and not with a clock that jumped', async () => {
  await using folder = await temporaryFolder();
  const evidence = (at: number) => ({ alert: 'a', at, lastLines: [], matching: [], events: [], terminations: [], series: [] });
  {
    await using store = await json.open(options(folder.path));
    await commit(store, '10:00');
    await commit(store, '10:10');
    await store.saveEvidence('old', evidence(clock('10:05')));
    await store.saveEvidence('new', evidence(clock('10:15')));
  }
  await utimes(join(folder.path, 'evidence'), 0, 0);
  await using store = await json.open(options(folder.path));
  await store.expire(clock('10:12') + DAY);
  assert.equal(await store.loadEvidence('old'), null);
  assert.equal((await store.loadEvidence('new'))?.at, clock('10:15'));
  await store.expire(clock('10:12') + 100 * DAY);
  assert.notEqual(await store.loadEvidence('new'), null, 'the newest cycle is of that time and stays');
});

test('that the store has reached its size is told once, however many cycles go', async () => {
  await using folder = await temporaryFolder();
  let said = '';
  const logger = createLogger({ level: 'info', write: (text) => (said += text), now: () => 0 });
  await using store = await json.open({ ...options(folder.path, { maxSize: 1 }), logger });
  for (let minute = 0; minute < 4; minute++) {
    await commit(store, clock('10:00') + minute * MINUTE, []);
    assert.equal((await store.expire(clock('10:10'))).forSize.length, minute === 0 ? 0 : 1);
  }
  assert.equal(said.split('the store has reached its size').length, 2, said);
});
