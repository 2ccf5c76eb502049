import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { createServer } from '../base/node-http.ts';
import { createApp } from './app.ts';
import type { PageAuth } from './auth/page-auth.ts';
import type { StatusView } from './view.ts';

/** A status page that is being served. */
export interface StatusServer {
  /** Where a browser on this machine finds it, such as `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Stops listening, lets answers under way finish for {@link DRAIN_MS} and then cuts them. */
  close(): Promise<void>;
}

const DRAIN_MS = 1_000;
const MOST_CONNECTIONS = 256;

/** Serves page, API, health and metrics until `close` or until `signal` aborts. Rejects with a plain `Error` when it cannot listen. */
export async function serve(
  view: StatusView,
  { auth, ...listen }: { readonly host: string; readonly port: number; readonly auth: PageAuth },
  logger: Logger,
  signal: AbortSignal,
): Promise<StatusServer> {
  const stopping = new AbortController();
  const server = createServer(
    // A client that sends or reads slowly loses its connection; it holds nothing else up.
    { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 5_000 },
    createApp({ view, auth, logger, signal: stopping.signal }),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(30_000, (socket) => socket.destroy());
  await startListening(server, listen);
  server.on('error', (error) => logger.error('status page failed', { error: error.message }));
  let closed: Promise<void> | null = null;
  const close = () => {
    stopping.abort();
    closed ??= drain(server);
    return closed;
  };
  const address = addressOf(server);
  if (signal.aborted) await close();
  else signal.addEventListener('abort', () => void close(), { once: true });
  return { address, close };
}

function startListening(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`could not listen on ${hostText(host)}:${port}: ${listenFault(error)}`, { cause: error }));
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenFault(error: Error): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return 'another process uses the port; end it or set status_page.listen to another one';
    case 'EACCES':
      return 'this user may not use the port; set status_page.listen to one above 1023';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine does not have the address; set status_page.listen to one that it has';
    default:
      return error.message;
  }
}

async function drain(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function addressOf(server: Server): string {
  // A server that listens on a port has an address of this shape; a path or null would be a pipe or a closed one.
  const { address, port } = server.address() as AddressInfo;
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${hostText(host)}:${port}`;
}

function hostText(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
