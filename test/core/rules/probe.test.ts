import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MINUTE } from '../../../src/base/duration.ts';
import type { ProbeMinute } from '../../../src/core/model/probe.ts';
import { clock, cycle } from '../../build.ts';
import { Daemon, rule } from '../../build-rule.ts';

const FROM = clock('10:00');

/** The state of a rule on answer times after minutes of the given checks, oldest first. */
function after(checks: readonly Pick<ProbeMinute, 'checks' | 'failed' | 'answered' | 'latencySum'>[]): string {
  const daemon = new Daemon([rule('probe', { latency_ms: 1_000, minutes: '2 of 3' })], FROM - MINUTE);
  const minutes = checks.map((each, index) => ({
    name: 'front',
    minute: FROM / MINUTE + index,
    latencyMax: each.latencySum,
    reason: '',
    certificateEndsAt: null,
    ...each,
  }));
  const { evaluations } = daemon.cycle(
    cycle(FROM + checks.length * MINUTE, { probes: { targets: [{ name: 'front', url: 'http://front/' }], minutes } }),
  );
  return evaluations.flatMap(({ samples }) => samples.map(({ verdict, value }) => `${verdict} ${value}`)).at(-1) ?? 'nothing';
}

const quick = { checks: 2, failed: 0, answered: 2, latencySum: 200 };
const slow = { checks: 2, failed: 0, answered: 2, latencySum: 4_000 };
/** One answer late, and one that never came. */
const half = { checks: 2, failed: 1, answered: 1, latencySum: 1_800 };
const silent = { checks: 2, failed: 2, answered: 0, latencySum: 0 };

suite('the time that answers take', () => {
  test('is the mean of those that came', () => {
    assert.equal(after([quick, quick, quick]), 'false 100');
    assert.equal(after([quick, slow, slow]), 'true 2000');
    assert.equal(after([quick, half, half]), 'true 1800');
  });

  test('is not known where none came', () => {
    assert.equal(after([silent, silent, silent]), 'unknown null');
    assert.equal(after([quick, quick, silent]), 'false null');
  });
});
