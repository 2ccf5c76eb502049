import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { MINUTE, SECOND } from '../../src/base/duration.ts';
import { createLogger, silentLogger } from '../../src/base/logger.ts';
import { Metrics } from '../../src/base/metrics.ts';
import type { Notification } from '../../src/core/model/notification.ts';
import type { AlertsDocument } from '../../src/core/model/state.ts';
import type { Notifier, Outcome } from '../../src/notify/notifier.ts';
import { LONGEST_WAIT, parseRetryAfter, retryWait } from '../../src/notify/retry.ts';
import { alert, ended, judge, nothing, policy, row } from '../core/alerts/build-alert.ts';
import { FastClock, outboxOf, owing, portOf, rowsFor, runUntil } from './build-outbox.ts';

const ACCEPTED: Outcome = { kind: 'accepted' };
const LATER: Outcome = { kind: 'retry', message: 'answered 503', retryAfterMs: null };
const NEVER: Outcome = { kind: 'refused', message: 'answered 410' };

class Receiver implements Notifier {
  readonly receiver: string;
  readonly got: Notification[] = [];
  readonly at: number[] = [];
  readonly pace?: { readonly key: string; readonly interval: number };
  readonly #answer: (count: number, notification: Notification) => Outcome;
  readonly #time: () => number;
  tried = 0;

  constructor(
    receiver: string,
    answer: (count: number, notification: Notification) => Outcome,
    time: () => number,
    paced = false,
  ) {
    this.receiver = receiver;
    this.#answer = answer;
    this.#time = time;
    if (paced) this.pace = { key: 'shared', interval: SECOND };
  }

