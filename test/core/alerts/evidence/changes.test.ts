import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HOUR, MINUTE } from '../../../../src/base/duration.ts';
import { changeTexts } from '../../../../src/core/alerts/evidence/change-text.ts';
import { changesBefore, MOST_CHANGES } from '../../../../src/core/alerts/evidence/changes.ts';
import type { Alert } from '../../../../src/core/model/alert.ts';
import type { Cycle } from '../../../../src/core/model/cycle.ts';
import type { PodState } from '../../../../src/core/model/pod.ts';
import { workloadKey } from '../../../../src/core/model/workload.ts';
import { clock, container, cycle, node, pod } from '../../../build.ts';
import { autoscalerObject, reading, workloadObject } from '../../../build-objects.ts';
import { windowFor } from '../../../build-rule.ts';
import { alert } from '../build-alert.ts';

/** A pod of `shop/checkout` from the template `v2`, made at that time: `v2 10:31`. */
function made(text: string, fields: Partial<PodState> = {}): PodState {
  const [revision = '', time = ''] = text.split(' ');
  return pod({
    name: `checkout-${revision}-${time}`,
    labels: { 'pod-template-hash': revision },
    createdAt: clock(time),
    containers: [container({ image: `shop:1.4.${revision.slice(1)}` })],
    ...fields,
  });
}

const OLD = made('v1 00:00');

/** What the alert's messages say after these collections. */
function told(
  cycles: readonly Cycle[],
  began: string,
  {
    endTimes = [],
    eventTimes = [],
    labels,
    facts = {},
  }: { readonly endTimes?: readonly number[]; readonly eventTimes?: readonly number[] } & Partial<
    Pick<Alert, 'labels' | 'facts'>
  > = {},
): readonly string[] | undefined {
  const window = windowFor([]);
  for (const each of cycles) window.add(each);
  const of = alert({ of: 'shop/checkout', activeAt: clock(began), facts, ...(labels && { labels }) });
  const { namespace = '', kind = '', workload: name = '' } = of.labels;
  const changes = changesBefore({ alert: of, key: workloadKey({ namespace, kind, name }), window, endTimes, eventTimes });
  return changes && changeTexts(changes, { begin: of.activeAt, timezone: 'UTC' });
}

