import type { Metrics } from '../base/metrics.ts';
import { openSession, type Session, type SessionOptions } from '../kubernetes/session/session.ts';
import type { RuntimeOptions } from './runtime-options.ts';

type SessionParts = Pick<RuntimeOptions, 'settings' | 'env' | 'home' | 'version' | 'logger' | 'random' | 'clock'> &
  Pick<SessionOptions, 'onServerTime' | 'redact'>;

/** The way to the API server that the settings name; sends nothing yet. Throws `ConfigError` when no cluster is configured. */
export function openClusterSession({ settings, ...parts }: SessionParts, metrics: Metrics): Promise<Session> {
  const { kubeconfig, context, requestsPerSecond, maxInFlight } = settings.cluster;
  return openSession({ ...parts, kubeconfig, context, requestsPerSecond, maxInFlight, metrics });
}
