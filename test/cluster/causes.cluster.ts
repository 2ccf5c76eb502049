import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import type { MailMessage } from '../../demo/inbox/message.ts';
import { eventually, freshNamespace, IMAGE, kubectl, removeNamespace, scriptDeployment, scriptPod } from './kubectl.ts';
import { TocsinProcess } from './tocsin-process.ts';

const NAMESPACE = 'tocsin-causes';
const QUOTA_NAMESPACE = 'tocsin-causes-quota';
/** A Node object without a machine: nobody sends its heartbeats. */
const NODE = 'tocsin-causes-lost';

let inbox: Inbox;
let tocsin: TocsinProcess;

before(async () => {
  await removeNode();
  await freshNamespace(NAMESPACE);
  await freshNamespace(QUOTA_NAMESPACE);
  inbox = await startInbox();
  tocsin = new TocsinProcess(
    `
cluster: { name: test }
namespaces: { include: ["${NAMESPACE}*"] }
schedule: "*/10 * * * * *"
receivers:
  - { name: mail, email: { smtp: "${inbox.smtpUrl}", from: tocsin@example.com, to: [ops@example.com] } }
notifications: { digest_above: 1000 }
status_page: { listen: 127.0.0.1:18435 }
`,
    { rules: impatientRules() },
  );
});

after(async () => {
  await tocsin.stop();
  await inbox.close();
  await removeNode();
  await removeNamespace(NAMESPACE);
  await removeNamespace(QUOTA_NAMESPACE);
});

/** The shipped rules with their longest holds cut short: the rules' own tests hold those. */
function impatientRules(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-rules-'));
  cpSync(new URL('../../rules', import.meta.url).pathname, folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8').replaceAll(/^ {4}for: (5|10)m$/gm, '    for: 20s');
    // The tests beside the rules expect the holds that the rules have.
    if (!name.endsWith('.test.yaml')) writeFileSync(path, text);
  }
  return folder;
}

async function removeNode(): Promise<void> {
  await kubectl(['delete', 'node', NODE, '--ignore-not-found']);
}

/** What went wrong, by workload: the alert that tells it once, its cause as the message has it, and the seconds that it may take. */
const BAD: Readonly<Record<string, { readonly alert: string; readonly cause: RegExp; readonly within: number }>> = {
  hangs: { alert: 'CrashLoopBackOff', cause: /liveness probe failed/i, within: 240 },
  'no-command': { alert: 'CrashLoopBackOff', cause: /StartError, stat \/app\/none: no such file or directory/, within: 120 },
  'fills-disk': {
    alert: 'Evicted',
    cause: /EmptyDir volume "scratch" exceeds the limit[\s\S]*Last lines[\s\S]*wrote \d/,
    within: 300,
  },
  'no-secret': { alert: 'MountFailing', cause: /secret "not-there" not found/, within: 360 },
  deadline: { alert: 'JobFailed', cause: /DeadlineExceeded[\s\S]*Last lines[\s\S]*exporting/, within: 240 },
  'fails-twice': {
    alert: 'JobFailed',
    cause: /BackoffLimitExceeded \(\d failed pods?, exit code 4\)[\s\S]*bucket is full/,
    within: 180,
  },
  nightly: { alert: 'JobFailed', cause: /no rows in table sales/, within: 240 },
  'fits-nowhere': { alert: 'PodUnschedulable', cause: /didn't match Pod's node affinity\/selector/, within: 180 },
  unbound: { alert: 'ClaimPending', cause: /storageclass\S* "none" not found/, within: 180 },
  blind: { alert: 'AutoscalerFailing', cause: /unable to scale Deployment\/gone: .* not found/, within: 240 },
  web: { alert: 'PodsRefused', cause: /exceeded quota: small/, within: 120 },
  store: { alert: 'PodsRefused', cause: /exceeded quota: small/, within: 120 },
  import: { alert: 'JobPodsRefused', cause: /exceeded quota: small/, within: 120 },
  [NODE]: { alert: 'NodeNotReady', cause: /not heard of any more/, within: 360 },
};
const BENIGN = ['retried', 'drained', 'deleted', 'slow-start', 'no-job'];

