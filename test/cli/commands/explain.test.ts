import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explain } from '../../../src/cli/commands/explain.ts';
import { fingerprint } from '../../../src/core/alerts/fingerprint.ts';
import type { Cycle } from '../../../src/core/model/cycle.ts';
import type { Silence } from '../../../src/core/model/silence.ts';
import { EMPTY_ALERTS } from '../../../src/core/model/state.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { clock, container, minute, pod, refOf, restartsOf, waiting } from '../../build.ts';
import { alert } from '../../core/alerts/build-alert.ts';
import { commit, options } from '../../store/store-fixture.ts';
import { folderOf, runCommand } from '../run-command.ts';

const RULES = `rules:
  - alert: Loop
    crash_loop: { restarts: 2, within: 30m }
    for: 15m
    except: { namespace: kube-system }
  - alert: Errors
    error_ratio: { errors: { level: error }, above: 5%, min_count: 20, minutes: 2 of 3 }
`;

/** A folder with these rules, and a store of three cycles. */
async function stage(cycles: readonly (readonly [at: string, fields: Partial<Cycle>])[]): Promise<string> {
  const cwd = folderOf({ 'rules/a.yaml': RULES, 'tocsin.yaml': 'timezone: UTC\n' });
  await using store = await openStore('json', options(join(cwd, 'data')));
  for (const [at, fields] of cycles) await commit(store, at, [], fields);
  return cwd;
}

const web = pod({ of: 'shop/web' });
const looping = pod({
  of: 'shop/cart',
  containers: [container({ ready: false, restarts: 4, state: waiting('CrashLoopBackOff') })],
});
const proxy = pod({ of: 'kube-system/proxy' });

async function loop(): Promise<string> {
  return stage(
    ['10:00', '10:10', '10:20'].map((at) => [
      at,
      { states: [web, looping, proxy], namespaces: ['shop', 'kube-system'], restarts: [restartsOf(looping, at, { count: 2 })] },
    ]),
  );
}

test('a rule that waits says for how long it was true, and then fires', async () => {
  const { status, stdout } = await runCommand(explain, await loop(), ['Loop', 'shop/cart'], { since: '15m' });
  assert.equal(status, 0);
  assert.match(stdout, /^Loop \(rules\/a\.yaml:2\): .+, for 15 min, warning\n/);
  assert.match(stdout, /shop\/Deployment\/cart app: no alert\n/);
  assert.match(stdout, /\n {2}2026-11-21 10:14:00 +pending +true +for: true for 14 min of 15 min\n/);
  assert.match(stdout, /\n {2}2026-11-21 10:15:00.* firing +true +waiting in CrashLoopBackOff, \d+ restarts\n/);
});

test('a silence, or a mute that began, after the last judgement is named as what keeps the alert from being told', async () => {
  const cwd = await loop();
  const subject = { namespace: 'shop', kind: 'Deployment', workload: 'cart', container: 'app' };
  const firing = alert({ alert: 'Loop', fingerprint: fingerprint('Loop', subject), state: 'firing' });
  const silence: Silence = {
    id: '1',
    match: { alert: ['Loop'] },
    createdAt: 0,
    startsAt: 0,
    endsAt: Number.MAX_SAFE_INTEGER,
    comment: 'we know',
    author: 'ops',
    untilResolved: false,
    covered: false,
    reminded: false,
  };
  {
    await using store = await openStore('json', options(join(cwd, 'data')));
    await store.saveAlerts({ ...EMPTY_ALERTS, alerts: [firing], silences: [silence] });
  }
  const told = async () => (await runCommand(explain, cwd, ['Loop', 'shop/cart'])).stdout;
  assert.match(await told(), /shop\/Deployment\/cart app: firing since .*; not told: silenced by ops: we know\n/);
  {
    await using store = await openStore('json', options(join(cwd, 'data')));
    await store.saveAlerts({ ...EMPTY_ALERTS, alerts: [firing] });
  }
  writeFileSync(join(cwd, 'tocsin.yaml'), 'mute: [{ match: { alert: Loop }, from: "00:00", to: "24:00" }]\n');
  assert.match(await told(), /shop\/Deployment\/cart app: firing since .*; not told: muted until /);
});

test('an alert that fired by a look between two cycles says so, since no stored judgement does', async () => {
  const cwd = await loop();
  const subject = { namespace: 'shop', kind: 'Deployment', workload: 'cart', container: 'app' };
  const told = async (firedAt: string) => {
    const fired = {
      ...alert({ alert: 'Loop', fingerprint: fingerprint('Loop', subject), state: 'firing' }),
      firedAt: clock(firedAt),
    };
    {
      await using store = await openStore('json', options(join(cwd, 'data')));
      await store.saveAlerts({ ...EMPTY_ALERTS, alerts: [{ ...fired, summary: 'it loops' }] });
    }
    return (await runCommand(explain, cwd, ['Loop', 'shop/cart'])).stdout;
  };
  const said = '  it fired at 2026-11-21 10:14:30 by a look between two cycles: it loops\n';
  assert.ok((await told('10:14:30')).includes(said));
  assert.doesNotMatch(await told('10:15'), /between two cycles/);
});

