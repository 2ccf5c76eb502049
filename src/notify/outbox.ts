import type { Clock } from '../base/clock.ts';
import { SECOND } from '../base/duration.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Metrics } from '../base/metrics.ts';
import { accept, bury, postpone } from '../core/alerts/settle.ts';
import type { Notification, OutboxRow } from '../core/model/notification.ts';
import type { AlertsDocument } from '../core/model/state.ts';
import type { Notifier, Outcome } from './notifier.ts';
import { Pace } from './pace.ts';
import { retryWait } from './retry.ts';

/** The alerts document as the outbox sees it: one writer, every change in turn, durable when `update` resolves. */
export interface OutboxPort {
  read(): AlertsDocument;
  update(change: (document: AlertsDocument) => AlertsDocument): Promise<void>;
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
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
}

type Change = (document: AlertsDocument) => AlertsDocument;

/** Between two tries to make durable what could not be. */
const SAVE_WAIT = 10 * SECOND;

/** What is known of one receiver between attempts; lost at a restart, so that a restart tries again soon. */
interface Lane {
  readonly notifier: Notifier;
  failures: number;
  /** Monotonic time before which nothing is tried. */
  notBefore: number;
  /** What could not be made durable yet, in order. This process goes by it all the same, so that it sends nothing twice. */
  unsaved: readonly Change[];
  wake: () => void;
}

