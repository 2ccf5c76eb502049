import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { linesOfFile } from '../../../src/app/replay/log-file.ts';
import { readFileLine } from '../../../src/app/replay/log-form.ts';
import { originOfFile, originOfPod } from '../../../src/app/replay/log-origin.ts';
import { LogReader } from '../../../src/app/replay/log-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-replay-'));
after(() => rmSync(folder, { recursive: true }));

const LINES = Array.from({ length: 5000 }, (_, i) => `2026-11-21T10:00:00.${String(i).padStart(9, '0')}Z line ${i}`);
const TEXT = `${LINES.join('\n')}\n`;

async function read(name: string, bytes: Buffer | string): Promise<string[]> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const lines: string[] = [];
  for await (const line of linesOfFile(path)) lines.push(line);
  return lines;
}

test('a file is read plain, gzip and zstd, whatever its name, and with all of its frames', async () => {
  const half = TEXT.indexOf('\n', TEXT.length / 2) + 1;
  const parts = [TEXT.slice(0, half), TEXT.slice(half)];
  assert.deepEqual(await read('plain', TEXT), LINES);
  assert.deepEqual(await read('gzip', gzipSync(TEXT)), LINES);
  assert.deepEqual(await read('gzip-members', Buffer.concat(parts.map((part) => gzipSync(part)))), LINES);
  assert.deepEqual(await read('zstd', zstdCompressSync(TEXT)), LINES);
  assert.deepEqual(await read('zstd-frames', Buffer.concat(parts.map((part) => zstdCompressSync(part)))), LINES);
});

test('line ends of Windows, a last line without an end and an empty file are read', async () => {
  assert.deepEqual(await read('crlf', 'a\r\nb\r\nc'), ['a', 'b', 'c']);
  assert.deepEqual(await read('empty', ''), []);
});

test('a damaged compressed file is an error', async () => {
  await assert.rejects(read('torn.gz', gzipSync(TEXT).subarray(0, 500)));
  await assert.rejects(read('flipped.zst', Buffer.concat([zstdCompressSync('x').subarray(0, 4), Buffer.from('garbage')])));
});

test('the usual forms of lines are known by themselves', () => {
  const at = { second: Date.UTC(2026, 10, 21, 10, 0, 7) / 1000, nanos: 120_000_000 };
  const forms: readonly (readonly [string, object])[] = [
    ['2026-11-21T10:00:07.12Z stdout F hello', { text: 'hello', partial: false }],
    ['2026-11-21T11:00:07.120000000+01:00 stderr P hel', { text: 'hel', partial: true }],
    ['2026-11-21T10:00:07.120Z hello', { text: 'hello', partial: false }],
    ['[pod/web-1/app] 2026-11-21T10:00:07.120Z hello', { text: 'hello', pod: 'web-1', container: 'app', partial: false }],
    [
      '{"at":"2026-11-21T10:00:07.120000000Z","namespace":"shop","kind":"Deployment","workload":"web","pod":"web-1","container":"app","level":"info","status":0,"text":"hello"}',
      { text: 'hello', namespace: 'shop', kind: 'Deployment', workload: 'web', pod: 'web-1', container: 'app', partial: false },
    ],
    ['{"log":"hello\\n","stream":"stdout","time":"2026-11-21T10:00:07.12Z"}', { text: 'hello', partial: false }],
    [
      '{"level":"error","time":"2026-11-21T10:00:07.120Z","msg":"boom"}',
      { text: '{"level":"error","time":"2026-11-21T10:00:07.120Z","msg":"boom"}', partial: false },
    ],
  ];
  for (const [line, expected] of forms) assert.deepEqual(readFileLine(line), { ...at, ...expected }, line);
  assert.equal(readFileLine('    at java.base/Thread.run'), null);
  assert.equal(readFileLine('{"broken": '), null);
});

test('whose log a file is stands in its path, else its name stands for the workload', () => {
  const shown = (path: string) => {
    const { workload, pod, container } = originOfFile(path);
    return `${workload.namespace}/${workload.kind}/${workload.name} ${pod} ${container}`;
  };
  assert.equal(
    shown('/var/log/pods/shop_checkout-6d5f9bc7d4-x7k2p_0a1b2c/app/0.log.20261121-101500.gz'),
    'shop/Deployment/checkout checkout-6d5f9bc7d4-x7k2p app',
  );
  assert.equal(shown(`/var/log/containers/db-0_data_postgres-${'a'.repeat(64)}.log`), 'data/StatefulSet/db db-0 postgres');
  assert.equal(shown('/tmp/checkout.log.gz'), 'logs/File/checkout checkout app');
  assert.equal(originOfPod('x', 'agent-x7k2p', 'app').workload.kind, 'DaemonSet');
  assert.equal(originOfPod('x', 'report-29384756-x7k2p', 'app').workload.kind, 'CronJob');
  assert.equal(originOfPod('x', 'bastion', 'app').workload.kind, 'Pod');
});

test('parts of a line are one line, and a line without a time goes on the one before', async () => {
  const path = join(folder, 'parts.log');
  writeFileSync(
    path,
    '  orphan\n2026-11-21T10:00:00Z stdout P one\n2026-11-21T10:00:01Z stdout F  two\n2026-11-21T10:00:02Z stdout F three\n\tat x\n9999-01-01T00:00:00Z out of time\n',
  );
  const reader = await LogReader.open(path, { from: 0, to: Number.POSITIVE_INFINITY, latest: Date.UTC(2026, 10, 22) });
  const batch = await reader.take(Number.POSITIVE_INFINITY, 100);
  assert.deepEqual(
    batch?.lines.map(({ second, text }) => [second % 60, text]),
    [
      [0, 'one two'],
      [2, 'three'],
      [2, '\tat x'],
      [2, '9999-01-01T00:00:00Z out of time'],
    ],
  );
  assert.equal(await reader.take(Number.POSITIVE_INFINITY, 100), null);
});
