import type { Clock } from '../../base/clock.ts';
import { SECOND } from '../../base/duration.ts';
import { CollectError } from '../../base/errors.ts';
import type { Metrics } from '../../base/metrics.ts';
import { type Agents, createAgents, hasSameMaterial } from './agent.ts';
import { isPassing, parse, parseLoosely, retryAfterOf, statusError, toCollectError } from './api-error.ts';
import type { Credentials, Identity } from './credentials.ts';
import { type Answer, type Body, bytesOf, exchange } from './exchange.ts';
import { parseList } from './list-answer.ts';
import { RateLimit, Slots } from './rate-limit.ts';

/** Waits before the second, third and fourth try; a Retry-After may lengthen them up to the longest. */
const RETRY_WAITS = [1 * SECOND, 2 * SECOND, 4 * SECOND];

/** Connections beside those in flight, for answers that stay open: followed logs and watches. */
const OPEN_CONNECTIONS = 104;

/** A read of a log may need a look at its pod before it can go on. */
const MIN_IN_FLIGHT = 2;

export interface ApiClientOptions {
  readonly server: string;
  readonly credentials: Credentials;
  readonly requestsPerSecond: number;
  readonly maxInFlight: number;
  readonly version: string;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** Takes secrets out of what errors say. */
  readonly redact: (text: string) => string;
  /** Told of the API server's time, epoch milliseconds, about once a second at most. */
  readonly onServerTime?: (at: number) => void;
}

export interface JsonOptions {
  readonly accept?: string;
  /** Milliseconds for the whole answer; 30 s. */
  readonly deadline?: number;
  /** Statuses beyond 2xx whose answer the caller wants to read itself. */
  readonly accepted?: readonly number[];
  /** The answer is a list, whose items are parsed as they are taken: see {@link parseList}. */
  readonly isList?: true;
  /** Sent as JSON by POST. */
  readonly body?: unknown;
}

export interface StreamOptions {
  /** Milliseconds without a byte after which the read fails as `timeout`. */
  readonly idle: number;
  /** Told of every failed try; says whether another one makes sense. */
  readonly mayRetry: (error: CollectError) => boolean;
}

interface SendOptions extends JsonOptions {
  readonly idle: number;
  /** The answer has a connection that is none of those for requests in flight. */
  readonly staysOpen?: boolean;
}

/** What readers need of the client. */
export type Api = Pick<ApiClient, 'json' | 'stream'>;

/** What needs connections that stay open. */
export type OpenApi = Pick<ApiClient, 'open'>;

/**
 * Requests to one API server over one shared keep-alive agent, within a rate and a number in flight. Tries again after 429, 5xx
 * and lost connections as long as no byte of the answer has come. Every failure is a `CollectError`.
 */
export class ApiClient implements AsyncDisposable {
  readonly #options: ApiClientOptions;
  readonly #rate: RateLimit;
  readonly #places: number;
  readonly #slots: Slots;
  /** Origin and path before every path. */
  readonly #origin: string;
  readonly #prefix: string;
  /** The newest date of an answer. */
  #heard = '';
  #agents: (Agents & { readonly identity: Identity }) | null = null;

  constructor(options: ApiClientOptions) {
    this.#options = options;
    const { origin, pathname } = new URL(options.server);
    this.#origin = origin;
    this.#prefix = pathname.replace(/\/$/, '');
    this.#places = Math.max(options.maxInFlight, MIN_IN_FLIGHT);
    this.#rate = new RateLimit(options.requestsPerSecond, 2 * options.requestsPerSecond, options.clock);
    this.#slots = new Slots(this.#places);
  }

