import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cycle, Gap } from '../../../src/core/model/cycle.ts';
import type { ContainerPatterns } from '../../../src/core/model/pattern.ts';
import { clock, container, cycle, distributionOf, minute, patternOf, pod, refOf, terminated, workload } from '../../build.ts';
import { condition, Daemon, rule } from '../../build-rule.ts';

/** Info lines of the app, each time a minute with as many. */
function spoke(counts: Readonly<Record<string, number>>): Pick<Cycle, 'minutes'> {
  return {
    minutes: [{ ref: refOf(pod()), minutes: Object.entries(counts).map(([time, info]) => minute(time, { levels: { info } })) }],
  };
}

function gap(from: string, to: string): Gap {
  return {
    namespace: 'shop',
    workload: workload('shop/checkout'),
    pod: 'checkout-1',
    container: 'app',
    from: clock(from),
    to: clock(to),
    reason: 'rotated',
  };
}

/** The verdict of the last of some cycles, with its value. */
function verdict(kind: string, written: unknown, ...cycles: readonly Cycle[]): string {
  const daemon = new Daemon([rule(kind, written)], clock('09:00'));
  const samples = cycles.map((each) => daemon.cycle(each).evaluations[0]?.samples ?? []).at(-1) ?? [];
  return samples.map((sample) => `${sample.verdict} ${sample.value}`).join(', ');
}

suite('log_absent', () => {
  const silent = { level: 'info', within: '10m', min_count: 3 };
  const states = [pod()];

  test('nothing in the time, and enough in as long a time before', () => {
    assert.equal(verdict('log_absent', silent, cycle('10:10', { states, ...spoke({ '09:58': 2, '09:59': 1 }) })), 'true 0');
    assert.equal(verdict('log_absent', silent, cycle('10:10', { states, ...spoke({ '09:58': 2 }) })), 'false 0');
    assert.equal(verdict('log_absent', silent, cycle('10:10', { states, ...spoke({ '09:58': 3, '10:00': 1 }) })), 'false 1');
  });

  test('it stays true while the log stays silent, however long ago it spoke', () => {
    const said = cycle('10:10', { states, ...spoke({ '09:59': 3 }) });
    const later = ['10:20', '10:30', '11:30', '13:00'].map((at) => cycle(at, { states }));
    assert.equal(verdict('log_absent', silent, said, ...later), 'true 0');
  });

  test('a gap in the time or since the last line is no silence', () => {
    const said = cycle('10:10', { states, ...spoke({ '09:59': 3 }), gaps: [gap('10:04', '10:05')] });
    assert.equal(verdict('log_absent', silent, said), 'unknown 0');
    assert.equal(verdict('log_absent', silent, said, cycle('10:30', { states })), 'unknown 0');
  });

  test('a gap in the time before hides lines, unless the others are enough', () => {
    const gaps = [gap('09:52', '09:53')];
    assert.equal(verdict('log_absent', silent, cycle('10:10', { states, ...spoke({ '09:59': 2 }), gaps })), 'unknown 0');
    assert.equal(verdict('log_absent', silent, cycle('10:10', { states, ...spoke({ '09:59': 3 }), gaps })), 'true 0');
  });

  test('a container that has ended has nothing to say', () => {
    const done = [pod({ containers: [container({ state: terminated('10:00') })] })];
    assert.equal(verdict('log_absent', silent, cycle('10:10', { states: done, ...spoke({ '09:59': 3 }) })), 'false 0');
  });

  test('without a matcher every line counts', () => {
    assert.equal(condition('log_absent', {}).text, 'no lines within 30m, after at least 1 in the 30m before');
  });

  test('with `against` it must be longer than the pauses that the log makes, and the log known by then', () => {
    const against = { ...silent, factor: 2, against: '24h' };
    const steady = Object.fromEntries(Array.from({ length: 20 }, (_, minute) => [`09:${minute + 40}`, 3]));
    assert.equal(verdict('log_absent', against, cycle('10:10', { states, ...spoke(steady) })), 'true 0');
    assert.equal(verdict('log_absent', against, cycle('10:10', { states, ...spoke({ '09:55': 3, '09:59': 3 }) })), 'false 0');
    const paused = cycle('10:10', { states, ...spoke({ ...steady, '09:20': 3 }) });
    assert.equal(verdict('log_absent', against, paused), 'false 0');
    assert.equal(verdict('log_absent', against, paused, cycle('10:30', { states }), cycle('10:40', { states })), 'true 0');
    const unseen = cycle('10:10', { states, ...spoke({ ...steady, '09:20': 3 }), gaps: [gap('09:25', '09:26')] });
    assert.equal(verdict('log_absent', against, unseen), 'true 0');
  });

  test('its text says what came before', () => {
    const daemon = new Daemon([rule('log_absent', silent)], clock('10:00'));
    daemon.cycle(cycle('10:10', { states, ...spoke({ '09:58': 4 }) }));
    assert.equal(daemon.alerts[0]?.summary, 'shop/checkout (app): no info lines within 10m; 4 info lines in the 10m before');
    assert.deepEqual(daemon.alerts[0]?.facts.notes, ['4 info lines in the 10m before, then none for 11m']);
  });
});

