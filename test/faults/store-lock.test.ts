import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { json } from '../../src/store/json/json.ts';
import { options, temporaryFolder } from '../store/store-fixture.ts';
import { startStoreProcess } from './store-process.ts';

test('a second process is told who holds the store, and opens it at once when that one is killed', async () => {
  await using folder = await temporaryFolder();
  const holder = await startStoreProcess(folder.path, 'holds');
  await assert.rejects(json.open(options(folder.path, { wait: 100 })), (error: Error & { reason?: string }) => {
    assert.equal(error.reason, 'in_use');
    assert.match(error.message, new RegExp(`in use by process ${holder.pid} on .+ \\(tocsin test\\) since 2026-11-21T12:00:00`));
    return true;
  });
  await holder.kill();
  await using store = await json.open(options(folder.path));
  assert.deepEqual(store.summaries(), []);
});

test('a process that waits for the store gets it when its holder ends', async () => {
  await using folder = await temporaryFolder();
  const first = await json.open(options(folder.path));
  const second = json.open(options(folder.path, { wait: 20_000 }));
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
});

test('a lock file with foreign content does not keep the store from opening', async () => {
  await using folder = await temporaryFolder();
  await (await json.open(options(folder.path)))[Symbol.asyncDispose]();
  await writeFile(join(folder.path, 'lock'), 'not a database, and long enough to look like one'.repeat(100));
  await using store = await json.open(options(folder.path));
  await assert.rejects(json.open(options(folder.path)), { reason: 'in_use' });
  assert.deepEqual(store.summaries(), []);
});

test('a folder that cannot be used is one clear error', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  await assert.rejects(json.open(options(join(file, 'data'))), {
    reason: 'unwritable',
    message: `could not open store ${file}/data: a part of the path is not a folder`,
  });
  await assert.rejects(json.open(options(file)), { reason: 'unwritable' });
  await assert.rejects(json.open(options('/proc/tocsin/data')), { reason: 'unwritable' });
  await mkdir(join(folder.path, 'data/lock'), { recursive: true });
  await assert.rejects(json.open(options(join(folder.path, 'data'))), {
    reason: 'unwritable',
    message: `could not open store ${folder.path}/data: its file lock cannot be written`,
  });
  await assert.rejects(json.open(options(join(folder.path, 'none'), { access: 'read' })), {
    reason: 'unreadable',
    message: `could not read store ${folder.path}/none: there is no store yet; "tocsin run" and "tocsin once" make one, --data says where it is`,
  });
});
