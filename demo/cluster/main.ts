import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillCluster } from './fill.ts';
import { startCluster } from './simulated-cluster.ts';

// The simulated cluster in a process of its own, filled with equal pods: for benchmarks. Prints one JSON line when it serves, ends on SIGTERM.
const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '5000' },
    nodes: { type: 'string', default: '50' },
    body: { type: 'string', default: '4096' },
    span: { type: 'string', default: '600' },
    port: { type: 'string', default: '0' },
  },
});
const cluster = await startCluster({ port: Number(values.port), nodes: [] });
fillCluster(cluster, {
  pods: Number(values.pods),
  nodes: Number(values.nodes),
  bodyBytes: Number(values.body),
  spanSeconds: Number(values.span),
});
const folder = mkdtempSync(join(tmpdir(), 'tocsin-cluster-'));
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
}
process.stdout.write(`${JSON.stringify({ url: cluster.url, kubeconfig, pid: process.pid })}\n`);
