import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { toError } from '../../base/errors.ts';

/** Says whether it wants more; a promise holds the answer back until it resolves. The bytes are lent: they are only there until it returns. */
export type TakeBytes = (bytes: Buffer) => boolean | Promise<boolean>;

/** What comes behind the head of an answer. */
export interface Body {
  /**
   * Hands the bytes over as they come, to one taker. Resolves at the end, or once no more is wanted, which closes the connection; rejects when
   * the answer breaks off, or with what the taker throws.
   */
  each(take: TakeBytes): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly request: Dispatcher.DispatchOptions;
  /** Told when bytes that were handed over are not needed any more. */
  readonly onTaken: () => void;
}

/**
 * Sends a request and hands the answer to `use` in the moment when its head has come; resolves to what that resolves to. Rejects when no answer comes.
 * What `use` leaves unread is not read, and its connection closed. Abort destroys the connection.
 */
export function exchange<T>(options: ExchangeOptions, signal: AbortSignal, use: (answer: Answer) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const handler = new Exchange(signal, options.onTaken, {
      answered: (answer) => {
        const used = use(answer).finally(() => handler.close());
        resolve(used);
      },
      failed: reject,
    });
    try {
      options.dispatcher.dispatch(options.request, handler);
    } catch (error) {
      handler.onResponseError(null, toError(error));
    }
  });
}

interface Taker {
  readonly take: TakeBytes;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** One request under way. The client calls it from inside of its parser: nothing is awaited between a read and its taker. */
class Exchange implements Dispatcher.DispatchHandler, Body {
  readonly #signal: AbortSignal;
  readonly #onTaken: () => void;
  readonly #outcome: { readonly answered: (answer: Answer) => void; readonly failed: (error: unknown) => void };
  readonly #abort = (): void => this.#break(this.#signal.reason);
  #controller: Dispatcher.DispatchController | null = null;
  #isAnswered = false;
  #taker: Taker | null = null;
  /** The taker has not yet said whether it wants more. */
  #isWaiting = false;
  /** What came nevertheless: what was read before a connection closed is brought all at once. */
  readonly #held: Buffer[] = [];
  /** Set when nothing more comes; `error` when that is too early. */
  #end: { readonly error?: unknown } | null = null;

  constructor(
    signal: AbortSignal,
    onTaken: () => void,
    outcome: { readonly answered: (answer: Answer) => void; readonly failed: (error: unknown) => void },
  ) {
    this.#signal = signal;
    this.#onTaken = onTaken;
    this.#outcome = outcome;
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  each(take: TakeBytes): Promise<void> {
    return new Promise((done, failed) => {
      this.#taker = { take, done, failed };
      this.#goOn();
    });
  }

  /** Nobody wants the rest. */
  close(): void {
    if (this.#end === null) this.#break(new Error('the rest of the answer is not wanted'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Aborted while it waited for a connection.
    if (this.#end !== null) controller.abort(toError(this.#end.error));
    else if (this.#signal.aborted) this.#break(this.#signal.reason);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#onTaken();
    this.#isAnswered = true;
    this.#outcome.answered({ status, headers, body: this });
    if (this.#taker === null) controller.pause();
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#taker === null || this.#isWaiting) this.#held.push(Buffer.from(bytes));
    else this.#offer(this.#taker, bytes);
    this.#onTaken();
    if (this.#taker === null || this.#isWaiting) controller.pause();
  }

  onResponseEnd(): void {
    this.#onTaken();
    this.#ended({});
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#ended({ error });
  }

  #offer(taker: Taker, bytes: Buffer): void {
    try {
      const wanted = taker.take(bytes);
      if (wanted === true) return;
      if (wanted === false) this.#enough();
      else this.#wait(wanted);
    } catch (error) {
      this.#fail(error);
    }
  }

  #wait(wanted: Promise<boolean>): void {
    this.#isWaiting = true;
    wanted.then(
      (more) => {
        this.#isWaiting = false;
        if (more) this.#goOn();
        else this.#enough();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** Brings what is held, and then the rest. */
  #goOn(): void {
    while (this.#taker !== null && !this.#isWaiting) {
      const bytes = this.#held.shift();
      if (bytes === undefined) break;
      this.#offer(this.#taker, bytes);
    }
    if (this.#taker === null || this.#isWaiting) return;
    if (this.#end === null) this.#controller?.resume();
    else if ('error' in this.#end) this.#taker.failed(this.#end.error);
    else this.#taker.done();
  }

  #enough(): void {
    this.#taker?.done();
    this.#taker = null;
    this.close();
  }

  #fail(error: unknown): void {
    this.#taker?.failed(error);
    this.#taker = null;
    this.close();
  }

  #break(error: unknown): void {
    const controller = this.#controller;
    this.#ended({ error });
    controller?.abort(toError(error));
  }

  #ended(end: { readonly error?: unknown }): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#signal.removeEventListener('abort', this.#abort);
    if (!this.#isAnswered) this.#outcome.failed(end.error);
    else if (!this.#isWaiting) this.#goOn();
  }
}

/** All bytes of a body, in memory of their own. */
export async function bytesOf(body: Body): Promise<Buffer> {
  let bytes = Buffer.allocUnsafe(4096);
  let length = 0;
  await body.each((more) => {
    const needed = length + more.length;
    if (needed > bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * bytes.length));
      bytes.copy(grown, 0, 0, length);
      bytes = grown;
    }
    more.copy(bytes, length);
    length = needed;
    return true;
  });
  return bytes.subarray(0, length);
}
