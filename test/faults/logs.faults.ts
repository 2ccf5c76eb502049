import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { eventually } from './eventually.ts';
import { assertEachOnce, NumberedLines } from './numbered-lines.ts';
import { watchPage } from './page-watch.ts';
import { Stage } from './stage.ts';

const MiB = 1024 ** 2;

test('a line of 50 MB, NUL, broken UTF-8 and a flood of lines neither stall the page nor fill the memory', async (context) => {
  await using stage = await Stage.open({ cluster: { logMaxBytes: 500 * MiB } });
  const steady = new NumberedLines('steady', stage.cluster.addPod({ namespace: 'shop', name: 'steady' }).container());
  steady.print(10);
  const daemon = stage.start();
  await daemon.cycles(2);
  const pod = (name: string) => stage.cluster.addPod({ namespace: 'shop', name }).container();
  pod('huge')
    .write(Buffer.alloc(50 * 1000 * 1000, 'x'))
    .write('after the huge one');
  pod('odd')
    .write(Buffer.from([0x61, 0x00, 0x62, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x63]))
    .write(Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28]))
    .write('‮ after the odd ones');
  const flood = pod('flood');
  const at = BigInt(Date.now() - 1000) * 1_000_000n;
  for (let i = 0; i < 400_000; i++)
    flood.write(`level=info msg="request ${i} served" path=/items/${i % 97}`, { at: at + BigInt(i) });
  steady.print(10);
  const stopWatch = watchPage(`${await daemon.address()}/readyz`);
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, daemon.memory())), 50);
  await daemon.cycles(4, 120_000);
  clearInterval(timer);
  const slowest = await stopWatch();
  context.diagnostic(`the page answered within ${Math.round(slowest)} ms, memory at most ${Math.round(peak / MiB)} MiB`);
  assert.ok(peak < 400 * MiB, `${Math.round(peak / MiB)} MiB at the most`);
  assert.ok(slowest < 3_000, `the page answered after ${Math.round(slowest)} ms at the slowest`);
  const [huge] = await daemon.list('/api/v1/logs?pod=huge&grep=^x');
  const text = String(huge?.['text']);
  assert.ok(text.length <= 300 * 1024 && text.length > 200 * 1024, `${text.length} characters`);
  assert.equal((await daemon.list('/api/v1/logs?pod=huge&grep=after')).length, 1, 'what follows the huge line is read');
  assert.equal((await daemon.list('/api/v1/logs?pod=odd')).length, 3);
  assert.equal((await daemon.list('/api/v1/logs?pod=flood&grep=request%20399999')).length, 1);
  const cycles = await daemon.list('/api/v1/cycles?limit=1000');
  const reasons = cycles.flatMap((cycle) =>
    (cycle['gaps'] as { pod: string; reason: string }[]).map((gap) => `${gap.pod} ${gap.reason}`),
  );
  assert.deepEqual(
    reasons.filter((reason) => !/^(huge|flood) truncated$/.test(reason)),
    [],
  );
  assert.equal((await assertEachOnce(stage, daemon, [steady])).get(steady.key), 0);
  const page = (await daemon.get('/logs?pod=odd')).text;
  assert.doesNotMatch(page, /[\x00\x1b‮]/, 'control characters are made visible');
});

test('answers that come byte by byte are read like any other', async () => {
  await using stage = await Stage.open();
  const pod = stage.cluster.addPod({ namespace: 'shop', name: 'web' }).container();
  const lines = [
    '{"level":"error","msg":"ünïcödé"}',
    'Exception in thread "main" java.lang.IllegalStateException: no',
    '\tat shop.Cart.add(Cart.java:1)',
    'last',
  ];
  for (const line of lines) pod.write(line);
  stage.cluster.faults.add({ on: /\/log\?/, effect: { kind: 'slow', chunkBytes: 1, everyMs: 0 } });
  const daemon = stage.start();
  await daemon.cycles(2, 60_000);
  const stored = (await daemon.list('/api/v1/logs?pod=web')).map(({ text }) => String(text)).reverse();
  assert.deepEqual(stored.join('\n').split('\n'), lines);
});

