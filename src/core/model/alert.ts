import type { Suppression } from './suppression.ts';

/** Alert labels: the subject's, the rule's, and `alert`, `severity`, `cluster`. */
export type Labels = Readonly<Record<string, string>>;

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Identity of an alert over time: rule and subject (severity, cluster and the rule's own labels do not count). Hex, 16 digits. */
export type Fingerprint = string;

/** Pods named in an alert; it stays near 1 KB. */
export const MOST_PODS = 8;

/** What templates and messages know of a sample besides its labels. */
export interface Facts {
  readonly reason?: string;
  readonly exit_code?: number;
  readonly count?: number;
  /** At most {@link MOST_PODS}. */
  readonly pods?: readonly string[];
  readonly node?: string;
  readonly image?: string;
  /** Further lines for the message's "why", one short sentence each; at most 5. */
  readonly notes?: readonly string[];
}

export type AlertState = 'pending' | 'firing' | 'resolved';

/** One alert's life; at most about 1 KB as JSON, its evidence lies elsewhere. Times are epoch milliseconds. */
export interface Alert {
  /** Unique per life: fingerprint and start. Safe in a URL. */
  readonly id: string;
  readonly fingerprint: Fingerprint;
  /** The rule's `alert`. */
  readonly alert: string;
  readonly labels: Labels;
  readonly severity: Severity;
  readonly state: AlertState;
  /** The newest judgement could not see the subject: kept, never resolved by that. */
  readonly unknown: boolean;
  readonly activeAt: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** `condition is false`, or why it ended at once: `workload is gone`, `rule was removed`. */
  readonly resolvedReason: string | null;
  /** Ratio as a fraction, counts and bytes plain; `null` when the condition has no number. */
  readonly value: number | null;
  /** The worst value while active. */
  readonly peak: number | null;
  readonly threshold: number | null;
  /** How `value` is to be written. */
  readonly unit: 'count' | 'ratio' | 'bytes' | 'cores' | 'milliseconds' | 'none';
  readonly facts: Facts;
  readonly summary: string;
  /** Since when the condition has been false at every judgement; `null` while true. */
  readonly falseSince: number | null;
  /** Complete collections since then. */
  readonly falseCollections: number;
  /** The newest judgement that had data. */
  readonly judgedAt: number;
  /** Milliseconds between `activeAt` and firing that were unknown: `for` does not count them. Left out when there were none. */
  readonly unknownFor?: number;
  /** From when `for` counts, where that is not `activeAt`. */
  readonly heldFrom?: number;
  /** When something new joined it: who was told before is told again. Left out for conditions that have no such thing. */
  readonly newsAt?: number;
  /** It became true again soon after its last end, and is kept firing for longer. */
  readonly recurs?: true;
  /** When the newest of what made it true happened. Left out for conditions that do not look back, or do not say. */
  readonly lastAt?: number;
  /** Why it is not told, or was not before it ended; left out when nothing keeps it from being told. */
  readonly suppressed?: Suppression;
}

/** A change of an alert's state, in the order in which it happened. */
export interface Transition {
  readonly alert: Alert;
  readonly from: AlertState | null;
  readonly to: AlertState | 'gone';
  readonly at: number;
}
