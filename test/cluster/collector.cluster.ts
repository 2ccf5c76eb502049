import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Hook, startHook } from './hook.ts';
import { eventually, freshNamespace, kubectl, removeNamespace, scriptPod } from './kubectl.ts';
import { folderOfRules, TocsinProcess } from './tocsin-process.ts';

const NAMESPACE = 'tocsin-collector';
/** As the shipped rules, but that they wait for nothing. The pattern costs hundreds of steps for each byte of the pod `wild`. */
const RULES = `rules:
  - { alert: TocsinGaps, collector: { gap: true } }
  - { alert: TocsinPatternSuspended, collector: { patterns_suspended: true } }
  - { alert: Costly, log_match: { pattern: "(?i)a.{500}z", above: 0, within: 5m }, match: { workload: wild } }
`;

/** Says something, and after the cycle that has read it more than the kubelet keeps in a file: what came between is lost. */
const BURST = `echo begin; sleep 61
while [ "$(date +%S)" -lt 5 ] || [ "$(date +%S)" -gt 15 ]; do sleep 1; done
yes "$(head -c 700 /dev/zero | tr '\\0' x)" | head -n 60000
sleep 25; echo after; while :; do sleep 1; done`;

/** Long lines in which a pattern never comes to a state twice. */
const WILD = `i=0; while [ $i -lt 80 ]; do i=$((i+1)); echo "z$(head -c 400000 /dev/urandom | tr -dc abcABC | head -c 9000)"; done
while :; do sleep 1; done`;

let hook: Hook;
let tocsin: TocsinProcess;

before(async () => {
  await freshNamespace(NAMESPACE);
  hook = await startHook();
  tocsin = new TocsinProcess(
    `
cluster: { name: test }
namespaces: { include: ["${NAMESPACE}"] }
schedule: "0 * * * * *"
receivers:
  - { name: hook, webhook: { url: "${hook.url}" } }
status_page: { listen: 127.0.0.1:18437 }
`,
    { rules: folderOfRules(RULES) },
  );
});

after(async () => {
  await tocsin.stop();
  hook.close();
  await removeNamespace(NAMESPACE);
});

test('a log that the kubelet rotates away and a pattern that is suspended are told', async (t) => {
  await kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], scriptPod('burst', BURST));
  await kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], scriptPod('wild', WILD));
  await kubectl(['-n', NAMESPACE, 'wait', 'pod/burst', 'pod/wild', '--for=condition=Ready', '--timeout=60s']);
  tocsin.start();
  const told = (what: RegExp) => eventually(`${what}\n${tocsin.log}`, 270, () => hook.messages.find((text) => what.test(text)));
  const suspended = await told(/TocsinPatternSuspended/);
  assert.match(suspended, /rule Costly|a\.\{500\}z/);
  const gap = await told(/TocsinGaps/);
  assert.match(gap, /log lines of tocsin-collector\/burst could not be read: the kubelet rotated the log between two reads/);
  t.diagnostic(gap);
});
