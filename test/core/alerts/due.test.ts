import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DAY, HOUR } from '../../../src/base/duration.ts';
import { DELIVERIES_CAP } from '../../../src/core/alerts/prune.ts';
import { accept, postpone } from '../../../src/core/alerts/settle.ts';
import type { AlertsDocument } from '../../../src/core/model/state.ts';
import { clock } from '../../build.ts';
import { alert, ended, judge, nothing, policy, route } from './build-alert.ts';

const newId = () => 'new';

/** Everything that is owed is taken. */
function deliver(document: AlertsDocument, at: string): AlertsDocument {
  return document.outbox.reduce(
    (before, row) => accept(before, row, { now: clock(at), problem: null, receivers: ['slack'], newId }),
    document,
  );
}

suite('what is owed', () => {
  test('an alert that fires is told once to every receiver', () => {
    const options = { policy: policy({ receivers: ['slack', 'mail'] }) };
    const first = judge(nothing, '10:00', [alert()], options);
    assert.deepEqual(
      first.outbox.map((row) => [row.receiver, row.reason, row.firing, row.fresh]),
      [
        ['slack', 'fired', [alert().id], [alert().id]],
        ['mail', 'fired', [alert().id], [alert().id]],
      ],
    );
    assert.deepEqual(judge(first, '10:10', [alert()], options).outbox, first.outbox);
    assert.deepEqual(judge(deliver(first, '10:00'), '10:10', [alert()], options).outbox, []);
  });

  test('a firing alert that something new has joined is told again, once', () => {
    const told = deliver(judge(nothing, '10:00', [alert({ newsAt: clock('09:59') })]), '10:00');
    const joined = alert({ newsAt: clock('10:07') });
    const again = judge(told, '10:10', [joined]);
    assert.deepEqual(
      again.outbox.map((row) => [row.reason, row.fresh]),
      [['fired', [joined.id]]],
    );
    assert.deepEqual(judge(deliver(again, '10:10'), '10:20', [joined]).outbox, []);
  });

  test('a pending alert is owed to nobody', () => {
    assert.deepEqual(judge(nothing, '10:00', [alert({ state: 'pending', firedAt: null })]).outbox, []);
  });

  test('an alert that nobody can see stays told and does not end', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '10:00');
    const unseen = judge(told, '10:10', [alert({ unknown: true })]);
    assert.deepEqual(unseen.outbox, []);
    assert.deepEqual(unseen.groups[0]?.told, [alert().id]);
  });

  test('a second alert of the group makes a message that lists both', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '10:00');
    const oom = alert({ alert: 'OOMKilled', activeAt: clock('10:10') });
    const [row] = judge(told, '10:10', [oom]).outbox;
    assert.deepEqual(row?.firing, [alert().id, oom.id]);
    assert.deepEqual(row?.fresh, [oom.id]);
  });

  test('alerts of one workload that fire together are one message', () => {
    assert.equal(judge(nothing, '10:00', [alert(), alert({ alert: 'OOMKilled' })]).outbox.length, 1);
    assert.equal(judge(nothing, '10:00', [alert(), alert({ of: 'shop-1/cart' })]).outbox.length, 2);
  });

  test('an end is told to whom the alert was told, and only once', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '10:00');
    const over = judge(told, '10:20', [ended(alert(), '10:20')]);
    assert.deepEqual(
      over.outbox.map((row) => [row.reason, row.firing, row.resolved, row.fresh]),
      [['resolved', [], [alert().id], []]],
    );
    assert.deepEqual(judge(deliver(over, '10:20'), '10:30', []).outbox, []);
  });

  test('without send_resolved an end is not told, and the alert can fire anew', () => {
    const options = { policy: policy({ sendResolved: false }) };
    const told = deliver(judge(nothing, '10:00', [alert()], options), '10:00');
    const over = judge(told, '10:20', [ended(alert(), '10:20')], options);
    assert.deepEqual(over.outbox, []);
    assert.deepEqual(over.groups[0]?.told, []);
    assert.equal(judge(over, '10:30', [alert({ activeAt: clock('10:30') })], options).outbox.length, 1);
  });

  for (const sendResolved of [true, false])
    test(`what fired and ended before the message left is one message (send_resolved ${sendResolved})`, () => {
      const options = { policy: policy({ sendResolved }) };
      const waiting = judge(nothing, '10:00', [alert()], options);
      const over = judge(waiting, '10:10', [ended(alert(), '10:10')], options);
      assert.deepEqual(
        over.outbox.map((row) => [row.firing, row.resolved, row.fresh, row.revision]),
        [[[], [alert().id], [alert().id], 1]],
      );
    });

  test('what fired and ended within one judgement is told', () => {
    const [row] = judge(nothing, '10:10', [ended(alert(), '10:10')]).outbox;
    assert.deepEqual([row?.reason, row?.firing, row?.resolved, row?.fresh], ['fired', [], [alert().id], [alert().id]]);
  });

  test('a message that failed takes up the end too', () => {
    const waiting = judge(nothing, '10:00', [alert()]);
    const [row] = waiting.outbox;
    assert.ok(row);
    const failed = postpone(waiting, row, { message: 'answered 503', nextAttemptAt: clock('10:01'), recipients: null });
    const over = judge(failed, '11:00', [ended(alert(), '11:00')]);
    assert.deepEqual(
      over.outbox.map((each) => [each.firing, each.resolved, each.attempts]),
      [[[], [alert().id], 1]],
    );
  });

  test('a message repeats after repeat_interval while something fires, and not while one waits', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '10:00');
    assert.deepEqual(judge(told, '13:50', []).outbox, []);
    const again = judge(told, '14:00', []);
    assert.deepEqual(
      again.outbox.map((row) => [row.reason, row.firing, row.fresh]),
      [['repeat', [alert().id], []]],
    );
    assert.equal(judge(again, '18:10', []).outbox.length, 1);
    assert.equal(judge(deliver(again, '14:00'), '18:00', []).outbox.length, 1);
  });

  test('a repetition that a slightly shorter cycle would miss is not a cycle late', () => {
    const told = deliver(judge(nothing, clock('10:00') + 12_000, [alert()]), '10:00');
    assert.equal(judge(told, '14:00', []).outbox.length, 1);
  });

  test('a late delivery postpones the repetition', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '13:55');
    assert.deepEqual(judge(told, '14:00', []).outbox, []);
    assert.equal(judge(told, '18:00', []).outbox.length, 1);
  });

  test('new settings tell nothing again', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '10:00');
    const options = { policy: policy({ groupBy: ['alert'] }) };
    const after = judge(told, '10:10', [], options);
    assert.deepEqual(after.outbox, []);
    assert.equal(judge(after, '14:00', [], options).outbox.length, 1, 'and still repeat');
    assert.deepEqual(judge(after, '11:00', [ended(alert(), '11:00')], options).outbox[0]?.resolved, [alert().id]);
  });

  test('an alert whose route changed is still ended where it was told', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '10:00');
    const options = { policy: policy({ receivers: ['slack', 'mail'], routes: [route({}, ['mail'])] }) };
    const over = judge(deliver(judge(told, '10:10', [], options), '10:10'), '10:20', [ended(alert(), '10:20')], options);
    assert.deepEqual(
      over.outbox.map((row) => [row.receiver, row.resolved]),
      [
        ['slack', [alert().id]],
        ['mail', [alert().id]],
      ],
    );
  });
});

