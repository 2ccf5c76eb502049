import type { Alert, Labels } from './alert.ts';
import type { Changes, Comparison } from './context.ts';
import type { ClusterEvent } from './cycle.ts';
import type { Pattern } from './pattern.ts';
import type { Inhibition, Mute } from './suppression.ts';

/** Label matchers of routes: every key's value must match one of its globs. */
export type LabelMatch = ReadonlyMap<string, readonly { matches(text: string): boolean; readonly source: string }[]>;

export interface Route {
  readonly match: LabelMatch;
  readonly receivers: readonly string[];
  readonly continue: boolean;
}

/** How alerts become messages. Durations are milliseconds. */
export interface NotificationPolicy {
  readonly routes: readonly Route[];
  /** Every receiver that is on. */
  readonly receivers: readonly string[];
  readonly groupBy: readonly string[];
  readonly repeatInterval: number;
  readonly sendResolved: boolean;
  readonly digestAbove: number;
  readonly inhibitions: readonly Inhibition[];
  readonly mutes: readonly Mute[];
}

/** What was last put out for one group and receiver; the base of "join", "resolve" and "repeat". */
export interface GroupState {
  /** Receiver and the values of `group_by`, as one text. */
  readonly key: string;
  readonly receiver: string;
  readonly group: Labels;
  /** Ids of the alerts that the newest message told as firing. */
  readonly told: readonly string[];
  readonly lastAt: number;
  /** Counts messages of this group: for stable mail threads. */
  readonly sequence: number;
}

/** One message that is owed to one receiver. Durable before the first attempt; removed after the receiver's own acceptance. Rendered when sent. */
export interface OutboxRow {
  readonly id: string;
  readonly receiver: string;
  /** Group keys in it: one, or several in a digest. */
  readonly groups: readonly string[];
  readonly reason: 'fired' | 'resolved' | 'repeat';
  /** Alerts by id as they were when the row was made: what the message tells. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** Those of `firing` and `resolved` that the receiver hears of for the first time. */
  readonly fresh: readonly string[];
  /** A text about Tocsin itself instead of alerts, such as another receiver's refusal; else `null`. */
  readonly notice: string | null;
  /** Counts what was merged into the row: a changed message is another message to mail clients. */
  readonly revision: number;
  /** The recipients that have not taken the message yet, where a receiver has several and some did; `null` for all. */
  readonly recipients: readonly string[] | null;
  readonly createdAt: number;
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly lastError: string | null;
}

/** The record of a message for the page and API, from its making on: those that wait are in it as `pending`. */
export interface Delivery {
  readonly id: string;
  readonly receiver: string;
  /** Alert names with their workload, for people. */
  readonly alerts: readonly string[];
  readonly status: 'pending' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly createdAt: number;
  readonly deliveredAt: number | null;
  readonly lastError: string | null;
}

/** A log line as evidence: already redacted and cut. */
export interface EvidenceLine {
  /** RFC 3339 with nanoseconds. */
  readonly at: string;
  readonly pod: string;
  readonly container: string;
  readonly level: string;
  readonly text: string;
}

/** A pattern as evidence: how many records of the alert's subject had it in the time that the condition counts. */
export interface EvidencePattern extends Pick<Pattern, 'id' | 'level' | 'template' | 'sample'> {
  readonly count: number;
}

/** Why an alert fired, kept in an immutable file; at most 16 KiB. */
export interface Evidence {
  readonly alert: string;
  readonly at: number;
  /** Last lines of the instance that ended, oldest first; for conditions on pods. */
  readonly lastLines: readonly EvidenceLine[];
  /** First and further matching records; for conditions on logs. */
  readonly matching: readonly EvidenceLine[];
  /** The patterns with most records; for conditions on logs. Left out before there were any. */
  readonly patterns?: readonly EvidencePattern[];
  /** Recent Warning events about the workload's pods, newest first. */
  readonly events: readonly Pick<ClusterEvent, 'at' | 'reason' | 'message' | 'count' | 'kind' | 'name'>[];
  /** Terminations, newest first. */
  readonly terminations: readonly {
    readonly at: number;
    readonly pod: string;
    readonly container: string;
    readonly reason: string;
    readonly exitCode: number;
    readonly message: string;
  }[];
  /** What was changed before it; left out where nothing is known of its subject. */
  readonly changes?: Changes;
  /** How it compares with the day before; left out by versions that did not look. */
  readonly comparison?: Comparison;
  /** The value minute by minute before the alert, oldest first; empty for conditions without one. */
  readonly series: readonly { readonly at: number; readonly value: number | null }[];
}

/** One alert in a message. */
export interface NotifiedAlert {
  readonly alert: Alert;
  readonly description: string | null;
  readonly runbook: string | null;
  /** What the rule's condition says, for people: `error lines above 5% (min 20 lines) in 3 of 10 minutes`. */
  readonly condition: string;
  /** What is the matter, in a few words: `7 restarts within 30m`; `null` when the rule is gone. */
  readonly phrase: string | null;
  readonly evidence: Evidence | null;
  /** New in this message, as opposed to still firing. */
  readonly fresh: boolean;
  /** The message says that it flaps from now on, or no longer; else `null`. */
  readonly flapping: { readonly state: 'begun' | 'over' /** `6 times in 3 h`. */; readonly often: string } | null;
}

/** What a notifier renders and sends. One group; or several in a digest. */
export interface Notification {
  /** Stable over retries of the same message: mail's Message-ID is made of it. */
  readonly id: string;
  readonly receiver: string;
  readonly reason: 'fired' | 'resolved' | 'repeat';
  readonly cluster: string;
  readonly groups: readonly NotificationGroup[];
  /** A text about Tocsin itself; then there are no groups. */
  readonly notice: string | null;
  /** Only these of the receiver's recipients; `null` for all. */
  readonly recipients: readonly string[] | null;
  readonly createdAt: number;
  /** Page address without a trailing slash; `null` when not set. */
  readonly externalUrl: string | null;
  readonly timezone: string;
}

export interface NotificationGroup {
  readonly key: string;
  readonly labels: Labels;
  readonly sequence: number;
  readonly firing: readonly NotifiedAlert[];
  readonly resolved: readonly NotifiedAlert[];
}
