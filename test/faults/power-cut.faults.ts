import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/base/errors.ts';
import { json } from '../../src/store/json/json.ts';
import { linesOf, listOf, options } from '../store/store-fixture.ts';
import { startStoreProcess } from './store-process.ts';

const CUTS = 10;

/**
 * A store on a file system of its own (ext4 in a file, mounted through a loop device). A copy of that file is what a power cut would leave on
 * the disk: what only the page cache of the file system has is not in it.
 */
test(`after ${CUTS} power cuts everything that was acknowledged is on the disk, and nothing is damaged`, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-power-'));
  const [image, live] = [join(folder, 'image'), join(folder, 'live')];
  const [copy, cut] = [join(folder, 'copy'), join(folder, 'cut')];
  mkdirSync(live);
  mkdirSync(cut);
  try {
    writeFileSync(image, Buffer.alloc(64 * 1024 ** 2));
    execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: 'pipe' });
    mount(image, live);
  } catch (error) {
    rmSync(folder, { recursive: true });
    context.skip(`needs to mount a file system: ${messageOf(error).trim()}`);
    return;
  }
  let lost = 0;
  const writer = await startStoreProcess(join(live, 'data'), 'commits');
  try {
    for (let round = 1; round <= CUTS; round++) {
      await writer.heard(writer.said.length + 1 + Math.floor(Math.random() * 6));
      await sleep(Math.random() * 30); // the moment is the point of this test: anywhere within a commit
      process.kill(writer.pid, 'SIGSTOP');
      const acknowledged = [...writer.said];
      // The rig must be able to lose something: this was never synced.
      writeFileSync(join(live, `unsynced-${round}`), 'x'.repeat(4096));
      copyFileSync(image, copy);
      process.kill(writer.pid, 'SIGCONT');
      mount(copy, cut);
      try {
        const unsynced = join(cut, `unsynced-${round}`);
        if (!existsSync(unsynced) || statSync(unsynced).size === 0) lost++;
        await assertHolds(join(cut, 'data'), acknowledged);
      } finally {
        execFileSync('umount', [cut]);
      }
    }
  } finally {
    await writer.kill();
    execFileSync('umount', [live]);
    rmSync(folder, { recursive: true });
  }
  context.diagnostic(`${lost} of ${CUTS} cuts lost what was not synced`);
  assert.ok(lost > 0, 'the rig cuts nothing off');
});

/** What the writer has said to be durable is there and whole. */
async function assertHolds(path: string, said: readonly string[]): Promise<void> {
  const values = (what: string) => said.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
  await using store = await json.open(options(path));
  assert.deepEqual(store.repairs, [], 'nothing is damaged');
  const ids = new Set(store.summaries().map(({ id }) => id));
  assert.deepEqual(
    values('cycle').filter((id) => !ids.has(id)),
    [],
    'every acknowledged cycle is there',
  );
  assert.equal((await listOf(store.cycles())).length, ids.size, 'every cycle is whole');
  assert.equal((await linesOf(store)).length, ids.size * 50, 'with its lines');
  assert.ok(((await store.loadAlerts()).judgedTo ?? 0) >= Number(values('alerts').at(-1) ?? 0), 'and the newest alerts');
}

function mount(image: string, at: string): void {
  execFileSync('mount', ['-o', 'loop', image, at], { stdio: 'pipe' });
}
