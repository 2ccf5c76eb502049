import { basename } from 'node:path';
import type { Workload } from '../../core/model/workload.ts';

/** Whose log a file is. */
export interface LogOrigin {
  readonly workload: Workload;
  readonly pod: string;
  readonly container: string;
}

/** Names of pods end in what their controllers add; without vowels and digits that look like letters. */
const SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]';

/** What the path says: of the node's own folders all of it, else the file's name stands for the workload. */
export function originOfFile(path: string): LogOrigin {
  const pods = /\/pods\/([^/_]+)_([^/_]+)_[^/]+\/([^/]+)\/[^/]+$/.exec(path);
  if (pods !== null) return originOfPod(pods[1] ?? '', pods[2] ?? '', pods[3] ?? '');
  const containers = /([^/_]+)_([^/_]+)_(.+)-[0-9a-f]{64}\.log[^/]*$/.exec(path);
  if (containers !== null) return originOfPod(containers[2] ?? '', containers[1] ?? '', containers[3] ?? '');
  const name = basename(path).replace(/(\.(log|txt|json|jsonl|ndjson|gz|zst|zstd|\d+))+$/i, '') || basename(path);
  return { workload: { namespace: 'logs', kind: 'File', name }, pod: name, container: 'app' };
}

/** The workload of a pod as its name tells it: nothing else is there without a cluster. */
export function originOfPod(namespace: string, pod: string, container: string): LogOrigin {
  const forms: readonly (readonly [kind: string, form: RegExp])[] = [
    ['Deployment', new RegExp(`^(.+)-${SUFFIX}{6,10}-${SUFFIX}{5}$`)],
    ['CronJob', new RegExp(`^(.+)-\\d{8,}-${SUFFIX}{5}$`)],
    ['StatefulSet', /^(.+)-\d{1,4}$/],
    ['DaemonSet', new RegExp(`^(.+)-${SUFFIX}{5}$`)],
  ];
  for (const [kind, form] of forms) {
    const name = form.exec(pod)?.[1];
    if (name !== undefined) return { workload: { namespace, kind, name }, pod, container };
  }
  return { workload: { namespace, kind: 'Pod', name: pod }, pod, container };
}
