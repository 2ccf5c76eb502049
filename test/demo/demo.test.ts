import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('the demo tells of the crash loop, and Ctrl-C ends it soon without a trace', { timeout: 180_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  const main = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
  const demo = spawn(process.execPath, [main], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  context.after(() => {
    demo.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const exited = once(demo, 'exit');
  let errors = '';
  demo.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines: string[] = [];
  for await (const line of createInterface(demo.stdout)) {
    lines.push(line);
    if (/CRITICAL · shop\/checkout: CrashLoopBackOff/.test(line)) break;
  }
  const inbox = /Inbox\s+.*?(http:\/\/127\.0\.0\.1:\d+)/.exec(lines.join('\n'))?.[1];
  assert.ok(inbox !== undefined, `${lines.join('\n')}\n${errors}`);
  assert.match(await (await fetch(inbox)).text(), /CRITICAL · shop\/checkout/);
  const stoppedAt = performance.now();
  demo.kill('SIGINT');
  assert.deepEqual(await exited, [0, null]);
  // It gives itself 4.5 s; the rest is what a busy machine takes.
  assert.ok(performance.now() - stoppedAt < 15_000);
  assert.deepEqual([readdirSync(folder), errors], [[], '']);
});
