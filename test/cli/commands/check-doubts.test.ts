import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check } from '../../../src/cli/commands/check.ts';
import { folderOf, runCommand } from '../run-command.ts';

const RULE = 'rules:\n  - alert: A\n    log_match: { level: error, within: 5m }\n';

async function toldOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { stderr } = await runCommand(check, folderOf(files));
  return stderr.trimEnd().split('\n');
}

test('a span longer than the window, a share above all and a probe that is not there are warnings at their places', async () => {
  const told = await toldOf({
    'tocsin.yaml': 'store: { window: 12h }\nprobes: [{ name: rare, url: "http://x/", every: 5m }]\n',
    'rules/a.yaml': `rules:
  - alert: Long
    log_match: { level: error, within: 24h }
  - alert: All
    error_ratio: { errors: { level: error }, above: 100% }
  - alert: Probe
    probe: { name: shop-*, failed_ratio: 50% }
  - alert: Trend
    usage_trend: { resource: memory, within: 24h }
  - alert: Any
    probe: { name: "*", failed_ratio: 50% }
  - alert: Rare
    probe: { failed_ratio: 10%, minutes: 2 of 5 }
  - alert: Often
    probe: { latency_ms: 10, minutes: 2 of 6 }
  - alert: None
    restarts: { above: 1, within: 1h }
    except: { }
`,
  });
  assert.deepEqual(told, [
    'rules/a.yaml:3:40: warning: rule Long: "within" is longer than the window that is kept, 12 h: what is older is never seen',
    'rules/a.yaml:5:53: warning: rule All: no share is above 100%, so this is never true',
    'rules/a.yaml:7:20: warning: rule Probe: the settings have no probe "shop-*", so this is never judged',
    'rules/a.yaml:13:42: warning: rule Rare: probe "rare" is checked every 5 min, too rarely for so many minutes with a check, so this is never true of it',
    'rules/a.yaml:18:13: warning: rule None: an empty selector takes everything, so the rule applies to nothing',
  ]);
});

test('labels and values that no alert has are warnings wherever the settings match alerts', async () => {
  const told = await toldOf({
    'tocsin.yaml': `receivers: [{ name: s, slack: { webhook_url: "" } }]
routes:
  - { match: { severty: critical }, receivers: [s] }
  - { match: [{ severity: "crit*" }, { severity: critcal }, { alert: [A, Bb], team: x }], receivers: [s] }
notifications: { group_by: [namespce, team] }
inhibit: [{ source: { alert: "Node*" }, target: { team: x }, equal: [noode] }]
mute: [{ match: { namespac: x } }]
`,
    'rules/a.yaml': `defaults: { labels: { team: web } }\n${RULE}`,
  });
  assert.deepEqual(told, [
    'tocsin.yaml:3:16: warning: no alert has the label "severty"; did you mean "severity"?',
    'tocsin.yaml:4:50: warning: no alert has the severity "critcal"; did you mean "critical"?',
    'tocsin.yaml:4:74: warning: no rule has the alert "Bb"',
    'tocsin.yaml:5:29: warning: no alert has the label "namespce"; did you mean "namespace"?',
    'tocsin.yaml:6:30: warning: no rule has the alert "Node*"',
    'tocsin.yaml:6:70: warning: no alert has the label "noode"; did you mean "node"?',
    'tocsin.yaml:7:19: warning: no alert has the label "namespac"; did you mean "namespace"?',
  ]);
});

test('receivers and routes are checked also where another part of the settings is broken', async () => {
  const told = await toldOf({
    'tocsin.yaml': `clustr: {}
receivers: [{ name: s, slack: { webhook_url: "\${URL:-ftp://x}" } }]
routes: [{ receivers: [y] }, { match: [], receivers: [s] }]
`,
    'rules/a.yaml': RULE,
  });
  assert.deepEqual(told, [
    'tocsin.yaml:1:1: unknown key "clustr"; did you mean "cluster"?',
    'tocsin.yaml:2:31: receiver "s": webhook_url must begin with https:// or http://',
    'tocsin.yaml:3:24: unknown receiver "y"; known are s',
    'tocsin.yaml:3:39: expected at least 1 in the list, found 0',
  ]);
});

test('a name that is misspelt in a template is told with the one that was meant', async () => {
  const told = await toldOf({ 'rules/a.yaml': `${RULE}    summary: "{{ worklod }}"\n` });
  assert.deepEqual(told, ['rules/a.yaml:4:14: bad template: unknown name "worklod"; did you mean "workload"?']);
});

test('a device or pipe among the rule files is refused instead of read for ever', async () => {
  const cwd = folderOf({ 'rules/a.yaml': RULE });
  symlinkSync('/dev/null', join(cwd, 'rules/b.yaml'));
  const { status, stderr } = await runCommand(check, cwd);
  assert.deepEqual([status, stderr], [2, 'rules/b.yaml:1:1: could not read the file: it is no regular file\n']);
});

test('a webhook address that stands in the settings is a warning, however short it is', async () => {
  const told = await toldOf({
    'tocsin.yaml': 'receivers: [{ name: s, slack: { webhook_url: "https://hooks.slack.com/services/T/B/X" } }]\n',
    'rules/a.yaml': RULE,
  });
  assert.match(told.join('\n'), /^tocsin\.yaml:1:46: warning: webhook_url is a secret and stands in the file itself/);
});
