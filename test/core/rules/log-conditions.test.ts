import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cycle, Gap } from '../../../src/core/model/cycle.ts';
import { clock, container, cycle, minute, pod, refOf, terminated, workload } from '../../build.ts';
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
