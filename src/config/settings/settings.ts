import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Problem } from '../../base/errors.ts';
import type { Glob } from '../../base/glob.ts';
import { Findings, type Node } from '../../base/node.ts';
import type { Secret } from '../../base/secret.ts';
import type { Redaction } from '../../core/analyze/redact.ts';
import type { Route } from '../../core/model/notification.ts';
import type { Inhibition, Mute } from '../../core/model/suppression.ts';
import { httpProblem } from '../../notify/http-post.ts';
import { secretSetting } from '../../notify/secret-setting.ts';
import type { ProbeSettings } from '../../probe/probe-settings.ts';
import type { PageAuth } from '../../web/auth/page-auth.ts';
import { readConfigFile, shownPath } from '../decode/config-file.ts';
import { requireKnown } from '../decode/one-of.ts';
import type { ListenAddress } from '../decode/scalars.ts';
import { type Environment, substitute } from './environment.ts';
import { openGuard } from './guard-type.ts';
import { openReceivers, type ReceiverSettings } from './receivers.ts';
import { readSecret, type SecretSource } from './secret-file.ts';
import { checkOutline } from './settings-outline.ts';
import { type SettingsFile, settingsType } from './settings-type.ts';

/** The settings as the daemon uses them: paths absolute, durations in milliseconds, sizes in bytes, names checked. */
export interface Settings {
  readonly cluster: {
    readonly name: string | null;
    readonly kubeconfig: string | null;
    readonly context: string | null;
    readonly requestsPerSecond: number;
    readonly maxInFlight: number;
  };
  readonly namespaces: { readonly include: readonly Glob[]; readonly exclude: readonly Glob[] };
  /** A Croner pattern. */
  readonly schedule: string;
  readonly timezone: string;
  readonly watch: boolean;
  readonly store: { readonly kind: 'json'; readonly path: string; readonly window: number; readonly maxSize: number };
  readonly logs: {
    readonly lookback: number;
    readonly maxLine: number;
    readonly maxPerContainer: number;
    readonly redact: readonly Redaction[];
  };
  /** Folder of the rule files. */
  readonly rules: string;
  readonly receivers: readonly ReceiverSettings[];
  readonly routes: readonly Route[];
  readonly notifications: {
    readonly groupBy: readonly string[];
    readonly repeatInterval: number;
    readonly sendResolved: boolean;
    readonly digestAbove: number;
  };
  readonly inhibitions: readonly Inhibition[];
  readonly mutes: readonly Mute[];
  readonly probes: readonly ProbeSettings[];
  readonly statusPage: { readonly listen: ListenAddress; readonly externalUrl: string | null; readonly auth: PageAuth };
  /** Asked after every completed cycle; `null` when off. */
  readonly heartbeat: Secret | null;
}

