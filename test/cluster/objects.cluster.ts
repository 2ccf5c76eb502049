import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hook, startHook } from './hook.ts';
import { eventually, freshNamespace, kubectl, removeNamespace, scriptDeployment, scriptPod } from './kubectl.ts';
import { folderOfRules, TocsinProcess } from './tocsin-process.ts';

const NAMESPACE = 'tocsin-objects';
/** A node without a kubelet, whose state the test sets. */
const NODE = 'tocsin-objects-node';
/** A quota lets no pod into it. */
const FULL_NAMESPACE = 'tocsin-objects-full';
const GOAL_MS = 10_000;
/** The holds of the rules below, cut short. */
const HOLD_MS = 20_000;
const OVERDUE_MS = 30_000;
const RULES = `rules:
  - { alert: JobFailed, job: { failed: true } }
  - { alert: RolloutStuck, workload: { rollout_stuck: true } }
  - { alert: PodsRefused, workload: { replica_failure: true } }
  - { alert: NodeNotReady, node: { not_ready: true }, match: { node: ${NODE} } }
  - { alert: MountFailing, event: { reasons: [FailedMount], above: 0, pending: true }, except: { workload: "good-*" } }
  - { alert: Unschedulable, pod: { unschedulable: true } }
  - { alert: PodNotReady, pod: { phase: Running, not_ready: true }, for: 20s }
  - { alert: DaemonSetMisscheduled, workload: { misscheduled: true }, for: 20s }
  - { alert: JobOverdue, job: { overdue: 30s }, match: { workload: [slow, good-quick] } }
  - { alert: PodFailed, pod: { reason: [DeadlineExceeded] }, match: { kind: Pod } }
  - { alert: Image, waiting: { reasons: [ImagePullBackOff] } }
`;

let hook: Hook;
let tocsin: TocsinProcess;

before(async () => {
  await freshNamespace(NAMESPACE);
  await freshNamespace(FULL_NAMESPACE);
  await kubectl(['delete', 'node', NODE, '--ignore-not-found']);
  hook = await startHook();
  tocsin = new TocsinProcess(
    `
cluster: { name: test }
namespaces: { include: ["${NAMESPACE}*"] }
schedule: "0 3 * * *"
receivers:
  - { name: hook, webhook: { url: "${hook.url}" } }
notifications: { digest_above: 1000 }
status_page: { listen: 127.0.0.1:18436 }
`,
    { rules: folderOfRules(RULES) },
  );
  tocsin.start();
  await eventually('a first cycle', 60, () => tocsin.log.includes('msg="cycle done"'));
});

after(async () => {
  await tocsin.stop();
  hook.close();
  await removeNamespace(NAMESPACE);
  await removeNamespace(FULL_NAMESPACE);
  await kubectl(['delete', 'node', NODE, '--ignore-not-found']);
});

const apply = (manifest: unknown, namespace = NAMESPACE) =>
  kubectl(['-n', namespace, 'apply', '-f', '-'], JSON.stringify(manifest));
const read = async (kind: string, name: string) => JSON.parse(await kubectl(['-n', NAMESPACE, 'get', kind, name, '-o', 'json']));

async function job(name: string, script: string, backoffLimit = 0): Promise<void> {
  const { spec } = JSON.parse(scriptPod(name, script));
  const template = { spec: { ...spec, restartPolicy: 'Never' } };
  await apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit, template } });
}

/** When a condition of an object came to be as wanted, once it has. */
function conditionOf(kind: string, name: string, wanted: { readonly type: string; readonly status: string }): Promise<number> {
  return eventually(`${wanted.type} of ${kind} ${name}`, 90, async () => {
    const conditions: readonly Record<string, string>[] = (await read(kind, name)).status?.conditions ?? [];
    const found = conditions.find(({ type, status }) => type === wanted.type && status === wanted.status);
    return found?.['lastTransitionTime'] === undefined ? undefined : Date.parse(found['lastTransitionTime']);
  });
}

async function messageOf(workload: string, alert: string): Promise<number> {
  const { at, text } = await eventually(`a message about ${workload}\n${tocsin.log}`, 60, () => hook.told.get(workload));
  assert.match(text, new RegExp(alert));
  return at;
}

