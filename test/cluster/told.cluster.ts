import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import type { InboxMessage } from '../../demo/inbox/message.ts';
import { eventually, freshNamespace, kubectl, removeNamespace, scriptDeployment, scriptPod } from './kubectl.ts';
import { TocsinProcess } from './tocsin-process.ts';

const NAMESPACE = 'tocsin-told';

let inbox: Inbox;
let tocsin: TocsinProcess;

before(async () => {
  freshNamespace(NAMESPACE);
  inbox = await startInbox();
  tocsin = new TocsinProcess(`
cluster: { name: test }
namespaces: { include: [${NAMESPACE}] }
schedule: "*/15 * * * * *"
receivers:
  - { name: slack, slack: { webhook_url: "${inbox.slackUrl}" } }
  - { name: mail, email: { smtp: "${inbox.smtpUrl}", from: tocsin@example.com, to: [ops@example.com] } }
status_page: { listen: 127.0.0.1:18432 }
`);
});

after(async () => {
  await tocsin.stop();
  await inbox.close();
  removeNamespace(NAMESPACE);
});

/** What went wrong, by the workload that it is told of and the alert that tells it. */
const BAD = {
  crashes: ['CrashLoopBackOff'],
  oom: ['OOMKilled'],
  'no-image': ['ImagePull'],
  'no-config': ['ConfigError'],
  errors: ['HighErrorRatio'],
} as const;
const BENIGN = ['done', 'rollout', 'shrinks', 'zero-errors', 'steady'];

test('what is broken is told to Slack and mail with its cause, and what is not is left alone', async () => {
  const apply = (manifest: string) => kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], manifest);
  // Some life before the trouble, so that rollout and scale-down are changes of something healthy.
  apply(
    scriptDeployment('rollout', 'trap "exit 143" TERM; while :; do echo "level=info msg=serving"; sleep 1; done', {
      replicas: 2,
    }),
  );
  apply(
    scriptDeployment('shrinks', 'trap "exit 143" TERM; while :; do echo "level=info msg=serving"; sleep 1; done', {
      replicas: 3,
    }),
  );
  apply(
    scriptDeployment(
      'zero-errors',
      'while :; do echo "finished batch: 0 errors, error_count=0, see /docs/error.html"; sleep 0.5; done',
    ),
  );
  apply(scriptDeployment('steady', 'while :; do echo "{\\"level\\":\\"info\\",\\"msg\\":\\"ok\\"}"; sleep 0.5; done'));
  tocsin.start();
  await sleep(20_000);

  apply(scriptPod('crashes', 'echo "starting"; echo "ERROR could not connect to db:5432: connection refused"; exit 1'));
  apply(
    scriptPod('oom', 'sleep 2; dd if=/dev/zero of=/dev/null bs=200M count=5', {}, { resources: { limits: { memory: '32Mi' } } }),
  );
  apply(scriptPod('no-image', 'true', {}, { image: 'registry.invalid/none:1' }));
  apply(scriptPod('no-config', 'true', {}, { envFrom: [{ configMapRef: { name: 'not-there' } }] }));
  apply(
    scriptDeployment(
      'errors',
      'while :; do n=0; while [ $n -lt 9 ]; do n=$((n+1)); echo "{\\"level\\":\\"info\\",\\"msg\\":\\"ok\\"}"; done; echo "{\\"level\\":\\"error\\",\\"msg\\":\\"payment refused\\"}"; sleep 1; done',
    ),
  );
  apply(
    JSON.stringify({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'done' },
      spec: {
        template: {
          spec: { restartPolicy: 'Never', containers: JSON.parse(scriptPod('done', 'echo "0 errors"; exit 0')).spec.containers },
        },
      },
    }),
  );
  kubectl(['-n', NAMESPACE, 'set', 'env', 'deployment/rollout', 'VERSION=2']);
  kubectl(['-n', NAMESPACE, 'scale', 'deployment/shrinks', '--replicas=1']);

  const told = (workload: string, alert: string) =>
    (['slack', 'mail'] as const).every((kind) =>
      inbox
        .messages()
        .some((message) => message.kind === kind && textOf(message).includes(workload) && textOf(message).includes(alert)),
    );
  for (const [workload, alerts] of Object.entries(BAD)) {
    for (const alert of alerts)
      await eventually(`${alert} of ${workload} is told to Slack and mail\n${tocsin.log}`, 330, () => told(workload, alert));
  }
  await sleep(20_000);
  const texts = inbox.messages().map(textOf);
  for (const workload of BENIGN)
    assert.deepEqual(
      texts.filter((text) => text.includes(`${NAMESPACE}/${workload}`)),
      [],
      `nothing is told of ${workload}`,
    );
  const crash = texts.find((text) => text.includes('CrashLoopBackOff')) ?? '';
  assert.match(crash, /exit code 1/i);
  assert.match(crash, /could not connect to db:5432/, 'the last lines before the crash are in the message');
  assert.doesNotMatch(tocsin.log, /level=error/);
});

/** Everything that a message says. */
function textOf(message: InboxMessage): string {
  return `${message.headline}\n${message.kind === 'mail' ? message.mail.text : JSON.stringify(message.payload)}`;
}
