import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fitLine } from '../../../src/core/rules/evaluation/line-fit.ts';
import { clock, container, cycle, pod, usage } from '../../build.ts';
import { Daemon, rule } from '../../build-rule.ts';

const LIMIT = 1000;

/** What a rule says after samples of memory, one each ten minutes from 00:00 on; `null` is a cycle without one. */
function after(samples: readonly (number | null)[], restartedAt: readonly number[] = [], above?: string): string {
  const daemon = new Daemon(
    [rule('usage_trend', { resource: 'memory', within: '1h', ...(above === undefined ? {} : { above }) })],
    clock('00:00') - 60_000,
  );
  for (const [index, memory] of samples.entries()) {
    const at = clock('00:00') + index * 600_000;
    const restarts = restartedAt.filter((each) => each <= index).length;
    const one = pod({ containers: [container({ limits: { cpu: null, memory: LIMIT }, restarts })] });
    daemon.cycle(cycle(at, { states: [one], usage: memory === null ? [] : [usage(one, { at, memory })] }));
  }
  return daemon.alerts.filter(({ state }) => state === 'firing').map(({ summary }) => summary)[0] ?? 'nothing';
}

const line = (from: number, step: number, count: number) => Array.from({ length: count }, (_, index) => from + step * index);

suite('memory', () => {
  test('that grows along a line is told an hour before it is full', () => {
    assert.equal(after(line(100, 20, 39)), 'nothing');
    assert.equal(after(line(100, 20, 42)), 'shop/checkout (app): memory at 92% of its limit, full in about 40 min');
    assert.equal(after(line(100, 20, 45)), 'shop/checkout (app): memory at 98% of its limit, full in about 10 min');
  });

  test('with noise on the line is told too', () => {
    const noisy = line(100, 20, 44).map((value, index) => value + (index % 3) * 8);
    assert.match(after(noisy), /full in about/);
  });

  test('that began to grow late is told by the later part', () => {
    assert.match(after([...line(300, 0, 60), ...line(300, 60, 11)]), /full in about/);
  });

  test('that is freed again and again is not told, whatever its phase', () => {
    const tooth = line(300, 90, 8);
    for (let phase = 1; phase <= tooth.length; phase++)
      assert.equal(after([...tooth, ...tooth, ...tooth, ...tooth.slice(0, phase)].slice(4)), 'nothing', String(phase));
  });

  test('that is steady, falls, or jumps once is not told', () => {
    assert.equal(after(line(950, 0, 60)), 'nothing');
    assert.equal(after(line(990, -5, 60)), 'nothing');
    assert.equal(after([...line(200, 0, 30), ...line(900, 0, 30)]), 'nothing');
  });

  test('has no trend before six samples, nor across a restart', () => {
    assert.equal(after(line(700, 50, 5)), 'nothing');
    assert.match(after(line(700, 40, 6)), /full in about/);
    assert.equal(after(line(700, 40, 6), [3]), 'nothing');
  });

  test('that grows ever more slowly, as a cache that fills, is not told', () => {
    for (let count = 6; count <= 60; count++)
      assert.equal(after(Array.from({ length: count }, (_, index) => 850 - 750 * 0.9 ** index)), 'nothing', String(count));
  });

  test('that is not above the share which the rule asks for is not told yet', () => {
    assert.match(after(line(100, 80, 8)), /full in about/);
    assert.equal(after(line(100, 80, 8), [], '75%'), 'nothing');
    assert.match(after(line(100, 80, 10), [], '75%'), /full in about/);
  });

  test('of a new pod is not told before it passes the level from which the pod before it fell back', () => {
    const daemon = new Daemon([rule('usage_trend', { resource: 'memory', within: '1h', above: '75%' })], clock('00:00') - 60_000);
    const tooth = [840, 850, 520, 520];
    const summaries = [...tooth, ...line(500, 50, 10)].map((memory, index) => {
      const at = clock('00:00') + index * 600_000;
      const [name, uid] = index < tooth.length ? ['web-1', 'a'] : ['web-2', 'b'];
      const one = pod({ name, uid, containers: [container({ limits: { cpu: null, memory: LIMIT } })] });
      daemon.cycle(cycle(at, { states: [one], usage: [usage(one, { at, memory })] }));
      return daemon.alerts.filter(({ state }) => state === 'firing').map(({ summary }) => summary)[0] ?? 'nothing';
    });
    assert.deepEqual(new Set(summaries.slice(0, -2)), new Set(['nothing']));
    assert.match(summaries.at(-2) ?? '', /memory at 90% of its limit, full in about/);
  });

  test('may miss samples', () => {
    assert.match(after(line(100, 20, 43).map((value, index) => (index % 4 === 1 ? null : value))), /full in about/);
  });
});

test('a line fits what lies on it exactly, and nothing on what has no spread', () => {
  const fit = fitLine([1, 2, 3, 4].map((at) => ({ at, value: 10 - 2 * at })));
  assert.deepEqual([fit?.slope, fit?.valueAt(10), fit?.r2], [-2, -10, 1]);
  assert.equal(fitLine([{ at: 1, value: 1 }]), null);
  assert.equal(fitLine([1, 1].map((at) => ({ at, value: at }))), null);
  assert.equal(fitLine([1, 2].map((at) => ({ at, value: 5 })))?.r2, 0);
});
