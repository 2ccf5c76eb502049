import type { Evidence } from '../core/model/notification.ts';
import type { ReceiverStatus, StatusView } from '../web/view.ts';
import { silencePort } from './alerts/silences.ts';
import { ruleTrialPort } from './replay/rule-trial.ts';
import type { Runtime } from './runtime.ts';
import { LineSearcher } from './stored/line-searcher.ts';

/** What page and API see of the running daemon. */
export function statusView(runtime: Runtime): StatusView {
  const { settings, engine, alerts, store, clock, health, metrics, schedule } = runtime;
  const searcher = new LineSearcher(store, runtime.searchWorker);
  return {
    version: runtime.version,
    cluster: engine.cluster,
    timezone: settings.timezone,
    externalUrl: settings.statusPage.externalUrl,
    startedAt: runtime.startedAt,
    now: () => clock.now(),
    ready: () => true,
    health: () =>
      health.health({
        problems: runtime.problems(),
        ownAhead: clock.ahead,
        suspensions: runtime.suspensions(),
        rules: engine.rules,
        document: alerts.read(),
        unsaved: alerts.unsaved?.message ?? null,
        repairs: store.repairs,
        unwatched: runtime.watches?.problems ?? [],
        annotations: engine.annotations.list,
      }),
    window: () => engine.window,
    alerts: () => alerts.read(),
    rules: () => engine.rules,
    problems: () => [...runtime.problems(), ...runtime.suspensions()],
    evaluation: (alert) => engine.evaluation(alert),
    receivers: () => receiverStatus(runtime),
    nextCycleAt: () => schedule.next(clock.now()),
    progress: () => engine.progress,
    storeBytes: () => store.size(),
    strip: (key) => engine.window.strip(key, alerts.read().alerts),
    evidence: (id): Promise<Evidence | null> => store.loadEvidence(id),
    lines: (search, signal) => searcher.lines(search, signal),
    linesSince: (cycle, search, signal) => searcher.lines(search, signal, { order: 'oldest_first', afterCycle: cycle }),
    silences: silencePort({
      read: () => alerts.read(),
      async change(change) {
        await engine.owe(change);
        runtime.outbox.wake();
      },
      now: () => clock.now(),
      newId: runtime.newId,
      redact: runtime.redact,
    }),
    trials: ruleTrialPort(runtime),
    metrics() {
      const document = alerts.read();
      metrics.set('tocsin_outbox_depth', 'Messages that are owed', {}, document.outbox.length);
      return metrics.render();
    },
  };
}

function receiverStatus({ settings, alerts }: Runtime): readonly ReceiverStatus[] {
  const { outbox, deliveries } = alerts.read();
  return settings.receivers.map(({ name, kind, off }) => {
    const own = deliveries.filter((delivery) => delivery.receiver === name);
    // A message may have let later ones pass: the newest in the list is not the one that was delivered last.
    const deliveredAt = Math.max(...own.map((delivery) => delivery.deliveredAt ?? Number.NEGATIVE_INFINITY));
    const settled = own.findLast((delivery) => delivery.status !== 'pending');
    const waiting = outbox.filter((row) => row.receiver === name);
    return {
      name,
      kind,
      off,
      pending: waiting.length,
      lastDeliveredAt: Number.isFinite(deliveredAt) ? deliveredAt : null,
      lastError:
        waiting.findLast((row) => row.lastError !== null)?.lastError ?? (settled?.status === 'dead' ? settled.lastError : null),
    };
  });
}
