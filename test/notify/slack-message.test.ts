import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { DAY, MINUTE } from '../../src/base/duration.ts';
import type { Changes, Comparison } from '../../src/core/model/context.ts';
import type { Evidence } from '../../src/core/model/notification.ts';
import { messageOf } from '../../src/notify/message.ts';
import { SLACK_BLOCKS, SLACK_CHARACTERS, slackMessage } from '../../src/notify/slack-message.ts';
import { clock } from '../build.ts';
import { alert, ended, evidence, notification, notified } from '../core/alerts/build-alert.ts';

const line = (text: string) => ({
  at: '2026-11-21T10:00:00.000000000Z',
  pod: 'checkout-1',
  container: 'app',
  level: 'error',
  text,
});

const EVIL = '<!channel> <https://evil|x> <@U123> <#C1> ``` &lt;!here&gt; \u202egnp.exe\u001b[31m @here';

/** A rollout at 09:56 UTC, four minutes before the alert. */
function changesOf(to: string): Changes {
  const change = { at: clock('09:56'), dated: 'rolled out', what: 'image of app', from: 'shop:1.4.1', to } as const;
  return { from: clock('00:00'), items: [change], more: 0, earlierAt: null, firstEndAt: null };
}

const SPAN = { from: clock('10:00') - DAY, to: clock('10:00') };
const COMPARISON: Comparison = {
  number: {
    what: 'restarts in 30 min',
    unit: 'count',
    now: 7,
    ...SPAN,
    median: 0,
    worst: 0,
    worstIs: 'highest',
    worstAt: clock('09:00'),
  },
  fired: { ...SPAN, count: 1, lastAt: clock('03:00'), lastFor: 12 * MINUTE },
};

/** Every text of a message. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** What Slack would take for markup, other than the links to our own page and runbook. */
function markup(message: unknown): readonly string[] {
  return texts(message)
    .map((text) =>
      text.replace(/<https:\/\/(?:tocsin|runbooks)\.example\.com[^<>|\s]*\|(?:Runbook|Silence|Status page|status page)>/g, ''),
    )
    .flatMap((text) => text.match(/<[^>]*>?|>/g) ?? []);
}

function assertWithinLimits(message: ReturnType<typeof slackMessage>): void {
  assert.ok(message.blocks.length <= SLACK_BLOCKS, `${message.blocks.length} blocks`);
  assert.ok(JSON.stringify(message).length <= SLACK_CHARACTERS, `${JSON.stringify(message).length} characters`);
  for (const block of message.blocks) {
    if (block.type === 'header') assert.ok(block.text.text.length <= 150);
    if (block.type === 'section' && 'text' in block) assert.ok(block.text.text.length <= 3_000 && block.text.text.length > 0);
    if (block.type === 'section' && 'fields' in block) {
      assert.ok(block.fields.length <= 10 && block.fields.length > 0);
      for (const field of block.fields) assert.ok(field.text.length <= 2_000);
    }
  }
}

/** Everything that is not inside a code block; an odd number of fences would leave one open. */
function assertFencesClosed(message: ReturnType<typeof slackMessage>): void {
  for (const block of message.blocks)
    if (block.type === 'section' && 'text' in block)
      assert.ok([0, 2].includes(block.text.text.split('```').length - 1), block.text.text);
}