test('Jobs, rollouts, nodes and pods that fail are told within 10 s, without a scheduled cycle', async (t) => {
  const took: [string, number][] = [];
  const within = async (workload: string, alert: string, since: number) => {
    took.push([workload, (await messageOf(workload, alert)) - since]);
  };
  await job('good-retried', 'if [ -e /dev/shm/x ]; then exit 0; fi; exit $(( $(date +%s) % 2 ))', 6);
  await job('good-completed', 'echo done');
  await apply(JSON.parse(scriptDeployment('good-rollout', 'trap "exit 143" TERM; while :; do sleep 1; done', { replicas: 2 })));
  await apply(
    JSON.parse(
      scriptPod('good-slow', 'while :; do sleep 1; done', {
        initContainers: JSON.parse(scriptPod('wait', 'sleep 15')).spec.containers.map((each: object) => ({
          ...each,
          name: 'wait',
        })),
      }),
    ),
  );
  await job('failing', 'echo "out of disk"; exit 3');
  const stuck = JSON.parse(scriptDeployment('stuck', 'true', { container: { image: 'registry.invalid/none:1' } }));
  await apply({ ...stuck, spec: { ...stuck.spec, progressDeadlineSeconds: 8 } });
  await apply(JSON.parse(scriptPod('huge', 'true', {}, { resources: { requests: { cpu: '9000' } } })));
  await apply(
    JSON.parse(
      scriptPod(
        'unmounted',
        'true',
        { volumes: [{ name: 'v', secret: { secretName: 'not-there' } }] },
        { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      ),
    ),
  );
  await apply({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: NODE },
    spec: { taints: [{ key: 'tocsin', effect: 'NoSchedule' }] },
  });
  const setReady = async (status: string) => {
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    const condition = {
      type: 'Ready',
      status,
      reason: 'Set',
      message: 'by the test',
      lastTransitionTime: now,
      lastHeartbeatTime: now,
    };
    await kubectl(['patch', 'node', NODE, '--subresource=status', '-p', JSON.stringify({ status: { conditions: [condition] } })]);
    return Date.parse(now);
  };
  await setReady('True');
  // At once: from a node without a kubelet the controller hears nothing, and says so after some seconds.
  const notReady = await setReady('False');

  await within('failing', 'exit code 3', await conditionOf('job', 'failing', { type: 'Failed', status: 'True' }));
  await kubectl(['-n', NAMESPACE, 'set', 'env', 'deployment/good-rollout', 'VERSION=2']);
  await within('huge', 'Unschedulable', await conditionOf('pod', 'huge', { type: 'PodScheduled', status: 'False' }));
  await within(NODE, 'NodeNotReady', notReady);
  const event = await eventually('an event', 60, async () =>
    JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'events', '-o', 'json'])).items.find(
      (each: { reason: string; involvedObject: { name: string } }) =>
        each.reason === 'FailedMount' && each.involvedObject.name === 'unmounted',
    ),
  );
  await within('unmounted', 'MountFailing', Date.parse(event.firstTimestamp));
  await kubectl(['-n', NAMESPACE, 'delete', 'pod', 'good-slow', '--wait=false']);
  const deadline = await conditionOf('deployment', 'stuck', { type: 'Progressing', status: 'False' });
  // Its pods are told first, and then the rollout: both in the same group.
  const rollout = await eventually(
    `the rollout\n${tocsin.log}`,
    60,
    () => /time=(\S+) .*alert=RolloutStuck/.exec(tocsin.log) ?? undefined,
  );
  took.push(['stuck', Date.parse(rollout[1] ?? '') - deadline]);

  for (const [workload, ms] of took) t.diagnostic(`${workload}: ${ms} ms`);
  assert.deepEqual(
    took.filter(([, ms]) => ms > GOAL_MS),
    [],
  );
  await sleep(5_000);
  assert.deepEqual(
    [...hook.told.keys()].filter((workload) => workload.startsWith('good-')),
    [],
  );
  assert.equal(tocsin.log.split('msg="cycle done"').length, 2, 'one scheduled cycle has run');
  assert.doesNotMatch(tocsin.log, /level=(error|warn)/);
});

