import type { Clock } from '../base/clock.ts';
import { SECOND } from '../base/duration.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Metrics } from '../base/metrics.ts';
import { accept, bury, postpone } from '../core/alerts/settle.ts';
import type { Notification, OutboxRow } from '../core/model/notification.ts';
import type { AlertsDocument } from '../core/model/state.ts';
import { Lane } from './lane.ts';
import type { Notifier, Outcome } from './notifier.ts';
import { Pace } from './pace.ts';
import { redacted } from './scrub.ts';

/**
 * The alerts document as the outbox sees it: one writer, every change in turn, durable when `update` resolves. Where it rejects, the change
 * is in force all the same, and goes to disk with the next one that can.
 */
export interface OutboxPort {
  read(): AlertsDocument;
  update(change: (document: AlertsDocument) => AlertsDocument): Promise<void>;
  /** Remembers within the call that the receiver took a message, so that a kill before the next update does not repeat it; throws where it cannot. */
  noteSent(row: OutboxRow): void;
}

export interface OutboxOptions {
  readonly port: OutboxPort;
  /** Of every receiver that is on. */
  readonly notifiers: readonly Notifier[];
  /** Renders a row when it is sent. */
  readonly compose: (row: OutboxRow, document: AlertsDocument) => Promise<Notification>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Takes secrets out of what receivers answer. */
  readonly redact: (text: string) => string;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
}

/** Between two tries to make durable what could not be. */
const SAVE_WAIT = 10 * SECOND;

/** So long may an attempt go on after the end was asked for; within what the daemon gives its work to end. */
const LAST_ATTEMPT = 4 * SECOND;

/** When to begin no attempt any more, and when to give up the one under way. */
interface Until {
  readonly signal: AbortSignal;
  readonly attempts: AbortSignal;
}

/** One receiver at work; what is known of it between attempts is lost at a restart, so that a restart tries again soon. */
interface Worker {
  readonly notifier: Notifier;
  readonly lane: Lane;
  /** What was delivered could not be recorded on disk: the monotonic time of the next try; else infinity. */
  saveAt: number;
  wake: () => void;
}

