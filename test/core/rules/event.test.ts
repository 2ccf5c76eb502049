import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterEvent, Cycle } from '../../../src/core/model/cycle.ts';
import { clock, cycle, pod, restartsOf, selector } from '../../build.ts';
import { event, jobObject, reading } from '../../build-objects.ts';
import { condition, Daemon, rule } from '../../build-rule.ts';

function firing(written: unknown, events: readonly ClusterEvent[], fields: Partial<Cycle> = {}): readonly string[] {
  const daemon = new Daemon([rule('event', written)], clock('10:00'));
  daemon.cycle(cycle('10:10', { states: [pod()], events, ...fields }));
  return daemon.alerts.map(({ summary }) => summary);
}

suite('events are counted', () => {
  test('by their rises, of the reasons and types, within the time', () => {
    const events = [
      event('10:02', { reason: 'BackOff', count: 3, message: 'older' }),
      event('10:08', { reason: 'BackOff', count: 2, message: 'newest' }),
      event('10:08', { reason: 'Pulled', count: 9, type: 'Normal' }),
      event('09:55', { reason: 'BackOff', count: 9 }),
    ];
    assert.deepEqual(firing({ reasons: ['Back*'], above: 4 }, events), ['shop/checkout: BackOff 5 times within 10m: newest']);
    assert.deepEqual(firing({ reasons: ['BackOff'], above: 5 }, events), []);
    assert.deepEqual(firing({ reasons: ['BackOff'], above: 1, within: '5m' }, events), [
      'shop/checkout: BackOff 2 times within 5m: newest',
    ]);
    assert.deepEqual(firing({ types: ['Normal'], above: 8 }, events), ['shop/checkout: Pulled 9 times within 10m']);
    assert.equal(firing({ above: 4 }, events).length, 1);
  });

  test('per workload, also when it has no pods', () => {
    const events = [
      event('10:08', { reason: 'FailedCreate', of: 'shop/Job/import', kind: 'Job', name: 'import' }),
      event('10:09', { reason: 'FailedCreate', of: 'shop/Job/import', kind: 'Job', name: 'import' }),
    ];
    assert.deepEqual(firing({ reasons: ['FailedCreate'], above: 1 }, events, { states: [] }), [
      'shop/import: FailedCreate 2 times within 10m',
    ]);
  });

  test('of an object that is deleted are over with it, and count before a list has it', () => {
    const refused = (at: string, name = 'import') =>
      event(at, { reason: 'FailedCreate', of: `shop/Job/${name}`, kind: 'Job', name });
    const daemon = new Daemon([rule('event', { reasons: ['FailedCreate'], above: 1, within: '1h' })], clock('10:00'));
    const list = (at: string, jobs: readonly string[], events: readonly ClusterEvent[] = []) =>
      daemon.cycle(
        cycle(at, { states: [], objects: reading(jobs.map((name) => jobObject({ of: `shop/Job/${name}` }))), events }),
      );
    list('10:10', ['import'], [refused('10:08'), refused('10:09')]);
    assert.deepEqual(daemon.states, ['firing']);
    list('10:20', []);
    assert.deepEqual(daemon.states, ['resolved: workload is gone']);
    list('10:30', []);
    daemon.cycle(cycle('10:33', { trigger: 'targeted', states: [], events: [refused('10:31', 'new'), refused('10:32', 'new')] }));
    assert.deepEqual(daemon.states, ['resolved: workload is gone', 'firing']);
    list('10:40', ['new']);
    assert.deepEqual(daemon.states, ['resolved: workload is gone', 'firing']);
  });

  test('of what is only taken for an object by its name stay', () => {
    const of = { of: 'shop/Deployment/canary', kind: 'ReplicaSet', name: 'canary-7c9f5d', reason: 'FailedCreate' };
    assert.equal(
      firing({ reasons: ['FailedCreate'], above: 1 }, [event('10:08', { ...of, count: 2 })], { states: [], objects: reading([]) })
        .length,
      1,
    );
  });

  test('one that comes under many generated names says its cause once', () => {
    const refused = (name: string) => `Error creating: pods "import-${name}" is forbidden: exceeded quota: small`;
    const about = { reason: 'FailedCreate', of: 'shop/Job/import', kind: 'Job', name: 'import' };
    const events = ['8hc2x', 'zz9bk'].map((name) => event('10:08', { ...about, message: refused(name) }));
    assert.deepEqual(firing({ reasons: ['FailedCreate'], above: 1 }, events, { states: [] }), [
      'shop/import: FailedCreate 2 times within 10m: exceeded quota: small',
    ]);
  });

  test('of pods are over when their workload has left, not between the runs of a job', () => {
    const left = (kind: 'Deployment' | 'CronJob') => {
      const of = `shop/${kind}/checkout`;
      const killed = (at: string) => event(at, { of, type: 'Normal', reason: 'Killing' });
      const daemon = new Daemon(
        [rule('event', { reasons: ['Killing'], types: ['Normal'], above: 1, within: '1h' })],
        clock('10:00'),
      );
      daemon.cycle(cycle('10:10', { states: [pod({ of })], events: [killed('10:05'), killed('10:08')] }));
      for (const at of ['10:20', '10:30', '10:40']) daemon.cycle(cycle(at, { states: [] }));
      return daemon.alerts.map(({ state }) => state);
    };
    assert.deepEqual(left('Deployment'), ['resolved']);
    assert.deepEqual(left('CronJob'), ['firing']);
  });

  test('per object where that belongs to no workload; a node has no namespace', () => {
    const ofNode = event('10:08', { kind: 'Node', name: 'node-1', namespace: 'default', workload: null, reason: 'Rebooted' });
    const ofClaim = event('10:08', { kind: 'PersistentVolumeClaim', name: 'data', workload: null, reason: 'ProvisioningFailed' });
    assert.deepEqual(firing({}, [ofNode, ofClaim]), [
      'node-1: Rebooted once within 10m',
      'shop/data: ProvisioningFailed once within 10m',
    ]);
  });

  test('of pods that have not started each on its own, and no more once the pod runs', () => {
    const waits = (name: string, phase: 'Pending' | 'Running' = 'Pending') => pod({ name, uid: name, phase });
    const failed = (name: string, count: number) => event('10:08', { reason: 'FailedMount', name, objectUid: name, count });
    const written = { reasons: ['FailedMount'], above: 3, pending: true };
    const events = [failed('a', 2), failed('b', 3)];
    assert.deepEqual(firing(written, events, { states: [waits('a'), waits('b')] }), []);
    assert.equal(firing(written, [...events, failed('b', 1)], { states: [waits('a'), waits('b')] }).length, 1);
    assert.deepEqual(firing(written, [failed('a', 9)], { states: [waits('a', 'Running')] }), []);
  });
});

