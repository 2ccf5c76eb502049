import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { DAY, MINUTE } from '../../../src/base/duration.ts';
import { compileGlob } from '../../../src/base/glob.ts';
import type { DueInput } from '../../../src/core/alerts/due.ts';
import { accept } from '../../../src/core/alerts/settle.ts';
import { addSilence, endSilence, MOST_SILENCES } from '../../../src/core/alerts/suppress/silence.ts';
import { readSilence, type SilenceRequest } from '../../../src/core/alerts/suppress/silence-request.ts';
import type { Alert } from '../../../src/core/model/alert.ts';
import type { Silence } from '../../../src/core/model/silence.ts';
import type { AlertsDocument } from '../../../src/core/model/state.ts';
import { clock } from '../../build.ts';
import { alert, ended, judge, nothing, policy, route } from './build-alert.ts';

function silence(fields: Partial<Silence> = {}): Silence {
  return {
    id: 's1',
    match: { workload: ['checkout'] },
    createdAt: clock('10:00'),
    startsAt: clock('10:00'),
    endsAt: clock('12:00'),
    comment: 'deploy',
    author: 'anna',
    untilResolved: false,
    covered: false,
    reminded: false,
    ...fields,
  };
}

function silenced(of: Silence = silence(), document: AlertsDocument = nothing): AlertsDocument {
  const added = addSilence(document, of);
  assert.ok(added);
  return added;
}

/** One judgement, everything delivered: the document after it, and what was told. */
function step(before: AlertsDocument, at: string, alerts: readonly Alert[] = [], options: Partial<DueInput> = {}) {
  const document = judge(before, at, alerts, options);
  const told = document.outbox.map(({ firing, resolved, notice }) => notice ?? { firing, resolved });
  const receivers = document.outbox.map(({ receiver }) => receiver);
  const delivered = document.outbox.reduce(
    (taken, row) => accept(taken, row, { now: clock(at), problem: null, receivers: ['slack'], newId: () => 'new' }),
    document,
  );
  return { document: delivered, told, receivers };
}

const late = alert({ activeAt: clock('11:00') });

suite('silence', () => {
  test('a silenced alert is not told, says why, and is told at the end of the silence when it still fires', () => {
    const quiet = step(silenced(), '11:00', [late]);
    assert.deepEqual(quiet.told, []);
    assert.deepEqual(quiet.document.alerts[0]?.suppressed, {
      by: 'silence',
      text: 'silenced by anna: deploy',
      id: 's1',
      until: clock('12:00'),
    });
    assert.deepEqual(step(quiet.document, '12:00').told, [{ firing: [late.id], resolved: [] }]);
  });

  test('other alerts are told', () => {
    assert.equal(step(silenced(), '11:00', [late, alert({ of: 'shop-1/cart' })]).told.length, 1);
  });

  test('one that is ended early lets go at once', () => {
    const quiet = step(silenced(), '11:00', [late]);
    assert.equal(step(endSilence(quiet.document, 's1', clock('11:05')), '11:05').told.length, 1);
  });

  test('one that begins later silences nothing before', () => {
    const planned = silenced(silence({ startsAt: clock('11:30') }));
    assert.equal(step(planned, '11:00', [late]).told.length, 1);
    assert.equal(step(planned, '11:30', [late]).told.length, 0);
  });

  test('an alert that was told before is told to be over after the silence', () => {
    const told = step(nothing, '10:00', [alert()]);
    const over = step(silenced(silence(), told.document), '11:00', [ended(alert(), '11:00')]);
    assert.deepEqual(over.told, []);
    const after = step(over.document, '12:00');
    assert.deepEqual(after.told, [{ firing: [], resolved: [alert().id] }]);
    assert.deepEqual(step(after.document, '12:10').told, []);
  });

  test('before its end it reminds once, and only while something fires under it', () => {
    const quiet = step(silenced(), '11:00', [late]);
    assert.deepEqual(step(quiet.document, '11:44').told, []);
    const reminded = step(quiet.document, '11:45');
    assert.deepEqual(reminded.told, [
      'the silence of anna ends in 15 min and an alert still fires under it: CrashLoopBackOff shop-1/checkout (deploy)',
    ]);
    assert.deepEqual(step(reminded.document, '11:50').told, []);
    assert.deepEqual(step(silenced(), '11:50').told, []);
  });

  test('a short one reminds at its last quarter', () => {
    const short = step(silenced(silence({ startsAt: clock('11:40') })), '11:41', [late]);
    assert.deepEqual(step(short.document, '11:54').told, []);
    assert.equal(step(short.document, '11:55').told.length, 1);
  });

  test('the reminder goes to whom the alerts would be told', () => {
    const options = { policy: policy({ receivers: ['slack', 'mail'], routes: [route({ workload: 'checkout' }, ['mail'])] }) };
    const quiet = step(silenced(), '11:00', [late], options);
    assert.deepEqual(step(quiet.document, '11:45', [], options).receivers, ['mail']);
  });

  test('an alert that a longer silence covers too is no reason to remind', () => {
    const longer = silence({ id: 's2', match: { namespace: ['shop-*'] }, endsAt: clock('18:00') });
    const quiet = step(silenced(longer, silenced()), '11:00', [late]);
    assert.equal(quiet.document.alerts[0]?.suppressed?.id, 's2');
    assert.deepEqual(step(quiet.document, '11:50').told, []);
    assert.deepEqual(step(quiet.document, '12:00').told, []);
  });

  test('one until resolved ends when what fired under it has resolved, and the next alert is told', () => {
    const quiet = step(silenced(silence({ untilResolved: true })), '11:00', [late]);
    assert.equal(quiet.document.silences[0]?.endsAt, clock('12:00'));
    const [open] = quiet.document.alerts;
    assert.ok(open);
    const over = step(quiet.document, '11:20', [ended(open, '11:20')]);
    assert.deepEqual(over.told, [], 'nobody hears the end of what nobody heard the beginning of');
    assert.equal(over.document.silences[0]?.endsAt, clock('11:20'));
    assert.equal(step(over.document, '11:30', [alert({ activeAt: clock('11:30') })]).told.length, 1);
  });

  test('one until resolved waits for its first alert', () => {
    const idle = step(silenced(silence({ untilResolved: true })), '10:30');
    assert.equal(step(idle.document, '11:00', [late]).told.length, 0);
  });

  test('an ended one is kept for the window, and does not count towards the most there may be', () => {
    const over = endSilence(silenced(), 's1', clock('10:30'));
    assert.equal(judge(over, clock('10:30') + DAY - 1, []).silences.length, 1);
    assert.equal(judge(over, clock('10:30') + DAY, []).silences.length, 0);
    const full = { ...nothing, silences: Array.from({ length: MOST_SILENCES }, (_, i) => silence({ id: `s${i}` })) };
    assert.equal(addSilence(full, silence({ id: 'more' })), null);
    const endedAll = judge(
      { ...full, silences: [...full.silences, silence({ id: 'first', endsAt: clock('09:00') })] },
      '13:00',
      [],
    );
    assert.deepEqual([endedAll.silences.length, endedAll.silences.some(({ id }) => id === 'first')], [MOST_SILENCES, false]);
    assert.notEqual(addSilence(endSilence(full, 's7', clock('09:59')), silence({ id: 'more' })), null);
  });

  test('whatever happens in whatever order, nothing silenced is told, nothing is lost and nothing is told twice', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constantFrom('fire', 'end', 'blip'), name: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('silence'), name: fc.constantFrom('a', 'b', '*'), length: fc.integer({ min: 1, max: 8 }) }),
      fc.record({ kind: fc.constantFrom('unsilence', 'wait', 'restart') }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => runThrough(events)),
      { numRuns: 300 },
    );
  });
});

