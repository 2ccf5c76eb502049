import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { ConfigError, messageOf } from '../base/errors.ts';
import { child, type RawObject, rawObject, text } from './raw-object.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface KubeconfigOptions {
  readonly kubeconfig: string | null;
  readonly context: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Where a pod finds its service account; a test gives its own. */
  readonly serviceAccount?: string;
}

/** The chosen context, ready for use. */
export interface LoadedKubeconfig {
  /** The context alone, without what is renewed by us: `exec` and `tokenFile`. */
  readonly config: KubeConfig;
  /** The user's credential plugin, if there is one. */
  readonly exec: RawObject | null;
  readonly tokenFile: string | null;
  /** Where relative commands of the user are looked up. */
  readonly folder: string;
  readonly clusterName: string;
  readonly server: string;
}

/**
 * Finds and reads the kubeconfig: the named file, else in-cluster, else `$KUBECONFIG`, else `~/.kube/config`.
 * Throws `ConfigError` when there is none (never falls back to localhost) or when it cannot be used.
 */
export async function loadKubeconfig(options: KubeconfigOptions): Promise<LoadedKubeconfig> {
  const files = kubeconfigFiles(options);
  // Half a second and 88 MB: only what really talks to a cluster pays for it.
  const { KubeConfig } = await import('@kubernetes/client-node');
  if (files === 'in-cluster') return inCluster(new KubeConfig(), options);
  const config = new KubeConfig();
  for (const [index, file] of files.entries()) {
    try {
      const part = index === 0 ? config : new KubeConfig();
      part.loadFromString(withTokenFiles(readFileSync(file, 'utf8'), dirname(file)));
      part.makePathsAbsolute(dirname(file));
      if (index > 0) mergeFirstWins(config, part);
    } catch (error) {
      throw new ConfigError(`could not read kubeconfig ${file}: ${messageOf(error)}`, [], { cause: error });
    }
  }
  return choose(config, files[0] ?? '', options.context);
}

function kubeconfigFiles(options: KubeconfigOptions): readonly string[] | 'in-cluster' {
  if (options.kubeconfig !== null) return [expandHome(options.kubeconfig, options.home)];
  const root = options.serviceAccount ?? SERVICE_ACCOUNT;
  if (options.env['KUBERNETES_SERVICE_HOST'] && existsSync(join(root, 'token'))) return 'in-cluster';
  const listed = (options.env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  // kubectl skips files of the list that do not exist, as long as one does.
  const present = listed.filter((file) => existsSync(file));
  if (listed.length > 0) return present.length > 0 ? present : listed.slice(0, 1);
  const standard = join(options.home, '.kube', 'config');
  if (existsSync(standard)) return [standard];
  throw new ConfigError(
    `could not find a cluster: not inside a pod, KUBECONFIG is not set and ${standard} does not exist; name one with --kubeconfig FILE, or see Tocsin work without a cluster: npm run demo`,
  );
}

function expandHome(file: string, home: string): string {
  return file === '~' || file.startsWith('~/') ? join(home, file.slice(1)) : file;
}

function inCluster(config: KubeConfig, options: KubeconfigOptions): LoadedKubeconfig {
  const root = options.serviceAccount ?? SERVICE_ACCOUNT;
  const host = options.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${options.env['KUBERNETES_SERVICE_PORT'] ?? '443'}`;
  config.loadFromClusterAndUser(
    { name: 'in-cluster', server, caFile: join(root, 'ca.crt'), skipTLSVerify: false },
    { name: 'service-account' },
  );
  return { config, exec: null, tokenFile: join(root, 'token'), folder: root, clusterName: 'in-cluster', server };
}

/** The library knows only `token-file`, read once; a `tokenFile` becomes the provider that it uses in-cluster, so that rotation works. */
function withTokenFiles(yaml: string, folder: string): string {
  return yaml.replace(
    /(["']?)\btokenFile\1\s*:\s*(?:"([^"]+)"|'([^']+)'|([^\s,}#]+))/g,
    (_, _quote: string, double?: string, single?: string, plain?: string) => {
      const tokenFile = resolve(folder, double ?? single ?? plain ?? '');
      return `auth-provider: {name: tokenFile, config: {"tokenFile": ${JSON.stringify(tokenFile)}}}`;
    },
  );
}

/** As kubectl merges a list of files: the first to name something wins. */
function mergeFirstWins(config: KubeConfig, part: KubeConfig): void {
  for (const cluster of part.clusters) if (config.getCluster(cluster.name) === null) config.addCluster(cluster);
  for (const user of part.users) if (config.getUser(user.name) === null) config.addUser(user);
  for (const context of part.contexts) if (config.getContextObject(context.name) === null) config.addContext(context);
  if (!config.currentContext) config.setCurrentContext(part.currentContext);
}

function choose(config: KubeConfig, file: string, wanted: string | null): LoadedKubeconfig {
  const fail = (why: string) => new ConfigError(`could not use kubeconfig ${file}: ${why}`);
  const known = config.contexts.map((context) => context.name);
  if (wanted !== null) config.setCurrentContext(wanted);
  const name = config.getCurrentContext();
  if (!name) throw fail(`it has no current-context; choose one with --context (known are ${known.join(', ') || 'none'})`);
  const context = config.getContextObject(name);
  if (context === null) throw fail(`it has no context "${name}" (known are ${known.join(', ') || 'none'})`);
  const cluster = config.getCluster(context.cluster);
  if (cluster === null) throw fail(`its context "${name}" names a cluster "${context.cluster}" that it does not have`);
  const user = config.getUser(context.user);
  if (user === null) throw fail(`its context "${name}" names a user "${context.user}" that it does not have`);
  if (!/^https?:\/\//.test(cluster.server)) throw fail(`the server "${cluster.server}" is no http or https address`);
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify)
    throw fail('an http server needs insecure-skip-tls-verify: true, because credentials would travel in clear');
  const provider = child(rawObject(user.authProvider), 'config');
  const exec = rawObject(user.exec ?? provider['exec']);
  const plugin = Object.keys(exec).length > 0 ? exec : null;
  const tokenFile = text(provider, 'tokenFile') || null;
  if (plugin !== null || tokenFile !== null) {
    const { exec: _exec, authProvider: _provider, ...rest } = user;
    config.loadFromClusterAndUser(cluster, rest);
  }
  const server = cluster.server.replace(/\/+$/, '');
  return { config, exec: plugin, tokenFile, folder: dirname(file), clusterName: cluster.name, server };
}
