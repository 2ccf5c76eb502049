import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MINUTE } from '../../../../src/base/duration.ts';
import type { PodState } from '../../../../src/core/model/pod.ts';
import { clock, container, cycle, pod, restartsOf } from '../../../build.ts';
import { Daemon, rule } from '../../../build-rule.ts';

const held = rule('crash_loop', { within: '30m' }, { keepFiringFor: 240 * MINUTE });
const at = (time: number) => new Date(time).toISOString().slice(11, 16);

/** How the pods of one kind of workload are marked with their template; those of a StatefulSet keep their names. */
interface Marked {
  readonly label: string;
  readonly kind: string;
  readonly named: (revision: string) => string;
}

const DEPLOYMENT: Marked = { label: 'pod-template-hash', kind: 'Deployment', named: (revision) => `checkout-${revision}` };
const STATEFUL: Marked = { label: 'controller-revision-hash', kind: 'StatefulSet', named: () => 'checkout-0' };
const DAEMONS: Marked = { ...STATEFUL, kind: 'DaemonSet', named: (revision) => `checkout-${revision}x` };

function podOf(revision: string, created: string, fields: Partial<PodState> = {}, marked = DEPLOYMENT): PodState {
  const name = marked.named(revision);
  const of = { namespace: 'shop-1', kind: marked.kind, name: 'checkout' };
  return pod({
    name,
    workload: of,
    uid: revision,
    createdAt: clock(created),
    labels: { [marked.label]: revision },
    ...fields,
  });
}

interface Story {
  /** Minutes between the two restarts, the first of which is at 10:02. */
  readonly gap?: number;
  /** Pods that are there all the time, beside the one that restarts. */
  readonly beside?: readonly PodState[];
  readonly marked?: Marked;
}

/** When the alert resolves of a container of template `a` whose pod is replaced by `next` at 10:30; `null` for not by 13:00. */
function resolvedBy(next: readonly PodState[], { gap = 5, beside = [], marked = DEPLOYMENT }: Story = {}): string | null {
  const old = podOf('a', '08:00', {}, marked);
  const daemon = new Daemon([held], clock('10:00'));
  for (let time = clock('10:10'); time <= clock('13:00'); time += 10 * MINUTE) {
    const restarts = [clock('10:02'), clock('10:02') + gap * MINUTE].filter((each) => each < time && each >= time - 10 * MINUTE);
    const isBefore = time < clock('10:30');
    const after = next.map((each) => ({ ...each, createdAt: Math.min(each.createdAt, time) }));
    const states = [...beside, ...(isBefore ? [old] : after)];
    const recorded = restarts.map((each) => restartsOf(old, at(each)));
    daemon.cycle(cycle(at(time), { states, restarts: recorded, ...(isBefore ? {} : { departed: [old] }) }));
  }
  const [alert] = daemon.alerts;
  if (alert?.resolvedReason !== undefined && alert.resolvedReason !== null)
    assert.equal(alert.resolvedReason, 'its pods were replaced by those of another template, which run well');
  return alert?.resolvedAt == null ? null : at(alert.resolvedAt);
}

suite('an alert on restarts', () => {
  test('is over once pods of a new template have run for twice as long as those before between two restarts', () => {
    assert.equal(resolvedBy([podOf('b', '10:25')]), '10:40');
    assert.equal(resolvedBy([podOf('b', '10:25')], { gap: 20 }), '11:10');
  });

  test('is over in the same way for StatefulSets, whose pods keep their names, and for DaemonSets', () => {
    for (const marked of [STATEFUL, DAEMONS]) {
      assert.equal(resolvedBy([podOf('b', '10:25', {}, marked)], { marked }), '10:40');
      assert.equal(resolvedBy([podOf('a', '10:25', { uid: 'other' }, marked)], { marked }), null);
    }
  });

  test('is over after a roll back to pods that were there all the time, however often they restarted days ago', () => {
    const before = podOf('z', '01:00', { containers: [container({ restarts: 3 })] });
    assert.equal(resolvedBy([], { beside: [before] }), '10:30');
    assert.equal(resolvedBy([podOf('z', '10:25', { name: 'z-2', uid: 'z-2' })], { beside: [before] }), '10:40');
    assert.equal(resolvedBy([], { gap: 20, beside: [before] }), '11:10');
  });

  test('goes on where the pods are of the same template, are not ready, or have restarted themselves', () => {
    assert.equal(resolvedBy([podOf('a', '10:25', { uid: 'other' })]), null);
    assert.equal(resolvedBy([podOf('b', '10:25', { conditions: [] })]), null);
    assert.equal(resolvedBy([podOf('b', '10:25', { containers: [container({ restarts: 1 })] })]), null);
  });

  test('goes on where a pod of the template that restarted is left, or one that says no template', () => {
    const sibling = podOf('a', '08:00', { name: 'a-2', uid: 'a-2' });
    assert.equal(resolvedBy([podOf('b', '10:25')], { beside: [sibling] }), null);
    assert.equal(resolvedBy([podOf('b', '10:25', { labels: {} })]), null);
  });
});
