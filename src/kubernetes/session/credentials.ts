import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../base/clock.ts';
import { MINUTE, SECOND } from '../../base/duration.ts';
import { CollectError, messageOf } from '../../base/errors.ts';
import { type RawObject, rawObject, text } from '../lists/raw-object.ts';
import { type ExecCredential, runExecPlugin } from './exec-credential.ts';
import type { LoadedKubeconfig } from './kubeconfig.ts';

/** Files (tokens, certificates) are read again when what is known of them is older. */
const REREAD_AFTER = 30 * SECOND;
/** An expiring credential is renewed this long before its end. */
const EARLY = 2 * MINUTE;

/** What one request needs to be who we are, and to know whom it talks to. */
export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
    readonly servername: string | null;
    readonly rejectUnauthorized: boolean;
  };
  readonly proxy: string | null;
}

/** The credentials of one kubeconfig context, renewed in time, each renewal made once however many requests wait for it. */
export class Credentials {
  readonly #reload: () => LoadedKubeconfig;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #clock: Clock;
  #loaded: LoadedKubeconfig;
  #identity: Identity | null = null;
  #freshUntil = 0;
  #plugin: ExecCredential | null = null;
  /** Keeps what an auth provider has renewed; nobody else needs the library. */
  #provider: KubeConfig | null = null;
  #renewal: Promise<Identity> | null = null;

  constructor(
    loaded: LoadedKubeconfig,
    options: {
      readonly reload: () => LoadedKubeconfig;
      readonly env: Readonly<Record<string, string | undefined>>;
      readonly clock: Clock;
    },
  ) {
    this.#loaded = loaded;
    this.#reload = options.reload;
    this.#env = options.env;
    this.#clock = options.clock;
  }

  /** Rejects with `CollectError` (`unauthorized`) when a plugin fails or a file cannot be read. */
  current(): Promise<Identity> | Identity {
    if (this.#identity !== null && this.#clock.monotonic() < this.#freshUntil) return this.#identity;
    return this.#renew(false);
  }

  /** After a 401 for `refused`: everything is read and asked anew, unless another request has done so meanwhile. */
  afterRefusal(refused: Identity): Promise<Identity> | Identity {
    if (this.#identity !== null && this.#identity !== refused) return this.current();
    return this.#renew(true);
  }

  #renew(forced: boolean): Promise<Identity> {
    this.#renewal ??= this.#load(forced).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #load(forced: boolean): Promise<Identity> {
    try {
      if (forced) {
        this.#plugin = null;
        this.#provider = null;
        this.#loaded = this.#reload();
      }
      const identity = await this.#resolve();
      // An unchanged identity stays the same object, so that a refusal of the old one is told apart from one of the new.
      if (forced || JSON.stringify(identity) !== JSON.stringify(this.#identity)) this.#identity = identity;
      this.#freshUntil = this.#clock.monotonic() + REREAD_AFTER;
      return this.#identity ?? identity;
    } catch (error) {
      throw new CollectError('unauthorized', `could not get credentials for the API server: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async #resolve(): Promise<Identity> {
    const { cluster, user, exec, tokenFile, folder } = this.#loaded;
    this.#plugin = exec === null ? null : await this.#execCredential(exec, folder);
    const [ca, cert, key, token, provided] = await Promise.all([
      pem(cluster.caFile, cluster.caData),
      pem(user.certFile, user.certData),
      pem(user.keyFile, user.keyData),
      tokenFile === null ? null : readFile(tokenFile, 'utf8'),
      this.#askProvider(),
    ]);
    const bearer = this.#plugin?.token ?? token?.trim();
    const headers: Record<string, string> = {};
    if (user.impersonateUser) headers['impersonate-user'] = user.impersonateUser;
    if (provided !== null) headers['authorization'] = provided;
    if (user.token) headers['authorization'] = `Bearer ${user.token}`.trim();
    if (user.username)
      headers['authorization'] = `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
    if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
    return {
      headers,
      tls: {
        ca,
        cert: this.#plugin?.cert ?? cert,
        key: this.#plugin?.key ?? key,
        servername: cluster.tlsServerName ?? null,
        rejectUnauthorized: !cluster.skipTLSVerify,
      },
      proxy: cluster.proxyUrl ?? null,
    };
  }

  /** What the user's auth provider (OIDC and its like) wants to be sent; `null` without one. */
  async #askProvider(): Promise<string | null> {
    const { cluster, user } = this.#loaded;
    if (!user.authProvider) return null;
    if (this.#provider === null) {
      // Half a second and 80 MB: only who needs it pays for it.
      const { KubeConfig } = await import('@kubernetes/client-node');
      this.#provider = new KubeConfig();
      this.#provider.loadFromClusterAndUser(cluster, user);
    }
    const options: RequestOptions = { headers: {} };
    await this.#provider.applyToHTTPSOptions(options);
    return text(rawObject(options.headers), 'Authorization').trim() || null;
  }

  async #execCredential(exec: RawObject, folder: string): Promise<ExecCredential> {
    const known = this.#plugin;
    if (known !== null && (known.expiresAt === null || known.expiresAt - EARLY > this.#clock.now())) return known;
    return runExecPlugin(exec, this.#env, folder);
  }
}

async function pem(file: string | undefined, base64: string | undefined): Promise<string | null> {
  if (file) return readFile(file, 'utf8');
  return base64 ? Buffer.from(base64, 'base64').toString('utf8') : null;
}
