import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs kubectl against the cluster of KUBECONFIG and resolves to its output; rejects with its message when it fails. On a busy machine it takes
 * seconds, in which the receivers of the same test have to answer.
 */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const child = spawn('kubectl', args, { timeout: 300_000 });
  child.stdin.on('error', () => undefined).end(input); // it may end without reading all
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr || `ended by ${child.signalCode}`}`);
  return stdout;
}

/** Makes an empty namespace, removing what an earlier run left behind. */
export async function freshNamespace(name: string): Promise<void> {
  await removeNamespace(name);
  await kubectl(['create', 'namespace', name]);
  // Pods are refused until the controller has made the default service account.
  await kubectl(['-n', name, 'wait', '--for=create', 'serviceaccount/default', '--timeout=60s']);
}

export async function removeNamespace(name: string): Promise<void> {
  await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=true', '--timeout=240s']);
}

/** Polls until `test` gives something else than `undefined` or `false`; fails with `what` after `seconds`. */
export async function eventually<T>(
  what: string,
  seconds: number,
  test: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (true) {
    const value = await test();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(500);
  }
}

/** A pod of one container that runs a shell script in the cluster's test image. */
export function scriptPod(
  name: string,
  script: string,
  extra: Readonly<Record<string, unknown>> = {},
  container: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'app', image: IMAGE, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script], ...container }],
      ...extra,
    },
  });
}

/** A Deployment whose one container runs a shell script. */
export function scriptDeployment(
  name: string,
  script: string,
  options: { readonly replicas?: number; readonly container?: Readonly<Record<string, unknown>> } = {},
): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            { name: 'app', image: IMAGE, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script], ...options.container },
          ],
        },
      },
    },
  });
}

/** An image with `sh`; the test cluster's own by default. */
export const IMAGE = process.env['TOCSIN_TEST_IMAGE'] ?? 'docker.io/local/busybox:1';
