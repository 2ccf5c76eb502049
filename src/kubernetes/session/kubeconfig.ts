import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node';
// Not through the package's main file: that brings its whole generated API, half a second and 80 MB.
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import { parse } from 'yaml';
import { ConfigError, messageOf } from '../../base/errors.ts';
import { child, list, type RawObject, rawObject, text } from '../lists/raw-object.ts';

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
  readonly cluster: Cluster;
  /** Without what is renewed by us: `exec` and `tokenFile`. */
  readonly user: User;
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
export function loadKubeconfig(options: KubeconfigOptions): LoadedKubeconfig {
  const files = kubeconfigFiles(options);
  return files === 'in-cluster' ? inCluster(options) : choose(files.map(readKubeconfig), files[0] ?? '', options.context);
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

function inCluster(options: KubeconfigOptions): LoadedKubeconfig {
  const root = options.serviceAccount ?? SERVICE_ACCOUNT;
  const host = options.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${options.env['KUBERNETES_SERVICE_PORT'] ?? '443'}`;
  const cluster = { name: 'in-cluster', server, caFile: join(root, 'ca.crt'), skipTLSVerify: false };
  const user = { name: 'service-account' };
  return { cluster, user, exec: null, tokenFile: join(root, 'token'), folder: root, clusterName: cluster.name, server };
}

/** One file, its paths made absolute. */
interface Kubeconfig {
  readonly clusters: readonly Cluster[];
  readonly users: readonly User[];
  readonly contexts: readonly Context[];
  readonly currentContext: string;
}

function readKubeconfig(file: string): Kubeconfig {
  try {
    const raw = rawObject(parse(readFileSync(file, 'utf8'), { merge: true }));
    const folder = dirname(file);
    const clusters = newClusters(raw['clusters']);
    for (const cluster of clusters) if (cluster.caFile) cluster.caFile = resolve(folder, cluster.caFile);
    const users = newUsers(raw['users']);
    for (const user of users) {
      if (user.certFile) user.certFile = resolve(folder, user.certFile);
      if (user.keyFile) user.keyFile = resolve(folder, user.keyFile);
    }
    return {
      clusters,
      users: withTokenFiles(users, list(raw, 'users'), folder),
      contexts: newContexts(raw['contexts']),
      currentContext: text(raw, 'current-context'),
    };
  } catch (error) {
    // The parser goes on to show the lines in question, which may hold a secret.
    const why = messageOf(error).split('\n')[0]?.replace(/:$/, '');
    throw new ConfigError(`could not read kubeconfig ${file}: ${why}`, [], { cause: error });
  }
}

/** The library knows only `token-file`, read once; a `tokenFile` becomes the provider that it uses in-cluster, so that rotation works. */
function withTokenFiles(users: readonly User[], raw: readonly RawObject[], folder: string): User[] {
  return users.map((user, index) => {
    const tokenFile = text(child(raw[index] ?? {}, 'user'), 'tokenFile');
    if (tokenFile === '') return user;
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(folder, tokenFile) } } };
  });
}

/** As kubectl merges a list of files: the first to name something wins. */
function choose(parts: readonly Kubeconfig[], file: string, wanted: string | null): LoadedKubeconfig {
  const fail = (why: string) => new ConfigError(`could not use kubeconfig ${file}: ${why}`);
  const contexts = parts.flatMap((part) => part.contexts);
  const known = [...new Set(contexts.map((context) => context.name))].join(', ') || 'none';
  const name = wanted ?? parts.find((part) => part.currentContext !== '')?.currentContext;
  if (!name) throw fail(`it has no current-context; choose one with --context (known are ${known})`);
  const context = contexts.find((each) => each.name === name);
  if (context === undefined) throw fail(`it has no context "${name}" (known are ${known})`);
  const cluster = parts.flatMap((part) => part.clusters).find((each) => each.name === context.cluster);
  if (cluster === undefined) throw fail(`its context "${name}" names a cluster "${context.cluster}" that it does not have`);
  const user = parts.flatMap((part) => part.users).find((each) => each.name === context.user);
  if (user === undefined) throw fail(`its context "${name}" names a user "${context.user}" that it does not have`);
  if (!/^https?:\/\//.test(cluster.server)) throw fail(`the server "${cluster.server}" is no http or https address`);
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify)
    throw fail('an http server needs insecure-skip-tls-verify: true, because credentials would travel in clear');
  const provider = child(rawObject(user.authProvider), 'config');
  const plugin = rawObject(user.exec ?? provider['exec']);
  const exec = Object.keys(plugin).length > 0 ? plugin : null;
  const tokenFile = text(provider, 'tokenFile') || null;
  const { exec: _exec, authProvider: _provider, ...rest } = user;
  return {
    cluster,
    user: exec !== null || tokenFile !== null ? rest : user,
    exec,
    tokenFile,
    folder: dirname(file),
    clusterName: cluster.name,
    server: cluster.server.replace(/\/+$/, ''),
  };
}