suite('first line', () => {
  const title = (fields: Parameters<typeof notification>[0]) => messageOf(notification(fields)).title;

  test('the name of the rule is not said twice', () => {
    const oom = notified(alert({ alert: 'OOMKilled', severity: 'warning' }), {
      phrase: 'OOMKilled once within 1h, exit code 137',
    });
    assert.equal(title({ firing: [oom] }), 'WARNING · shop-1/checkout: OOMKilled, once in 1 h, exit code 137');
    const evicted = notified(alert({ alert: 'Evicted', severity: 'warning' }), { phrase: '1 pod ended: Evicted' });
    assert.equal(title({ firing: [evicted] }), 'WARNING · shop-1/checkout: Evicted, 1 pod ended');
  });

  test('one that is told again while only its hold keeps it says since when it is calm, not a number of a good moment', () => {
    const calm = alert({ value: 0, falseSince: clock('10:05') });
    const known = notified(calm, { fresh: false });
    assert.equal(title({ firing: [known] }), 'CRITICAL · shop-1/checkout: CrashLoopBackOff, calm for 15 min');
    const repeated = notification({ reason: 'repeat', firing: [known] });
    assert.match(messageOf(repeated).title, /calm for 15 min, still firing after 20 min$/);
    assert.match(messageOf(repeated).alerts[0]?.status ?? '', /^Firing since .*, for 20 min; calm for 15 min$/);
    assert.match(title({ firing: [notified(calm)] }), /7 restarts/);
  });

  test('an alert whose object is gone has not healed, and says so', () => {
    const over = { ...ended(alert(), '10:15'), resolvedReason: 'workload is gone' };
    assert.match(title({ firing: [], resolved: [notified(over, { fresh: false })] }), /after 15 min, workload is gone$/);
  });

  test('what joined or ended beside a worse alert that is known already is named', () => {
    const known = notified(alert(), { fresh: false });
    const spike = alert({ alert: 'RestartSpike', severity: 'warning' });
    const start = 'CRITICAL · shop-1/checkout: CrashLoopBackOff, 7 restarts in 30 min';
    assert.equal(title({ firing: [known, notified(spike)] }), `${start}; new: RestartSpike`);
    assert.equal(title({ firing: [known], resolved: [notified(ended(spike, '10:15'))] }), `${start}; resolved: RestartSpike`);
    assert.equal(title({ firing: [notified(), notified(spike)] }), `${start} (+1 more)`);
    const long = notified({ ...known.alert, facts: { reason: 'x'.repeat(200) } }, { fresh: false, phrase: 'x'.repeat(200) });
    const cutTitle = title({ firing: [long, notified(spike)] });
    assert.equal(cutTitle.length, 140);
    assert.match(cutTitle, /x…; new: RestartSpike$/);
  });
});

