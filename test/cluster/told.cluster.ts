import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import type { InboxMessage } from '../../demo/inbox/message.ts';
import { eventually, freshNamespace, kubectl, removeNamespace, scriptDeployment, scriptPod } from './kubectl.ts';
import { TocsinProcess } from './tocsin-process.ts';

const NAMESPACE = 'tocsin-told';

let inbox: Inbox;
let tocsin: TocsinProcess;

before(async () => {
  await freshNamespace(NAMESPACE);
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
  await removeNamespace(NAMESPACE);
});

/** What went wrong, by its workload: the alert that tells it, its cause in words, and the seconds that it may take: what the rule waits for, and a cycle. */
const BAD = {
  crashes: { alert: 'CrashLoopBackOff', cause: /exit code 1\b[\s\S]*could not connect to db:5432/, within: 90 },
  hungry: { alert: 'OOMKilled', cause: /OOMKilled[\s\S]*exit code 137/i, within: 60 },
  'no-image': { alert: 'ImagePull', cause: /registry\.invalid\/none:1/, within: 210 },
  'no-config': { alert: 'ConfigError', cause: /configmap .*not-there.* not found/, within: 210 },
  failing: { alert: 'HighErrorRatio', cause: /payment refused/, within: 300 },
} as const;
const BENIGN = ['completed-job', 'clean-rollout', 'scaled-down', 'zero-failures', 'steady-flow'];

const SERVER = 'trap "exit 143" TERM; while :; do echo "level=info msg=serving"; sleep 1; done';

test('what is broken is told to Slack and mail with its cause, and what is not is left alone', async (t) => {
  const apply = (manifest: string) => kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], manifest);
  // Some life before the trouble, so that rollout and scale-down are changes of something healthy.
  await apply(scriptDeployment('clean-rollout', SERVER, { replicas: 2 }));
  await apply(scriptDeployment('scaled-down', SERVER, { replicas: 3 }));
  await apply(
    scriptDeployment(
      'zero-failures',
      'while :; do echo "finished batch: 0 errors, error_count=0, see /docs/error.html"; sleep 0.5; done',
    ),
  );
  await apply(scriptDeployment('steady-flow', 'while :; do echo "{\\"level\\":\\"info\\",\\"msg\\":\\"ok\\"}"; sleep 0.5; done'));
  await kubectl(['-n', NAMESPACE, 'wait', 'deployment', '--all', '--for=condition=Available', '--timeout=120s']);
  tocsin.start();
  await eventually('a first cycle', 60, () => tocsin.log.includes('msg="cycle done"'));

  await apply(scriptPod('crashes', 'echo "starting"; echo "ERROR could not connect to db:5432: connection refused"; exit 1'));
  await apply(
    scriptPod(
      'hungry',
      'sleep 2; dd if=/dev/zero of=/dev/null bs=200M count=5',
      {},
      { resources: { limits: { memory: '32Mi' } } },
    ),
  );
  await apply(scriptPod('no-image', 'true', {}, { image: 'registry.invalid/none:1' }));
  await apply(scriptPod('no-config', 'true', {}, { envFrom: [{ configMapRef: { name: 'not-there' } }] }));
  await apply(
    scriptDeployment(
      'failing',
      'while :; do n=0; while [ $n -lt 9 ]; do n=$((n+1)); echo "{\\"level\\":\\"info\\",\\"msg\\":\\"ok\\"}"; done; echo "{\\"level\\":\\"error\\",\\"msg\\":\\"payment refused\\"}"; sleep 1; done',
    ),
  );
  await apply(
    JSON.stringify({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'completed-job' },
      spec: {
        template: { spec: { restartPolicy: 'Never', containers: JSON.parse(scriptPod('x', 'echo "0 errors"')).spec.containers } },
      },
    }),
  );
  await kubectl(['-n', NAMESPACE, 'set', 'env', 'deployment/clean-rollout', 'VERSION=2']);
  await kubectl(['-n', NAMESPACE, 'scale', 'deployment/scaled-down', '--replicas=1']);
  const begun = Date.now();

  for (const [workload, { alert, cause, within }] of Object.entries(BAD)) {
    for (const kind of ['slack', 'mail'] as const) {
      // Alerts of one workload may come in one message, whose first line names the worst.
      const tells = (message: InboxMessage) =>
        message.kind === kind && message.headline.includes(`${NAMESPACE}/${workload}: `) && textOf(message).includes(alert);
      const message = await inbox.waitFor(tells, Math.max(1, begun + within * 1_000 - Date.now())).catch((error: unknown) => {
        throw new Error(`${alert} of ${workload} is not told by ${kind}\n${tocsin.log}`, { cause: error });
      });
      assert.match(textOf(message), cause, `${kind} tells the cause of ${alert}`);
      t.diagnostic(`${kind}, ${Math.round((message.at - begun) / 1_000)} s: ${message.headline}`);
    }
  }
  // Two more cycles for what comes late.
  const cycles = () => tocsin.log.split('msg="cycle done"').length;
  const now = cycles();
  await eventually('two more cycles', 90, () => cycles() >= now + 2);
  for (const workload of BENIGN)
    assert.deepEqual(
      inbox
        .messages()
        .map(textOf)
        // Its rollout may be named as a change beside another's alert.
        .filter((text) => text.replaceAll(`Deployment ${workload}: `, '').includes(workload)),
      [],
      `nothing is told of ${workload}`,
    );
  assert.doesNotMatch(tocsin.log, /level=(error|warn)/);
});

/** Everything that a message says. */
function textOf(message: InboxMessage): string {
  return `${message.headline}\n${message.kind === 'mail' ? message.mail.text : JSON.stringify(message.payload)}`;
}