suite('log_spike', () => {
  const spike = { level: 'info', factor: 3, min_count: 10, within: '10m', against: '30m' };
  const states = [pod()];
  const usual = { '09:35': 5, '09:45': 5, '09:55': 5 };

  test('so many times the average of as long a time before', () => {
    assert.equal(verdict('log_spike', spike, cycle('10:10', { states, ...spoke({ ...usual, '10:05': 15 }) })), 'true 3');
    assert.equal(verdict('log_spike', spike, cycle('10:10', { states, ...spoke({ ...usual, '10:05': 14 }) })), 'false 2.8');
  });

  test('few lines are no spike, whatever the factor; less than one usual line counts as one', () => {
    assert.equal(verdict('log_spike', spike, cycle('10:10', { states, ...spoke({ '10:05': 9 }) })), 'false 9');
    assert.equal(verdict('log_spike', spike, cycle('10:10', { states, ...spoke({ '10:05': 10 }) })), 'true 10');
  });

  test('minutes of the earlier window that were not seen are left out of the average', () => {
    const gaps = [gap('09:30', '09:40')];
    const lines = spoke({ '09:45': 5, '09:55': 5, '10:05': 15 });
    assert.equal(verdict('log_spike', spike, cycle('10:10', { states, ...lines, gaps })), 'true 3');
  });

  test('while less than half of the earlier window was seen nobody knows', () => {
    const young = [pod({ createdAt: clock('09:46') })];
    assert.equal(verdict('log_spike', spike, cycle('10:10', { states: young, ...spoke({ '10:05': 50 }) })), 'unknown null');
    assert.equal(
      verdict('log_spike', spike, cycle('10:10', { states, ...spoke({ '10:05': 50 }), gaps: [gap('09:31', '09:47')] })),
      'unknown null',
    );
  });

  test('a gap in the judged time hides lines, unless the others are enough', () => {
    const gaps = [gap('10:03', '10:04')];
    assert.equal(
      verdict('log_spike', spike, cycle('10:10', { states, ...spoke({ ...usual, '10:05': 14 }), gaps })),
      'unknown 2.8',
    );
    assert.equal(verdict('log_spike', spike, cycle('10:10', { states, ...spoke({ ...usual, '10:05': 15 }), gaps })), 'true 3');
  });

  test('its text says how many and how many times', () => {
    const daemon = new Daemon([rule('log_spike', spike)], clock('10:00'));
    daemon.cycle(cycle('10:10', { states, ...spoke({ ...usual, '10:05': 25 }) }));
    assert.equal(daemon.alerts[0]?.summary, 'shop/checkout (app): 25 info lines within 10m, 5 times the usual (threshold 3)');
    assert.deepEqual(daemon.alerts[0]?.facts.notes, ['in the 30m before on average 5 info lines in 10m']);
  });
});

