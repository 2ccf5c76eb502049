import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DAY } from '../../../src/base/duration.ts';
import { prune } from '../../../src/core/alerts/prune.ts';
import { refusingReceivers, tellRefusals } from '../../../src/core/alerts/refusals.ts';
import { accept, bury, postpone } from '../../../src/core/alerts/settle.ts';
import { DEAD_LETTERS } from '../../../src/core/model/refusal.ts';
import type { AlertsDocument } from '../../../src/core/model/state.ts';
import { clock } from '../../build.ts';
import { alert, ended, judge, nothing, policy } from './build-alert.ts';

let ids = 0;
const newId = () => `told-${++ids}`;

/** What happens to the oldest message of a receiver that the text is in, at a time of the day. */
function after(document: AlertsDocument, receivers: readonly string[]) {
  const rowOf = (receiver: string, about: string) =>
    document.outbox.find((row) => row.receiver === receiver && (row.notice ?? row.groups.join()).includes(about)) ??
    assert.fail(`no message for ${receiver} about ${about}`);
  return {
    refused: (receiver: string, about: string, at: string) =>
      bury(document, rowOf(receiver, about), { now: clock(at), message: 'answered 410', receivers, newId }),
    taken: (receiver: string, about: string, at: string, problem: string | null = null) =>
      accept(document, rowOf(receiver, about), { now: clock(at), problem, receivers, newId }),
  };
}

function notices({ outbox }: AlertsDocument): readonly (readonly [string, string | null])[] {
  return outbox.filter(({ notice }) => notice !== null).map(({ receiver, notice }) => [receiver, notice]);
}

const NAMES = ['cart', 'checkout', 'pay', 'front'];
const crashes = NAMES.map((name) => alert({ of: `shop/${name}` }));