const SERVER = 'trap "exit 143" TERM; while :; do echo "level=info msg=serving"; sleep 1; done';

test('each cause is told once with its evidence, and what is over is resolved', async (t) => {
  await apply(NAMESPACE, ...benign());
  await kubectl(['-n', NAMESPACE, 'wait', 'deployment/drained', '--for=condition=Available', '--timeout=60s']);
  tocsin.start();
  await eventually('a first cycle', 60, () => tocsin.log.includes('msg="cycle done"'));
  await apply(NAMESPACE, ...broken());
  await apply(QUOTA_NAMESPACE, ...refused());
  await loseNode();
  await evictOne('drained');
  await kubectl(['-n', NAMESPACE, 'delete', 'pod', 'deleted', '--wait=false']);
  const begun = Date.now();

  for (const [workload, { alert, cause, within }] of Object.entries(BAD)) {
    const message = await eventually(
      `${alert} of ${workload}`,
      within - (Date.now() - begun) / 1_000,
      () => news(workload, alert)[0],
    ).catch((error: unknown) => {
      throw new Error(
        `${inbox
          .messages()
          .map(({ headline }) => headline)
          .join('\n')}\n${tocsin.log}`,
        { cause: error },
      );
    });
    assert.match(`${message.headline}\n${message.mail.text}`, cause, `the cause of ${alert} of ${workload}`);
    t.diagnostic(`${Math.round((message.at - begun) / 1_000)} s: ${message.headline}`);
  }

  // Without heartbeats it would soon be lost again.
  await setReady();
  const beat = setInterval(() => void setReady().catch(() => undefined), 5_000);
  await eventually('the node is told to be well again', 90, () =>
    mails().some(({ headline }) => headline.startsWith(`RESOLVED · ${NODE}: NodeNotReady`)),
  ).finally(() => clearInterval(beat));
  for (const [workload, { alert }] of Object.entries(BAD))
    assert.equal(news(workload, alert).length, 1, `${alert} of ${workload} once`);
  for (const workload of BENIGN)
    assert.deepEqual(
      mails().filter(({ headline, mail }) => `${headline}\n${mail.text}`.includes(`${NAMESPACE}/${workload}:`)),
      [],
      `nothing is told of ${workload}`,
    );
});

function mails(): readonly MailMessage[] {
  return inbox.messages().filter((message) => message.kind === 'mail');
}

/** The messages to which an alert was the news. */
function news(workload: string, alert: string): readonly MailMessage[] {
  return mails().filter(({ headline, mail }) => {
    const [, subject = ''] = /^(?:INFO|WARNING|CRITICAL) · ([^:]+): /.exec(headline) ?? [];
    if (subject.split('/').at(-1) !== workload) return false;
    // An alert that is news has a title of its own, and more than a line; what was told before follows indented, or under the mail's own title.
    const told = new RegExp(`^(?:INFO|WARNING|CRITICAL) · ${subject}: ${alert}\\b[^\n]*\n\n(?!INFO|WARNING|CRITICAL)`, 'm');
    return told.test(mail.text);
  });
}