suite('log_value', () => {
  const slow = { field: 'latency', percentile: 90, above: '500ms', min_count: 10, within: '10m' };
  const states = [pod()];
  const took = (time: string, ...numbers: readonly number[]) => ({
    minutes: [{ ref: refOf(pod()), minutes: [{ ...minute(time), values: { 'ms=latency': distributionOf(numbers) } }] }],
  });
  const numbers = (count: number, each: number) => Array<number>(count).fill(each);

  test('the percentile of all numbers in the time is above the limit', () => {
    const nine = [...numbers(9, 100), ...numbers(1, 800)];
    assert.match(verdict('log_value', slow, cycle('10:10', { states, ...took('10:05', ...nine) })), /^false (98|99|10[0-2])\./);
    const eight = [...numbers(8, 100), ...numbers(2, 800)];
    const found = verdict('log_value', slow, cycle('10:10', { states, ...took('10:05', ...eight) }));
    const value = Number(/^true (.*)$/.exec(found)?.[1]);
    assert.ok(Math.abs(value / 800 - 1) <= 0.02, found);
  });

  test('few lines are no data', () => {
    assert.equal(verdict('log_value', slow, cycle('10:10', { states, ...took('10:05', ...numbers(9, 800)) })), 'false null');
  });

  test('pods and minutes are taken together', () => {
    const second = pod({ name: 'checkout-2' });
    const minutes = [pod(), second].map((each) => ({
      ref: refOf(each),
      minutes: [{ ...minute('10:05'), values: { 'ms=latency': distributionOf(numbers(6, 800)) } }],
    }));
    assert.match(verdict('log_value', slow, cycle('10:10', { states: [pod(), second], minutes })), /^true /);
  });

  test('a gap hides numbers, unless those that were seen are too high', () => {
    const gaps = [gap('10:03', '10:04')];
    assert.match(
      verdict('log_value', slow, cycle('10:10', { states, ...took('10:05', ...numbers(20, 100)), gaps })),
      /^unknown /,
    );
    assert.match(verdict('log_value', slow, cycle('10:10', { states, ...took('10:05', ...numbers(20, 800)), gaps })), /^true /);
  });

  test('its text says percentile, value and limit', () => {
    const daemon = new Daemon([rule('log_value', slow)], clock('10:00'));
    daemon.cycle(cycle('10:10', { states, ...took('10:05', ...numbers(20, 1500)) }));
    assert.match(
      daemon.alerts[0]?.summary ?? '',
      /^shop\/checkout \(app\): p90 of latency is 1\.[45]\d? s within 10m \(threshold 500 ms\)$/,
    );
  });
});

