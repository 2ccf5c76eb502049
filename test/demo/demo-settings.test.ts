import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hasten, writeDemoSettings } from '../../demo/demo-settings.ts';
import { freePort } from '../../demo/free-port.ts';
import { messageLine } from '../../demo/terminal.ts';

test('holds become a tenth, and nothing else changes', () => {
  const rules =
    '  - alert: A\n    crash_loop: { restarts: 2, within: 30m }\n    for: 20m\n  # Waits for: nothing\n  - alert: B\n    for: 2m\n';
  assert.equal(hasten(rules), rules.replace('20m', '2m').replace(/for: 2m\n$/, 'for: 12s\n'));
});

test('the shipped rules are taken without their tests', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const rulesFolder = fileURLToPath(new URL('../../rules', import.meta.url));
  const addresses = {
    slackUrl: 'http://127.0.0.1:1/services/x',
    smtpUrl: 'smtp://127.0.0.1:2',
    inboxUrl: 'http://127.0.0.1:4',
    pagePort: 3,
  };
  const file = writeDemoSettings({ folder, kubeconfig: 'text', rulesFolder, ...addresses });
  const names = readdirSync(join(folder, 'rules'));
  assert.ok(names.length > 0 && names.every((name) => name.endsWith('.yaml') && !name.includes('.test.')));
  assert.match(readFileSync(file, 'utf8'), /webhook_url: "http:\/\/127\.0\.0\.1:1\/services\/x"/);
});

test('a port that is taken is replaced by a free one', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const address = taken.address();
  assert.ok(typeof address === 'object' && address !== null);
  const port = await freePort(address.port);
  assert.ok(port > 0 && port !== address.port);
  taken.close();
});

test('a message is one line without escapes and control characters', () => {
  const headline = 'CRITICAL · a/b: 1 &lt; 2\u001b[31m\nmore';
  const payload = { text: headline, blocks: [], attachments: [] };
  const line = messageLine({ id: 1, at: 0, kind: 'slack', path: '/', headline, payload });
  assert.match(line, /slack {4}.*CRITICAL · a\/b: 1 < 2 \[31m/);
  assert.ok(!line.includes('\n'));
});
