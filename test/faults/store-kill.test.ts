import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { json } from '../../src/store/json/json.ts';
import { linesOf, listOf, options, temporaryFolder } from '../store/store-fixture.ts';
import { startStoreProcess } from './store-process.ts';

const FOLDERS = 3;
const KILLS_PER_FOLDER = 10;

test(`nothing acknowledged is lost when the process is killed at ${FOLDERS * KILLS_PER_FOLDER} random moments`, async () => {
  await Promise.all(Array.from({ length: FOLDERS }, killRepeatedly));
});

async function killRepeatedly(): Promise<void> {
  await using folder = await temporaryFolder();
  const committed = new Set<string>();
  let alerts = 0;
  for (let kill = 0; kill < KILLS_PER_FOLDER; kill++) {
    const writer = await startStoreProcess(folder.path, 'commits');
    await writer.heard(1 + Math.floor(Math.random() * 6));
    await sleep(Math.random() * 30); // the moment is the point of this test: anywhere within a commit
    await writer.kill();
    for (const line of writer.said) {
      const [what, value = ''] = line.split(' ');
      if (what === 'cycle') committed.add(value);
      if (what === 'alerts') alerts = Number(value);
    }
    await using store = await json.open(options(folder.path));
    const ids = new Set(store.summaries().map(({ id }) => id));
    assert.deepEqual(
      [...committed].filter((id) => !ids.has(id)),
      [],
      'every acknowledged cycle is there',
    );
    assert.equal((await listOf(store.cycles())).length, ids.size, 'every cycle is whole');
    assert.ok(ids.size - committed.size <= kill + 1, 'at most the one that was being acknowledged is more');
    assert.ok(((await store.loadAlerts()).judgedTo ?? 0) >= alerts, 'the alerts are the newest that were acknowledged');
    assert.deepEqual(store.repairs, [], 'nothing was damaged');
    const left = await readdir(folder.path, { recursive: true });
    assert.deepEqual(
      left.filter((name) => name.endsWith('.tmp')),
      [],
    );
    assert.equal((await readdir(`${folder.path}/cycles`)).length, ids.size, 'what was not committed is swept');
  }
  await using store = await json.open(options(folder.path));
  const counts = new Map<string, number>();
  for (const line of await linesOf(store)) {
    const [id = ''] = line.text.split(' ');
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  assert.deepEqual(new Set(counts.values()), new Set([50]), 'every cycle has its lines once');
  assert.notEqual(committed.size, 0, 'something was acknowledged');
}
