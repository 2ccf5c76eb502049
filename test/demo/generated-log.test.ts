import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillCluster } from '../../demo/cluster/fill.ts';
import { GeneratedLog } from '../../demo/cluster/generated-log.ts';
import { startCluster } from '../../demo/cluster/simulated-cluster.ts';

const FROM = Date.parse('2026-03-01T12:00:00Z');
const ALL = { since: null, timestamps: true, tailLines: null, limitBytes: null };

test('a generated log has its bytes after each span, and the same answer to the same question', () => {
  let now = FROM + 600_000 - 1;
  const log = new GeneratedLog({ now: () => now, from: FROM, bytes: 4096, spanMs: 600_000 });
  const first = log.read(ALL).toString();
  assert.equal(first.length, 4096);
  assert.ok(
    first
      .split('\n')
      .slice(0, -1)
      .every((line) => line.startsWith('2026-03-01T12:0') && line.length === 255),
  );
  now += 600_000;
  const second = log.read(ALL).toString();
  assert.equal(second.length, 8192);
  assert.ok(second.startsWith(first));
  const since = BigInt(FROM + 600_000) * 1_000_000n;
  assert.equal(log.read({ ...ALL, since }).toString(), second.slice(4096));
});

test('a filled cluster spreads its pods over nodes and Deployments', async () => {
  await using cluster = await startCluster({ nodes: [] });
  fillCluster(cluster, { pods: 50, nodes: 5, bodyBytes: 4096, spanSeconds: 600 });
  assert.equal(new Set(cluster.pods().map((pod) => `${pod.namespace}/${pod.name}`)).size, 50);
  assert.equal(cluster.workloads.length, 3);
  for (const node of cluster.nodes) assert.equal(cluster.pods().filter((pod) => pod.spec.node === node.name).length, 10);
});