test('a selection takes events by workload, kind and the labels of its pods', () => {
  const events = [event('10:08'), event('10:08', { of: 'shop/Job/import', kind: 'Job', name: 'import' })];
  const told = (globs: Parameters<typeof selector>[0]) => {
    const daemon = new Daemon([rule('event', {}, { selection: { match: [selector(globs)], except: [] } })], clock('10:00'));
    daemon.cycle(cycle('10:10', { states: [pod({ labels: { tier: 'web' } })], events }));
    return daemon.alerts.map(({ labels }) => labels['workload']);
  };
  assert.deepEqual(told({ kind: 'Job' }), ['import']);
  assert.deepEqual(told({ labels: { tier: 'data' }, kind: 'Deployment' }), []);
  assert.deepEqual(told({ workload: 'check*' }), ['checkout']);
});

test('a rule on Normal events asks for its reasons to be read, and for all where a glob could be any', () => {
  assert.deepEqual(condition('event', { reasons: ['Killing'], types: ['Normal'] }).normalEvents, ['Killing']);
  assert.deepEqual(condition('event', { reasons: ['Kill*'], types: ['Normal'] }).normalEvents, 'all');
  assert.deepEqual(condition('event', { types: ['Normal', 'Warning'] }).normalEvents, 'all');
  assert.deepEqual(condition('event', { reasons: ['BackOff'] }).normalEvents, []);
});

test('of a pod that restarts on, that the kubelet says no more of it is no end', () => {
  const kill = { type: 'Normal', reason: 'Killing', message: 'Container app failed liveness probe, will be restarted' };
  const daemon = new Daemon(
    [rule('event', { reasons: ['Killing'], types: ['Normal'], above: 1, within: '30m' }, { keepFiringFor: 0 })],
    clock('10:00'),
  );
  const pods = pod();
  daemon.cycle(cycle('10:10', { states: [pods], events: [event('10:05', kill), event('10:08', kill)] }));
  for (const at of ['10:20', '10:30', '10:40', '10:50', '11:00'])
    daemon.cycle(cycle(at, { states: [pods], restarts: [restartsOf(pods, at)] }));
  assert.deepEqual(daemon.states, ['firing unknown']);
  for (const at of ['11:10', '11:20']) daemon.cycle(cycle(at, { states: [pods] }));
  assert.deepEqual(daemon.states, ['firing unknown']);
  for (const at of ['11:30', '11:40']) daemon.cycle(cycle(at, { states: [pods] }));
  assert.deepEqual(daemon.states, ['resolved: condition is false']);
});

test('events that could not be listed leave the alert as it is', () => {
  const daemon = new Daemon([rule('event', {})], clock('10:00'));
  daemon.cycle(cycle('10:10', { states: [pod()], events: [event('10:09')] }));
  const errors = [{ source: 'events', namespace: 'shop', reason: 'forbidden', message: '' }] as const;
  for (const at of ['10:20', '10:30', '10:40']) daemon.cycle(cycle(at, { states: [pod()], errors }));
  assert.deepEqual(daemon.states, ['firing unknown']);
  for (const at of ['10:50', '11:00']) daemon.cycle(cycle(at, { states: [pod()] }));
  assert.deepEqual(daemon.states, ['resolved: condition is false']);
});
