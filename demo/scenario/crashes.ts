import type { SimulatedContainer } from '../cluster/container.ts';
import type { SimulatedPod } from '../cluster/pod.ts';
import type { SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { type Actor, script } from './actor.ts';
import type { Chance } from './chance.ts';
import { checkoutEnd, checkoutStart, resizeLine, searchLastLine, searchLine } from './lines.ts';
import { print } from './print.ts';
import { useAround } from './usage.ts';

const MIB = 1024 ** 2;
const HOUR = 3_600_000;

/** Containers that end when they should not. */
export function crashActors(cluster: SimulatedCluster, start: number, chance: Chance): Actor[] {
  return [
    checkout(cluster, start),
    thumbnails(cluster, start, chance),
    inventory(cluster, start, chance),
    search(cluster, start, chance),
  ];
}

/** A crash loop since a rollout 25 minutes before the demo. */
function checkout(cluster: SimulatedCluster, start: number): Actor {
  const from = -1500;
  const { pod } = cluster.addWorkload({
    namespace: 'shop',
    kind: 'Deployment',
    name: 'checkout',
    createdAt: start + from * 1000,
    containers: [{ name: 'app', image: 'registry.example.com/shop/checkout:2.14.0', limits: { memory: '512Mi', cpu: '1' } }],
    run: false,
  });
  const container = pod.container();
  return crashLoop(cluster, pod, container, {
    from,
    life: 6,
    onStart: (at) => container.write(checkoutStart(at), { at }),
    onEnd: (at) => container.write(checkoutEnd(at), { at }),
  });
}

/** One memory kill, 45 s into the demo: a picture that was too large. */
function thumbnails(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'media',
    kind: 'Deployment',
    name: 'thumbnails',
    createdAt: start - 40 * HOUR,
    containers: [{ name: 'resize', image: 'registry.example.com/media/thumbnails:1.8.0', limits: { memory: '256Mi', cpu: '1' } }],
  });
  const container = workload.pod.container();
  const kill = script([
    [44, (at) => container.write(resizeLine(at, 'resizing upload-88231.tiff width=31200'), { at })],
    [45, (at) => container.oomKill({ at })],
    [46, (at) => container.start({ at })],
  ]);
  return (second) => {
    kill(second);
    if (second.t % 4 === 0) {
      print(container, second, chance, (at) => resizeLine(at, `resized upload-${chance.between(10_000, 99_999)}.jpg`));
    }
    useAround(workload, second, { cpu: 0.3, memory: 148 * MIB }, chance);
  };
}

/** A rollout whose init container fails, 95 s into the demo; the old pod serves on. */
function inventory(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'shop',
    kind: 'Deployment',
    name: 'inventory',
    createdAt: start - 70 * HOUR,
    containers: [
      { name: 'migrate', role: 'init', image: 'registry.example.com/shop/inventory:6.2.0' },
      { name: 'app', image: 'registry.example.com/shop/inventory:6.2.0' },
    ],
  });
  const old = workload.pod.container('app');
  let loop: Actor = () => undefined;
  const rollout = script([
    [
      95,
      (at) => {
        const image = 'registry.example.com/shop/inventory:6.3.0';
        workload.revise({ containers: workload.template.containers.map((spec) => ({ ...spec, image })) }, at);
        const pod = workload.addPod({ at, run: false });
        // It comes beside the old one.
        workload.change({ spec: { replicas: 1 } });
        pod.container('app').wait('PodInitializing', '', at);
        const migrate = pod.container('migrate');
        loop = crashLoop(cluster, pod, migrate, {
          from: 97,
          life: 2,
          onStart: (now) => migrate.write('{"level":"info","msg":"applying migration 0042_stock_reservations"}', { at: now }),
          onEnd: (now) =>
            migrate.write('{"level":"error","msg":"migration 0042 failed","error":"relation \\"stock\\" already exists"}', {
              at: now,
            }),
        });
      },
    ],
  ]);
  return (second) => {
    rollout(second);
    loop(second);
    if (second.t % 3 === 0)
      print(old, second, chance, () => `{"level":"info","msg":"stock read","sku":${chance.between(1000, 9999)}}`);
    useAround(workload, second, { cpu: 0.07, memory: 110 * MIB }, chance);
  };
}

/** Four pods that the liveness probe kills twice each, from 130 s into the demo. */
function search(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'shop',
    kind: 'StatefulSet',
    name: 'search',
    replicas: 4,
    createdAt: start - 20 * HOUR,
    containers: [{ name: 'search', image: 'registry.example.com/shop/search:9.1.3', limits: { memory: '1Gi', cpu: '2' } }],
  });
  const kill = (pod: SimulatedPod, at: number) => {
    const about = { namespace: 'shop', kind: 'Pod', name: pod.name, objectUid: pod.spec.uid, at };
    const message = 'Liveness probe failed: Get "http://10.244.3.17:8080/healthz": context deadline exceeded';
    cluster.addEvent({ ...about, reason: 'Unhealthy', message, count: 3 });
    pod.container().write(searchLastLine(at), { at }).restart({ exitCode: 137, at });
  };
  const kills = script(
    [0, 1].flatMap((round) => workload.pods.map((pod, index) => [130 + round * 45 + index * 9, (at) => kill(pod, at)] as const)),
  );
  return (second) => {
    kills(second);
    if (second.t % 2 === 0) for (const pod of workload.pods) print(pod.container(), second, chance, searchLine);
    useAround(workload, second, { cpu: 1.1, memory: 640 * MIB }, chance);
  };
}

interface CrashLoopOptions {
  /** Second of the first start. */
  readonly from: number;
  /** Seconds that every instance lives. */
  readonly life: number;
  readonly onStart: (at: number) => void;
  readonly onEnd: (at: number) => void;
}

/** Starts and ends a container with the kubelet's back-off: at once, then 10 s, doubled up to five minutes. */
function crashLoop(
  cluster: SimulatedCluster,
  pod: SimulatedPod,
  container: SimulatedContainer,
  options: CrashLoopOptions,
): Actor {
  let next = options.from;
  return ({ at, t }) => {
    if (t < next) return;
    if (container.phase !== 'running') {
      container.start({ at });
      options.onStart(at);
      next = t + options.life;
      return;
    }
    options.onEnd(at);
    const delay = container.restarts === 0 ? 1 : Math.min(300, 10 * 2 ** (container.restarts - 1));
    container.crash({ at, backOffSeconds: delay });
    next = t + delay;
    const message = `Back-off restarting failed container ${container.name} in pod ${pod.name}_${pod.namespace}(${pod.spec.uid})`;
    cluster.addEvent({
      namespace: pod.namespace,
      kind: 'Pod',
      name: pod.name,
      objectUid: pod.spec.uid,
      reason: 'BackOff',
      message,
      at,
    });
  };
}