/**
 * Delivers what the document owes: for every receiver one message after the other, in order, each until the receiver took it or
 * refused it for good. Receivers know nothing of each other. A row is durable before its first attempt (whoever adds it commits it)
 * and is removed only after the receiver's acceptance: at least once, and after a kill the message under way again.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes: readonly Lane[];
  readonly #pace: Pace;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock);
    this.#lanes = options.notifiers.map((notifier) => ({ notifier, failures: 0, notBefore: 0, unsaved: [], wake: () => {} }));
    for (const outcome of ['delivered', 'failed', 'dead'] as const)
      for (const { notifier } of this.#lanes) this.#count(notifier.receiver, outcome, 0);
    this.#gauge();
  }

  /** Rows were added: looks at once. */
  wake(): void {
    this.#gauge();
    for (const lane of this.#lanes) lane.wake();
  }

  /** Delivers until `signal` aborts; an attempt under way is given up then and its row stays. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => this.#runLane(lane, signal)));
  }

  /**
   * Tries everything that is owed to receivers that are on, whenever it was due, and returns how much is still owed. A receiver that
   * fails is tried again while that is within `patience` milliseconds from the start; 0 tries it once. Not to be called while `run` runs.
   */
  async drain(signal: AbortSignal, patience: number): Promise<number> {
    const deadline = this.#options.clock.monotonic() + patience;
    await Promise.all(this.#lanes.map((lane) => this.#drainLane(lane, deadline, signal)));
    return this.#lanes.reduce((sum, lane) => sum + this.#rows(lane).length, 0);
  }

  async #runLane(lane: Lane, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = lane.notBefore - this.#options.clock.monotonic();
      if (wait > 0) await this.#options.clock.sleep(wait, signal);
      else if (await this.#step(lane, signal)) continue;
      else if (lane.unsaved.length === 0) await nextWake(lane, () => this.#rows(lane).length > 0, signal);
      else {
        await this.#options.clock.sleep(SAVE_WAIT, signal);
        await this.#save(lane);
      }
    }
  }

  async #drainLane(lane: Lane, deadline: number, signal: AbortSignal): Promise<void> {
    lane.notBefore = 0;
    while (!signal.aborted && (await this.#step(lane, signal))) {
      if (lane.notBefore > deadline) return;
      await this.#options.clock.sleep(Math.max(0, lane.notBefore - this.#options.clock.monotonic()), signal);
    }
  }

  /** Makes one attempt at the receiver's first message; `false` when there is none. */
  async #step(lane: Lane, signal: AbortSignal): Promise<boolean> {
    if (this.#rows(lane).length === 0) return false;
    await this.#pace.turn(lane.notifier.pace, signal);
    // Read after the wait: what was merged meanwhile goes out too.
    const [row] = this.#rows(lane);
    if (row === undefined || signal.aborted) return row !== undefined;
    const outcome = await this.#attempt(lane.notifier, row, signal);
    if (outcome.kind === 'retry' && signal.aborted) return true;
    await this.#settle(lane, row, outcome);
    return true;
  }

  async #attempt(notifier: Notifier, row: OutboxRow, signal: AbortSignal): Promise<Outcome> {
    try {
      return await notifier.send(await this.#options.compose(row, this.#options.port.read()), signal);
    } catch (error) {
      // A bug, or evidence that cannot be read: later attempts may fare better, and the message is not lost meanwhile.
      this.#options.logger.once(`compose ${notifier.receiver}`, 'message could not be made', { error: messageOf(error) });
      return { kind: 'retry', message: 'could not make the message', retryAfterMs: null };
    }
  }

  async #settle(lane: Lane, row: OutboxRow, outcome: Outcome): Promise<void> {
    const { clock, logger, newId, random } = this.#options;
    const { receiver } = lane.notifier;
    const now = clock.now();
    switch (outcome.kind) {
      case 'accepted': {
        lane.failures = 0;
        this.#count(receiver, 'delivered');
        logger.clear(`deliver ${receiver}`, 'receiver takes messages again', { receiver });
        if (outcome.problem !== undefined) logger.warn('message taken in part', { receiver, problem: outcome.problem });
        await this.#save(lane, (document) => accept(document, row, { now, problem: outcome.problem ?? null, newId }));
        return;
      }
      case 'retry': {
        lane.failures++;
        this.#count(receiver, 'failed');
        const wait = retryWait(lane.failures, outcome.retryAfterMs, random());
        lane.notBefore = clock.monotonic() + wait;
        logger.once(`deliver ${receiver}`, 'message not delivered, will try again', { receiver, error: outcome.message });
        const failure = { message: outcome.message, nextAttemptAt: now + wait, recipients: outcome.recipients ?? null };
        await this.#save(lane, (document) => postpone(document, row, failure));
        return;
      }
      case 'refused': {
        lane.failures = 0;
        this.#count(receiver, 'dead');
        logger.warn('message refused', { receiver, error: outcome.message, delivery: row.id });
        const others = this.#lanes.map(({ notifier }) => notifier.receiver).filter((name) => name !== receiver);
        await this.#save(lane, (document) => bury(document, row, { now, message: outcome.message, others, newId }));
        this.wake();
        return;
      }
      default:
        outcome satisfies never;
    }
  }

  /** Makes a change durable, after those that could not be. */
  async #save(lane: Lane, ...changes: readonly Change[]): Promise<void> {
    const { logger, port } = this.#options;
    const { receiver } = lane.notifier;
    const unsaved = [...lane.unsaved, ...changes];
    try {
      await port.update((document) => unsaved.reduce((before, change) => change(before), document));
      lane.unsaved = [];
      logger.clear(`save ${receiver}`, 'delivery can be recorded again', { receiver });
    } catch (error) {
      lane.unsaved = unsaved;
      logger.once(`save ${receiver}`, 'delivery could not be recorded', { receiver, error: messageOf(error) });
    }
    this.#gauge();
  }

  #rows(lane: Lane): readonly OutboxRow[] {
    const document = lane.unsaved.reduce((before, change) => change(before), this.#options.port.read());
    return document.outbox.filter((row) => row.receiver === lane.notifier.receiver);
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

/** Resolves at the next wake, at once when there is work already, or when `signal` aborts. */
function nextWake(lane: Lane, hasWork: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      lane.wake = () => {};
      signal.removeEventListener('abort', done);
      resolve();
    };
    lane.wake = done;
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted || hasWork()) done();
  });
}