suite('digest', () => {
  const storm = (count: number, from = 0) => Array.from({ length: count }, (_, i) => alert({ of: `shop-1/w${from + i}` }));

  test('as many messages as digest_above stay apart, one more makes one of all', () => {
    assert.equal(judge(nothing, '10:00', storm(10)).outbox.length, 10);
    const { outbox, deliveries } = judge(nothing, '10:00', storm(11));
    assert.equal(outbox.length, 1);
    assert.equal(outbox[0]?.groups.length, 11);
    assert.equal(outbox[0]?.firing.length, 11);
    assert.equal(deliveries.length, 1);
    assert.equal(deliveries[0]?.id, outbox[0]?.id);
  });

  test('messages of the same minute count, those before it do not', () => {
    const told = deliver(judge(nothing, '10:00', storm(8)), '10:00');
    assert.equal(judge(told, '10:00:30', storm(8, 8)).outbox.length, 1);
    assert.equal(judge(told, '10:02', storm(8, 8)).outbox.length, 8);
  });

  test('a group is never split: what joins it while the digest waits goes into the digest', () => {
    const waiting = judge(nothing, '10:00', storm(11));
    const more = judge(waiting, '10:05', [alert({ of: 'shop-1/w3', alert: 'OOMKilled' })]);
    assert.equal(more.outbox.length, 1);
    assert.equal(more.outbox[0]?.firing.length, 12);
  });

  test('a digest for one receiver leaves the others alone', () => {
    const options = {
      policy: policy({
        receivers: ['slack', 'mail'],
        routes: [route({ workload: 'w1*' }, ['mail'], true), route({}, ['slack'])],
      }),
    };
    const { outbox } = judge(nothing, '10:00', storm(11), options);
    assert.deepEqual(outbox.map((row) => row.receiver).toSorted(), ['mail', 'mail', 'slack']);
  });
});

