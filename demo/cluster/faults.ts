import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, type Streaming, statusAnswer, textAnswer } from './answer.ts';

/** What goes wrong with an answer. */
export type Effect =
  /** Answered with this instead. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** 429 in plain text with `Retry-After`, as the API server's own limit. */
  | { readonly kind: 'too_many_requests'; readonly retryAfterSeconds: number }
  /** 500: the API server cannot reach the node's kubelet. */
  | { readonly kind: 'dial'; readonly error?: string }
  /** Nothing comes any more: before the headers, or after that many bytes of the body. The connection stays open. */
  | { readonly kind: 'hang'; readonly afterBytes: number | null }
  /** The connection breaks after that many bytes of the body. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** The body ends early, yet as if it were whole: what a break between kubelet and API server looks like. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** The answer comes so much later. */
  | { readonly kind: 'late'; readonly ms: number }
  /** The answer comes when that is resolved. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** The body comes in pieces. */
  | { readonly kind: 'slow'; readonly chunkBytes: number; readonly everyMs: number }
  /** A text after the body, without a newline: how the kubelet reports what failed after it had sent 200. */
  | { readonly kind: 'append'; readonly text: string }
  /** A followed log misses the next rotation and goes on with the file after it, as one that was opened just before a rotation. */
  | { readonly kind: 'skip_file' };

export interface FaultOptions {
  /** A pattern for `METHOD /path?query`; any request when left out. */
  readonly on?: RegExp;
  /** Only log reads of pods on this node. */
  readonly node?: string;
  /** After so many hits the fault is over; never when left out. */
  readonly times?: number;
  readonly effect: Effect;
}

/** A fault that was put in; `remove` ends it. */
export interface Fault {
  readonly hits: number;
  remove(): void;
}

interface Entry extends FaultOptions {
  hits: number;
}

/** The faults of a simulated cluster; the first that fits a request takes effect. */
export class Faults {
  #entries: readonly Entry[] = [];

  add(options: FaultOptions): Fault {
    const entry: Entry = { ...options, hits: 0 };
    this.#entries = [...this.#entries, entry];
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** The effect on a request, counted as a hit. `node` is that of the pod whose log is read. */
  take(request: string, node: string | null): Effect | null {
    const found = this.#entries.find(
      (entry) =>
        entry.hits < (entry.times ?? Number.POSITIVE_INFINITY) &&
        (entry.on?.test(request) ?? true) &&
        (entry.node === undefined || entry.node === node),
    );
    if (found === undefined) return null;
    found.hits++;
    return found.effect;
  }
}

/** Sends an answer under an effect. Resolves when nothing more will be sent. */
export async function send(
  response: ServerResponse,
  request: IncomingMessage,
  given: Answer,
  effect: Effect | null,
): Promise<void> {
  const answer = effect === null ? given : replaced(given, effect);
  if (effect?.kind === 'late') await new Promise((resolve) => setTimeout(resolve, effect.ms));
  if (effect?.kind === 'held') await effect.until;
  if (effect?.kind === 'hang' && effect.afterBytes === null) return;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  if (answer.more !== undefined) return stream(response, request, answer.more, effect);
  const headers = { ...(answer.type !== '' && { 'content-type': answer.type }), ...answer.headers };
  switch (effect?.kind) {
    case 'hang':
    case 'reset':
      response.writeHead(answer.status, headers);
      response.write(body.subarray(0, effect.afterBytes ?? 0), () => {
        if (effect.kind === 'reset') request.socket.destroy();
      });
      response.flushHeaders();
      return;
    case 'truncate':
      response.writeHead(answer.status, headers).end(body.subarray(0, effect.afterBytes));
      return;
    case 'append':
      response.writeHead(answer.status, headers).end(Buffer.concat([body, Buffer.from(effect.text)]));
      return;
    case 'slow':
      response.writeHead(answer.status, headers);
      await sendSlowly(response, body, effect);
      return;
    default:
      response
        .writeHead(answer.status, answer.status === 204 ? headers : { ...headers, 'content-length': body.length })
        .end(body);
  }
}

/** Sends what comes until the client hangs up or the effect breaks it off. */
function stream(response: ServerResponse, request: IncomingMessage, more: Streaming, effect: Effect | null): void {
  const limit = effect !== null && 'afterBytes' in effect ? effect.afterBytes : null;
  let sent = 0;
  let isOver = false;
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  const write = (bytes: Buffer) => {
    if (isOver) return;
    const part = limit === null ? bytes : bytes.subarray(0, limit - sent);
    sent += part.length;
    response.write(part);
    if (limit === null || sent < limit) return;
    isOver = true;
    if (effect?.kind === 'reset') request.socket.destroy();
    if (effect?.kind === 'truncate') response.end();
  };
  const end = () => {
    if (!isOver) response.end();
    // The connection closes a little later; nothing is written until then.
    isOver = true;
  };
  const stop = more({ write, end }, effect?.kind === 'skip_file' ? 1 : 0);
  response.on('close', stop);
}

function replaced(given: Answer, effect: Effect): Answer {
  switch (effect.kind) {
    case 'answer':
      return effect.answer;
    case 'too_many_requests':
      return textAnswer(429, 'Too many requests, please try again later.\n', { 'retry-after': String(effect.retryAfterSeconds) });
    case 'dial':
      return statusAnswer(
        500,
        'InternalError',
        `Get "https://10.0.0.1:10250/containerLogs": ${effect.error ?? 'dial tcp 10.0.0.1:10250: i/o timeout'}`,
      );
    case 'hang':
    case 'reset':
    case 'truncate':
    case 'late':
    case 'held':
    case 'slow':
    case 'append':
    case 'skip_file':
      return given;
    default:
      return effect satisfies never;
  }
}

async function sendSlowly(
  response: ServerResponse,
  body: Buffer,
  pace: { readonly chunkBytes: number; readonly everyMs: number },
): Promise<void> {
  for (let from = 0; from < body.length && !response.destroyed; from += pace.chunkBytes) {
    response.write(body.subarray(from, from + pace.chunkBytes));
    await new Promise((resolve) => setTimeout(resolve, pace.everyMs));
  }
  response.end();
}