/** What fires on `a` inhibits what fires on `b`, and from one to two nothing is told of `c`. */
const NOISY = policy({
  inhibitions: [{ source: [workload('a')], target: [workload('b')], equal: ['namespace'] }],
  mutes: [{ match: [workload('c')], weekdays: new Set([0, 1, 2, 3, 4, 5, 6]), from: 60, to: 120, timezone: 'UTC' }],
});

function workload(name: string) {
  return new Map([['workload', [compileGlob(name)]]]);
}

interface Event {
  readonly kind: string;
  readonly name?: string;
  readonly length?: number;
}

function runThrough(events: readonly Event[]): void {
  let document: AlertsDocument = nothing;
  let now = clock('00:00');
  const begun = new Set<string>();
  const over = new Set<string>();
  const look = (alerts: readonly Alert[]) => {
    document = judge(document, now, alerts, { window: 100 * DAY, policy: NOISY });
    const byId = new Map(document.alerts.map((each) => [each.id, each]));
    for (const row of document.outbox) {
      for (const id of [...row.firing, ...row.resolved])
        assert.equal(byId.get(id)?.suppressed, undefined, `${id} is told although it is suppressed`);
      for (const id of row.fresh) {
        assert.ok(!begun.has(id), `${id} is told twice`);
        begun.add(id);
      }
      for (const id of row.resolved) {
        assert.ok(begun.has(id) && !over.has(id), `the end of ${id} is told twice, or without its beginning`);
        over.add(id);
      }
      document = accept(document, row, { now, problem: null, receivers: ['slack'], newId: () => 'new' });
    }
    now += 10 * MINUTE;
  };
  const open = (name: string) => document.alerts.find(({ state, labels }) => state === 'firing' && labels['workload'] === name);
  // Few enough ends of one alert that it does not count as flapping.
  for (const [index, { kind, name = '', length = 1 }] of events.entries()) {
    const alerts: Alert[] = [];
    const firing = open(name);
    if (kind === 'fire' && firing === undefined)
      alerts.push(alert({ of: `ns/${name}`, activeAt: now, fingerprint: `${name}${index}` }));
    if (kind === 'blip' && firing === undefined) {
      const short = { of: `ns/${name}`, activeAt: now - MINUTE, fingerprint: `${name}${index}` };
      alerts.push(alert({ ...short, state: 'resolved', resolvedAt: now - 1 }));
    }
    if (kind === 'end' && firing !== undefined) alerts.push({ ...firing, state: 'resolved', resolvedAt: now });
    if (kind === 'silence') {
      const span = { createdAt: now, startsAt: now, endsAt: now + length * 10 * MINUTE };
      document = silenced(silence({ id: `s${index}`, match: { workload: [name] }, ...span }), document);
    }
    const [first] = document.silences.filter(({ endsAt }) => endsAt > now);
    if (kind === 'unsilence' && first !== undefined) document = endSilence(document, first.id, now);
    if (kind === 'restart') document = JSON.parse(JSON.stringify(document));
    look(alerts);
  }
  // The mute is over at noon of the next day, and every silence before.
  now = clock('12:00') + Math.ceil(now / DAY) * DAY - Math.floor(clock('12:00') / DAY) * DAY;
  look([]);
  for (const { id, state, suppressed } of document.alerts) {
    if (suppressed !== undefined && document.alerts.some((source) => source.id === suppressed.id)) continue;
    if (state === 'firing') assert.ok(begun.has(id), `${id} fires and was never told`);
    else assert.equal(over.has(id), begun.has(id), `${id} was told and its end was not`);
  }
}

