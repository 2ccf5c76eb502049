import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CycleReport } from '../../../src/app/cycle/cycle-report.ts';
import { compileGlob } from '../../../src/base/glob.ts';
import { type LogFields, silentLogger } from '../../../src/base/logger.ts';
import { Metrics } from '../../../src/base/metrics.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { cycle, node } from '../../build.ts';
import { rule } from '../../build-rule.ts';
import { options, temporaryFolder } from '../../store/store-fixture.ts';

test('that rules on nodes see nothing is told once, and not where nodes are seen, refused or not asked for', async () => {
  await using folder = await temporaryFolder();
  await using store = await openStore('json', options(folder.path));
  const told: unknown[] = [];
  const logger = { ...silentLogger, info: (_message: string, fields?: LogFields) => void told.push(fields?.['why']) };
  const onNodes = [rule('node', { not_ready: true })];
  const report = (...include: readonly string[]) =>
    new CycleReport({ metrics: new Metrics(), logger, store, collect: { include: include.map(compileGlob), exclude: [] } });
  const refused = { source: 'nodes', namespace: null, reason: 'forbidden', message: '' } as const;
  report().rulesOnNodes(onNodes, cycle('10:00', { nodes: [node()] }));
  report().rulesOnNodes(onNodes, cycle('10:00', { nodes: [], errors: [refused] }));
  report().rulesOnNodes([rule('pod', { not_ready: true })], cycle('10:00', { nodes: [] }));
  assert.deepEqual(told, []);
  const one = report('shop', 'billing');
  for (const at of ['10:00', '10:10']) one.rulesOnNodes(onNodes, cycle(at, { nodes: [] }));
  report('shop-*').rulesOnNodes(onNodes, cycle('10:00', { nodes: [] }));
  assert.deepEqual(told, ['nodes are listed only where namespaces.include has a glob', 'the cluster lists no nodes']);
});
