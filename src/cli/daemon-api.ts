import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CollectError, ConfigError, messageOf } from '../base/errors.ts';
import type { Settings } from '../config/settings/settings.ts';
import type { CommandContext } from './command.ts';

const TIMEOUT_MS = 10_000;

/** The JSON API of a running daemon. */
export interface DaemonApi {
  /** Its address without a password. */
  readonly base: string;
  /**
   * Resolves to the answer, `null` for 404. Rejects with `ConfigError` for what the daemon does not take or allow, and with `CollectError` when it
   * cannot be reached.
   */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** Where a daemon that listens there is found on this machine. */
export function daemonAt(listen: Settings['statusPage']['listen']): string {
  const host = listen.host === '0.0.0.0' || listen.host === '::' ? '127.0.0.1' : listen.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${listen.port}`;
}

/** A client for the daemon at `base`, with the user and password in it, the token of `--token-file`, or the one of the settings. */
export function daemonApi(context: CommandContext, settings: Settings, base: string): DaemonApi {
  const url = URL.parse(base);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new ConfigError(`expected --url as http://HOST:PORT, found ${JSON.stringify(base)}`);
  const authorization = authorizationOf(context, settings, url);
  [url.username, url.password] = ['', ''];
  return {
    base: url.origin,
    async call(method, path, body) {
      const { status, text } = await ask(context, new URL(path, url), { method, body, authorization });
      if (status === 404 && method === 'DELETE') return null;
      const answer = parsed(text);
      if (status >= 200 && status < 300 && answer !== undefined) return answer;
      throw refusal(url.origin, status, answer);
    },
  };
}

async function ask(
  { signal }: CommandContext,
  url: URL,
  { method, body, authorization }: { readonly method: string; readonly body: unknown; readonly authorization: string | null },
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    // `fetch` hides why behind a "fetch failed".
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new CollectError('unreachable', `could not ask a daemon at ${url.origin} (--url says where one is)`, { cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told by its status
  }
}

function refusal(origin: string, status: number, answer: unknown): Error {
  const said = typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : null;
  if (said === null)
    return new CollectError(
      'unreachable',
      `${origin} answered ${status}, and not as Tocsin does; --url says where the daemon is`,
    );
  if (status === 401)
    return new CollectError(
      'unauthorized',
      `the daemon at ${origin} refuses: ${said}; --url http://USER:PASSWORD@HOST:PORT or --token-file FILE says it`,
    );
  if (status === 403) return new CollectError('forbidden', `the daemon at ${origin} refuses: ${said}`);
  return status < 500 ? new ConfigError(said) : new CollectError('unreachable', `the daemon at ${origin} failed: ${said}`);
}

function authorizationOf({ args, cwd }: CommandContext, settings: Settings, url: URL): string | null {
  if (url.username !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const file = args.flags['token-file'];
  if (typeof file === 'string') return `Bearer ${tokenIn(resolve(cwd, file))}`;
  const { write } = settings.statusPage.auth;
  return write.kind === 'bearer' ? `Bearer ${write.token.reveal()}` : null;
}

function tokenIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`could not read --token-file ${path}: ${messageOf(error)}`, [], { cause: error });
  }
}