  /** One JSON answer. Rejects with what went wrong after all tries. */
  json(
    path: string,
    signal: AbortSignal,
    options: JsonOptions = {},
  ): Promise<{ readonly status: number; readonly value: unknown }> {
    const deadline = options.deadline ?? 30 * SECOND;
    const accepted = (status: number) => isGood(status) || options.accepted?.includes(status) === true;
    return this.#retrying(
      signal,
      path,
      () => true,
      () =>
        withDeadline(signal, deadline, (within) =>
          this.#send(path, within, { ...options, idle: deadline }, async (answer) => {
            const { status, body } = answer;
            if (!accepted(status)) throw await statusError(path, answer, this.#options.redact);
            const bytes = await bytesOf(body);
            // Plain text is what the aggregator answers for a group that it does not have.
            if (!isGood(status)) return { status, value: parseLoosely(bytes.toString()) };
            return { status, value: options.isList === true ? parseList(path, bytes) : parse(path, bytes.toString()) };
          }),
        ),
    );
  }

  /**
   * Hands the body of a 2xx answer to `consume` while it holds its place among the requests in flight. What `consume` throws is not tried again.
   * Abort destroys the connection and leaves nothing behind.
   */
  async stream<T>(path: string, signal: AbortSignal, options: StreamOptions, consume: (body: Body) => Promise<T>): Promise<T> {
    return this.#retrying(signal, path, options.mayRetry, () => this.#consume(path, signal, options, consume)).then((outcome) => {
      if ('failed' in outcome) throw toCollectError(path, outcome.failed, signal);
      return outcome.done;
    });
  }

  /**
   * As {@link ApiClient.stream}, for an answer that stays open for long: it takes no place among the requests in flight and is not tried again.
   * Rejects with `CollectError`, also when `idle` milliseconds pass without a byte.
   */
  async open<T>(path: string, signal: AbortSignal, idle: number, consume: (body: Body) => Promise<T>): Promise<T> {
    try {
      await this.#rate.take(signal);
      const outcome = await this.#consume(path, signal, { idle, staysOpen: true }, consume);
      if ('failed' in outcome) throw outcome.failed;
      return outcome.done;
    } catch (error) {
      throw toCollectError(path, error, signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#agents?.brief.destroy(), this.#agents?.open.destroy()]);
    this.#agents = null;
  }

  async #retrying<T>(
    signal: AbortSignal,
    path: string,
    mayRetry: (error: CollectError) => boolean,
    attempt: () => Promise<T>,
  ): Promise<T> {
    for (let tries = 0; ; tries++) {
      let failure: CollectError;
      try {
        return await this.#slots.hold(async () => {
          const turn = this.#rate.take(signal);
          if (turn !== undefined) await turn;
          if (signal.aborted) throw new CollectError('aborted', `could not read ${path}: aborted`);
          return attempt();
        });
      } catch (error) {
        failure = toCollectError(path, error, signal);
      }
      const wait = RETRY_WAITS[tries];
      const again = mayRetry(failure) && wait !== undefined && isPassing(failure);
      if (!again) throw failure;
      const jittered = wait * (0.5 + this.#options.random());
      await this.#options.clock.sleep(Math.max(retryAfterOf(failure), jittered), signal);
    }
  }

  #consume<T>(
    path: string,
    signal: AbortSignal,
    options: SendOptions,
    consume: (body: Body) => Promise<T>,
  ): Promise<{ readonly done: T } | { readonly failed: unknown }> {
    return this.#send(path, signal, options, async (answer) => {
      if (!isGood(answer.status)) throw await statusError(path, answer, this.#options.redact);
      try {
        return { done: await consume(answer.body) };
      } catch (error) {
        return { failed: error };
      }
    });
  }

  async #send<T>(path: string, signal: AbortSignal, options: SendOptions, use: (answer: Answer) => Promise<T>): Promise<T> {
    const identity = await this.#options.credentials.current();
    const used = await this.#exchange(path, signal, { ...options, identity }, async (answer) => {
      if (answer.status !== 401) return { done: await use(answer) };
      await answer.body.each(() => true);
      return null;
    });
    if (used !== null) return used.done;
    const renewed = await this.#options.credentials.afterRefusal(identity);
    return this.#exchange(path, signal, { ...options, identity: renewed }, use);
  }

  async #exchange<T>(
    path: string,
    signal: AbortSignal,
    options: SendOptions & { readonly identity: Identity },
    use: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    const { identity, accept, body, idle, staysOpen = false } = options;
    const { brief, open, reads } = this.#agentsFor(identity);
    const request = {
      origin: this.#origin,
      path: this.#prefix + path,
      method: body === undefined ? ('GET' as const) : ('POST' as const),
      headers: {
        ...identity.headers,
        accept: accept ?? 'application/json',
        'user-agent': `tocsin/${this.#options.version}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headersTimeout: idle,
      bodyTimeout: idle,
    };
    let isAnswered = false;
    try {
      return await exchange({ dispatcher: staysOpen ? open : brief, request, onTaken: () => reads.taken() }, signal, (answer) => {
        isAnswered = true;
        this.#count(String(answer.status));
        this.#hear(answer);
        return use(answer);
      });
    } catch (error) {
      if (!isAnswered && !signal.aborted) this.#count('error');
      throw error;
    }
  }

  #hear({ headers }: Answer): void {
    const { date } = headers;
    if (date === undefined || date === this.#heard) return;
    this.#heard = date;
    this.#options.onServerTime?.(Date.parse(date));
  }

  #count(code: string): void {
    this.#options.metrics.count('tocsin_api_requests_total', 'Requests to the Kubernetes API by answer.', { code });
  }

  /** New agents when certificates have changed; the old ones finish what they have begun. */
  #agentsFor(identity: Identity): Agents {
    const agents = this.#agents;
    if (agents !== null && hasSameMaterial(agents.identity, identity)) return agents;
    // Requests that are under way keep the old agents alive; a failing close has nothing left to harm.
    for (const old of agents === null ? [] : [agents.brief, agents.open]) void old.close().catch(() => undefined);
    this.#agents = { identity, ...createAgents(identity, { brief: this.#places, open: OPEN_CONNECTIONS }) };
    return this.#agents;
  }
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Runs `work` with a signal that also aborts, with a `TimeoutError`, after `ms`. */
export async function withDeadline<T>(signal: AbortSignal, ms: number, work: (within: AbortSignal) => Promise<T>): Promise<T> {
  const within = new AbortController();
  const abort = () => within.abort(signal.reason);
  const timer = setTimeout(() => within.abort(new DOMException(`no answer within ${ms / SECOND} s`, 'TimeoutError')), ms);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await work(within.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