/** What flags say instead of the settings; relative to the working directory. */
export interface SettingsOverrides {
  readonly rules?: string | undefined;
  readonly data?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface SettingsRequest {
  /** Path of the settings file, relative to `cwd`. */
  readonly file: string;
  /** The file was named by the user: it must exist. */
  readonly required: boolean;
  readonly cwd: string;
  readonly env: Environment;
  readonly overrides?: SettingsOverrides;
  /** What is wrong with a cron pattern in a time zone; `null` when it can be scheduled. */
  readonly checkSchedule?: (pattern: string, timezone: string) => string | null;
}

/** `settings` is `null` exactly when a problem is an error. `files` are those whose change matters, existing or not. */
export interface LoadedSettings {
  readonly settings: Settings | null;
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
  /** The rules folder, also while the settings are broken; `null` when the file could not be read. */
  readonly rules: string | null;
  /** The file as it is written, environment variables in their places; an empty map where there is none. */
  readonly written: Node;
  /** Equal for equal settings, secrets included, wherever comments and blank lines stand. */
  readonly digest: string;
}

/** Reads, decodes and checks the settings; every problem at once. A file that does not exist and was not asked for means the defaults. */
export function loadSettings(request: SettingsRequest): LoadedSettings {
  const path = resolve(request.cwd, request.file);
  const source: SecretSource = { folder: dirname(path), files: new Map() };
  const file = readConfigFile(path, shownPath(request.file, request.cwd));
  const absent = file.missing && !request.required;
  const findings = absent ? new Findings(file.findings.file) : file.findings;
  const node = absent ? EMPTY : file.node;
  const written = node === null ? EMPTY : substitute(node, request.env, findings);
  const settings = node === null ? null : decode(written, findings, source, request);
  return {
    settings: findings.failed ? null : settings,
    problems: [...findings.problems].sort((a, b) => a.line - b.line || a.column - b.column),
    files: [path, ...source.files.keys()],
    rules: settings?.rules ?? (node === null ? null : rulesFolder(written, request, source.folder)),
    written,
    digest: digestOf(written, source),
  };
}

const EMPTY: Node = { kind: 'map', entries: [], at: { line: 1, column: 1 } };

function rulesFolder(root: Node, request: SettingsRequest, folder: string): string {
  const node = root.kind === 'map' ? root.entries.find((entry) => entry.key === 'rules')?.value : undefined;
  const written = node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : './rules';
  const flag = request.overrides?.rules;
  return flag === undefined ? resolve(folder, home(written, request.env)) : resolve(request.cwd, flag);
}

/** One-way, since it stands for secrets too. */
function digestOf(written: Node, source: SecretSource): string {
  const withoutPlaces = (key: string, value: unknown) => (key === 'at' || key === 'keyAt' ? undefined : value);
  const text = JSON.stringify([written, [...source.files]], withoutPlaces);
  return createHash('sha256').update(text).digest('hex');
}

function decode(node: Node, findings: Findings, source: SecretSource, request: SettingsRequest): Settings | null {
  const written = settingsType.decode(node, findings);
  if (written === undefined) {
    checkOutline(node, source, findings);
    return null;
  }
  const { status_page } = written;
  const compiled = compile(written, request, source.folder);
  const receivers = openReceivers(written.receivers, source, findings);
  const names = receivers.map((receiver) => receiver.name);
  for (const route of written.routes ?? []) requireKnown(route.receivers, names, 'receiver', findings);
  const wrong = request.checkSchedule?.(written.schedule.value, written.timezone) ?? null;
  if (wrong !== null) findings.error(written.schedule.at, `bad schedule ${JSON.stringify(written.schedule.value)}: ${wrong}`);
  return {
    ...compiled,
    statusPage: {
      listen: status_page.listen,
      externalUrl: status_page.external_url,
      auth: {
        read: openGuard(status_page.auth.read, source, findings),
        write: openGuard(status_page.auth.write, source, findings),
      },
    },
    receivers,
    routes: routesOf(written),
    heartbeat: heartbeatOf(written, node, source, findings),
  };
}

function compile(
  written: SettingsFile,
  request: SettingsRequest,
  folder: string,
): Omit<Settings, 'receivers' | 'routes' | 'heartbeat' | 'statusPage'> {
  const { cluster, store, logs, notifications } = written;
  const overrides = request.overrides ?? {};
  const path = (flag: string | undefined, setting: string) =>
    flag === undefined ? resolve(folder, home(setting, request.env)) : resolve(request.cwd, home(flag, request.env));
  return {
    cluster: {
      name: cluster.name,
      kubeconfig:
        overrides.kubeconfig === undefined && cluster.kubeconfig === null
          ? null
          : path(overrides.kubeconfig, cluster.kubeconfig ?? ''),
      context: overrides.context ?? cluster.context,
      requestsPerSecond: cluster.requests_per_second,
      maxInFlight: cluster.max_in_flight,
    },
    namespaces: written.namespaces,
    schedule: written.schedule.value,
    timezone: written.timezone,
    watch: written.watch,
    probes: written.probes,
    store: { kind: 'json', path: path(overrides.data, store.path), window: store.window, maxSize: store.max_size },
    logs: { lookback: logs.lookback, maxLine: logs.max_line, maxPerContainer: logs.max_per_container, redact: logs.redact },
    rules: path(overrides.rules, written.rules),
    notifications: {
      groupBy: notifications.group_by,
      repeatInterval: notifications.repeat_interval,
      sendResolved: notifications.send_resolved,
      digestAbove: notifications.digest_above,
    },
    inhibitions: written.inhibit,
    mutes: written.mute.map((mute) => ({ ...mute, timezone: mute.timezone ?? written.timezone })),
  };
}

/** A route whose `match` is a list becomes one route for each: the first that matches wins in either writing. */
function routesOf(written: SettingsFile): readonly Route[] {
  return (written.routes ?? []).flatMap((route) =>
    (route.match ?? [new Map()]).map((match) => ({
      match,
      receivers: route.receivers.map((receiver) => receiver.value),
      continue: route.continue,
    })),
  );
}

function heartbeatOf(written: SettingsFile, root: Node, source: SecretSource, findings: Findings): Secret | null {
  if (written.heartbeat === null || root.kind !== 'map') return null;
  const section = root.entries.find((entry) => entry.key === 'heartbeat')?.value ?? root;
  const setting = secretSetting(written.heartbeat.url, written.heartbeat.url_file);
  const url = readSecret(setting, { section, name: 'url' }, source, findings);
  if (url.empty) return null;
  const problem = httpProblem('url', url);
  if (problem !== null) findings.error(section.at, `heartbeat: ${problem}`);
  return url;
}

function home(path: string, env: Environment): string {
  return path === '~' || path.startsWith('~/') ? (env['HOME'] ?? homedir()) + path.slice(1) : path;
}
