import type { Dispatcher } from 'undici';
// Its main file loads caches, mocks and fetch as well: 12 MB that stay.
import Agent from 'undici/lib/dispatcher/agent.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import Socks5ProxyAgent from 'undici/lib/dispatcher/socks5-proxy-agent.js';
import { SECOND } from '../../base/duration.ts';
import type { Identity } from './credentials.ts';
import { LentReads } from './lent-reads.ts';

const CONNECT_TIMEOUT = 5 * SECOND;
const KEEP_ALIVE = 30 * SECOND;

/** Whether two identities can share connections: the same certificates, to the same server. */
export function hasSameMaterial(one: Identity, other: Identity): boolean {
  return one === other || JSON.stringify([one.tls, one.proxy]) === JSON.stringify([other.tls, other.proxy]);
}

/** The connections of one identity. */
export interface Agents {
  /** For answers that end soon, and for those that stay open. */
  readonly brief: Dispatcher;
  readonly open: Dispatcher;
  /** To be told whenever bytes of one of them are taken. */
  readonly reads: LentReads;
}

/** Agents for so many connections of each kind. */
export function createAgents(identity: Identity, connections: { readonly brief: number; readonly open: number }): Agents {
  const reads = new LentReads();
  const create = (most: number) => createDispatcher(identity, most, reads);
  return { brief: create(connections.brief), open: create(connections.open), reads };
}

/**
 * Keep-alive connections to one API server, directly (then reading as `reads` does) or through the kubeconfig's proxy. HTTP/1.1 only: an abort then
 * closes just its own connection.
 */
export function createDispatcher(identity: Identity, connections: number, reads: LentReads | null = null): Dispatcher {
  const { ca, cert, key, servername, rejectUnauthorized } = identity.tls;
  const certificates = { ...(ca === null ? {} : { ca }), ...(cert === null ? {} : { cert }), ...(key === null ? {} : { key }) };
  const tls = { rejectUnauthorized, ...certificates, ...(servername === null ? {} : { servername }) };
  const pool = { connections, pipelining: 1, keepAliveTimeout: KEEP_ALIVE, allowH2: false };
  const connect = { ...tls, timeout: CONNECT_TIMEOUT, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE };
  if (identity.proxy === null)
    return new Agent({ ...pool, connect: reads?.connector(certificates, { ...connect, allowH2: false }) ?? connect });
  if (identity.proxy.startsWith('socks')) return new Socks5ProxyAgent(identity.proxy, { ...pool, requestTls: tls });
  return new ProxyAgent({ ...pool, uri: identity.proxy, requestTls: tls });
}
