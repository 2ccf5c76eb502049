import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Logger, silentLogger } from '../../src/base/logger.ts';
import { DEFAULT_AUTH, type PageAuth } from '../../src/web/auth/page-auth.ts';
import { serve } from '../../src/web/server.ts';
import type { StatusView } from '../../src/web/view.ts';

/** An answer as tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Serves a view on a free port until the test ends; returns how to ask it. */
export async function serving(
  t: TestContext,
  view: StatusView,
  logger: Logger = silentLogger,
  auth: PageAuth = DEFAULT_AUTH,
): Promise<{
  readonly address: string;
  get(path: string, init?: RequestInit): Promise<Answer>;
  json(path: string): Promise<unknown>;
}> {
  const stop = new AbortController();
  const server = await serve(view, { host: '127.0.0.1', port: 0, auth }, logger, stop.signal);
  t.after(() => server.close());
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(server.address + path, { redirect: 'error', ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { address: server.address, get, json: async (path) => JSON.parse((await get(path)).text) };
}

/** A list answer; tests look into its items by name. */
export interface List {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next?: string;
}

export async function list(api: { json(path: string): Promise<unknown> }, path: string): Promise<List> {
  const body = await api.json(`/api/v1/${path}`);
  assert.ok(typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items), JSON.stringify(body));
  // Checked above to be an object with a list of items.
  return body as unknown as List;
}

/** Follows `next` to the end. */
export async function everything(
  api: { json(path: string): Promise<unknown> },
  path: string,
  between = () => {},
): Promise<List['items']> {
  const items: Readonly<Record<string, unknown>>[] = [];
  let next: string | undefined;
  do {
    const page = await list(api, next === undefined ? path : `${path}&next=${next}`);
    items.push(...page.items);
    next = page.next;
    between();
  } while (next !== undefined);
  return items;
}
