import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { Metrics } from '../../base/metrics.ts';
import { OwnerCache } from '../lists/owner.ts';
import { Credentials } from './credentials.ts';
import type { Api, OpenApi } from './http.ts';
import { type KubeconfigOptions, loadKubeconfig } from './kubeconfig.ts';

export interface SessionOptions extends KubeconfigOptions {
  readonly requestsPerSecond: number;
  readonly maxInFlight: number;
  /** Tocsin's own, for the User-Agent. */
  readonly version: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Uniform in [0, 1): jitter and the order of reads. */
  readonly random: () => number;
  /** Takes secrets out of what errors say. */
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  /** Told of the API server's time, epoch milliseconds, about once a second at most. */
  readonly onServerTime?: (at: number) => void;
}

/** One cluster, as whom we talk to it, and what is worth remembering between collections. */
export interface Session extends AsyncDisposable {
  /** As the kubeconfig calls it; `in-cluster` inside a pod. */
  readonly clusterName: string;
  readonly server: string;
  readonly maxInFlight: number;
  readonly api: Api & OpenApi;
  readonly owners: OwnerCache;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Reads the kubeconfig and makes ready; sends nothing yet. Throws `ConfigError` when no cluster is configured or the kubeconfig cannot be used. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const loaded = loadKubeconfig(options);
  const { ApiClient } = await import('./http.ts');
  const { clock, logger, random, maxInFlight } = options;
  const credentials = new Credentials(loaded, { reload: () => loadKubeconfig(options), env: options.env, clock });
  const api = new ApiClient({ ...options, server: loaded.server, credentials });
  return {
    clusterName: loaded.clusterName,
    server: loaded.server,
    maxInFlight,
    api,
    owners: new OwnerCache(),
    clock,
    random,
    logger,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}
