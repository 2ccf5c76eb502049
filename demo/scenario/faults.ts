import type { SimulatedPod } from '../cluster/pod.ts';
import type { SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { type Actor, script } from './actor.ts';
import type { Chance } from './chance.ts';
import { authFatalLine, authLine, paymentLine, reportLine } from './lines.ts';
import { print } from './print.ts';
import { useAround } from './usage.ts';

const MIB = 1024 ** 2;
const HOUR = 3_600_000;

/** What is wrong without a container that ends: an image, errors in logs, secrets in logs, memory. */
export function faultActors(cluster: SimulatedCluster, start: number, chance: Chance): Actor[] {
  return [
    catalog(cluster, start, chance),
    payments(cluster, start, chance),
    auth(cluster, start, chance),
    reports(cluster, start, chance),
  ];
}

/** A rollout to an image that does not exist, 25 s into the demo, taken back after four minutes; the old pods serve on. */
function catalog(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const image = 'registry.example.com/shop/catalog:4.0.0-rc7';
  const workload = cluster.addWorkload({
    namespace: 'shop',
    kind: 'Deployment',
    name: 'catalog',
    replicas: 2,
    createdAt: start - 50 * HOUR,
    containers: [{ name: 'catalog', image: 'registry.example.com/shop/catalog:3.9.1' }],
  });
  let broken: SimulatedPod | null = null;
  const pull = (pod: SimulatedPod, at: number) => {
    const reason = `failed to resolve reference "${image}": not found`;
    pod.container().wait('ErrImagePull', `rpc error: code = NotFound desc = ${reason}`, at);
    const about = { namespace: 'shop', kind: 'Pod', name: pod.name, objectUid: pod.spec.uid, reason: 'Failed', at };
    cluster.addEvent({ ...about, message: `Failed to pull image "${image}": rpc error: code = NotFound desc = ${reason}` });
    cluster.addEvent({ ...about, message: 'Error: ErrImagePull' });
  };
  const rollout = script([
    [
      25,
      (at) => {
        workload.revise({ containers: workload.template.containers.map((spec) => ({ ...spec, image })) }, at);
        broken = workload.addPod({ at, run: false });
        // It comes beside the two old ones.
        workload.change({ spec: { replicas: 2 } });
        pull(broken, at);
      },
    ],
    [270, () => broken !== null && workload.remove(broken)],
  ]);
  return (second) => {
    rollout(second);
    if (broken !== null && second.t < 270 && second.t % 15 === 0) {
      if (second.t % 60 === 0) pull(broken, second.at);
      else broken.container().wait('ImagePullBackOff', `Back-off pulling image "${image}"`, second.at);
    }
    for (const pod of workload.pods) {
      if (pod === broken || second.t % 3 !== 0) continue;
      print(pod.container(), second, chance, () => `{"level":"info","msg":"catalogue served","items":${chance.between(12, 60)}}`);
    }
    useAround(workload, second, { cpu: 0.08, memory: 101 * MIB }, chance);
  };
}

/** Errors rise well above five percent from a minute before the demo on, and are over six minutes later. */
function payments(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'shop',
    kind: 'Deployment',
    name: 'payments',
    replicas: 2,
    createdAt: start - 90 * HOUR,
    containers: [{ name: 'payments', image: 'registry.example.com/shop/payments:11.4.0' }],
  });
  const errorShare = (t: number) => {
    if (t < -60 || t > 300) return 0.01;
    return t < 60 ? 0.15 : 0.24;
  };
  return (second) => {
    for (const pod of workload.pods)
      print(pod.container(), second, chance, (at) => paymentLine(at, chance, errorShare(second.t)));
    useAround(workload, second, { cpu: 0.15, memory: 124 * MIB }, chance);
  };
}

/** A service that logs tokens, keys and passwords all the time, and 75 s into the demo a fatal line with more of them. */
function auth(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const workload = cluster.addWorkload({
    namespace: 'identity',
    kind: 'Deployment',
    name: 'auth',
    createdAt: start - 33 * HOUR,
    containers: [{ name: 'auth', image: 'registry.example.com/identity/auth:2.3.5' }],
  });
  const container = workload.pod.container();
  const fatal = script([[75, (at) => container.write(authFatalLine(at, chance), { at })]]);
  return (second) => {
    fatal(second);
    if (second.t % 2 === 0) print(container, second, chance, authLine);
    useAround(workload, second, { cpu: 0.05, memory: 88 * MIB }, chance);
  };
}

/** Memory climbs from 86 % of the limit; killed at six minutes, and it begins again. */
function reports(cluster: SimulatedCluster, start: number, chance: Chance): Actor {
  const limit = 512 * MIB;
  const workload = cluster.addWorkload({
    namespace: 'analytics',
    kind: 'Deployment',
    name: 'reports',
    createdAt: start - 12 * HOUR,
    containers: [
      { name: 'reports', image: 'registry.example.com/analytics/reports:0.9.14', limits: { memory: '512Mi', cpu: '1' } },
    ],
  });
  const container = workload.pod.container();
  let share = 0.86;
  return ({ at, t }) => {
    if (t > 0) share += 0.0004;
    if (share > 1) {
      container.oomKill({ at }).start({ at });
      share = 0.3;
    }
    if (t % 6 === 0) container.write(reportLine(at, chance, Math.round((share * limit) / MIB)), { at });
    if (t % 10 === 0) container.setUsage({ cpu: 0.35, memory: share * limit });
  };
}
