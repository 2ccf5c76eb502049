import type { Alert, Facts, Fingerprint, Labels, Severity, Transition } from '../model/alert.ts';

/** How long and how often a rule wants to see its condition; milliseconds and collections. */
export interface Holds {
  readonly for: number;
  readonly keepFiringFor: number;
  /** How long one that recurs keeps firing, where that is longer; left out: as long as others. */
  readonly recursWithin?: number;
  readonly resolveAfter: number;
  /** A firing alert whose value is not below this (above it, where a low value is the bad one) goes on firing; `null` for the threshold alone. */
  readonly resolveBelow?: number | null;
}

/** One judgement of one subject, as its alert needs it. */
export interface Judgement {
  readonly at: number;
  readonly verdict: 'true' | 'false' | 'unknown';
  readonly value: number | null;
  readonly facts: Facts;
  /** `for` counts from no earlier; left out where the cluster does not date it. */
  readonly since?: number | undefined;
  /** `for` is not waited for. */
  readonly isSure?: boolean | undefined;
  readonly newsAt?: number | undefined;
  readonly lastAt?: number | undefined;
  /** It fired not long before: it is kept firing for `recursWithin`. */
  readonly recurs?: boolean | undefined;
  /** By the time that this is judged it is known to have ended since: it may not begin to fire. */
  readonly isOver?: boolean | undefined;
  readonly fingerprint: Fingerprint;
  /** The rule's `alert`. */
  readonly alert: string;
  readonly labels: Labels;
  readonly severity: Severity;
  readonly threshold: number | null;
  readonly unit: Alert['unit'];
  readonly worst: 'highest' | 'lowest';
  readonly holds: Holds;
  /** The alert's text, made when it is true. */
  readonly summarize: (alert: Alert) => string;
}

/** What a judgement makes of an alert: `null` is none. */
export interface Step {
  readonly alert: Alert | null;
  readonly transition: Transition | null;
}

/** The alert state machine: pending from the first true judgement, firing once it was true at every judgement for `for`. Resolving is {@link settle}'s. */
export function advance(alert: Alert | null, judgement: Judgement): Step {
  switch (judgement.verdict) {
    case 'true':
      return alert === null ? begin(judgement) : hold(alert, judgement);
    case 'false':
      return alert === null ? { alert: null, transition: null } : relax(alert, judgement);
    case 'unknown':
      return { alert: alert === null ? null : blind(alert), transition: null };
    default:
      return judgement.verdict satisfies never;
  }
}

/** When a pending alert fires, should its condition be true until then; `null` where that is not known to be held, or nothing is to come. */
export function firesAt({ state, unknown, activeAt, heldFrom }: Alert, holds: Pick<Holds, 'for'>): number | null {
  return state === 'pending' && !unknown ? (heldFrom ?? activeAt) + holds.for : null;
}

/** The subject could not be seen: nothing advances, nothing is reset, nothing resolves. */
export function blind(alert: Alert): Alert {
  return alert.unknown ? alert : { ...alert, unknown: true };
}

/** A complete collection has ended in which the condition was false: enough of them, for long enough, resolve a firing alert. */
export function settle(alert: Alert, at: number, holds: Pick<Holds, 'keepFiringFor' | 'recursWithin' | 'resolveAfter'>): Step {
  if (alert.state !== 'firing' || alert.falseSince === null || alert.unknown) return { alert, transition: null };
  const counted = { ...alert, falseCollections: alert.falseCollections + 1 };
  const isOver = counted.falseCollections >= holds.resolveAfter && at - alert.falseSince >= keptFor(alert, holds);
  return isOver ? end(counted, at, 'condition is false') : { alert: counted, transition: null };
}

/** How long an alert goes on firing after its condition became false, in milliseconds. */
export function keptFor(
  { recurs }: Pick<Alert, 'recurs'>,
  { keepFiringFor, recursWithin = 0 }: Pick<Holds, 'keepFiringFor' | 'recursWithin'>,
): number {
  return recurs === true ? Math.max(keepFiringFor, recursWithin) : keepFiringFor;
}

