import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../../src/base/duration.ts';
import { compareWithDay } from '../../../../src/core/alerts/evidence/comparison.ts';
import { comparisonTexts } from '../../../../src/core/alerts/evidence/comparison-text.ts';
import type { Alert } from '../../../../src/core/model/alert.ts';
import type { Cycle } from '../../../../src/core/model/cycle.ts';
import { clock, cycle, EVERYTHING, minute, pod, refOf, restartsOf, terminationOf, usage } from '../../../build.ts';
import { event } from '../../../build-objects.ts';
import { rule, windowFor } from '../../../build-rule.ts';
import { alert, ended } from '../build-alert.ts';

const shop = pod({ of: 'shop/checkout', createdAt: clock('00:00') - 7 * DAY });
const BEGAN = clock('20:00');

/** A collection every ten minutes of the day before 20:00, each with what `of` says of its time (epoch milliseconds). */
function day(of: (at: number) => Partial<Cycle>, from = BEGAN - DAY): readonly Cycle[] {
  const cycles: Cycle[] = [];
  for (let at = from; at <= BEGAN; at += 10 * MINUTE) cycles.push(cycle(at, { states: [shop], ...of(at) }));
  return cycles;
}

/** What messages say of an alert on `shop/checkout` that began at 20:00. */
function told(
  [kind, written]: readonly [string, unknown],
  cycles: readonly Cycle[],
  fields: Partial<Alert> & { readonly others?: readonly Alert[] } = {},
): readonly string[] {
  const judged = rule(kind, written);
  const window = windowFor([judged]);
  for (const each of cycles) window.add(each);
  const { others = [], ...rest } = fields;
  const of = alert({ of: 'shop/checkout', activeAt: BEGAN, facts: { pods: [shop.name] }, ...rest });
  const input = { alert: of, condition: judged.condition, selection: EVERYTHING, window, alerts: [of, ...others] };
  return comparisonTexts(compareWithDay(input, 'shop/Deployment/checkout'), 'UTC');
}

/** Minutes of the ten before a collection, each with so many lines and errors. */
function lines(at: number, errorsAt: (minute: number) => number, all = 100) {
  return [
    {
      ref: refOf(shop),
      minutes: Array.from({ length: 10 }, (_, i) => {
        const time = at - (10 - i) * MINUTE;
        const error = errorsAt(time);
        return minute(time, { levels: { error, info: all - error } });
      }),
    },
  ];
}

