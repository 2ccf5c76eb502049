import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '../../../src/base/logger.ts';
import { Secret } from '../../../src/base/secret.ts';
import { DEFAULT_AUTH, type PageAuth } from '../../../src/web/auth/page-auth.ts';
import type { RuleTrial } from '../../../src/web/view.ts';
import { clock } from '../../build.ts';
import { alert } from '../build-page.ts';
import { statusView } from '../fixture.ts';
import { serving } from '../serving.ts';

const PAGE = '/rules/CrashLoopBackOff';
const SOURCE = '- alert: CrashLoopBackOff\n  crash_loop: { restarts: 2 } # <b>';

/** A page whose trials end in `outcome`; `send` fills the form in that it shows. */
async function trying(t: TestContext, outcome: RuleTrial, auth: PageAuth = DEFAULT_AUTH) {
  const asked: string[] = [];
  const trials = {
    source: () => SOURCE,
    try: async (_rule: unknown, text: string) => {
      asked.push(text);
      return outcome;
    },
  };
  const { get } = await serving(t, statusView({ workloads: [], overrides: { trials } }), silentLogger, auth);
  const shown = await get(PAGE);
  const token = /name="token" value="([^"]+)"/.exec(shown.text)?.[1] ?? '';
  const cookie = shown.headers.get('set-cookie')?.split(';')[0] ?? '';
  const send = (text: string, fields: Readonly<Record<string, string>> = {}) =>
    get(PAGE, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ token, rule: text, ...fields }) });
  return { shown, asked, send };
}

test('the form holds the rule as its file has it', async (t) => {
  const { shown } = await trying(t, { problems: [], result: null });
  assert.match(
    shown.text,
    /<textarea name="rule"[^>]*>- alert: CrashLoopBackOff\n {2}crash_loop: \{ restarts: 2 \} # &lt;b&gt;<\/textarea>/,
  );
  assert.match(shown.text, /<button>Try it<\/button>/);
});

test('what the edited rule would have fired stands beside how often the one in force would have', async (t) => {
  const after = [
    alert({ alert: 'after', firedAt: clock('13:52'), peak: 7 }),
    alert({ alert: 'after', firedAt: clock('10:40'), resolvedAt: clock('11:10'), state: 'resolved', peak: 3 }),
  ];
  const { send, asked } = await trying(t, { problems: [], result: { before: [], after } });
  const { status, text } = await send('- alert: Edited');
  assert.equal(status, 200);
  assert.deepEqual(asked, ['- alert: Edited']);
  assert.match(text, /2 alerts by the edited rule, no alert by the one in force/);
  assert.match(text, />13:52<\/time><br><small>still firing</);
  assert.match(text, />10:40<\/time><br><small>for 30 min</);
  assert.match(text, /<textarea name="rule"[^>]*>- alert: Edited<\/textarea>/);
});

test('a rule that cannot be tried says why', async (t) => {
  const { send } = await trying(t, { problems: ['rules/crashes.yaml:3:5: unknown key "<b>"'], result: null });
  const { status, text } = await send('- alert: Edited');
  assert.equal(status, 400);
  assert.match(text, /<h3>The rule was not tried<\/h3><ul><li>rules\/crashes\.yaml:3:5: unknown key &quot;&lt;b&gt;&quot;</);
});

test('nobody else’s form is taken, nor one from who may not write', async (t) => {
  const { send, asked } = await trying(t, { problems: [], result: null });
  assert.equal((await send('- alert: X', { token: 'forged' })).status, 403);
  const write = { kind: 'bearer', token: new Secret('right-token-0123456789') } as const;
  const locked = await trying(t, { problems: [], result: null }, { ...DEFAULT_AUTH, write });
  assert.match(locked.shown.text, /<button disabled>Try it<\/button>/);
  assert.equal((await locked.send('- alert: X')).status, 401);
  assert.deepEqual([...asked, ...locked.asked], []);
});

test('a text that is no rule any more is too large', async (t) => {
  const { send, asked } = await trying(t, { problems: [], result: null });
  assert.equal((await send('x'.repeat(70_000))).status, 413);
  assert.deepEqual(asked, []);
});

test('a rule that its file has no longer cannot be tried', async (t) => {
  const trials = { source: () => null, try: async () => ({ problems: [], result: null }) };
  const { get } = await serving(t, statusView({ workloads: [], overrides: { trials } }));
  const { status, text } = await get(PAGE);
  assert.equal(status, 200);
  assert.match(text, /file cannot be read, or has no such rule any more/);
  assert.doesNotMatch(text, /<textarea/);
});