/** Ends an alert at once: its object or rule is gone, or it has settled. A pending one leaves no trace. */
export function end(alert: Alert, at: number, reason: string): Step {
  if (alert.state !== 'firing') return { alert: null, transition: { alert, from: alert.state, to: 'gone', at } };
  const resolved: Alert = { ...alert, state: 'resolved', unknown: false, resolvedAt: at, resolvedReason: reason };
  return { alert: resolved, transition: { alert: resolved, from: 'firing', to: 'resolved', at } };
}

function begin(judgement: Judgement): Step {
  const { at, value, facts, labels, severity, threshold, unit } = judgement;
  const fires = judgement.holds.for <= 0 || judgement.isSure === true;
  return told(null, judgement, {
    id: `${judgement.fingerprint}-${at.toString(36)}`,
    fingerprint: judgement.fingerprint,
    alert: judgement.alert,
    labels,
    severity,
    state: fires ? 'firing' : 'pending',
    unknown: false,
    activeAt: at,
    firedAt: fires ? at : null,
    resolvedAt: null,
    resolvedReason: null,
    value,
    peak: value,
    threshold,
    unit,
    facts,
    summary: '',
    falseSince: null,
    falseCollections: 0,
    judgedAt: at,
    ...(judgement.recurs === true ? { recurs: true } : {}),
    ...(judgement.newsAt === undefined ? {} : { newsAt: judgement.newsAt }),
    ...(judgement.lastAt === undefined ? {} : { lastAt: judgement.lastAt }),
  });
}

function hold(alert: Alert, judgement: Judgement): Step {
  const { at, value, facts, labels, severity, threshold, unit } = judgement;
  const wasPending = alert.state === 'pending';
  const unknownFor = (alert.unknownFor ?? 0) + (alert.unknown && wasPending ? at - alert.judgedAt : 0);
  const from = Math.max(alert.activeAt + unknownFor, judgement.since ?? 0);
  const fires = wasPending && judgement.isOver !== true && (judgement.isSure === true || at - from >= judgement.holds.for);
  return told(alert, judgement, {
    ...alert,
    labels,
    severity,
    threshold,
    unit,
    state: fires ? 'firing' : alert.state,
    unknown: false,
    firedAt: fires ? at : alert.firedAt,
    value,
    peak: worse(alert.peak, value, judgement.worst),
    facts,
    falseSince: null,
    falseCollections: 0,
    judgedAt: at,
    ...(unknownFor > 0 ? { unknownFor } : {}),
    ...(wasPending && from !== (alert.heldFrom ?? alert.activeAt) ? { heldFrom: from } : {}),
    ...(judgement.newsAt === undefined ? {} : { newsAt: judgement.newsAt }),
    ...(judgement.lastAt === undefined ? {} : { lastAt: judgement.lastAt }),
  });
}

function relax(alert: Alert, judgement: Judgement): Step {
  const { at, value } = judgement;
  if (alert.state !== 'firing') return end(alert, at, 'condition is false');
  if (isHeldBetween(value, judgement.worst, judgement.holds.resolveBelow)) {
    return { alert: { ...alert, unknown: false, value, falseSince: null, falseCollections: 0, judgedAt: at }, transition: null };
  }
  return { alert: { ...alert, unknown: false, value, falseSince: alert.falseSince ?? at, judgedAt: at }, transition: null };
}

/** Beyond the threshold no more, yet not far enough on the good side to resolve. A value that is missing holds nothing. */
export function isHeldBetween(
  value: number | null,
  worst: Judgement['worst'] | undefined,
  resolveBelow: number | null | undefined,
): boolean {
  if (value === null || resolveBelow === undefined || resolveBelow === null) return false;
  return worst === 'lowest' ? value <= resolveBelow : value >= resolveBelow;
}

function told(before: Alert | null, judgement: Judgement, after: Alert): Step {
  const alert = { ...after, summary: judgement.summarize(after) };
  const from = before?.state ?? null;
  return { alert, transition: from === alert.state ? null : { alert, from, to: alert.state, at: judgement.at } };
}

function worse(peak: number | null, value: number | null, worst: 'highest' | 'lowest'): number | null {
  if (peak === null || value === null) return peak ?? value;
  return worst === 'lowest' ? Math.min(peak, value) : Math.max(peak, value);
}
