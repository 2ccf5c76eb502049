import { compose, evidenceWanted } from '../../core/alerts/compose.ts';
import { accept } from '../../core/alerts/settle.ts';
import type { Transition } from '../../core/model/alert.ts';
import type { Cycle } from '../../core/model/cycle.ts';
import type { Evidence, Notification, NotificationPolicy } from '../../core/model/notification.ts';
import { type AlertsDocument, EMPTY_ALERTS } from '../../core/model/state.ts';
import { owe } from '../alerts/owe.ts';
import type { Replay, ReplayOptions } from './replay.ts';

export interface TellerOptions extends Pick<ReplayOptions, 'rules' | 'span' | 'cluster'> {
  readonly policy: NotificationPolicy;
  readonly timezone: string;
  readonly externalUrl: string | null;
}

/** One message that would have been sent. */
export interface ToldMessage {
  readonly at: number;
  readonly notification: Notification;
}

/** Says what would have been sent, with receivers that take everything at once. */
export class Teller {
  readonly #options: TellerOptions;
  readonly #replay: Replay;
  #document: AlertsDocument = EMPTY_ALERTS;
  #ids = 0;

  constructor(options: TellerOptions, replay: Replay) {
    this.#options = options;
    this.#replay = replay;
  }

  /** The messages after a cycle, each with the evidence of its alerts. What was told is marked on the replay's alerts, as the daemon marks them. */
  tell(
    cycle: Pick<Cycle, 'finishedAt'>,
    transitions: readonly Transition[],
    evidenceOf: (id: string) => Evidence | null,
  ): readonly ToldMessage[] {
    const { policy, rules, span } = this.#options;
    const now = cycle.finishedAt;
    const newId = () => `message-${++this.#ids}`;
    this.#document = owe(
      { policy, rules, window: this.#replay.window, span, newId },
      { document: { ...this.#document, alerts: this.#replay.alerts }, transitions, now },
    );
    const rows = this.#document.outbox;
    const told = rows.map((row) => {
      const wanted = new Set(evidenceWanted(row));
      const notification = this.#compose(row, now, (id) => (wanted.has(id) ? evidenceOf(id) : null));
      return { at: now, notification };
    });
    for (const row of rows)
      this.#document = accept(this.#document, row, { now, problem: null, receivers: policy.receivers, newId });
    this.#replay.keep(this.#document.alerts);
    return told;
  }

  #compose(row: Parameters<typeof compose>[0]['row'], now: number, evidenceOf: (id: string) => Evidence | null): Notification {
    const { rules, cluster, externalUrl, timezone } = this.#options;
    return compose({
      row,
      document: this.#document,
      ruleOf: (alert) => rules.find((rule) => rule.alert === alert),
      evidenceOf,
      cluster,
      externalUrl,
      timezone,
      now,
    });
  }
}