suite('slack message', () => {
  test('a container that its probe ended says so, whatever its exit code', () => {
    const end = { at: clock('10:05'), pod: 'checkout-1', container: 'app', reason: 'Completed', exitCode: 0, message: '' };
    const event = {
      at: clock('10:04'),
      reason: 'Unhealthy',
      message: 'Liveness probe failed: ',
      count: 3,
      kind: 'Pod',
      name: 'checkout-1',
    };
    const told = (proof: Partial<Evidence>) =>
      JSON.stringify(
        slackMessage(messageOf(notification({ firing: [notified(alert(), { evidence: evidence(alert().id, proof) })] }))),
      );
    assert.match(told({ terminations: [end], events: [event] }), /Its liveness probe failed before it ended/);
    assert.doesNotMatch(told({ terminations: [end], events: [{ ...event, at: clock('09:30') }] }), /probe failed before/);
    assert.doesNotMatch(
      told({ terminations: [end], events: [{ ...event, message: 'Readiness probe failed: ' }] }),
      /probe failed before/,
    );
  });

  test('the first line says how bad, where and what', () => {
    const message = slackMessage(messageOf(notification()));
    assert.equal(message.text, 'CRITICAL · shop-1/checkout: CrashLoopBackOff, 7 restarts in 30 min');
    assert.deepEqual(message.blocks[0], { type: 'header', text: { type: 'plain_text', text: message.text, emoji: false } });
  });

  test('a message says how bad, where, since when, why, what changed, whether it is usual, and what to do, in this order', () => {
    const proof = evidence(alert().id, {
      changes: changesOf('shop:1.4.2'),
      comparison: COMPARISON,
      terminations: [{ at: clock('09:59'), pod: 'checkout-1', container: 'app', reason: 'Error', exitCode: 1, message: '' }],
      lastLines: [line('connecting to postgres'), line('panic: no route to host')],
      events: [
        {
          at: clock('10:18'),
          reason: 'BackOff',
          message: 'Back-off restarting failed container',
          count: 4,
          kind: 'Pod',
          name: 'checkout-1',
        },
      ],
    });
    const all = texts(slackMessage(messageOf(notification({ firing: [notified(alert(), { evidence: proof })] })))).join('\n');
    let from = 0;
    for (const part of [
      'checkout is crash looping: Error, exit code 1',
      '*Cluster*\nproduction',
      '*Namespace*\nshop-1',
      '*Workload*\nDeployment checkout',
      '*Pod*\ncheckout-7d4b9c-x2x7p',
      '*Container*\napp',
      '*Node*\nnode-3',
      '*Image*\nregistry.example.com/checkout:1.4.2',
      'Firing since 2026-11-21 11:00:00 +01:00, for 20 min',
      'Error, exit code 1: the application reported an error',
      'Last lines before the crash, checkout-1',
      'connecting to postgres\npanic: no route to host',
      '11:18:00 BackOff ×4: Back-off restarting failed container',
      '*What changed before it*\n• image of app: shop:1.4.1 → shop:1.4.2, rolled out 10:56:00 (4 min before)',
      '*Compared with the day before*\n• Restarts in 30 min: 7 now; none in the day before\n• It had fired once in the day before, last at 04:00, for 12 min',
      '<https://runbooks.example.com/crash-loop|Runbook>',
      '<https://tocsin.example.com/silences?match=alert%3DCrashLoopBackOff&amp;match=namespace%3Dshop-1&amp;match=kind%3DDeployment&amp;match=workload%3Dcheckout#new|Silence>',
      `<https://tocsin.example.com/alerts/${alert().id}|Status page>`,
    ]) {
      const at = all.indexOf(part, from);
      assert.ok(at >= 0, `${part} after ${from} in\n${all}`);
      from = at;
    }
  });

  test('where room is short excerpts are cut, the last ones first; sentences and links stay', () => {
    const long = Array.from({ length: 25 }, (_, i) => line(`${i} ${'"quoted" '.repeat(60)}`));
    const proof = evidence(alert().id, {
      lastLines: long,
      matching: long,
      patterns: long.map(({ text }) => ({ id: text, level: 5 as const, template: text, count: 1, sample: text })),
      events: long.map(({ text }) => ({
        at: clock('10:00'),
        reason: 'BackOff',
        message: text,
        count: 1,
        kind: 'Pod',
        name: 'p',
      })),
      changes: changesOf('x'.repeat(200)),
      comparison: COMPARISON,
    });
    const told = notified(alert({ summary: 'x'.repeat(700) }), { evidence: proof, description: 'y'.repeat(700) });
    for (const times of [1, 3]) {
      const message = slackMessage(messageOf(notification({ firing: Array.from({ length: times }, () => told) })));
      assertWithinLimits(message);
      const all = texts(message).join('\n');
      const often = (text: string) => all.split(text).length - 1;
      for (const part of ['What changed before it', 'Compared with the day before', '|Runbook>', '|Silence>', 'Last lines'])
        assert.equal(often(part), times, part);
      assert.equal(often('Warning events'), 0);
    }
  });

  test('of what is over only what nobody had heard of is compared', () => {
    const proof = evidence(alert().id, { changes: changesOf('shop:1.4.2'), comparison: COMPARISON });
    const told = (fresh: boolean) =>
      texts(
        slackMessage(
          messageOf(notification({ firing: [], resolved: [notified(ended(alert(), '10:25'), { fresh, evidence: proof })] })),
        ),
      ).join('\n');
    assert.match(told(true), /What changed before it.*Compared with/s);
    assert.doesNotMatch(told(false), /What changed before it|Compared with/);
  });

  test('an end says how long, how bad, and the value at the end', () => {
    const over = { ...ended(alert({ peak: 9 }), '10:25'), value: 1 };
    const message = slackMessage(
      messageOf(notification({ firing: [], resolved: [notified(over, { fresh: false })], reason: 'resolved' })),
    );
    assert.equal(message.text, 'RESOLVED · shop-1/checkout: CrashLoopBackOff, after 25 min');
    const all = texts(message).join('\n');
    assert.match(all, /Resolved after 25 min, 11:00:00 to 2026-11-21 11:25:00 \+01:00/);
    assert.match(all, /at worst 9, 1 at the end/);
  });

  test('what began and ended unseen says so', () => {
    const message = slackMessage(messageOf(notification({ firing: [], resolved: [notified(ended(alert(), '10:12'))] })));
    assert.equal(message.text, 'RESOLVED · shop-1/checkout: CrashLoopBackOff, began and ended within 12 min');
  });

  test('the top patterns stand in it with their counts; where no line matched, with a line each', () => {
    const patterns = [{ id: 'a', level: 5 as const, template: 'could not pay <num>', count: 12, sample: 'could not pay 4711' }];
    const saying = (proof: Partial<Evidence>) =>
      texts(
        slackMessage(messageOf(notification({ firing: [notified(alert(), { evidence: evidence(alert().id, proof) })] }))),
      ).join('\n');
    assert.match(saying({ patterns, matching: [line('could not pay 7')] }), /Top patterns.*12 × could not pay &lt;num&gt;/s);
    assert.ok(!saying({ patterns, matching: [line('could not pay 7')] }).includes('4711'));
    assert.match(saying({ patterns }), /12 × could not pay &lt;num&gt;\n {4}could not pay 4711/);
  });

  test('a log line can neither ping nor link nor leave its block', () => {
    const patterns = [{ id: 'a', level: 5 as const, template: EVIL, count: 3, sample: EVIL }];
    const proof = evidence(alert().id, { lastLines: [line(EVIL)], matching: [line(EVIL)], patterns });
    const message = slackMessage(
      messageOf(notification({ firing: [notified(alert({ summary: EVIL }), { evidence: proof, description: EVIL })] })),
    );
    assert.deepEqual(markup(message), []);
    const all = texts(message).join('\n');
    assert.ok(all.includes('&lt;!channel&gt; &lt;https://evil|x&gt;'));
    assert.ok(all.includes('\\u202egnp.exe\\x1b[31m'), 'hidden characters are shown');
    assertFencesClosed(message);
    assert.equal(message.link_names, false);
  });

  test('a hundred alerts are told as far as they fit, and the rest counted', () => {
    const firing = Array.from({ length: 100 }, (_, i) =>
      notified(alert({ of: `shop-1/checkout`, alert: `RuleNumber${i}`, summary: 'x'.repeat(500) }), {
        evidence: evidence('x', { lastLines: Array.from({ length: 25 }, () => line('"quoted" \\ '.repeat(150))) }),
      }),
    );
    const message = slackMessage(messageOf(notification({ firing })));
    assertWithinLimits(message);
    assert.equal(message.text, 'CRITICAL · shop-1/checkout: RuleNumber0, 7 restarts in 30 min (+99 more)');
    assert.match(
      texts(message.blocks.at(-1)).join(),
      /^context,mrkdwn,… \d+ more, see the <https:\/\/tocsin\.example\.com\|status page>/,
    );
  });

  test('a digest names what there is, worst first', () => {
    const groups = Array.from({ length: 12 }, (_, i) => ({
      key: `k${i}`,
      labels: { namespace: 'shop-1', workload: `w${i}` },
      sequence: 1,
      firing: [notified(alert({ of: `shop-1/w${i}`, alert: i < 8 ? 'CrashLoopBackOff' : 'OOMKilled' }))],
      resolved: [],
    }));
    const message = slackMessage(messageOf(notification({ groups })));
    assert.equal(message.text, 'CRITICAL · 12 alerts on 12 subjects: CrashLoopBackOff (8), OOMKilled (4)');
    assertWithinLimits(message);
    for (let i = 0; i < 12; i++) assert.ok(texts(message).join().includes(`shop-1/w${i}:`), `w${i}`);
  });

  test('a notice is a message of its own', () => {
    const message = slackMessage(messageOf(notification({ groups: [], notice: 'receiver mail refuses messages: 550 <no>' })));
    assert.equal(message.text, 'WARNING · Tocsin: receiver mail refuses messages: 550 &lt;no&gt;');
  });

  test('whatever the texts, limits hold and nothing is taken for markup', () => {
    const nasty = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.constantFrom(
            '<!channel>',
            '<@U1>',
            '<https://e|x>',
            '```',
            '``',
            '&',
            '<#C>',
            '\u2066',
            '😀',
            '>',
            '<!here|',
            '"',
            '\n',
          ),
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join(''));
    const proof: fc.Arbitrary<Evidence> = fc
      .record({
        lines: fc.array(nasty, { maxLength: 25 }),
        matching: fc.array(nasty, { maxLength: 5 }),
        event: nasty,
      })
      .map(({ lines, matching, event }) =>
        evidence('x', {
          lastLines: lines.map(line),
          matching: matching.map(line),
          changes: {
            ...changesOf(event),
            items: [{ at: clock('09:56'), dated: 'seen', what: event, from: event, to: null }],
          },
          comparison: COMPARISON,
          events: [{ at: clock('10:00'), reason: event, message: event, count: 2, kind: 'Pod', name: 'p' }],
        }),
      );
    const one = fc
      .record({ text: nasty, proof, over: fc.boolean(), fresh: fc.boolean() })
      .map(({ text, proof: found, over, fresh }) => {
        const base = alert({
          alert: text,
          summary: text,
          labels: { namespace: text, workload: text, team: text },
          facts: { reason: text, image: text, pods: [text], notes: [text] },
        });
        return notified(over ? ended(base, '10:30') : base, {
          evidence: found,
          description: text,
          condition: text,
          phrase: text,
          fresh,
        });
      });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 20 }), (some, times) => {
        const alerts = Array.from({ length: times }, () => some).flat();
        const firing = alerts.filter(({ alert: each }) => each.state === 'firing');
        const resolved = alerts.filter(({ alert: each }) => each.state === 'resolved');
        const message = slackMessage(messageOf(notification({ firing, resolved })));
        assertWithinLimits(message);
        assert.deepEqual(markup(message), []);
        assertFencesClosed(message);
        for (const text of texts(message))
          assert.ok(text.isWellFormed() && !/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/.test(text));
      }),
      { numRuns: 60 },
    );
  });
});