suite('settling', () => {
  test('what was merged while a message was under way stays owed', () => {
    const waiting = judge(nothing, '10:00', [alert()]);
    const [sent] = waiting.outbox;
    assert.ok(sent);
    const over = judge(waiting, '10:01', [ended(alert(), '10:01')]);
    const after = accept(over, sent, { now: clock('10:01'), problem: null, receivers: ['slack'], newId });
    assert.deepEqual(
      after.outbox.map((row) => [row.id, row.resolved, row.fresh, row.attempts]),
      [['new', [alert().id], [], 0]],
    );
    assert.deepEqual(
      after.deliveries.map((delivery) => [delivery.id, delivery.status]),
      [
        [sent.id, 'delivered'],
        ['new', 'pending'],
      ],
    );
  });

  test('what was taken into a digest while it was under way is not told twice', () => {
    const waiting = judge(nothing, '10:00', [alert()]);
    const [sent] = waiting.outbox;
    assert.ok(sent);
    const storm = Array.from({ length: 11 }, (_, i) => alert({ of: `shop-1/w${i}` }));
    const digested = judge(waiting, '10:00:01', storm);
    assert.equal(digested.outbox[0]?.groups.length, 12);
    const after = accept(digested, sent, { now: clock('10:00:02'), problem: null, receivers: ['slack'], newId });
    assert.equal(after.outbox[0]?.groups.length, 11);
    assert.ok(!after.outbox[0]?.firing.includes(alert().id));
  });
});

suite('what is kept', () => {
  test('an ended alert goes with the window, unless a message still tells it', () => {
    const told = deliver(judge(nothing, '10:00', [alert()]), '10:00');
    const over = judge(told, '10:20', [ended(alert(), '10:20')]);
    const late = clock('10:20') + DAY + 1;
    assert.deepEqual(judge(deliver(over, '10:20'), late, []).alerts, []);
    assert.equal(judge(over, clock('10:20') + DAY - HOUR, []).alerts.length, 1);
  });

  test('a message that waited for the whole window becomes a dead letter', () => {
    const waiting = judge(nothing, '10:00', [alert()]);
    const after = judge(waiting, clock('10:00') + DAY + 1, []);
    assert.deepEqual(after.outbox, []);
    assert.equal(after.deliveries[0]?.status, 'dead');
    assert.match(after.deliveries[0]?.lastError ?? '', /^given up/);
  });

  test(`at most ${DELIVERIES_CAP} deliveries are kept, and none that waits is dropped`, () => {
    const waiting = judge(nothing, '10:00', [alert()]);
    const [pending] = waiting.deliveries;
    assert.ok(pending);
    const old = Array.from({ length: DELIVERIES_CAP + 5 }, (_, i) => ({ ...pending, id: `d${i}`, status: 'delivered' as const }));
    const after = judge({ ...waiting, deliveries: [pending, ...old] }, '10:01', []);
    assert.equal(after.deliveries.length, DELIVERIES_CAP);
    assert.equal(after.deliveries[0]?.id, pending.id);
  });
});
