import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { suspended } from '../../../../src/core/rules/judging/suspended.ts';
import { clock, cycle, minute, pod, refOf } from '../../../build.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const panics = rule('log_match', { pattern: 'panic', above: 0, within: '5m' });

suite('a suspended rule', () => {
  test('an alert that fires neither resolves nor goes on; it resolves when lines are counted again', () => {
    const daemon = new Daemon([panics], clock('10:00'));
    const seen = (from: string, matched: Readonly<Record<string, number>>) => [
      { ref: refOf(pod()), minutes: [minute(from, { levels: { info: 100 }, matched })] },
    ];
    daemon.cycle(cycle('10:10', { states: [pod()], minutes: seen('10:03', { 'pattern=panic': 2 }) }));
    assert.deepEqual(daemon.told, ['10:04 firing']);
    daemon.rules = [suspended(panics)];
    for (const at of ['10:20', '10:30', '10:40']) daemon.cycle(cycle(at, { states: [pod()], minutes: seen(at, {}) }));
    assert.deepEqual(daemon.told, ['10:04 firing']);
    assert.deepEqual(
      daemon.alerts.map(({ state, unknown }) => [state, unknown]),
      [['firing', true]],
    );
    daemon.rules = [panics];
    for (const at of ['10:50', '11:00', '11:10']) daemon.cycle(cycle(at, { states: [pod()], minutes: seen(at, {}) }));
    assert.deepEqual(
      daemon.told.slice(1).map((text) => text.split(' ')[1]),
      ['resolved'],
    );
  });

  test('nothing begins to fire, whatever was counted', () => {
    const daemon = new Daemon([suspended(panics)], clock('10:00'));
    const minutes = [{ ref: refOf(pod()), minutes: [minute('10:03', { matched: { 'pattern=panic': 2 } })] }];
    daemon.cycle(cycle('10:10', { states: [pod()], minutes }));
    assert.deepEqual(daemon.told, []);
  });
});