suite('the request for a silence', () => {
  const given = { now: clock('10:00'), id: 's1', author: 'anna' };
  const good: SilenceRequest = { match: { namespace: 'shop-*', alert: ['A', 'B'] }, for: '2h', comment: ' deploy ' };

  test('becomes a silence', () => {
    assert.deepEqual(
      readSilence(good, given).silence,
      silence({ match: { namespace: ['shop-*'], alert: ['A', 'B'] }, endsAt: clock('12:00') }),
    );
  });

  test('takes times instead of a duration, and lasts a day at most when it waits for a resolve', () => {
    const times = { match: { alert: 'A' }, starts_at: '2026-11-21T12:00Z', ends_at: '2026-11-21T14:00:00+01:00' };
    const planned = readSilence(times, given).silence;
    assert.deepEqual([planned?.startsAt, planned?.endsAt], [clock('12:00'), clock('13:00')]);
    const until = readSilence({ match: { alert: 'A' }, until_resolved: true }, given).silence;
    assert.deepEqual([until?.endsAt, until?.untilResolved], [clock('10:00') + DAY, true]);
  });

  const bad: readonly (readonly [SilenceRequest, RegExp])[] = [
    [{ for: '2h' }, /^match: expected globs by label/],
    [{ match: {}, for: '2h' }, /^match: a silence needs at least one matcher/],
    [{ match: { 'a-b': 'x' }, for: '2h' }, /^match: expected the name of a label, found "a-b"/],
    [{ match: { a: 3 }, for: '2h' }, /^match\.a: expected a glob of at most 256 characters, found 3/],
    [{ match: { a: [] }, for: '2h' }, /^match\.a: expected a glob, or a list/],
    [{ match: { a: 'x[' }, for: '2h' }, /^match\.a: bad glob "x\[": "\[" is not closed/],
    [{ match: { a: '*a*a*a*a*a*' }, for: '2h' }, /^match\.a: a glob may have at most 5 stars/],
    [{ match: { a: 'x' } }, /^for: say how long/],
    [{ match: { a: 'x' }, for: '2 hours' }, /^for: expected a duration such as 2h or 30m, found "2 hours"/],
    [{ match: { a: 'x' }, for: '0s' }, /^for: expected a duration/],
    [{ match: { a: 'x' }, for: '1h', ends_at: '2026-11-22T00:00Z' }, /^for: either for or ends_at/],
    [{ match: { a: 'x' }, ends_at: 'tomorrow' }, /^ends_at: expected a time such as/],
    [{ match: { a: 'x' }, ends_at: '2026-11-21T09:00Z' }, /^ends_at: expected a time after starts_at/],
    [{ match: { a: 'x' }, starts_at: '2026-11-20T08:00Z', ends_at: '2026-11-20T09:00Z' }, /^ends_at: this time is over/],
    [{ match: { a: 'x' }, for: '400d' }, /^ends_at: a silence lasts at most 366 days/],
    [{ match: { a: 'x' }, for: '1h', comment: 'x'.repeat(1001) }, /^comment: at most 1000 characters/],
    [{ match: { a: 'x' }, for: '1h', until_resolved: 'yes' }, /^until_resolved: expected true or false, found "yes"/],
    [Object.assign({ match: { a: 'x' }, for: '1h' }, { until: '3h' }), /^unknown field "until"; known are match,/],
  ];
  for (const [request, problem] of bad) {
    test(`${JSON.stringify(request).slice(0, 100)} is refused`, () => {
      const { silence: made, problems } = readSilence(request, given);
      assert.equal(made, null);
      assert.match(problems.join('\n'), problem);
    });
  }
});
