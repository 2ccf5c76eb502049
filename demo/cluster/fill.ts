import { GeneratedLog } from './generated-log.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

export interface FillOptions {
  readonly pods: number;
  readonly nodes: number;
  /** Bytes of log that every container has at first, and writes again in every span. */
  readonly bodyBytes: number;
  readonly spanSeconds: number;
}

const PODS_PER_WORKLOAD = 20;
const WORKLOADS_PER_NAMESPACE = 10;

/** Fills a cluster with Deployments of one-container pods that share one generated log. */
export function fillCluster(cluster: SimulatedCluster, options: FillOptions): void {
  const startedAt = cluster.now() - options.spanSeconds * 1000;
  for (let index = 1; index <= options.nodes; index++) cluster.addNode(`node-${index}`, { createdAt: startedAt });
  const log = new GeneratedLog({
    now: cluster.now,
    from: startedAt,
    bytes: options.bodyBytes,
    spanMs: options.spanSeconds * 1000,
  });
  const workloads = Math.ceil(options.pods / PODS_PER_WORKLOAD);
  for (let index = 0; index < workloads; index++) {
    const workload = cluster.addWorkload({
      namespace: `team-${Math.floor(index / WORKLOADS_PER_NAMESPACE)}`,
      kind: 'Deployment',
      name: `service-${index}`,
      replicas: Math.min(PODS_PER_WORKLOAD, options.pods - index * PODS_PER_WORKLOAD),
      createdAt: startedAt,
      run: false,
    });
    for (const pod of workload.pods) {
      pod
        .container()
        .start({ at: startedAt, log })
        .setUsage({ cpu: 0.05, memory: 96 * 1024 ** 2 });
    }
  }
}
