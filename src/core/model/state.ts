import type { Alert } from './alert.ts';
import type { Flap } from './flap.ts';
import type { Delivery, GroupState, OutboxRow } from './notification.ts';
import type { Refusal } from './refusal.ts';
import type { Silence } from './silence.ts';

/** Alerts, outbox and how far judging has come: one document, committed together. */
export interface AlertsDocument {
  readonly version: 1;
  /** The newest whole minute (epoch ms) at which everything was judged; `null` before the first judgement. */
  readonly judgedTo: number | null;
  /** The id of the newest cycle whose sample was judged. */
  readonly judgedCycle: string | null;
  /** Pending and firing alerts, and those that resolved within the window or are still owed to a receiver. */
  readonly alerts: readonly Alert[];
  readonly groups: readonly GroupState[];
  readonly outbox: readonly OutboxRow[];
  /** Deliveries of the window, newest last, bounded. */
  readonly deliveries: readonly Delivery[];
  /** At most one of each receiver. */
  readonly refusals: readonly Refusal[];
  /** Ids of ended alerts that nobody was told of and that are told once what suppresses them is over. */
  readonly owed: readonly string[];
  /** Those that have not ended, and those that ended within the window. */
  readonly silences: readonly Silence[];
  /** Alerts that flap, and those that stopped within the window. */
  readonly flaps: readonly Flap[];
}

export const EMPTY_ALERTS: AlertsDocument = {
  version: 1,
  judgedTo: null,
  judgedCycle: null,
  alerts: [],
  groups: [],
  outbox: [],
  deliveries: [],
  refusals: [],
  owed: [],
  silences: [],
  flaps: [],
};