/** One of each of the five kinds, made at run time so that no scanner takes them for real ones. */
const SECRETS = {
  jwt: `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"1234567890"}').toString('base64url')}.c2lnbmF0dXJlLW9mLXRlc3Q`,
  bearer: `tk-${'9f8e7d6c5b4a'.repeat(3)}`,
  password: 'hunter2-In-A-Url',
  cloud: `AKIA${'Z7Q2'.repeat(4)}`,
  key: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
  keyEnd: 'k8D7pWqLx0ZtT3mN5vYbR2cH4gJ6sF9uE1aQwXyZoPiUrTlKjHgFdSaMnBvCxZqw',
};

function secretText(): string {
  return [
    `{"level":"error","msg":"login","token":"${SECRETS.jwt}"}`,
    `Authorization: Bearer ${SECRETS.bearer}`,
    `connecting to postgres://shop:${SECRETS.password}@db:5432/shop`,
    `using key ${SECRETS.cloud}`,
    `-----BEGIN PRIVATE KEY-----`,
    SECRETS.key,
  ].join('\n');
}

test('no secret of a log, a status or an event is stored, sent, shown or logged, wherever a read ends', async () => {
  await using stage = await Stage.open({
    rules: `
rules:
  - alert: CrashLoop
    crash_loop: { restarts: 2, within: 30m }
    severity: critical
    summary: "{{ workload }}: {{ reason }}"
  - alert: Errors
    log_match: { level: error, above: 0, within: 10m }
    severity: warning
`,
  });
  const pod = stage.cluster.addPod({ namespace: 'shop', name: 'leaky' });
  const daemon = stage.start();
  await daemon.cycles(1);
  pod.container().write(secretText());
  // The key goes on after a read has ended in its middle.
  await daemon.cycles(2);
  pod.container().write(`${SECRETS.keyEnd}\n-----END PRIVATE KEY-----\nafter the key`);
  await daemon.cycles(2);
  const oneLine = `postgres://shop:${SECRETS.password}@db:5432/shop refused ${SECRETS.jwt} and ${SECRETS.cloud}`;
  stage.cluster.addEvent({
    namespace: 'shop',
    kind: 'Pod',
    name: 'leaky',
    objectUid: pod.spec.uid,
    type: 'Warning',
    reason: 'Unhealthy',
    message: oneLine,
  });
  pod.container().crash({ message: oneLine });
  for (const kind of ['slack', 'mail'] as const)
    await stage.inbox.waitFor((message) => message.kind === kind && /leaky/.test(message.headline), 30_000);
  await eventually('the minute is judged', 90_000, () => JSON.stringify(stage.told).includes('Errors'));
  const ids = (await daemon.list('/api/v1/alerts')).map(({ id }) => String(id));
  const paths = [
    '/',
    '/alerts',
    '/rules',
    '/logs',
    '/api/v1/alerts',
    '/api/v1/logs?limit=1000',
    '/api/v1/cycles',
    '/api/v1/deliveries',
    '/metrics',
    ...ids.map((id) => `/alerts/${id}`),
  ];
  const shown = new Map<string, string>();
  for (const path of paths) shown.set(path, (await daemon.get(path)).text);
  assert.match(shown.get('/api/v1/logs?limit=1000') ?? '', /after the key/);
  assert.match(shown.get('/api/v1/logs?limit=1000') ?? '', /redacted:url-password/);
  await daemon.stop();
  shown.set('the log', daemon.log);
  shown.set('the messages', JSON.stringify(stage.told));
  for (const name of readdirSync(stage.data, { recursive: true, withFileTypes: true }))
    if (name.isFile()) shown.set(join(name.parentPath, name.name), readStored(join(name.parentPath, name.name)));
  for (const [place, text] of shown)
    for (const [kind, secret] of Object.entries(SECRETS)) assert.ok(!text.includes(secret), `${kind} in ${place}`);
});

/** A stored file as text; each zstd frame of it is unpacked by itself. */
function readStored(path: string): string {
  const bytes = readFileSync(path);
  if (!path.endsWith('.zst')) return bytes.toString('latin1');
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  let text = '';
  for (let from = bytes.indexOf(magic); from !== -1; ) {
    const next = bytes.indexOf(magic, from + 4);
    text += zstdDecompressSync(bytes.subarray(from, next === -1 ? undefined : next)).toString('latin1');
    from = next;
  }
  return text;
}