suite('what changed before an alert', () => {
  test('a rollout is named with its images, its time and how long before it was', () => {
    const rolled = made('v2 10:31');
    const cycles = [cycle('09:00', { states: [OLD] }), cycle('10:35', { states: [OLD, rolled] })];
    assert.deepEqual(told(cycles, '10:35'), ['image of app: shop:1.4.1 → shop:1.4.2, rolled out 10:31:00 (4 min before)']);
  });

  test('the alert’s own container comes first, then limits, requests and other containers', () => {
    const before = made('v1 00:00', { containers: [container({ name: 'proxy' }), container()] });
    const limits = { cpu: 0.25, memory: 128 * 2 ** 20 };
    const containers = [container({ name: 'proxy', image: 'proxy:2' }), container({ limits })];
    const after = made('v2 10:31', { containers });
    const cycles = [cycle('09:00', { states: [before] }), cycle('10:35', { states: [after] })];
    const lines = (told(cycles, '10:35') ?? []).map((line) => line.split(', rolled')[0]);
    assert.deepEqual(lines, [
      'memory limit of app: none → 128 MiB',
      'CPU limit of app: none → 0.25 cores',
      'image of proxy: registry.example.com/proxy:1 → proxy:2',
    ]);
  });

  test('what was changed after it began is not named', () => {
    const cycles = [cycle('09:00', { states: [OLD] }), cycle('10:35', { states: [OLD, made('v2 10:31')] })];
    assert.deepEqual(told(cycles, '10:30'), [
      'No rollout, and no other change of images, limits or requests, in the 1 h 30 min before',
    ]);
  });

  test('what was changed after the first of the ends that it counts says so', () => {
    const cycles = [cycle('09:00', { states: [OLD] }), cycle('10:35', { states: [OLD, made('v2 10:31')] })];
    const [line] = told(cycles, '10:35', { endTimes: [clock('10:33'), clock('10:20')] }) ?? [];
    assert.match(line ?? '', /\(4 min before\), after its first end at 10:20:00$/);
  });

  test('a rollout of long before is told by its distance alone', () => {
    const rolled = made('v2 02:00');
    const cycles = [
      cycle('00:10', { states: [OLD] }),
      cycle('02:10', { states: [rolled] }),
      cycle('10:30', { states: [rolled] }),
    ];
    assert.deepEqual(told(cycles, '10:30'), ['No change shortly before it; the last rollout was 8 h 30 min before']);
  });

  test('that nothing changed is said only of a time that was seen, and of none that is too short', () => {
    const from = clock('00:00') - 14 * HOUR;
    const day = [cycle(from, { states: [OLD] }), cycle('10:00', { states: [OLD] })];
    const old = made('v1 00:00', { createdAt: from - HOUR });
    const seen = day.map((each) => ({ ...each, states: [old] }));
    assert.deepEqual(told(seen, '10:00'), ['No rollout, and no other change of images, limits or requests, in the day before']);
    assert.deepEqual(told([cycle('09:40', { states: [old] }), cycle('10:00', { states: [old] })], '10:00'), []);
    assert.equal(told([cycle('10:00')], '10:00'), undefined);
  });

  test('replicas are named with the sum of their changes, and not when they are back', () => {
    const looks = ['09:00', '09:10', '09:20', '09:30'] as const;
    const scaled = (sizes: readonly number[]) =>
      looks.map((at, i) =>
        cycle(at, { states: [OLD], objects: reading([workloadObject({ of: 'shop/checkout', desired: sizes[i] ?? 0 })]) }),
      );
    assert.deepEqual(told(scaled([2, 3, 8, 8]), '09:30'), ['replicas: 2 → 8, seen 09:20:00 (10 min before)']);
    assert.doesNotMatch(told(scaled([2, 3, 2, 2]), '09:30')?.join() ?? '', /replicas/);
  });

  test('an autoscaler’s own settings are named, and the rollouts of what it scales', () => {
    const hpa = (max: number) => reading([autoscalerObject({ max })]);
    const cycles = [
      cycle('09:00', { states: [OLD], objects: hpa(10) }),
      cycle('10:00', { states: [OLD, made('v2 09:58')], objects: hpa(3) }),
    ];
    const labels = { namespace: 'shop', kind: 'HorizontalPodAutoscaler', workload: 'checkout' };
    assert.deepEqual(told(cycles, '10:00', { labels }), [
      'maximum: 10 → 3, seen 10:00:00 (0 s before)',
      'image of app: shop:1.4.1 → shop:1.4.2, rolled out 09:58:00 (2 min before)',
    ]);
  });

  test('a workload that is new, and a pod that was made anew, are told where nothing rolled out', () => {
    const young = made('v1 09:55', { node: 'node-2' });
    const fresh = [cycle('09:00'), cycle('09:50'), cycle('10:00', { states: [young] })];
    assert.deepEqual(told(fresh, '10:00'), ['its first pods, made 09:55:00 (5 min before)']);
    // Of log files it is not known when what wrote them was made.
    const unknown = { ...young, containers: [container({ image: '' })] };
    assert.deepEqual(told([cycle('09:00'), cycle('09:50'), cycle('10:00', { states: [unknown] })], '10:00'), []);
    const moved = [cycle('09:00', { states: [OLD] }), cycle('10:00', { states: [OLD, young] })];
    assert.deepEqual(told(moved, '10:00', { facts: { pods: [young.name] } }), [
      'pod checkout-v1-09:55 on node node-2, of the same template, made 09:55:00 (5 min before)',
    ]);
  });

  test('without a rollout of its own, those of the namespace’s others shortly before are told', () => {
    const of = (name: string, revision: string, made: string) =>
      pod({
        of: `shop/${name}`,
        name: `${name}-${revision}`,
        labels: { 'pod-template-hash': revision },
        createdAt: clock(made),
        containers: [container({ image: `${name}:${revision}` })],
      });
    const cycles = [
      cycle('09:00', { states: [OLD, of('api', 'a', '00:00'), of('db', 'a', '00:00')] }),
      cycle('10:00', { states: [OLD, of('api', 'b', '09:55'), of('db', 'b', '09:20')] }),
    ];
    assert.deepEqual(told(cycles, '10:00'), ['Deployment api: image of app: api:a → api:b, rolled out 09:55:00 (5 min before)']);
    // What it counts had begun before that.
    for (const times of [{ endTimes: [clock('09:54')] }, { eventTimes: [clock('09:58'), clock('09:54')] }])
      assert.doesNotMatch(told(cycles, '10:00', times)?.join() ?? '', /Deployment api/);
    const own = [
      cycle('09:00', { states: [OLD, of('api', 'a', '00:00')] }),
      cycle('10:00', { states: [made('v2 09:50'), of('api', 'b', '09:55')] }),
    ];
    assert.equal(told(own, '10:00')?.length, 1);
  });

  test('what the cluster dates of the one node of its pods is told', () => {
    const condition = { reason: '', message: '', since: clock('09:50') };
    const conditions = [
      { ...condition, type: 'Ready', status: 'True' as const, since: clock('00:00') },
      { ...condition, type: 'MemoryPressure', status: 'True' as const },
      { ...condition, type: 'DiskPressure', status: 'False' as const },
    ];
    const cycles = [cycle('09:00', { states: [OLD] }), cycle('10:00', { states: [OLD], nodes: [node({ conditions })] })];
    assert.deepEqual(told(cycles, '10:00', { facts: { node: 'node-1' } }), [
      'node node-1 with MemoryPressure, since 09:50:00 (10 min before)',
    ]);
  });

  test('the newest are named and the others counted', () => {
    const many = (tag: string) => Array.from({ length: MOST_CHANGES + 3 }, (_, i) => container({ name: `c${i}`, image: tag }));
    const cycles = [
      cycle('09:00', { states: [made('v1 00:00', { containers: many('a') })] }),
      cycle('10:00', { states: [made('v2 09:59', { containers: many('b'.repeat(500)) })] }),
    ];
    const lines = told(cycles, '10:00') ?? [];
    assert.equal(lines.length, MOST_CHANGES + 1);
    assert.equal(lines.at(-1), '3 more');
    assert.ok(lines.every((line) => line.length < 300));
  });
});

test('what is not stored long enough before is forgotten', () => {
  const window = windowFor([]);
  window.add(cycle('00:10', { objects: reading([workloadObject({ desired: 1 })]) }));
  window.add(cycle('00:20', { objects: reading([workloadObject({ desired: 2 })]) }));
  assert.deepEqual(window.objectChanges('shop/Deployment/checkout'), [
    { at: clock('00:20'), what: 'replicas', from: '1', to: '2' },
  ]);
  window.add(cycle(clock('00:20') + 24 * HOUR + MINUTE, { objects: reading([workloadObject({ desired: 2 })]) }));
  assert.deepEqual(window.objectChanges('shop/Deployment/checkout'), []);
});