suite('new_pattern', () => {
  const news = { level: 'error', unseen_for: '2h', min_count: 2 };
  const states = [pod({ createdAt: clock('05:00') })];
  const patterns = (counts: Readonly<Record<string, number>>, fields: Partial<ContainerPatterns> = {}) => ({
    patterns: [{ ref: refOf(pod()), patterns: [patternOf('could not pay <num>', counts)], dropped: 0, ...fields }],
    patternsFrom: 4 as const,
  });
  const seen = (fields: Partial<Cycle>) => cycle('10:10', { states, ...fields });
  /** So far back the first look goes here. */
  const early = cycle('08:00', { states, patternsFrom: 4 });

  test('a pattern that was not there for so long, often enough', () => {
    assert.equal(verdict('new_pattern', news, early, seen(patterns({ '10:05': 2 }))), 'true 1');
    assert.equal(verdict('new_pattern', news, early, seen(patterns({ '10:05': 1 }))), 'false 0');
    assert.equal(verdict('new_pattern', news, early, seen(patterns({ '09:00': 1, '10:05': 5 }))), 'false 0');
  });

  test('it is news for an hour', () => {
    const later = ['10:20', '11:00'].map((at) => cycle(at, { states, patternsFrom: 4 }));
    assert.equal(verdict('new_pattern', news, early, seen(patterns({ '10:05': 2 })), ...later), 'true 1');
    assert.equal(
      verdict('new_pattern', news, early, seen(patterns({ '10:05': 2 })), ...later, cycle('11:06', { states, patternsFrom: 4 })),
      'false 0',
    );
  });

  test('what is said in the first hour of looking is the usual', () => {
    assert.equal(verdict('new_pattern', news, seen(patterns({ '10:05': 2 }))), 'false 0');
    assert.equal(verdict('new_pattern', { ...news, learn_for: '30m' }, seen(patterns({ '10:05': 2 }))), 'true 1');
    assert.equal(verdict('new_pattern', { ...news, learn_for: '3h' }, early, seen(patterns({ '10:05': 2 }))), 'true 1');
  });

  test('too many minutes that were not seen make it doubtful', () => {
    const gaps = [gap('08:30', '09:00')];
    assert.equal(verdict('new_pattern', news, early, seen({ ...patterns({ '10:05': 2 }), gaps })), 'unknown 0');
    assert.equal(
      verdict('new_pattern', news, early, seen({ ...patterns({ '10:05': 2 }), gaps: [gap('08:30', '08:35')] })),
      'true 1',
    );
  });

  test('before patterns were looked for, and after some were dropped, nothing is called new', () => {
    const notLooked = cycle('08:00', { states });
    assert.equal(
      verdict(
        'new_pattern',
        { ...news, unseen_for: '2h' },
        notLooked,
        cycle('09:20', { states }),
        seen(patterns({ '10:05': 2 })),
      ),
      'false 0',
    );
    assert.equal(verdict('new_pattern', news, early, seen({ patterns: patterns({ '10:05': 2 }).patterns })), 'unknown null');
    const dropped = cycle('09:30', { states, ...patterns({}, { patterns: [], dropped: 20 }) });
    assert.equal(verdict('new_pattern', news, early, dropped, seen(patterns({ '10:05': 2 }))), 'false 0');
  });

  test('a pattern of a lower level is not asked for', () => {
    const warning = { ...patternOf('disk is nearly full', { '10:05': 9 }), level: 4 as const };
    const found = { patterns: [{ ref: refOf(pod()), patterns: [warning], dropped: 0 }], patternsFrom: 4 as const };
    assert.equal(verdict('new_pattern', news, early, seen(found)), 'false 0');
    assert.equal(verdict('new_pattern', { ...news, level: 'warning' }, early, seen(found)), 'true 1');
  });

  test('the alert lists what is new, and when something joins it names that first', () => {
    const daemon = new Daemon([rule('new_pattern', news)], clock('08:00'));
    daemon.cycle(early);
    daemon.cycle(seen(patterns({ '10:05': 7 })));
    const [first] = daemon.alerts;
    assert.equal(first?.summary, 'shop/checkout (app): 1 new error pattern: could not pay <num>');
    assert.deepEqual(first?.facts.notes, ['error × 7: could not pay <num>']);
    assert.equal(first?.newsAt, clock('10:06'));
    const second = {
      patterns: [{ ref: refOf(pod()), patterns: [patternOf('no route', { '10:12': 1, '10:14': 4 })], dropped: 0 }],
    };
    daemon.cycle(cycle('10:20', { states, ...second, patternsFrom: 4 }));
    const [again, ...others] = daemon.alerts;
    assert.equal(others.length, 0);
    assert.equal(again?.summary, 'shop/checkout (app): 2 new error patterns: no route; could not pay <num>');
    assert.deepEqual(again?.facts.notes, ['error × 5: no route', 'error × 7: could not pay <num>']);
    assert.equal(again?.newsAt, clock('10:15'));
  });

  test('what came while a pattern was quiet hides nothing that comes within the hour after', () => {
    const often = { level: 'error', unseen_for: '30m', learn_for: '30m' };
    const rows = { '10:05': 2, '13:35': 3 };
    assert.equal(verdict('new_pattern', often, early, cycle('13:36', { states, ...patterns(rows) })), 'false 0');
    assert.equal(
      verdict('new_pattern', often, early, cycle('14:11', { states, ...patterns({ ...rows, '14:10': 5 }) })),
      'true 1',
    );
  });

  test('a pattern that was told is quiet for the repeat interval, and then says how many lines came meanwhile', () => {
    const often = { level: 'error', unseen_for: '30m', learn_for: '30m' };
    const counts = { '10:05': 2, '11:30': 3, '13:00': 4, '14:10': 5 };
    const judged = (at: string) => {
      const rows = Object.fromEntries(Object.entries(counts).filter(([time]) => time < at));
      return verdict('new_pattern', often, early, cycle(at, { states, ...patterns(rows) }));
    };
    assert.deepEqual(['10:06', '11:31', '13:01', '14:11'].map(judged), ['true 1', 'false 0', 'false 0', 'true 1']);
    const daemon = new Daemon([rule('new_pattern', often)], clock('14:00'));
    daemon.window.add(early);
    daemon.cycle(cycle('14:11', { states, ...patterns(counts) }));
    assert.deepEqual(daemon.alerts[0]?.facts.notes, ['error × 5, 7 lines before while quiet: could not pay <num>']);
  });
});

