import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cycle } from '../../../../src/core/model/cycle.ts';
import type { PodCondition } from '../../../../src/core/model/pod.ts';
import { clock, cycle, node, pod, selector } from '../../../build.ts';
import { autoscalerObject, claimObject, event, progress, quotaObject, reading } from '../../../build-objects.ts';
import { Daemon, rule } from '../../../build-rule.ts';

/** What a rule tells at 10:10, one text each. */
function told(kind: string, written: unknown, fields: Partial<Cycle>): readonly string[] {
  const daemon = new Daemon([rule(kind, written)], clock('10:00'));
  daemon.cycle(cycle('10:10', fields));
  return daemon.alerts.map(({ summary }) => summary);
}

suite('a node', () => {
  const condition = (type: string, status: PodCondition['status'], reason: string, message = ''): PodCondition => ({
    type,
    status,
    reason,
    message,
    since: clock('10:01'),
  });

  test('that is not ready says why, since when, and what runs on it', () => {
    const ready = condition('Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.');
    const daemon = new Daemon([rule('node', { not_ready: true })], clock('10:00'));
    daemon.cycle(
      cycle('10:10', { nodes: [node({ ready: 'Unknown', conditions: [ready] }), node({ name: 'node-2' })], states: [pod()] }),
    );
    const [alert, ...others] = daemon.alerts;
    assert.deepEqual(others, []);
    assert.equal(alert?.summary, 'node-1: not heard of any more, with 1 pod');
    assert.deepEqual(alert?.facts.notes?.slice(1), ['with 1 pod', 'Kubelet stopped posting node status.']);
    assert.deepEqual(alert?.facts.pods, ['checkout-1']);
    const { namespace, ...labels } = alert?.labels ?? {};
    assert.equal(namespace, undefined);
    assert.deepEqual([labels['kind'], labels['workload'], labels['node']], ['Node', 'node-1', 'node-1']);
  });

  test('is told for each pressure that the rule names', () => {
    const conditions = [
      condition('MemoryPressure', 'True', 'KubeletHasInsufficientMemory'),
      condition('PIDPressure', 'True', 'x'),
    ];
    const nodes = [node({ conditions })];
    assert.deepEqual(told('node', { pressure: ['memory', 'disk'] }, { nodes }), ['node-1: short of memory']);
    assert.deepEqual(told('node', { pressure: 'disk' }, { nodes }), []);
    assert.deepEqual(told('node', { not_ready: true }, { nodes }), []);
  });

  test('is selected by its name, and by no namespace', () => {
    const nodes = [node({ ready: 'False' })];
    const firing = (globs: Parameters<typeof selector>[0]) => {
      const daemon = new Daemon(
        [rule('node', { not_ready: true }, { selection: { match: [selector(globs)], except: [] } })],
        clock('10:00'),
      );
      daemon.cycle(cycle('10:10', { nodes }));
      return daemon.alerts.length;
    };
    assert.deepEqual([firing({ node: 'node-*' }), firing({ node: 'other' }), firing({ namespace: 'shop' })], [1, 0, 0]);
  });
});

test('an autoscaler at its maximum says by what it would scale on', () => {
  const limited = progress({ type: 'ScalingLimited', reason: 'TooManyReplicas' });
  const metrics = [{ text: 'cpu at 180% of its request, with a target of 80%', above: true }];
  const maxed = autoscalerObject({ current: 10, limited, metrics });
  const rules = { maxed_out: true };
  assert.deepEqual(told('hpa', rules, { objects: reading([maxed]) }), [
    'shop/checkout: at its maximum of 10 replicas and wants more: cpu at 180% of its request, with a target of 80%',
  ]);
  assert.equal(told('hpa', rules, { objects: reading([{ ...maxed, limited: null }]) }).length, 1);
  assert.deepEqual(told('hpa', rules, { objects: reading([{ ...maxed, min: 10 }]) }), []);
  assert.deepEqual(
    told('hpa', rules, { objects: reading([{ ...maxed, limited: { ...limited, reason: 'TooFewReplicas' } }]) }),
    [],
  );
  assert.deepEqual(told('hpa', rules, { objects: reading([{ ...maxed, current: 9 }]) }), []);
});

suite('a claim', () => {
  test('that has lost its volume is told', () => {
    assert.deepEqual(told('claim', { pending: true }, { objects: reading([claimObject({ phase: 'Lost' })]) }), [
      'shop/checkout: its volume is gone, with what was on it',
    ]);
  });

  const pending = { objects: reading([claimObject({ phase: 'Pending' })]) };
  const about = { kind: 'PersistentVolumeClaim', name: 'checkout', workload: null } as const;

  test('that nobody uses and no event complains of is as it should be', () => {
    assert.deepEqual(told('claim', { pending: true }, pending), []);
  });

  test('takes its cause from its own event', () => {
    const events = [event('10:08', { ...about, reason: 'ProvisioningFailed', message: 'storageclass "fast" not found' })];
    assert.deepEqual(told('claim', { pending: true }, { ...pending, events }), [
      'shop/checkout: not bound: storageclass "fast" not found',
    ]);
  });

  test('that waits for its pod, or for a node for it, is none', () => {
    const states = [pod({ claims: ['checkout'] })];
    for (const reason of ['WaitForFirstConsumer', 'WaitForPodScheduled'])
      assert.deepEqual(
        told('claim', { pending: true }, { ...pending, states, events: [event('10:08', { ...about, reason, type: 'Normal' })] }),
        [],
      );
    assert.equal(told('claim', { pending: true }, { ...pending, states }).length, 1);
    assert.deepEqual(told('claim', { pending: true }, { ...pending, states: [pod({ claims: ['other'] })] }), []);
  });
});

test('a quota is told by the resource that is used most', () => {
  const resources = [
    { name: 'pods', used: 92, hard: 100, text: 'pods: 92 of 100' },
    { name: 'requests.memory', used: 99, hard: 100, text: 'requests.memory: 99Gi of 100Gi' },
    { name: 'services.loadbalancers', used: 0, hard: 0, text: 'services.loadbalancers: 0 of 0' },
  ];
  const objects = reading([quotaObject(0, { resources })]);
  assert.deepEqual(told('quota', { above: '90%' }, { objects }), ['shop/checkout: requests.memory used to 99% (threshold 90%)']);
  assert.deepEqual(told('quota', { above: '99%' }, { objects }), []);
});