async function apply(namespace: string, ...items: readonly object[]): Promise<void> {
  await kubectl(['-n', namespace, 'apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

function benign(): readonly object[] {
  const startup = { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: 2, failureThreshold: 60 };
  const once = 'if [ -e /m/tried ]; then echo ok; exit 0; fi; touch /m/tried; echo "ERROR not yet"; exit 1';
  return [
    parsed(scriptDeployment('drained', SERVER, { replicas: 2 })),
    parsed(scriptPod('deleted', SERVER)),
    parsed(
      scriptDeployment('slow-start', `sleep 40; touch /tmp/up; ${SERVER}`, {
        container: { startupProbe: startup, readinessProbe: startup },
      }),
    ),
    // Retried within its pod: the container restarts, and the Job ends well.
    job('retried', once, { backoffLimit: 4 }, { restartPolicy: 'OnFailure', ...mounted('m', { emptyDir: {} }) }),
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'no-job' },
      spec: cronSpec('* * * * *', 'true', { suspend: true }),
    },
  ];
}

function broken(): readonly object[] {
  const liveness = { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 2, failureThreshold: 2 };
  const filling =
    'i=0; while :; do i=$((i+1)); dd if=/dev/zero of=/scratch/$i bs=1M count=4 2>/dev/null; echo wrote $i; sleep 1; done';
  const claim = { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } };
  return [
    parsed(
      scriptDeployment('hangs', 'trap "exit 0" TERM; touch /tmp/ok; sleep 5; rm /tmp/ok; while :; do sleep 1; done', {
        container: { livenessProbe: liveness },
      }),
    ),
    parsed(scriptDeployment('no-command', '', { container: { command: ['/app/none'] } })),
    parsed(scriptPod('fills-disk', filling, volume('scratch', { emptyDir: { sizeLimit: '10Mi' } }), mountOf('scratch'))),
    parsed(scriptPod('no-secret', 'true', volume('s', { secret: { secretName: 'not-there' } }), mountOf('s'))),
    job('deadline', 'echo "exporting 1 of 9000"; sleep 600', { activeDeadlineSeconds: 45 }),
    job('fails-twice', 'echo "ERROR bucket is full"; exit 4', { backoffLimit: 1 }),
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: cronSpec('* * * * *', 'echo "ERROR no rows in table sales"; exit 2', { failedJobsHistoryLimit: 0 }),
    },
    parsed(scriptPod('fits-nowhere', 'true', { nodeSelector: { disk: 'of-gold' } })),
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'unbound' }, spec: claim },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'blind' },
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone' } },
    },
  ];
}

/** One pod has room: the others are refused. */
function refused(): readonly object[] {
  const deployment = parsed(scriptDeployment('web', SERVER, { replicas: 3 }));
  const { replicas: _replicas, ...spec } = deployment.spec;
  return [
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small' }, spec: { hard: { pods: '1' } } },
    deployment,
    { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'store' }, spec: storeSpec(spec) },
    job('import', 'true', {}),
  ];
}

function storeSpec(spec: Readonly<Record<string, unknown>>): object {
  const text = JSON.stringify({ ...spec, serviceName: 'store', replicas: 2 });
  return JSON.parse(text.replaceAll('"app":"web"', '"app":"store"'));
}

function job(
  name: string,
  script: string,
  spec: Readonly<Record<string, unknown>>,
  pod: Readonly<Record<string, unknown>> = {},
): object {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template: { spec: jobPod(script, pod) } } };
}

function cronSpec(schedule: string, script: string, spec: Readonly<Record<string, unknown>>): object {
  return { schedule, ...spec, jobTemplate: { spec: { backoffLimit: 0, template: { spec: jobPod(script, {}) } } } };
}

function jobPod(script: string, { containers = {}, ...pod }: Readonly<Record<string, unknown>>): object {
  const container = { name: 'app', image: IMAGE, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] };
  return { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [Object.assign(container, containers)], ...pod };
}

function mounted(name: string, source: object): Readonly<Record<string, unknown>> {
  return { ...volume(name, source), containers: mountOf(name) };
}

function volume(name: string, source: object): Readonly<Record<string, unknown>> {
  return { volumes: [{ name, ...source }] };
}

function mountOf(name: string): Readonly<Record<string, unknown>> {
  return { volumeMounts: [{ name, mountPath: `/${name}` }] };
}

/** A manifest as an object: its own text, so that its shape is known. */
function parsed(manifest: string): { readonly spec: Readonly<Record<string, unknown>> } {
  return JSON.parse(manifest);
}

/** A node that was ready once and is not heard of any more: the controller finds that out by itself. */
async function loseNode(): Promise<void> {
  const spec = { taints: [{ key: 'tocsin', value: 'none', effect: 'NoSchedule' }] };
  await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE }, spec }));
  await setReady();
}

async function setReady(): Promise<void> {
  const now = new Date().toISOString();
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: '',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  await kubectl([
    'patch',
    'node',
    NODE,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status: { conditions: [ready] } }),
  ]);
}

/** What a drain does with a pod. */
async function evictOne(workload: string): Promise<void> {
  const [pod] = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'pods', '-l', `app=${workload}`, '-o', 'json'])).items;
  const { name, namespace } = pod.metadata;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  await kubectl(
    ['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'],
    JSON.stringify(eviction),
  );
}
