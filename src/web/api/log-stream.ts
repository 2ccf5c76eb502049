import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import { MINUTE, SECOND } from '../../base/duration.ts';
import { ConfigError } from '../../base/errors.ts';
import type { LogLine } from '../../core/model/log-line.ts';
import type { LogSearcher } from '../logs/log-search.ts';
import type { LineSearch, StatusView } from '../view.ts';
import { type Query, readChoice, readLimit, readTime } from './query.ts';
import { logLineJson } from './resources.ts';

/** `?stream=true`: lines as they are found, without end of page. `?follow=true`: oldest first, and then what each cycle adds. */
export const STREAM_NAMES = ['stream', 'follow'] as const;

/** How far back following begins unless `since` says otherwise. */
const FOLLOW_FROM = 10 * MINUTE;
const LOOK_EVERY_MS = SECOND;
/** Empty lines are sent so often while nothing is found, so that nobody on the way takes the connection for dead. */
const ALIVE_EVERY_MS = 10 * SECOND;

export interface LogStream {
  readonly search: LineSearch;
  /** Lines at most. */
  readonly limit: number;
  readonly follow: boolean;
}

/** What a query wants as a stream; `null` when it wants a page. Throws `ConfigError` for a query that it does not take. */
export function readLogStream(query: Query, search: LineSearch, now: number): LogStream | null {
  const is = (name: (typeof STREAM_NAMES)[number]) => readChoice(query, name, ['true', 'false']) === 'true';
  const follow = is('follow');
  if (!follow && !is('stream')) return null;
  if (query.has('next')) throw new ConfigError('next is for pages, and not for a stream');
  const limit = query.has('limit') ? readLimit(query) : Number.POSITIVE_INFINITY;
  const since = follow ? (readTime(query, 'since', now) ?? now - FOLLOW_FROM) : search.since;
  return { search: { ...search, since }, limit, follow };
}

/** Answers with one JSON object a line, as fast as they are found and the client reads; ends when `signal` aborts. Rejects with `ConfigError` before anything was sent. */
export async function sendLogStream(
  response: Response,
  { view, logs }: { readonly view: StatusView; readonly logs: LogSearcher },
  { search, limit, follow }: LogStream,
  signal: AbortSignal,
): Promise<void> {
  const lines = follow ? logs.following(followed(view, search, signal)) : logs.searching(view.lines(search, signal));
  const begin = () => {
    if (!response.headersSent) response.status(200).set('Content-Type', 'application/x-ndjson; charset=utf-8').flushHeaders();
  };
  const alive = setInterval(() => {
    begin();
    if (!response.writableNeedDrain) response.write('\n');
  }, ALIVE_EVERY_MS);
  try {
    // Who follows may wait long for a line, and is to know that it does.
    if (follow) begin();
    let count = 0;
    for await (const line of lines) {
      begin();
      if (!response.write(`${JSON.stringify(logLineJson(line))}\n`)) await once(response, 'drain', { signal });
      if (++count >= limit) break;
    }
    begin();
    response.end();
  } catch (error) {
    if (!signal.aborted || error instanceof ConfigError) throw error;
    response.destroy();
  } finally {
    clearInterval(alive);
  }
}

async function* followed(view: StatusView, search: LineSearch, signal: AbortSignal): AsyncGenerator<LogLine> {
  let seen: string | null = null;
  while (!signal.aborted) {
    const newest = view.window().cycles.at(-1)?.id ?? null;
    if (newest !== null && newest !== seen) {
      yield* view.linesSince(seen, search, signal);
      seen = newest;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
