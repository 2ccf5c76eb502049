import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLogger, silentLogger } from '../../../src/base/logger.ts';
import { MAX_QUARANTINED, Quarantine } from '../../../src/store/json/documents/quarantine.ts';
import { fileSystemType, fileSystemWarning } from '../../../src/store/json/file-system.ts';
import { MAX_REPAIRS, Repairs } from '../../../src/store/json/repairs.ts';
import { temporaryFolder } from '../store-fixture.ts';

test('the quarantine keeps the newest damaged files only', async () => {
  await using folder = await temporaryFolder();
  let now = 0;
  const quarantine = new Quarantine(folder.path, () => now);
  for (let i = 0; i < MAX_QUARANTINED + 3; i++) {
    now = Math.floor(i / 2) * 1000; // two at a time
    await writeFile(join(folder.path, 'alerts.json'), 'x'.repeat(10));
    await quarantine.setAside(join(folder.path, 'alerts.json'));
  }
  const names = await readdir(join(folder.path, 'quarantine'));
  assert.equal(names.length, MAX_QUARANTINED);
  assert.ok(!names.includes('alerts.json.corrupt-19700101T000000000Z'));
  assert.ok(names.includes('alerts.json.corrupt-19700101T000009000Z'));
  assert.equal(quarantine.bytes, 10 * MAX_QUARANTINED);
  await quarantine.empty();
  assert.equal(quarantine.bytes, 0);
});

test('repairs are told once each and remembered up to a bound', () => {
  const lines: string[] = [];
  const repairs = new Repairs(createLogger({ level: 'warn', write: (line) => lines.push(line), now: () => 0 }));
  for (let i = 0; i < MAX_REPAIRS + 5; i++) {
    repairs.tell(`repair ${i}`);
    repairs.tell(`repair ${i}`);
  }
  assert.equal(lines.length, MAX_REPAIRS + 5);
  assert.equal(repairs.list.length, MAX_REPAIRS);
  assert.equal(repairs.list.at(-1), `repair ${MAX_REPAIRS + 4}`);
  assert.deepEqual(new Repairs(silentLogger).list, []);
});

test('a network file system is warned of, a local one is not', async () => {
  assert.match(fileSystemWarning('./data', 0x6969) ?? '', /^\.\/data lies on NFS: locks and durable writes cannot be relied on/);
  assert.match(fileSystemWarning('./data', 0xff534d42) ?? '', /CIFS/);
  assert.match(fileSystemWarning('./data', 0xff534d42 | 0) ?? '', /CIFS/, 'a signed type is the same');
  await using folder = await temporaryFolder();
  assert.equal(fileSystemWarning(folder.path, 0xef53), null);
  assert.equal(typeof (await fileSystemType(folder.path)), 'number');
});
