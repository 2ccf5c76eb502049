import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HOUR } from '../../../../src/base/duration.ts';
import type { Cycle, Gap } from '../../../../src/core/model/cycle.ts';
import { clock, cycle, minute, pod, refOf } from '../../../build.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const one = pod();
const ratio = rule('error_ratio', { errors: { level: 'error' }, above: '5%', minutes: '3 of 10' });
const REFUSED: Cycle['errors'] = [{ source: 'logs', namespace: null, reason: 'forbidden', message: 'no' }];

/** A hundred lines each minute of [from, to); in those of `bad` half of them are errors. */
function lines(from: string, to: string, bad: readonly [string, string][] = []): Cycle['minutes'] {
  const minutes = [];
  for (let at = clock(from); at < clock(to); at += 60_000) {
    const error = bad.some(([begin, end]) => at >= clock(begin) && at < clock(end)) ? 50 : 0;
    minutes.push(minute(new Date(at).toISOString().slice(11, 16), { levels: { error, info: 100 - error } }));
  }
  return [{ ref: refOf(one), minutes }];
}

const failed = (from: string, to: string, reason: Gap['reason'] = 'read_failed'): Gap[] => [
  {
    namespace: one.namespace,
    workload: one.workload,
    pod: one.name,
    container: 'app',
    from: clock(from),
    to: clock(to),
    reason,
  },
];

/** Cycles at 10:10 with lines, and at 10:20 to 11:00 without. */
function blind(daemon: Daemon, without: (from: string, to: string) => Partial<Cycle>, until = 5): void {
  daemon.cycle(cycle('10:10', { states: [one], minutes: lines('10:00', '10:10') }));
  const times = ['10:10', '10:20', '10:30', '10:40', '10:50', '11:00'];
  for (let index = 1; index <= until; index++) {
    const [from = '', to = ''] = times.slice(index - 1);
    daemon.cycle(cycle(to, { states: [one], ...without(from, to) }));
  }
}

const refused = () => ({ errors: REFUSED });

suite('minutes whose lines come late', () => {
  for (const [name, without] of [
    ['no logs could be read', refused],
    ["the container's read failed", (from: string, to: string) => ({ gaps: failed(from, to) })],
  ] as const) {
    test(`are judged once they are there, and what began and ended in them is told as such: ${name}`, () => {
      const daemon = new Daemon([ratio], clock('10:00'));
      blind(daemon, without);
      assert.deepEqual(daemon.told, []);
      daemon.cycle(cycle('11:10', { states: [one], minutes: lines('10:10', '11:10', [['10:14', '10:18']]) }));
      assert.deepEqual(daemon.told, ['10:17 firing', '10:50 resolved']);
    });

    test(`are judged into those that follow: ${name}`, () => {
      const daemon = new Daemon([ratio], clock('10:00'));
      blind(daemon, without);
      daemon.cycle(cycle('11:10', { states: [one], minutes: lines('10:10', '11:10', [['10:30', '11:10']]) }));
      assert.deepEqual(daemon.told, ['10:33 firing']);
      assert.deepEqual(daemon.states, ['firing']);
    });
  }

  test('are judged once', () => {
    const daemon = new Daemon([ratio], clock('10:00'));
    blind(daemon, refused);
    daemon.cycle(cycle('11:10', { states: [one], minutes: lines('10:10', '11:10') }));
    daemon.cycle(cycle('11:20', { states: [one], minutes: lines('10:30', '10:34', [['10:30', '10:34']]) }));
    assert.deepEqual(daemon.told, []);
  });

  test('resolve what fired before they could not be read, when it was over', () => {
    const daemon = new Daemon([ratio], clock('09:50'));
    daemon.cycle(cycle('10:00', { states: [one], minutes: lines('09:50', '10:00', [['09:50', '10:00']]) }));
    blind(daemon, refused);
    assert.deepEqual(daemon.states, ['firing unknown']);
    daemon.cycle(cycle('11:10', { states: [one], minutes: lines('10:10', '11:10') }));
    assert.deepEqual(daemon.told, ['09:53 firing', '10:30 resolved']);
  });

  test('that are lost for good stay unknown', () => {
    const daemon = new Daemon([ratio], clock('10:00'));
    blind(daemon, (from, to) => ({ gaps: failed(from, to, 'rotated') }));
    daemon.cycle(cycle('11:10', { states: [one], minutes: lines('10:10', '11:10', [['10:14', '10:18']]) }));
    assert.deepEqual(daemon.told, []);
  });

  test('of one pod reopen no verdict that the lines of another have given', () => {
    const daemon = new Daemon([ratio], clock('10:00'));
    const other = pod({ name: 'checkout-2', uid: 'other' });
    const both = { states: [one, other] };
    const of = (whose: typeof one, all: Cycle['minutes']) => [...all].map((each) => ({ ...each, ref: refOf(whose) }));
    const gaps = (from: string, to: string) => failed(from, to).map((gap) => ({ ...gap, pod: other.name }));
    daemon.cycle(cycle('10:10', { ...both, minutes: lines('10:00', '10:10') }));
    daemon.cycle(
      cycle('10:20', { ...both, minutes: lines('10:10', '10:20', [['10:14', '10:18']]), gaps: gaps('10:10', '10:20') }),
    );
    daemon.cycle(cycle('10:30', { ...both, minutes: lines('10:20', '10:30'), gaps: gaps('10:20', '10:30') }));
    assert.deepEqual(daemon.told, ['10:17 firing']);
    const late = of(other, lines('10:10', '10:40', [['10:11', '10:14']]));
    daemon.cycle(cycle('10:40', { ...both, minutes: [...lines('10:30', '10:40'), ...late] }));
    daemon.cycle(cycle('10:50', { ...both, minutes: [...lines('10:40', '10:50'), ...of(other, lines('10:40', '10:50'))] }));
    assert.deepEqual(daemon.told, ['10:17 firing', '10:50 resolved']);
  });

  test('are none where a workload had no pods, and none of a first look', () => {
    const silent = rule('log_absent', { level: 'info', within: '20m', min_count: 10 });
    const daemon = new Daemon([silent], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [one], minutes: lines('10:00', '10:10') }));
    for (const at of ['10:20', '10:30', '10:40', '10:50', '11:00', '11:10']) daemon.cycle(cycle(at, { states: [] }));
    const again = pod({ uid: 'b', createdAt: clock('11:15') });
    daemon.cycle(cycle('11:20', { states: [again] }));
    assert.deepEqual(daemon.told, []);
    assert.deepEqual(daemon.window.late(daemon.judgedCycle ?? ''), []);
    assert.ok(clock('11:20') - clock('10:10') > HOUR);
  });
});
