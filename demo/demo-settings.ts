import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDuration, parseDuration } from '../src/base/duration.ts';

export interface DemoSettings {
  /** Where everything of the demo lies; must exist. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly slackUrl: string;
  readonly smtpUrl: string;
  readonly pagePort: number;
  /** The page of the local inbox, which is probed. */
  readonly inboxUrl: string;
  /** The rules that Tocsin ships. */
  readonly rulesFolder: string;
}

/** Nobody watches a demo for twenty minutes: what a rule holds is this many times shorter. */
export const HASTE = 10;

/** Writes kubeconfig, rules and `tocsin.yaml` into the demo's folder; returns the settings file's path. */
export function writeDemoSettings(settings: DemoSettings): string {
  const { folder } = settings;
  writeFileSync(join(folder, 'kubeconfig'), settings.kubeconfig, { mode: 0o600 });
  mkdirSync(join(folder, 'rules'), { recursive: true });
  for (const name of readdirSync(settings.rulesFolder)) {
    if (!/\.ya?ml$/.test(name) || /\.test\.ya?ml$/.test(name)) continue;
    const text = readFileSync(join(settings.rulesFolder, name), 'utf8');
    writeFileSync(join(folder, 'rules', name), hasten(text));
  }
  const file = join(folder, 'tocsin.yaml');
  writeFileSync(file, settingsYaml(settings), { mode: 0o600 });
  return file;
}

/** A rule file whose alerts are held a tenth as long. */
export function hasten(rules: string): string {
  return rules.replace(/^(\s*for:\s*)(\S+)$/gm, (line, key: string, text: string) => {
    const duration = parseDuration(text);
    return duration === null ? line : `${key}${formatDuration(duration / HASTE)}`;
  });
}

function settingsYaml(settings: DemoSettings): string {
  const page = `127.0.0.1:${settings.pagePort}`;
  return `cluster:
  name: demo
  kubeconfig: ${JSON.stringify(join(settings.folder, 'kubeconfig'))}
  requests_per_second: 100
schedule: "*/10 * * * * *"
store:
  path: ${JSON.stringify(join(settings.folder, 'data'))}
rules: ${JSON.stringify(join(settings.folder, 'rules'))}
receivers:
  - name: slack
    slack: { webhook_url: "${settings.slackUrl}" }
  - name: mail
    email: { smtp: "${settings.smtpUrl}", from: "Tocsin <tocsin@example.com>", to: [ops@example.com] }
inhibit:
  - source: { alert: [CrashLoopBackOff, ImagePull, ConfigError, InitFailure, PodUnschedulable, PodsRefused, MountFailing] }
    target: { alert: [RolloutStuck, RestartSpike, SlowCrashLoop, PodNotReady, PodPendingTooLong, ReplicasMismatch] }
    equal: [namespace, kind, workload]
  - source: { alert: CrashLoopBackOff }
    target: { alert: [ProbeKill, InitFailure] }
    equal: [namespace, kind, workload]
probes:
  - { name: inbox, url: "${settings.inboxUrl}", every: 5s }
status_page:
  listen: ${page}
  external_url: http://${page}
`;
}