const SERVER = 'while :; do sleep 1; done';

/** A StatefulSet or DaemonSet of the pods that a Deployment would have. */
function workload(kind: 'StatefulSet' | 'DaemonSet', name: string, script: string, pod: Readonly<Record<string, unknown>> = {}) {
  const { spec, ...rest } = JSON.parse(scriptDeployment(name, script));
  const { replicas, selector, template } = spec;
  const own = { selector, template: { ...template, spec: { ...template.spec, ...pod } } };
  return { ...rest, kind, spec: kind === 'DaemonSet' ? own : { ...own, replicas, serviceName: name } };
}

test('what is due by time is told within 10 s of it, and nothing that is well by then', async (t) => {
  const took: [string, number][] = [];
  const within = async (name: string, alert: string, since: number) => {
    took.push([name, (await messageOf(name, alert)) - since]);
  };
  const readiness = (command: string, initialDelaySeconds = 0) => ({
    container: { readinessProbe: { exec: { command: [command] }, periodSeconds: 1, initialDelaySeconds } },
  });
  await apply(JSON.parse(scriptDeployment('never-ready', SERVER, readiness('false'))));
  await apply(JSON.parse(scriptDeployment('good-late', SERVER, readiness('true', 12))));
  await apply(
    workload('DaemonSet', 'misplaced', 'trap "" TERM; while :; do sleep 1; done', { terminationGracePeriodSeconds: 90 }),
  );
  await job('slow', SERVER);
  await job('good-quick', 'sleep 20');
  await apply(JSON.parse(scriptPod('expired', SERVER, { activeDeadlineSeconds: 8, restartPolicy: 'Never' })));
  await apply(
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none' }, spec: { hard: { pods: '0' } } },
    FULL_NAMESPACE,
  );
  await apply(workload('StatefulSet', 'refused', SERVER), FULL_NAMESPACE);

  const refused = await eventually('a refusal', 60, async () =>
    JSON.parse(await kubectl(['-n', FULL_NAMESPACE, 'get', 'events', '-o', 'json'])).items.find(
      ({ reason }: { readonly reason: string }) => reason === 'FailedCreate',
    ),
  );
  await within('refused', 'exceeded quota: none', Date.parse(refused.firstTimestamp));
  const expired = await eventually('a deadline', 60, async () => {
    const { status } = await read('pod', 'expired');
    return status.reason === 'DeadlineExceeded' ? Date.now() : undefined;
  });
  await within('expired', 'longer than the specified deadline', expired);

  await eventually('the daemon', 60, async () => (await read('daemonset', 'misplaced')).status.numberReady >= 1);
  await kubectl(['-n', NAMESPACE, 'patch', 'daemonset', 'misplaced', '-p', NOWHERE]);
  const misplaced = await eventually('a pod where none belongs', 60, async () =>
    (await read('daemonset', 'misplaced')).status.numberMisscheduled > 0 ? Date.now() : undefined,
  );
  const pods = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'pods', '-l', 'app=never-ready', '-o', 'json'])).items;
  const { startedAt } = pods[0].status.containerStatuses[0].state.running;
  await within('never-ready', 'PodNotReady', Date.parse(startedAt) + HOLD_MS);
  await within('slow', 'JobOverdue', Date.parse((await read('job', 'slow')).status.startTime) + OVERDUE_MS);
  await within('misplaced', 'DaemonSetMisscheduled', misplaced + HOLD_MS);

  for (const [name, ms] of took) t.diagnostic(`${name}: ${ms} ms after it was due`);
  assert.deepEqual(
    took.filter(([, ms]) => ms > GOAL_MS),
    [],
  );
  assert.deepEqual(
    [...hook.told.keys()].filter((name) => name.startsWith('good-')),
    [],
  );
  assert.equal(tocsin.log.split('msg="cycle done"').length, 2, 'one scheduled cycle has run');
});

const NOWHERE = JSON.stringify({ spec: { template: { spec: { nodeSelector: { 'tocsin-test': 'nowhere' } } } } });
