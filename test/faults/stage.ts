import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterOptions, type SimulatedCluster, startCluster } from '../../demo/cluster/simulated-cluster.ts';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import type { InboxMessage } from '../../demo/inbox/message.ts';
import type { Ran } from '../cli/run-tocsin.ts';
import { PROGRAM, TocsinDaemon } from './tocsin-daemon.ts';

type Section = Readonly<Record<string, unknown>>;

export interface StageOptions {
  readonly cluster?: ClusterOptions;
  /** Rules that hold at once, in place of {@link RULES}. */
  readonly rules?: string;
  /** Sections of the settings; each is laid over the stage's own. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Rules that need no patience: state is judged at every cycle. */
export const RULES = `
rules:
  - alert: CrashLoop
    crash_loop: { restarts: 2, within: 30m }
    severity: critical
    summary: "{{ workload }} crashes"
  - alert: PullFails
    waiting: { reasons: [ImagePullBackOff] }
    severity: warning
    summary: "{{ workload }} has no image"
`;

/** A simulated cluster, an inbox for Slack and mail, and a folder with the settings, rules and data of a daemon between them. */
export class Stage implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tocsin-faults-'));
  readonly cluster: SimulatedCluster;
  readonly inbox: Inbox;
  /** Every message that the inbox took, in order. */
  readonly told: InboxMessage[];
  readonly #daemons: TocsinDaemon[] = [];

  private constructor(cluster: SimulatedCluster, inbox: Inbox, told: InboxMessage[]) {
    this.cluster = cluster;
    this.inbox = inbox;
    this.told = told;
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const told: InboxMessage[] = [];
    const inbox = await startInbox({ onMessage: (message) => told.push(message) });
    const stage = new Stage(await startCluster(options.cluster), inbox, told);
    writeFileSync(join(stage.folder, 'kubeconfig'), stage.cluster.kubeconfig());
    mkdirSync(join(stage.folder, 'rules'));
    stage.writeRules(options.rules ?? RULES);
    stage.writeSettings(options.settings);
    return stage;
  }

  get settingsFile(): string {
    return join(this.folder, 'tocsin.yaml');
  }
  get data(): string {
    return join(this.folder, 'data');
  }

  writeRules(text: string): void {
    writeFileSync(join(this.folder, 'rules', 'rules.yaml'), text);
  }

  /** JSON is YAML, so settings are written as the objects that they are. */
  writeSettings(changes: StageOptions['settings'] = {}): void {
    const base: Readonly<Record<string, unknown>> = {
      cluster: { name: 'faults', kubeconfig: './kubeconfig', requests_per_second: 200 },
      schedule: '* * * * * *',
      store: { path: './data' },
      rules: './rules',
      receivers: [
        { name: 'slack', slack: { webhook_url: this.inbox.slackUrl } },
        { name: 'mail', email: { smtp: this.inbox.smtpUrl, from: 'tocsin@example.com', to: ['ops@example.com'] } },
      ],
      notifications: { digest_above: 1000 },
      status_page: { listen: '127.0.0.1:0' },
    };
    const merged = { ...base };
    for (const [key, value] of Object.entries(changes)) {
      const under = base[key];
      merged[key] = isSection(value) && isSection(under) ? { ...under, ...value } : value;
    }
    writeFileSync(this.settingsFile, JSON.stringify(merged, null, 2));
  }

  /** Starts a daemon; it is killed at the end of the test if it still runs. */
  start(env: Readonly<Record<string, string>> = {}, under: readonly string[] = []): TocsinDaemon {
    const daemon = new TocsinDaemon(this.settingsFile, env, under);
    this.#daemons.push(daemon);
    return daemon;
  }

  /** Runs another command on the same settings and store to its end; the cluster goes on meanwhile. */
  async command(...args: readonly string[]): Promise<Ran> {
    const child = spawn(process.execPath, [...PROGRAM, ...args, '--config', this.settingsFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [status] = await once(child, 'close');
    return { status, stdout, stderr };
  }

  /** The headlines that one channel was told, oldest first; only those that fit. */
  headlines(kind: InboxMessage['kind'], pattern: RegExp = /(?:)/): readonly string[] {
    return this.told.filter((message) => message.kind === kind && pattern.test(message.headline)).map(({ headline }) => headline);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.stop('SIGKILL')));
    await Promise.all([this.cluster.close(), this.inbox.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