test('what was seen of the pods is said in the words of rule tests', async () => {
  const { stdout } = await runCommand(explain, await loop(), ['Loop', 'shop/Deployment/cart']);
  assert.match(
    stdout,
    /\n {2}2026-11-21 10:00:00 {2}\{ workload: shop\/Deployment\/cart, pod: cart-1, container: app, waiting: CrashLoopBackOff, restarts: 4 \}\n$/,
  );
});

test('a workload that the rule does not select, and one that nobody knows, are told apart', async () => {
  const cwd = await loop();
  const excepted = await runCommand(explain, cwd, ['Loop', 'kube-system/proxy']);
  assert.equal(excepted.status, 0);
  assert.match(excepted.stdout, /kube-system\/Deployment\/proxy: selector: the rule's "match" or "except" does not take it\n/);
  const unknown = await runCommand(explain, cwd, ['Loop', 'shop/nobody']);
  assert.deepEqual(
    [unknown.status, unknown.stderr],
    [1, 'tocsin explain: unknown workload "shop/nobody": nothing that is stored has that name\n'],
  );
});

test('a workload of which the rule has nothing to judge is told from one that nobody knows', async () => {
  const cwd = await loop();
  writeFileSync(join(cwd, 'rules', 'b.yaml'), 'rules: [{ alert: Failed, job: { failed: true } }]\n');
  const { status, stdout } = await runCommand(explain, cwd, ['Failed', 'shop/cart']);
  assert.equal(status, 0);
  assert.match(stdout, /\nshop\/Deployment\/cart: nothing to judge: the rule is about something else/);
  assert.equal((await runCommand(explain, cwd, ['Failed', 'shop/nobody'])).status, 1);
});

test('what belongs to no namespace is named by its name, with or without its kind', async () => {
  const cwd = await loop();
  writeFileSync(join(cwd, 'rules', 'b.yaml'), 'rules: [{ alert: Node, node: { not_ready: true } }]\n');
  for (const name of ['node-1', 'Node/node-*', '*/Node/node-1']) {
    const { status, stdout } = await runCommand(explain, cwd, ['Node', name]);
    assert.equal(status, 0, name);
    assert.match(stdout, /\nNode\/node-1 node-1: no alert\n/, name);
  }
  assert.equal((await runCommand(explain, cwd, ['Node', 'Pod/node-1'])).status, 1);
});

test('for counts from when what is true now began, and not what was unknown', async () => {
  const at = (ready: 'True' | 'False', since: string) => [
    pod({ of: 'shop/web', conditions: [{ type: 'Ready', status: ready, reason: '', message: '', since: clock(since) }] }),
  ];
  const cwd = await stage([
    ['10:00', { states: at('False', '09:58') }],
    ['10:10', { states: at('False', '10:07') }],
    ['10:20', { states: at('False', '10:17') }],
  ]);
  writeFileSync(join(cwd, 'rules', 'b.yaml'), 'rules: [{ alert: Unready, pod: { not_ready: true }, for: 15m }]\n');
  const { stdout } = await runCommand(explain, cwd, ['Unready', 'shop/web']);
  assert.match(stdout, / 10:10:00 +pending +true +for: true for 3 min of 15 min\n/);
  assert.match(stdout, / 10:20:00 +pending +true +for: true for 3 min of 15 min\n/);
});

test('too few lines, too few minutes and the comparison are named as what decided', async () => {
  const lines = (time: string, all: number, error: number) => minute(time, { levels: { info: all - error, error } });
  const cwd = await stage([
    ['10:00', { states: [web] }],
    [
      '10:10',
      {
        states: [web],
        minutes: [
          {
            ref: refOf(web),
            minutes: [lines('10:05', 10, 10), lines('10:06', 100, 2), lines('10:07', 100, 50), lines('10:08', 100, 50)],
          },
        ],
      },
    ],
  ]);
  const { stdout } = await runCommand(explain, cwd, ['Errors', 'shop/web'], { since: '5m', json: true });
  const { subjects } = JSON.parse(stdout);
  const clauses = subjects[0].judgements.map((each: { at: string; verdict: string; clause: string }) => [
    each.at.slice(11, 16),
    each.verdict,
    each.clause,
  ]);
  assert.deepEqual(clauses, [
    ['10:05', 'false', 'min_count: 0 of 20 lines in the newest minute'],
    ['10:06', 'false', 'min_count: 10 of 20 lines in the newest minute'],
    ['10:07', 'false', '2%, threshold 5%'],
    ['10:08', 'false', 'minutes: 1 of 2 bad ones'],
    ['10:09', 'true', '50%, threshold 5%'],
    ['10:10', 'true', '50%, threshold 5%'],
  ]);
});

test('an unknown rule gets a suggestion, and an empty store says what to do', async () => {
  const cwd = await stage([]);
  const unknown = await runCommand(explain, cwd, ['Lop']);
  assert.deepEqual([unknown.status, unknown.stderr], [1, 'tocsin explain: unknown rule "Lop"; did you mean "Loop"?\n']);
  const empty = await runCommand(explain, cwd, ['Loop']);
  assert.deepEqual(
    [empty.status, empty.stderr],
    [1, 'tocsin explain: nothing is stored yet: a cycle has to be collected first\n'],
  );
  assert.equal((await runCommand(explain, cwd)).status, 2);
});
