import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../../../src/base/duration.ts';
import { clock, container, cycle, pod, waiting } from '../../../build.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const held = rule('waiting', { reasons: ['ImagePullBackOff'] }, { resolveAfter: 1, recursWithin: 30 * MINUTE });
const pulling = pod({ containers: [container({ state: waiting('ImagePullBackOff') })] });

/** What is told of a pod that pulls in vain at these times and runs at the others, with a look every ten minutes. */
function told(from: string, to: string, bad: readonly string[]): readonly string[] {
  const daemon = new Daemon([held], clock(from));
  for (let at = clock(from); at <= clock(to); at += 10 * MINUTE) {
    const time = new Date(at).toISOString().slice(11, 16);
    daemon.cycle(cycle(time, { states: [bad.includes(time) ? pulling : pod()] }));
  }
  return daemon.told;
}

test('an alert that fires again within recurs_within of its end is held for as long, and another one is not', () => {
  assert.deepEqual(told('10:00', '12:30', ['10:10', '10:30', '11:50']), [
    '10:10 firing',
    '10:20 resolved',
    '10:30 firing',
    '11:10 resolved',
    '11:50 firing',
    '12:00 resolved',
  ]);
});

test('what comes again while it is held is the same alert', () => {
  assert.deepEqual(told('10:00', '12:30', ['10:10', '10:30', '11:00', '11:30']), [
    '10:10 firing',
    '10:20 resolved',
    '10:30 firing',
    '12:10 resolved',
  ]);
});

test('one whose workload was gone in between is another one', () => {
  const daemon = new Daemon([held], clock('10:00'));
  const states = { '10:10': [pulling], '10:20': [], '10:30': [pulling], '10:40': [pod()] };
  for (const [time, pods] of Object.entries(states)) daemon.cycle(cycle(time, { states: pods }));
  assert.deepEqual(daemon.told, ['10:10 firing', '10:20 resolved', '10:30 firing', '10:40 resolved']);
});