  async send(notification: Notification): Promise<Outcome> {
    this.tried++;
    const outcome = this.#answer(this.tried, notification);
    if (outcome.kind === 'accepted') {
      this.got.push(notification);
      this.at.push(this.#time());
    }
    return outcome;
  }
}

suite('outbox', () => {
  test('a storm of 429 delivers all 50 in order, at most one a second', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('slack', 50)));
    const slack = new Receiver(
      'slack',
      (n) => (n % 3 === 0 ? ACCEPTED : { kind: 'retry', message: 'answered 429', retryAfterMs: 2_000, wholeReceiver: true }),
      clock.monotonic,
      true,
    );
    await runUntil(outboxOf(port, [slack], clock), () => port.document.outbox.length === 0);
    assert.deepEqual(
      slack.got.map(({ notice }) => notice),
      rowsFor('slack', 50).map(({ notice }) => notice),
    );
    for (let i = 1; i < slack.at.length; i++) assert.ok((slack.at[i] ?? 0) - (slack.at[i - 1] ?? 0) >= SECOND);
    assert.ok(port.document.deliveries.every(({ status, attempts }) => status === 'delivered' && attempts === 3));
  });

  test('two receivers of one webhook share its pace', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('a', 5), ...rowsFor('b', 5)));
    const receivers = ['a', 'b'].map((name) => new Receiver(name, () => ACCEPTED, clock.monotonic, true));
    await runUntil(outboxOf(port, receivers, clock), () => port.document.outbox.length === 0);
    const times = receivers.flatMap(({ at }) => at).toSorted((a, b) => a - b);
    assert.ok((times.at(-1) ?? 0) >= 9 * SECOND);
  });

  test('a dead receiver neither blocks, cancels nor repeats another', async () => {
    const port = portOf(
      owing(
        ...rowsFor('dead', 3).map((each) => ({ ...each, attempts: 1 })),
        ...rowsFor('well', 3),
        row({ id: 'refused', receiver: 'refuses' }),
      ),
    );
    const clock = systemClock;
    const dead = new Receiver('dead', () => LATER, clock.monotonic);
    const well = new Receiver('well', () => ACCEPTED, clock.monotonic);
    const refuses = new Receiver('refuses', () => NEVER, clock.monotonic);
    await runUntil(outboxOf(port, [dead, refuses, well], clock), () => well.got.length === 4);
    assert.deepEqual(
      well.got.map(({ notice }) => notice),
      ['message 0', 'message 1', 'message 2', 'receiver refuses refuses messages: answered 410'],
    );
    assert.equal(dead.got.length, 0);
    assert.equal(dead.tried, 1, 'the others do not make it try sooner');
    assert.deepEqual(
      port.document.outbox.map(({ id }) => id),
      ['dead-0', 'dead-1', 'dead-2'],
    );
  });

  test('waits grow from a second to 15 minutes and end with the fault', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('slack', 1)));
    const times: number[] = [];
    const slack = new Receiver(
      'slack',
      (n) => {
        times.push(clock.monotonic());
        return n <= 14 ? LATER : ACCEPTED;
      },
      clock.monotonic,
    );
    await runUntil(outboxOf(port, [slack], clock), () => port.document.outbox.length === 0);
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    assert.deepEqual(waits.slice(0, 3), [SECOND, 1.5 * SECOND, 3 * SECOND]);
    assert.equal(waits[13], LONGEST_WAIT * 0.75);
  });

  test('what a receiver answers is redacted before it is kept or logged', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('slack', 1)));
    const slack = new Receiver('slack', () => ({ ...LATER, message: 'answered 500: token=hunter2' }), clock.monotonic);
    let said = '';
    const logger = createLogger({ level: 'info', write: (line) => (said += line), now: () => 0 });
    await outboxOf(port, [slack], clock, logger).drain(new AbortController().signal, 0);
    assert.equal(port.document.outbox[0]?.lastError, 'answered 500: token=[redacted]');
    assert.match(said, /token=\[redacted\]/);
  });

  test('a restart goes on from the document, and tries again at once', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('slack', 3)));
    const first = new Receiver('slack', (n) => (n === 1 ? ACCEPTED : LATER), clock.monotonic);
    assert.equal(await outboxOf(port, [first], clock).drain(new AbortController().signal, 0), 2);
    assert.equal(port.document.outbox[0]?.attempts, 1);
    assert.ok((port.document.outbox[0]?.nextAttemptAt ?? 0) > clock.now());
    const kept: AlertsDocument = JSON.parse(JSON.stringify(port.document));
    const second = new Receiver('slack', () => ACCEPTED, clock.monotonic);
    const before = clock.monotonic();
    assert.equal(await outboxOf(portOf(kept), [second], clock).drain(new AbortController().signal, 0), 0);
    assert.equal(clock.monotonic(), before);
    assert.deepEqual(
      [...first.got, ...second.got].map(({ notice }) => notice),
      ['message 0', 'message 1', 'message 2'],
    );
  });

  test('nothing is removed before the receiver accepted it', async () => {
    const port = portOf(owing(...rowsFor('slack', 1)));
    const slack = new Receiver(
      'slack',
      () => {
        assert.equal(port.document.outbox.length, 1);
        return ACCEPTED;
      },
      systemClock.monotonic,
    );
    assert.equal(await outboxOf(port, [slack], systemClock).drain(new AbortController().signal, 0), 0);
  });

  test('drain has patience with a receiver that asks for a little time', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('slack', 2)));
    const slack = new Receiver(
      'slack',
      (n) => (n === 1 ? { kind: 'retry', message: 'answered 429', retryAfterMs: 3_000 } : ACCEPTED),
      clock.monotonic,
    );
    assert.equal(await outboxOf(port, [slack], clock).drain(new AbortController().signal, 30_000), 0);
    const dead = new Receiver('slack', () => LATER, clock.monotonic);
    const still = portOf(owing(...rowsFor('slack', 2)));
    assert.equal(await outboxOf(still, [dead], clock).drain(new AbortController().signal, 30_000), 2);
    assert.ok(dead.tried > 2 && dead.tried < 15);
  });

  test('rows of receivers that are off wait and count as nothing owed', async () => {
    const port = portOf(owing(...rowsFor('off', 1)));
    assert.equal(await outboxOf(port, [], systemClock).drain(new AbortController().signal, 0), 0);
    assert.equal(port.document.outbox.length, 1);
  });

  test('an attempt that is under way at the end may end, and what was taken is not owed any more', async () => {
    const port = portOf(owing(...rowsFor('slack', 2)));
    const stop = new AbortController();
    let sent = 0;
    const slow: Notifier = {
      receiver: 'slack',
      async send(_, signal) {
        sent++;
        stop.abort();
        await new Promise((resolve) => setImmediate(resolve));
        return signal.aborted ? { kind: 'retry', message: 'aborted', retryAfterMs: null } : ACCEPTED;
      },
    };
    await outboxOf(port, [slow], systemClock).run(stop.signal);
    assert.deepEqual([sent, port.document.outbox.length], [1, 1]);
  });

  test('an abort gives up the attempt under way and leaves its row as it was', async () => {
    const port = portOf(owing(...rowsFor('slack', 1)));
    const stop = new AbortController();
    const hanging: Notifier = {
      receiver: 'slack',
      send: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ kind: 'retry', message: 'aborted', retryAfterMs: null }), {
            once: true,
          });
          stop.abort();
        }),
    };
    await outboxOf(port, [hanging], systemClock).run(stop.signal);
    assert.equal(port.document.outbox[0]?.attempts, 0);
  });

  test('what joins the group while its message is under way is told next', async () => {
    const first = judge(nothing, '10:00', [alert()], { policy: policy() });
    const port = portOf(first);
    const slack = new Receiver(
      'slack',
      (n) => {
        if (n === 1) port.document = judge(port.document, '10:01', [ended(alert(), '10:01')]);
        return ACCEPTED;
      },
      systemClock.monotonic,
    );
    assert.equal(await outboxOf(port, [slack], systemClock).drain(new AbortController().signal, 0), 0);
    assert.deepEqual(
      slack.got.map(({ groups }) => [groups[0]?.firing.length, groups[0]?.resolved.length]),
      [
        [1, 0],
        [0, 1],
      ],
    );
    assert.equal(new Set(slack.got.map(({ id }) => id)).size, 2);
  });

  test('a disk that is full stops no message and repeats none', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('slack', 3)));
    port.broken = true;
    const slack = new Receiver('slack', () => ACCEPTED, clock.monotonic);
    const box = outboxOf(port, [slack], clock);
    await runUntil(box, () => {
      if (slack.got.length === 3 && clock.monotonic() > MINUTE) port.broken = false;
      return slack.got.length === 3 && !port.broken && !port.unsaved;
    });
    assert.deepEqual(
      slack.got.map(({ notice }) => notice),
      ['message 0', 'message 1', 'message 2'],
    );
    assert.ok(port.document.deliveries.every(({ status }) => status === 'delivered'));
  });

  test('recipients that took a message do not get it again', async () => {
    const clock = new FastClock();
    const port = portOf(owing(...rowsFor('mail', 1)));
    const asked: (readonly string[] | null)[] = [];
    const mail = new Receiver(
      'mail',
      (n, { recipients }) => {
        asked.push(recipients);
        return n === 1 ? { kind: 'retry', message: '450', retryAfterMs: null, recipients: ['b@example.com'] } : ACCEPTED;
      },
      clock.monotonic,
    );
    await runUntil(outboxOf(port, [mail], clock), () => port.document.outbox.length === 0);
    assert.deepEqual(asked, [null, ['b@example.com']]);
  });

  test('deliveries and what waits are counted', async () => {
    const metrics = new Metrics();
    const port = portOf(owing(...rowsFor('slack', 2), ...rowsFor('dead', 1)));
    const notifiers = [
      new Receiver('slack', () => ACCEPTED, systemClock.monotonic),
      new Receiver('dead', () => LATER, systemClock.monotonic),
    ];
    await outboxOf(port, notifiers, systemClock, silentLogger, metrics).drain(new AbortController().signal, 0);
    const text = metrics.render();
    assert.match(text, /tocsin_deliveries_total\{receiver="slack",outcome="delivered"\} 2/);
    assert.match(text, /tocsin_deliveries_total\{receiver="dead",outcome="failed"\} 1/);
    assert.match(text, /tocsin_outbox_depth 1/);
  });
});

suite('retry', () => {
  test('Retry-After has seconds or a date', () => {
    const now = Date.UTC(2026, 10, 21, 10);
    assert.equal(parseRetryAfter('30', now), 30 * SECOND);
    assert.equal(parseRetryAfter('Sat, 21 Nov 2026 10:01:00 GMT', now), MINUTE);
    assert.equal(parseRetryAfter('Sat, 21 Nov 2026 09:00:00 GMT', now), 0);
    for (const bad of [null, '', 'soon', '-5', '2026']) assert.equal(parseRetryAfter(bad === '2026' ? 'x2026' : bad, now), null);
  });

  test('chance shortens a wait by up to a half, never below a second', () => {
    assert.equal(retryWait(1, null, 0.99), SECOND);
    assert.equal(retryWait(5, null, 0), 16 * SECOND);
    assert.ok(retryWait(5, null, 0.999) > 8 * SECOND);
    assert.equal(retryWait(1_000, null, 0), LONGEST_WAIT);
    assert.equal(retryWait(1, 90 * SECOND, 0.5), 90 * SECOND);
  });
});