suite('refusals', () => {
  test('the first dead letter is told through a receiver that is well, with what it was about; the next are not', () => {
    const receivers = ['slack', 'mail'];
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers }) });
    for (const name of NAMES) document = after(document, receivers).refused('slack', name, '10:00');
    assert.deepEqual(notices(document), [
      ['mail', 'receiver slack refuses messages: answered 410; it was not told of CrashLoopBackOff shop/cart'],
    ]);
    assert.deepEqual(refusingReceivers(document), ['slack']);
    assert.equal(document.deliveries.filter(({ status }) => status === 'dead').length, 4);
  });

  test('two receivers that refuse are both told through the third one, once each, also where one got the notice of the other', () => {
    const receivers = ['slack', 'hook', 'mail'];
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers }) });
    document = after(document, receivers).refused('slack', 'cart', '10:00');
    assert.equal(notices(document)[0]?.[0], 'hook');
    document = after(document, receivers).refused('hook', 'cart', '10:00');
    document = after(document, receivers).refused('hook', 'receiver slack', '10:01');
    document = after(document, receivers).refused('slack', 'pay', '10:02');
    document = after(document, receivers).refused('hook', 'pay', '10:02');
    assert.deepEqual(
      notices(document).map(([to, text]) => [to, text?.split(':')[0]]),
      [
        ['mail', 'receiver hook refuses messages'],
        ['mail', 'receiver slack refuses messages'],
      ],
    );
  });

  test('where nobody is well it is told as soon as someone takes a message, be it the receiver itself', () => {
    const receivers = ['slack', 'mail'];
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers }) });
    for (const [receiver, name] of [
      ['slack', 'cart'],
      ['mail', 'cart'],
      ['mail', 'receiver slack'],
      ['slack', 'pay'],
    ] as const)
      document = after(document, receivers).refused(receiver, name, '10:00');
    assert.deepEqual(notices(document), []);
    document = after(document, receivers).taken('slack', 'front', '10:30');
    assert.deepEqual(
      notices(document).map(([to, text]) => [to, text?.split(':')[0]]),
      [
        ['slack', 'receiver mail refuses messages'],
        ['slack', 'receiver slack refused 2 messages'],
      ],
    );
    assert.deepEqual(refusingReceivers(document), ['mail']);
  });

  test('a restart in between tells nothing again', () => {
    const receivers = ['slack', 'mail'];
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers }) });
    document = after(document, receivers).refused('slack', 'cart', '10:00');
    document = after(document, receivers).taken('mail', 'receiver slack', '10:00');
    document = JSON.parse(JSON.stringify(document));
    document = after(document, receivers).refused('slack', 'pay', '10:20');
    document = judge(document, clock('10:00') + DAY - 1, [], { policy: policy({ receivers }) });
    assert.deepEqual(notices(document), []);
  });

  test('one that refuses now and again is told of once an hour', () => {
    const receivers = ['slack', 'mail'];
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers }) });
    document = after(document, receivers).refused('slack', 'cart', '10:00');
    document = after(document, receivers).taken('mail', 'receiver slack', '10:00');
    document = after(document, receivers).taken('slack', 'checkout', '10:01');
    assert.deepEqual(refusingReceivers(document), []);
    const soon = after(document, receivers).refused('slack', 'pay', '10:59');
    assert.deepEqual(notices(soon), []);
    const later = after(document, receivers).refused('slack', 'pay', '11:00');
    assert.equal(notices(later).length, 1);
  });

  test('recipients that are refused while others take the mail are told once, through it where there is no other', () => {
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers: ['mail'] }) });
    const problem = 'b@example.com was refused: 550';
    document = after(document, ['mail']).taken('mail', 'cart', '10:00', problem);
    document = after(document, ['mail']).taken('mail', 'pay', '10:00', problem);
    assert.deepEqual(notices(document), [
      ['mail', 'receiver mail refuses messages: b@example.com was refused: 550; it was not told of CrashLoopBackOff shop/cart'],
    ]);
    const [row] = document.outbox;
    assert.ok(row);
    const refused = { now: clock('10:02'), message: problem };
    const failure = { message: '450', nextAttemptAt: clock('10:05'), recipients: ['c@example.com'], refused };
    assert.equal(postpone(judge(nothing, '10:00', crashes), row, failure).refusals[0]?.message, problem);
  });

  test('what a message took up while it was refused is tried as well', () => {
    const receivers = ['slack', 'mail'];
    const waiting = judge(nothing, '10:00', crashes.slice(0, 1), { policy: policy({ receivers }) });
    const [sent] = waiting.outbox;
    assert.ok(sent);
    const over = judge(waiting, '10:01', [ended(alert({ of: 'shop/cart' }), '10:01')], { policy: policy({ receivers }) });
    const document = bury(over, sent, { now: clock('10:01'), message: 'answered 400', receivers, newId });
    assert.equal(document.outbox[0]?.revision, 1);
    assert.deepEqual(notices(document), []);
  });

  test('a message that waited for the whole window is told as any dead letter', () => {
    const receivers = ['slack', 'mail'];
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers, digestAbove: 0 }) });
    document = after(document, receivers).taken('mail', 'cart', '10:00');
    document = judge(document, clock('10:00') + DAY + 1, [], { policy: policy({ receivers }) });
    assert.match(notices(document)[0]?.[1] ?? '', /^receiver slack refuses messages: given up: not delivered within the window/);
    assert.equal(notices(document).length, 1);
  });

  test('the alert about dead letters is not told to whom a message told them, only its end', () => {
    const options = { policy: policy({ receivers: ['slack', 'mail', 'hook'] }) };
    const { receivers } = options.policy;
    let document = judge(nothing, '10:00', crashes.slice(0, 1), options);
    for (const receiver of ['mail', 'hook']) document = after(document, receivers).taken(receiver, 'cart', '10:00');
    document = after(document, receivers).refused('slack', 'cart', '10:00');
    document = after(document, receivers).taken('mail', 'receiver slack', '10:00');
    const self = alert({ alert: 'TocsinDeadLetters', of: '/tocsin', activeAt: clock('10:10'), facts: { reason: DEAD_LETTERS } });
    document = judge(document, '10:10', [self], options);
    assert.deepEqual(
      document.outbox.map(({ receiver }) => receiver),
      ['slack', 'hook'],
    );
    for (const receiver of ['slack', 'hook']) document = after(document, receivers).taken(receiver, 'tocsin', '10:11');
    document = judge(document, '10:30', [ended(self, '10:30')], options);
    assert.deepEqual(
      document.outbox.map(({ receiver, resolved }) => [receiver, resolved.length]),
      [
        ['slack', 1],
        ['mail', 1],
        ['hook', 1],
      ],
    );
  });

  test('what is over, or of a receiver that is gone, is forgotten', () => {
    const receivers = ['slack', 'mail'];
    let document = judge(nothing, '10:00', crashes, { policy: policy({ receivers }) });
    document = after(document, receivers).refused('slack', 'cart', '10:00');
    assert.deepEqual(tellRefusals(document, { receivers: ['mail'], now: clock('10:01'), newId }).refusals, []);
    document = after(document, receivers).taken('mail', 'receiver slack', '10:00');
    document = after(document, receivers).taken('slack', 'pay', '10:05');
    assert.equal(document.refusals.length, 1);
    const late = prune(document, { now: clock('11:05'), window: DAY, receivers });
    assert.deepEqual(tellRefusals(late, { receivers, now: clock('11:05'), newId }).refusals, []);
  });
});