/**
 * Delivers what the document owes: for every receiver one message after the other, each until the receiver took it or refused it for
 * good, in the order that its lane keeps. Receivers know nothing of each other. A row is durable before its first attempt (whoever adds
 * it commits it) and is removed only after the receiver's acceptance: at least once, and after a kill the message under way again.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #workers: readonly Worker[];
  readonly #receivers: readonly string[];
  readonly #pace: Pace;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock);
    this.#receivers = options.notifiers.map(({ receiver }) => receiver);
    this.#workers = options.notifiers.map((notifier) => ({
      notifier,
      lane: new Lane(options.random),
      saveAt: Number.POSITIVE_INFINITY,
      wake: () => {},
    }));
    for (const outcome of ['delivered', 'failed', 'dead'] as const)
      for (const receiver of this.#receivers) this.#count(receiver, outcome, 0);
    this.#gauge();
  }

  /** Rows were added: looks at once. */
  wake(): void {
    this.#gauge();
    for (const worker of this.#workers) worker.wake();
  }

  /**
   * Delivers until `signal` aborts. An attempt under way may end within 4 s, since the receiver may have taken the message already; then it is given up and its row stays.
   */
  async run(signal: AbortSignal): Promise<void> {
    const attempts = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => {
      timer = setTimeout(() => attempts.abort(), LAST_ATTEMPT);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await Promise.all(this.#workers.map((worker) => this.#work(worker, { signal, attempts: attempts.signal })));
    } finally {
      signal.removeEventListener('abort', giveUp);
      clearTimeout(timer);
    }
  }

  /**
   * Tries everything that is owed to receivers that are on, whenever it was due, and returns how much is still owed. What fails is
   * tried again while that is within `patience` milliseconds from the start; 0 tries it once. Not to be called while `run` runs.
   */
  async drain(signal: AbortSignal, patience: number): Promise<number> {
    const { clock, port } = this.#options;
    const deadline = clock.monotonic() + patience;
    for (const { lane } of this.#workers) lane.open();
    let known: ReadonlySet<string>;
    // What one receiver refuses is told through another one, which may be done by then.
    do {
      known = new Set(port.read().outbox.map(({ id }) => id));
      await Promise.all(this.#workers.map((worker) => this.#drain(worker, deadline, signal)));
    } while (
      !signal.aborted &&
      port.read().outbox.some(({ id, receiver }) => !known.has(id) && this.#receivers.includes(receiver))
    );
    return this.#workers.reduce((sum, worker) => sum + this.#rows(worker).length, 0);
  }

  async #work(worker: Worker, until: Until): Promise<void> {
    const { signal } = until;
    while (!signal.aborted) {
      const next = this.#next(worker);
      if (next !== null && 'row' in next) {
        await this.#step(worker, until);
        continue;
      }
      const saveWait = worker.saveAt - this.#options.clock.monotonic();
      if (saveWait <= 0) await this.#save(worker, (document) => document);
      else await this.#rest(worker, Math.min(next?.wait ?? Number.POSITIVE_INFINITY, saveWait), signal);
    }
  }

  async #drain(worker: Worker, deadline: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const next = this.#next(worker);
      if (next === null) return;
      if ('row' in next) await this.#step(worker, { signal, attempts: signal });
      else if (clock.monotonic() + next.wait > deadline) return;
      else await clock.sleep(next.wait, signal);
    }
  }

  /** Resolves after so many milliseconds, at the next wake, or when `signal` aborts. */
  async #rest(worker: Worker, ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    worker.wake = () => woken.abort();
    const either = AbortSignal.any([signal, woken.signal]);
    if (Number.isFinite(ms)) await this.#options.clock.sleep(ms, either);
    else if (!either.aborted) await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }));
    worker.wake = () => {};
  }

  #next({ lane, notifier }: Worker) {
    return lane.next(this.#rows({ notifier }), this.#options.clock.monotonic());
  }

  /** Makes one attempt at the message whose turn it is. */
  async #step(worker: Worker, { signal, attempts }: Until): Promise<void> {
    const { notifier } = worker;
    await this.#pace.turn(notifier.pace, signal);
    // Looked at again after the wait: what was merged meanwhile goes out too.
    const next = this.#next(worker);
    if (next === null || !('row' in next) || signal.aborted) return;
    const outcome = await this.#attempt(notifier, next.row, attempts);
    this.#pace.done(notifier.pace);
    if (outcome.kind === 'retry' && attempts.aborted) return;
    await this.#settle(worker, next.row, outcome);
  }

  async #attempt(notifier: Notifier, row: OutboxRow, signal: AbortSignal): Promise<Outcome> {
    try {
      const message = await this.#options.compose(row, this.#options.port.read());
      return redacted(await notifier.send(message, signal), this.#options.redact);
    } catch (error) {
      // A bug, or evidence that cannot be read: later attempts may fare better, and the message is not lost meanwhile.
      this.#options.logger.once(`compose ${notifier.receiver}`, 'message could not be made', { error: messageOf(error) });
      return { kind: 'retry', message: 'could not make the message', retryAfterMs: null };
    }
  }

  async #settle(worker: Worker, row: OutboxRow, outcome: Outcome): Promise<void> {
    const { logger } = this.#options;
    const { notifier, lane } = worker;
    const { receiver } = notifier;
    switch (outcome.kind) {
      case 'accepted': {
        this.#noteSent(row);
        lane.taken(row);
        const settled = { ...this.#settled(), problem: outcome.problem ?? null };
        const saved = this.#save(worker, (document) => accept(document, row, settled));
        this.#count(receiver, 'delivered');
        logger.clear(`deliver ${receiver}`, 'receiver takes messages again', { receiver });
        if (outcome.problem !== undefined) logger.warn('message taken in part', { receiver, problem: outcome.problem });
        await saved;
        this.wake();
        return;
      }
      case 'retry':
        await this.#retry(worker, row, outcome);
        return;
      case 'refused':
        lane.refused(row);
        await this.#bury(worker, row, outcome.message);
        return;
      default:
        outcome satisfies never;
    }
  }

  async #retry(worker: Worker, row: OutboxRow, outcome: Extract<Outcome, { kind: 'retry' }>): Promise<void> {
    const { clock, logger } = this.#options;
    const { notifier, lane } = worker;
    const { receiver } = notifier;
    const wait = lane.failed(row, outcome, clock.monotonic());
    if (lane.isHopeless(row, clock.monotonic())) {
      await this.#bury(worker, row, `given up after ${row.attempts + 1} attempts: ${outcome.message}`);
      return;
    }
    this.#count(receiver, 'failed');
    logger.once(`deliver ${receiver}`, 'message not delivered, will try again', { receiver, error: outcome.message });
    const { message, recipients = null } = outcome;
    const now = clock.now();
    const refused = outcome.refused === undefined ? null : { now, message: outcome.refused };
    const failure = { message, nextAttemptAt: now + wait, recipients, refused };
    await this.#save(worker, (document) => postpone(document, row, failure));
    if (refused !== null) this.wake();
  }

  async #bury(worker: Worker, row: OutboxRow, message: string): Promise<void> {
    const { receiver } = worker.notifier;
    this.#count(receiver, 'dead');
    this.#options.logger.warn('message refused', { receiver, error: message, delivery: row.id });
    const settled = { ...this.#settled(), message };
    await this.#save(worker, (document) => bury(document, row, settled));
    this.wake();
  }

  #noteSent(row: OutboxRow): void {
    try {
      this.#options.port.noteSent(row);
    } catch (error) {
      // The record that follows is what counts.
      this.#options.logger.debug('a delivery could not be noted', { error: messageOf(error) });
    }
  }

  #settled() {
    return { now: this.#options.clock.now(), receivers: this.#receivers, newId: this.#options.newId };
  }

  /** Makes a change durable. */
  async #save(worker: Worker, change: (document: AlertsDocument) => AlertsDocument): Promise<void> {
    const { logger, port } = this.#options;
    const { receiver } = worker.notifier;
    try {
      await port.update(change);
      worker.saveAt = Number.POSITIVE_INFINITY;
      logger.clear(`save ${receiver}`, 'delivery can be recorded again', { receiver });
    } catch (error) {
      worker.saveAt = this.#options.clock.monotonic() + SAVE_WAIT;
      logger.once(`save ${receiver}`, 'delivery could not be recorded', { receiver, error: messageOf(error) });
    }
    this.#gauge();
  }

  #rows({ notifier }: Pick<Worker, 'notifier'>): readonly OutboxRow[] {
    return this.#options.port.read().outbox.filter(({ receiver }) => receiver === notifier.receiver);
  }

  #count(receiver: string, outcome: 'delivered' | 'failed' | 'dead', value = 1): void {
    this.#options.metrics.count('tocsin_deliveries_total', 'Attempts to deliver a message.', { receiver, outcome }, value);
  }

  #gauge(): void {
    this.#options.metrics.set(
      'tocsin_outbox_depth',
      'Messages that wait for delivery.',
      {},
      this.#options.port.read().outbox.length,
    );
  }
}