suite('how an alert compares with the day before it', () => {
  test('a share of lines, with that of every minute', () => {
    const errors = (time: number) => (time >= BEGAN - 10 * MINUTE ? 34 : time === clock('03:12') ? 3 : 1);
    const cycles = day((at) => ({ minutes: lines(at, errors) }));
    const ratio = { errors: { level: 'error' }, above: '5%', minutes: '3 of 10' };
    assert.deepEqual(told(['error_ratio', ratio], cycles, { value: 0.34 }), [
      'Share of error lines in a minute: 34% now; in the day before median 1%, at most 3% at 03:13',
      'It had not fired in the day before',
    ]);
  });

  test('minutes with too few lines say nothing of a share, and too short a time says nothing at all', () => {
    const ratio = { errors: { level: 'error' }, above: '5%' };
    const quiet = day((at) => ({ minutes: lines(at, () => 1, 5) }));
    assert.deepEqual(told(['error_ratio', ratio], quiet, { value: 0.34 }), ['It had not fired in the day before']);
    const short = day((at) => ({ minutes: lines(at, () => 1) }), BEGAN);
    assert.deepEqual(told(['log_match', { level: 'error', within: '40m' }], short), []);
  });

  test('lines that match, in as long a time as is counted; what follows the first look alone counts', () => {
    const errors = (time: number) => (time >= BEGAN - 10 * MINUTE ? 5 : 0);
    const cycles = day((at) => ({ minutes: lines(at, errors) }), BEGAN - 5 * HOUR);
    for (const kind of ['log_match', 'log_spike'])
      assert.deepEqual(told([kind, { level: 'error', within: '10m' }], cycles), [
        'Error lines in 10 min: 50 now; none in the 5 h 50 min before',
        'It had not fired in the 5 h before',
      ]);
  });

  test('a silence, with how much was said', () => {
    const infos = (at: number) => (at > BEGAN - 30 * MINUTE ? [] : lines(at, () => 0, 2));
    const [first] = told(
      ['log_absent', { level: 'info', within: '30m' }],
      day((at) => ({ minutes: infos(at) })),
      { value: 0 },
    );
    assert.equal(first, 'Info lines in 30 min: 0 now; mostly 60 in the day before');
  });

  test('restarts, of the container or of all', () => {
    const cycles = day((at) => {
      if (at === BEGAN) return { restarts: [restartsOf(shop, at, { count: 7 })] };
      return at === clock('03:10') ? { restarts: [restartsOf(shop, at, { count: 2 })] } : {};
    });
    const expected = 'Restarts in 30 min: 7 now; in the day before median 0, at most 2 at 03:30';
    assert.equal(told(['crash_loop', {}], cycles)[0], expected);
    assert.equal(told(['restarts', { above: 5, within: '30m' }], cycles)[0], expected);
    const other = told(['crash_loop', {}], cycles, { labels: { ...alert().labels, container: 'proxy' } });
    assert.equal(other[0], 'Restarts in 30 min: 7 now; none in the day before');
  });

  test('ends and events of the kind that is counted', () => {
    const cycles = day((at) => {
      if (at !== clock('03:10')) return {};
      const oom = terminationOf(shop, at, { reason: 'OOMKilled', exitCode: 137 });
      return { terminations: [oom, terminationOf(shop, at - MINUTE)], events: [event('03:10', { reason: 'BackOff', count: 4 })] };
    });
    assert.equal(
      told(['terminated', { reasons: ['OOMKilled'] }], cycles, { value: 1 })[0],
      'Ends (OOMKilled) in 1 h: 1 now; in the day before median 0, at most 1 at 04:00',
    );
    assert.match(told(['event', { reasons: ['BackOff'] }], cycles)[0] ?? '', /^Events in 10 min: 7 now; .* at most 4 at 03:10$/);
  });

  test('use, of the worst pod’s container since its start', () => {
    const cycles = day((at) => ({ usage: [usage(shop, { at, memory: (at >= BEGAN ? 470 : 310) * 2 ** 20 })] }), BEGAN - 3 * HOUR);
    const [first] = told(['usage', { resource: 'memory', above: '90%' }], cycles, { value: 0.94, unit: 'ratio' });
    assert.equal(first, 'Memory of checkout-1: 470 MiB now; mostly 310 MiB in the 3 h before');
  });

  test('checks of a probe', () => {
    const check = (at: number) => {
      const failed = at >= BEGAN - MINUTE ? 2 : 0;
      const minuteOf = {
        name: 'front',
        minute: at / MINUTE,
        checks: 2,
        failed,
        answered: 2 - failed,
        latencySum: 80,
        latencyMax: 50,
      };
      return { ...minuteOf, reason: '', certificateEndsAt: null };
    };
    const cycles = day((at) => ({
      probes: {
        targets: [{ name: 'front', url: 'http://front' }],
        minutes: Array.from({ length: 10 }, (_, i) => check(at - (10 - i) * MINUTE)),
      },
    }));
    const labels = { kind: 'Probe', workload: 'front' };
    const [first] = told(['probe', { failed_ratio: '50%' }], cycles, { labels, value: 1, unit: 'ratio' });
    assert.equal(first, 'Failed checks in a minute: 100% now; none in the day before');
    const slow = told(['probe', { latency_ms: 30 }], cycles, { labels, value: 90, unit: 'milliseconds' });
    assert.equal(slow[0], 'Mean answer time in a minute: 90 ms now; mostly 40 ms in the day before');
  });

  test('the same alert of before, of which the rule’s conditions without a number have only that', () => {
    const fired = (at: string, end: string) => ended(alert({ of: 'shop/checkout', id: at, activeAt: clock(at) }), end);
    const other = { ...fired('18:00', '18:10'), fingerprint: 'ffff' };
    const others = [fired('03:12', '03:24'), fired('01:00', '01:30'), other];
    const cycles = day(() => ({}));
    const waiting = ['waiting', { reasons: ['ImagePullBackOff'] }] as const;
    assert.deepEqual(told(waiting, cycles, { others }), ['It had fired 2 times in the day before, last at 03:12, for 12 min']);
    assert.deepEqual(told(waiting, cycles, { others: [other] }), ['It had not fired in the day before']);
    assert.deepEqual(
      told(
        waiting,
        day(() => ({}), BEGAN - 10 * MINUTE),
      ),
      [],
    );
  });

  test('what fired the day before that and lasted has fired, too, and of times when nobody looked nothing is said', () => {
    const waiting = ['waiting', { reasons: ['ImagePullBackOff'] }] as const;
    const long = alert({ of: 'shop/checkout', id: 'long', activeAt: BEGAN - 30 * HOUR });
    const lasted = { ...ended(long, '01:00'), resolvedAt: clock('01:00') };
    assert.deepEqual(
      told(
        waiting,
        day(() => ({})),
        { others: [lasted] },
      ),
      ['It had fired in the day before, until 01:00'],
    );
    const away = day(() => ({})).filter(({ at }) => at < clock('05:00') || at > clock('17:00'));
    assert.deepEqual(told(waiting, away), ['It had not fired in the 2 h 50 min before']);
  });
});