suite('a rule that is newer than what was read', () => {
  const states = [pod()];
  const counted: readonly string[] = [];
  const pattern = { pattern: 'panic' };
  const panics = (counts: Readonly<Record<string, number>>): Pick<Cycle, 'minutes'> => ({
    minutes: [
      {
        ref: refOf(pod()),
        minutes: Object.entries(counts).map(([time, count]) =>
          minute(time, { levels: { info: 100 }, matched: count === 0 ? {} : { 'pattern=panic': count } }),
        ),
      },
    ],
  });
  const before = (times: readonly string[]) =>
    cycle('10:00', { states, counted, ...panics(Object.fromEntries(times.map((at) => [at, 0]))) });
  const after = cycle('10:10', { states, counted: ['pattern=panic'], ...panics({ '10:02': 3 }) });
  const quiet = cycle('10:10', { states, counted: ['pattern=panic'] });

  test('is unknown where lines are still to be counted, unless what is counted is enough', () => {
    const early = before(['09:55', '09:59']);
    assert.equal(verdict('log_match', { ...pattern, above: 5, within: '20m' }, early, after), 'unknown 3');
    assert.equal(verdict('log_match', { ...pattern, above: 2, within: '20m' }, early, after), 'true 3');
    assert.equal(verdict('log_match', { ...pattern, above: 5, within: '10m' }, early, after), 'false 3');
    const ratio = { errors: pattern, above: '50%', min_count: 20, minutes: '1 of 15' };
    assert.match(verdict('error_ratio', ratio, early, after), /^unknown/);
    assert.match(verdict('error_ratio', { ...ratio, minutes: '1 of 9' }, early, after), /^false/);
    assert.equal(verdict('log_absent', { ...pattern, within: '10m' }, early, quiet), 'unknown 0');
    const spike = { ...pattern, factor: 2, min_count: 3, within: '10m', against: '20m' };
    assert.match(verdict('log_spike', spike, before(['09:40', '09:59']), after), /^unknown/);
    const value = { field: 'size', above: 1, min_count: 1 };
    const sized = cycle('10:10', { states, counted: ['value=size'] });
    assert.equal(verdict('log_value', { ...value, within: '20m' }, early, sized), 'unknown null');
    assert.equal(verdict('log_value', { ...value, within: '10m' }, early, sized), 'false null');
  });
});
