import { type Logger, silentLogger } from '../../src/base/logger.ts';
import { Metrics } from '../../src/base/metrics.ts';
import { compose } from '../../src/core/alerts/compose.ts';
import { pendingDelivery } from '../../src/core/alerts/delivery.ts';
import type { OutboxRow } from '../../src/core/model/notification.ts';
import type { AlertsDocument } from '../../src/core/model/state.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { Outbox, type OutboxOptions, type OutboxPort } from '../../src/notify/outbox.ts';
import { nothing, row } from '../core/alerts/build-alert.ts';

/** A clock whose sleeps end at once and count as slept, so that hours of waiting take no time. */
export class FastClock {
  time = 0;
  now = () => Date.UTC(2026, 10, 21, 10) + this.time;
  monotonic = () => this.time;
  sleep = async (ms: number, signal: AbortSignal) => {
    // Lets other lanes run, and an abort arrive.
    await new Promise((resolve) => setImmediate(resolve));
    if (!signal.aborted) this.time += ms;
  };
}

/** A document that is durable when `update` resolves, and in memory alone while it is broken. */
export function portOf(document: AlertsDocument): OutboxPort & { document: AlertsDocument; broken: boolean; unsaved: boolean } {
  return {
    document,
    broken: false,
    unsaved: false,
    read() {
      return this.document;
    },
    noteSent() {},
    async update(change) {
      await Promise.resolve();
      this.document = change(this.document);
      this.unsaved = this.broken;
      if (this.broken) throw new Error('could not write alerts.json: ENOSPC');
    },
  };
}

let ids = 0;

export function outboxOf(
  port: OutboxPort,
  notifiers: readonly Notifier[],
  clock: OutboxOptions['clock'],
  logger: Logger = silentLogger,
  metrics = new Metrics(),
): Outbox {
  return new Outbox({
    port,
    notifiers,
    clock,
    logger,
    metrics,
    redact: (text) => text.replaceAll('hunter2', '[redacted]'),
    random: () => 0.5,
    newId: () => `new-${++ids}`,
    compose: async (of, document) =>
      compose({
        row: of,
        document,
        ruleOf: () => undefined,
        evidenceOf: () => null,
        cluster: 'c',
        externalUrl: null,
        timezone: 'UTC',
        now: clock.now(),
      }),
  });
}

/** Rows that are owed to receivers, with their records. */
export function owing(...rows: readonly OutboxRow[]): AlertsDocument {
  return { ...nothing, outbox: rows, deliveries: rows.map((each) => pendingDelivery(each, new Map())) };
}

export function rowsFor(receiver: string, count: number): readonly OutboxRow[] {
  return Array.from({ length: count }, (_, i) => row({ id: `${receiver}-${i}`, receiver, notice: `message ${i}` }));
}

/** Runs the loops until nothing is owed to the given receivers, then stops them. */
export async function runUntil(box: Outbox, done: () => boolean): Promise<void> {
  const stop = new AbortController();
  const running = box.run(stop.signal);
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await running;
}
