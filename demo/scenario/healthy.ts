import type { SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { type Actor, script } from './actor.ts';
import type { Chance } from './chance.ts';
import { apiLine, meshLine, nginxLine, postgresLine, workerLine } from './lines.ts';
import { print } from './print.ts';
import { useAround } from './usage.ts';

const MIB = 1024 ** 2;
const DAY = 86_400_000;

/** Workloads with which nothing is wrong, and which look as if in the usual ways: errors in words only, 404s, old restarts, ended jobs. */
export function healthyActors(cluster: SimulatedCluster, start: number, chance: Chance): Actor[] {
  return [
    web(cluster, start, chance),
    api(cluster, start, chance),
    worker(cluster, start, chance),
    postgres(cluster, start, chance),
    jobs(cluster, start),
    agents(cluster, start),
  ];
}

/** nginx in front; rolled out cleanly two minutes into the demo. */
function web(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'shop',
    kind: 'Deployment',
    name: 'web',
    replicas: 3,
    createdAt: start - 9 * DAY,
    containers: [{ name: 'nginx', image: 'registry.example.com/shop/web:5.1.0' }],
  });
  const old = workload.pods;
  const rollout = script([
    [
      120,
      (at) => {
        workload.revise({ containers: [{ ...workload.pod.container().spec, image: 'registry.example.com/shop/web:5.2.0' }] }, at);
        workload.scale(workload.pods.length + 3, at);
      },
    ],
    // Old pods end with 143 and are gone a moment later, as in every rollout.
    ...old.flatMap((pod, index) => [
      [126 + index * 4, (at: number) => void pod.markDeleted(at).container().exit({ exitCode: 143, at })] as const,
      [129 + index * 4, () => void workload.remove(pod)] as const,
    ]),
  ]);
  return (second) => {
    rollout(second);
    for (const pod of workload.pods) {
      if (chance.next() < 0.7) print(pod.container(), second, chance, nginxLine);
    }
    useAround(workload, second, { cpu: 0.06, memory: 92 * MIB }, chance);
  };
}

/** JSON access lines with the odd 404, and a sidecar that is quiet. */
function api(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'shop',
    kind: 'Deployment',
    name: 'api',
    replicas: 3,
    createdAt: start - 3 * DAY,
    containers: [
      { name: 'mesh', role: 'sidecar', image: 'registry.example.com/mesh/proxy:1.24.2', limits: { memory: '128Mi' } },
      { name: 'api', image: 'registry.example.com/shop/api:8.14.2' },
    ],
  });
  return (second) => {
    for (const pod of workload.pods) {
      print(pod.container('api'), second, chance, apiLine);
      if (second.t % 60 === 0) print(pod.container('mesh'), second, chance, meshLine);
    }
    useAround(workload, second, { cpu: 0.19, memory: 138 * MIB }, chance);
  };
}

/** A queue worker whose lines are full of the word error, none of them one. */
function worker(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'shop',
    kind: 'Deployment',
    name: 'order-worker',
    replicas: 2,
    createdAt: start - 3 * DAY,
    containers: [{ name: 'worker', image: 'registry.example.com/shop/order-worker:3.0.7' }],
  });
  return (second) => {
    for (const pod of workload.pods) if (second.t % 2 === 0) print(pod.container(), second, chance, workerLine);
    useAround(workload, second, { cpu: 0.12, memory: 120 * MIB }, chance);
  };
}

/** A database that restarted once, two days ago. */
function postgres(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'data',
    kind: 'StatefulSet',
    name: 'postgres',
    createdAt: start - 30 * DAY,
    containers: [
      {
        name: 'postgres',
        image: 'registry.example.com/base/postgres:17.2',
        limits: { memory: '2Gi', cpu: '2' },
        requests: { memory: '1Gi', cpu: '500m' },
      },
    ],
  });
  workload.pod.container().restart({ exitCode: 0, at: start - 2 * DAY });
  return (second) => {
    if (second.t % 5 === 0) print(workload.pod.container(), second, chance, postgresLine);
    useAround(workload, second, { cpu: 0.4, memory: 1210 * MIB }, chance);
  };
}

/** A job that has ended well, and a CronJob whose last run has. */
function jobs(cluster: SimulatedCluster, start: number): Actor {
  const names = [
    ['Job', 'import-prices', -2400, 95],
    ['CronJob', 'nightly-report', -1500, 40],
  ] as const;
  return script(
    names.flatMap(([kind, name, began, seconds]) => {
      const at = start + began * 1000;
      const job = cluster.addWorkload({ namespace: 'shop', kind, name, createdAt: at, run: false });
      const container = job.pod.container();
      return [
        [began, () => void container.start({ at }).write(`{"level":"info","msg":"${name} started"}`, { at })] as const,
        [
          began + seconds,
          (end: number) =>
            void container
              .write(`{"level":"info","msg":"${name} done","rows":18230,"errors":0,"failed":0}`, { at: end })
              .exit({ exitCode: 0, at: end }),
        ] as const,
      ];
    }),
  );
}

/** One log agent per node. */
function agents(cluster: SimulatedCluster, start: number): Actor {
  const workload = cluster.addWorkload({
    namespace: 'kube-system',
    kind: 'DaemonSet',
    name: 'node-agent',
    replicas: 0,
    createdAt: start - 30 * DAY,
    containers: [{ name: 'agent', image: 'registry.example.com/base/agent:2.9.0', limits: { memory: '64Mi' } }],
  });
  for (const node of cluster.nodes) workload.addPod({ at: workload.spec.createdAt, node: node.name });
  return ({ at, t }) => {
    if (t % 30 !== 0) return;
    const time = new Date(at).toISOString();
    for (const pod of workload.pods) {
      const head = `I${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000       1 sync.go:88]`;
      pod.container().write(`${head} "Synced" node="${pod.spec.node}" failures=0`, { at });
      pod.container().setUsage({ cpu: 0.02, memory: 31 * MIB });
    }
  };
}
