import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileGlob } from '../../../src/base/glob.ts';
import { ACCESS, checkAccess } from '../../../src/kubernetes/session/access.ts';
import { Collecting } from '../collecting.ts';

const never = new AbortController().signal;

test('with every permission nothing is missing', async () => {
  await using on = await Collecting.start();
  const report = await checkAccess(on.session, { include: [compileGlob('*')] }, never);
  assert.deepEqual([report.missing, report.rules], [[], '']);
  assert.equal(
    report.checked,
    ACCESS.reduce((sum, { verbs }) => sum + verbs.length, 0),
  );
});

test('what is missing is told with the role that would grant it', async () => {
  await using on = await Collecting.start();
  on.cluster.deny({ resource: 'nodes', group: '' });
  on.cluster.deny({ resource: 'pods', subresource: 'log' });
  const report = await checkAccess(on.session, { include: [compileGlob('*')] }, never);
  assert.deepEqual(
    report.missing.map(({ resource, verbs }) => `${resource} ${verbs}`),
    ['pods/log get', 'nodes get,list,watch'],
  );
  assert.equal(
    report.rules,
    `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: tocsin }
rules:
  - apiGroups: [""]
    resources: [pods/log]
    verbs: [get]
  - apiGroups: [""]
    resources: [nodes]
    verbs: [get, list, watch]
`,
  );
});

test('a list of plain names is checked namespace by namespace, without what is cluster-wide', async () => {
  await using on = await Collecting.start();
  on.cluster.deny({ namespace: 'secret', resource: 'events' });
  const report = await checkAccess(on.session, { include: ['shop', 'secret'].map(compileGlob) }, never);
  assert.match(report.rules, /kind: Role\nmetadata: \{ name: tocsin, namespace: secret \}/);
  assert.equal(report.missing.length, 1);
  const asked = on.cluster.traffic.requests.length;
  assert.equal(asked, report.checked);
});
