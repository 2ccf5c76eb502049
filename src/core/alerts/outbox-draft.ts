import type { Alert } from '../model/alert.ts';
import type { Delivery, GroupState, OutboxRow } from '../model/notification.ts';
import type { Silence } from '../model/silence.ts';
import type { AlertsDocument } from '../model/state.ts';
import { pendingDelivery } from './delivery.ts';

/** An alerts document while messages are added to it: the same data, looked up by key, so that a storm costs time in proportion to its size. */
export class OutboxDraft {
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly #document: AlertsDocument;
  readonly #groups: Map<string, GroupState>;
  readonly #rows: Map<string, OutboxRow>;
  readonly #deliveries: Map<string, Delivery>;
  readonly #rowOfGroup = new Map<string, string>();
  readonly #silences: Map<string, Silence>;

  constructor(document: AlertsDocument) {
    this.#document = document;
    this.alerts = new Map(document.alerts.map((alert) => [alert.id, alert]));
    this.#groups = new Map(document.groups.map((group) => [group.key, group]));
    this.#rows = new Map(document.outbox.map((row) => [row.id, row]));
    this.#deliveries = new Map(document.deliveries.map((delivery) => [delivery.id, delivery]));
    this.#silences = new Map(document.silences.map((silence) => [silence.id, silence]));
    for (const row of document.outbox) this.#index(row);
  }

  groups(receiver: string): readonly GroupState[] {
    return [...this.#groups.values()].filter((group) => group.receiver === receiver);
  }

  group(key: string): GroupState | undefined {
    return this.#groups.get(key);
  }

  setGroup(group: GroupState): void {
    this.#groups.set(group.key, group);
  }

  /** The receiver's messages that wait, in order. */
  rows(receiver: string): readonly OutboxRow[] {
    return [...this.#rows.values()].filter((row) => row.receiver === receiver);
  }

  deliveries(receiver: string): readonly Delivery[] {
    return [...this.#deliveries.values()].filter((delivery) => delivery.receiver === receiver);
  }

  /** The message that waits and tells the group; the key names the receiver too. */
  rowOf(groupKey: string): OutboxRow | undefined {
    return this.#rows.get(this.#rowOfGroup.get(groupKey) ?? '');
  }

  /** Adds a message at the end, or replaces the one with its id where that stands. Its record follows. */
  setRow(row: OutboxRow): void {
    const known = this.#deliveries.get(row.id);
    const fresh = pendingDelivery(row, this.alerts);
    this.#rows.set(row.id, row);
    this.#deliveries.set(row.id, known === undefined ? fresh : { ...known, alerts: fresh.alerts });
    this.#index(row);
  }

  /** Puts one message in the place of several; their records go. */
  combine(row: OutboxRow, former: readonly OutboxRow[]): void {
    const rows = [...this.#rows.values()];
    const gone = new Set(former.map(({ id }) => id));
    this.#rows.clear();
    for (const each of rows) {
      if (each === former[0]) this.#rows.set(row.id, row);
      else if (!gone.has(each.id)) this.#rows.set(each.id, each);
    }
    for (const id of gone) this.#deliveries.delete(id);
    this.setRow(row);
  }

  setSilence(silence: Silence): void {
    this.#silences.set(silence.id, silence);
  }

  document(): AlertsDocument {
    return {
      ...this.#document,
      silences: [...this.#silences.values()],
      groups: [...this.#groups.values()],
      outbox: [...this.#rows.values()],
      deliveries: [...this.#deliveries.values()],
    };
  }

  #index(row: OutboxRow): void {
    for (const key of row.groups) this.#rowOfGroup.set(key, row.id);
  }
}
