import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Owing, owe } from '../../../src/app/alerts/owe.ts';
import { DAY } from '../../../src/base/duration.ts';
import { compileGlob } from '../../../src/base/glob.ts';
import type { Alert } from '../../../src/core/model/alert.ts';
import type { Cycle } from '../../../src/core/model/cycle.ts';
import type { JobObject } from '../../../src/core/model/objects/cluster-object.ts';
import { clock, cycle, pod } from '../../build.ts';
import { rule, windowFor } from '../../build-rule.ts';
import { alert, nothing, policy, route } from '../../core/alerts/build-alert.ts';

const rules = [rule('pod', { not_ready: true })];
const asking = pod({ of: 'shop/cart', annotations: { 'tocsin.dev/receivers': 'second' }, node: 'node-1' });
const other = pod({ of: 'shop/web' });
const firing = alert({ of: 'shop/cart', alert: 'Test', state: 'firing', facts: { pods: [asking.name] } });

/** Who is told of the alert after these cycles, and what keeps it from being told. */
function told(of: Alert, cycles: readonly Cycle[], settings: Partial<Owing['policy']> = {}, others: readonly Alert[] = []) {
  const window = windowFor(rules);
  for (const each of cycles) window.add(each);
  const receivers = ['first', 'second'];
  let ids = 0;
  const document = owe(
    {
      policy: policy({ receivers, routes: [route({}, ['first'])], ...settings }),
      rules,
      window,
      span: DAY,
      newId: () => String(ids++),
    },
    {
      document: { ...nothing, alerts: [of, ...others] },
      transitions: [{ alert: of, from: null, to: 'firing', at: clock('10:00') }],
      now: clock('11:00'),
    },
  );
  return { receivers: document.outbox.map(({ receiver }) => receiver), suppressed: document.alerts[0]?.suppressed?.by };
}

const seen = cycle('10:00', { states: [asking, other] });

test('what a workload asks for holds while it is not seen: other pods alone, a list that failed, pods that are gone', () => {
  assert.deepEqual(told(firing, [seen]).receivers, ['second']);
  // The state before is too old to be believed, so that the newest one has nothing but what a watch saw.
  assert.deepEqual(told(firing, [seen, cycle('10:50', { trigger: 'targeted', states: [other] })]).receivers, ['second']);
  const unlisted = { states: [], namespaces: [], podsComplete: false };
  assert.deepEqual(told(firing, [seen, cycle('10:10', unlisted)]).receivers, ['second']);
  assert.deepEqual(told(firing, [seen, cycle('10:10', { states: [other] })]).receivers, ['second']);
  assert.deepEqual(told(firing, [cycle('10:10', { states: [other] })]).receivers, ['first']);
});

test('what the template asks for holds where no pod was ever made', () => {
  const job: JobObject = {
    kind: 'Job',
    namespace: 'shop',
    name: 'report',
    uid: 'j',
    createdAt: clock('09:00'),
    labels: {},
    annotations: { 'tocsin.dev/ignore': 'true' },
    workload: { namespace: 'shop', kind: 'Job', name: 'report' },
    suspended: false,
    state: 'running',
    failures: 0,
    startedAt: null,
    finishedAt: null,
    reason: '',
    message: '',
  };
  const labels = { alert: 'Test', severity: 'warning', namespace: 'shop', kind: 'Job', workload: 'report' };
  const refused = alert({ alert: 'Test', labels });
  const listed = cycle('10:00', { states: [other], objects: { items: [job], unread: {} } });
  assert.deepEqual(told(refused, [listed]), { receivers: [], suppressed: 'ignore' });
});

test('what a lost node explains stays so while the pods of its namespace are not listed', () => {
  const lost = alert({
    alert: 'NodeNotReady',
    labels: { alert: 'NodeNotReady', severity: 'critical', kind: 'Node', workload: 'node-1', node: 'node-1' },
  });
  const match = (name: string) => [new Map([['alert', [compileGlob(name)]]])];
  const inhibitions = [{ source: match('NodeNotReady'), target: match('Test'), equal: ['node'] }];
  const unready = pod({ of: 'shop/cart', ready: 'False' });
  const bare = alert({ of: 'shop/cart', alert: 'Test', facts: {} });
  for (const cycles of [
    [cycle('10:00', { states: [unready] })],
    [cycle('10:00', { states: [unready] }), cycle('10:10', { states: [], namespaces: [], podsComplete: false })],
  ]) {
    assert.equal(told(bare, cycles, { inhibitions }, [lost]).suppressed, 'inhibition');
  }
});
