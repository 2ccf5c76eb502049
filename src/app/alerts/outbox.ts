import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Settings } from '../../config/settings/settings.ts';
import { compose, evidenceWanted } from '../../core/alerts/compose.ts';
import type { Evidence, Notification, OutboxRow } from '../../core/model/notification.ts';
import type { AlertsDocument } from '../../core/model/state.ts';
import { Outbox } from '../../notify/outbox.ts';
import type { Store } from '../../store/store.ts';
import type { Engine } from '../cycle/engine.ts';
import type { AlertState } from './alert-state.ts';

interface OutboxParts {
  readonly settings: Settings;
  readonly alerts: AlertState;
  readonly store: Store;
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly newId: () => string;
}

/** The outbox over the receivers that are on; a message is rendered from rules, state and evidence when it is sent. */
export function openOutbox(parts: OutboxParts): Outbox {
  const { settings, alerts, clock, logger, metrics, redact, random, newId } = parts;
  const notifiers = settings.receivers.filter(({ off }) => !off).map((receiver) => receiver.create());
  return new Outbox({
    port: alerts,
    notifiers,
    compose: (row, document) => render(parts, row, document),
    clock,
    logger,
    metrics,
    redact,
    random,
    newId,
  });
}

async function render(
  { settings, store, engine, clock, logger }: OutboxParts,
  row: OutboxRow,
  document: AlertsDocument,
): Promise<Notification> {
  const evidence = new Map<string, Evidence | null>();
  for (const id of evidenceWanted(row)) {
    try {
      evidence.set(id, await store.loadEvidence(id));
    } catch (error) {
      logger.once('evidence', 'could not read the evidence of an alert; the message goes without it', {
        error: messageOf(error),
      });
    }
  }
  return compose({
    row,
    document,
    ruleOf: (alert) => engine.rules.find((rule) => rule.alert === alert),
    evidenceOf: (id) => evidence.get(id) ?? null,
    cluster: engine.cluster,
    externalUrl: settings.statusPage.externalUrl,
    timezone: settings.timezone,
    now: clock.now(),
  });
}
