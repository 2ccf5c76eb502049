import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MINUTE } from '../../../../src/base/duration.ts';
import type { PodState } from '../../../../src/core/model/pod.ts';
import { clock, container, cycle, pod, restartsOf } from '../../../build.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const held = rule('crash_loop', { within: '30m' }, { keepFiringFor: 240 * MINUTE });
const at = (time: number) => new Date(time).toISOString().slice(11, 16);

function podOf(revision: string, created: string, fields: Partial<PodState> = {}): PodState {
  const name = `checkout-${revision}`;
  return pod({ name, uid: revision, createdAt: clock(created), labels: { 'pod-template-hash': revision }, ...fields });
}

/** When the alert resolves of a container that restarts at 10:02 and `gap` minutes later, and whose pod `next` replaces at 10:30; `null` for not by 13:00. */
function resolvedBy(next: PodState, gap = 5): string | null {
  const old = podOf('a', '08:00');
  const daemon = new Daemon([held], clock('10:00'));
  for (let time = clock('10:10'); time <= clock('13:00'); time += 10 * MINUTE) {
    const restarts = [clock('10:02'), clock('10:02') + gap * MINUTE].filter((each) => each < time && each >= time - 10 * MINUTE);
    const state = time < clock('10:30') ? old : { ...next, createdAt: Math.min(next.createdAt, time) };
    daemon.cycle(cycle(at(time), { states: [state], restarts: restarts.map((each) => restartsOf(old, at(each))) }));
  }
  const [alert] = daemon.alerts;
  if (alert?.resolvedReason !== undefined && alert.resolvedReason !== null)
    assert.equal(alert.resolvedReason, 'its pods were replaced by those of a new template, which run well');
  return alert?.resolvedAt == null ? null : at(alert.resolvedAt);
}

suite('an alert on restarts', () => {
  test('is over once pods of a new template have run for twice as long as those before between two restarts', () => {
    assert.equal(resolvedBy(podOf('b', '10:25')), '10:40');
    assert.equal(resolvedBy(podOf('b', '10:25'), 20), '11:10');
  });

  test('goes on where the pods are of the same template, are not ready, or have restarted themselves', () => {
    assert.equal(resolvedBy(podOf('a', '10:25', { uid: 'other' })), null);
    assert.equal(resolvedBy(podOf('b', '10:25', { conditions: [] })), null);
    assert.equal(resolvedBy(podOf('b', '10:25', { containers: [container({ restarts: 1 })] })), null);
  });
});
