import { humanDuration } from '../../base/duration.ts';
import { isHeldBetween, keptFor } from '../../core/alerts/advance.ts';
import type { Alert, Transition } from '../../core/model/alert.ts';
import type { Sample } from '../../core/rules/condition.ts';
import { plural } from '../../core/rules/evaluation/facts.ts';
import { formatValue } from '../../core/rules/evaluation/value-text.ts';
import type { Rule } from '../../core/rules/rule.ts';

/** How an alert stands after a judgement of its subject. */
export interface Standing {
  readonly at: number;
  /** `null` where there is none. */
  readonly alert: Alert | null;
  /** For how long `for` has been counting, milliseconds; 0 where nothing is pending. */
  readonly held: number;
  /** Since when a firing alert's condition has been false; `null` while it is not, or not far enough to resolve. */
  readonly falseSince: number | null;
  /** How the alert's last life ended, and when; `null` where it has had none. */
  readonly ended: Pick<Alert, 'resolvedAt' | 'resolvedReason'> | null;
}

/** Follows the alerts of one rule from judgement to judgement. */
export class Standings {
  readonly #live = new Map<string, Alert>();
  readonly #ended = new Map<string, Alert>();
  readonly #falseSince = new Map<string, number>();
  readonly #pending = new Map<string, Pending>();
  #coming: Transition[] = [];

  /** What the next moments bring, in the order of time. */
  add(transitions: readonly Transition[]): void {
    this.moveTo(Number.POSITIVE_INFINITY);
    this.#coming = [...transitions];
  }

  /** Takes in what happened up to a moment. */
  moveTo(at: number): void {
    for (let next = this.#coming[0]; next !== undefined && next.at <= at; next = this.#coming[0]) {
      this.#coming.shift();
      const { alert, to } = next;
      const { fingerprint } = alert;
      if (to === 'pending' || to === 'firing') this.#live.set(fingerprint, alert);
      else this.#live.delete(fingerprint);
      if (to === 'resolved') this.#ended.set(fingerprint, alert);
    }
  }

  /** How a subject's alert stands after a sample of it, which are given in the order of time. */
  judged(fingerprint: string, rule: Rule, { sample, at }: { readonly sample: Sample; readonly at: number }): Standing {
    const alert = this.#live.get(fingerprint) ?? null;
    const isOver = alert?.state === 'firing' && sample.verdict === 'false' && !isHeldBelow(rule, sample);
    if (sample.verdict !== 'unknown' && !isOver) this.#falseSince.delete(fingerprint);
    if (isOver && !this.#falseSince.has(fingerprint)) this.#falseSince.set(fingerprint, at);
    return {
      at,
      alert,
      held: this.#heldAt(at, alert, sample),
      falseSince: this.#falseSince.get(fingerprint) ?? null,
      ended: this.#ended.get(fingerprint) ?? null,
    };
  }

  /** As `for` counts: not what was unknown, and from no earlier than the cluster dates what is true now. */
  #heldAt(at: number, alert: Alert | null, { verdict, since = 0 }: Sample): number {
    if (alert?.state !== 'pending') return 0;
    const { seenAt, unknownFor, wasUnknown } = this.#pending.get(alert.id) ?? NEW;
    if (verdict === 'unknown') this.#pending.set(alert.id, { seenAt, unknownFor, wasUnknown: true });
    else this.#pending.set(alert.id, { seenAt: at, unknownFor: unknownFor + (wasUnknown ? at - seenAt : 0), wasUnknown: false });
    return at - Math.max(alert.activeAt + (this.#pending.get(alert.id)?.unknownFor ?? 0), since);
  }
}

/** When a pending alert was last known to be true, and how much of its time was unknown. */
interface Pending {
  readonly seenAt: number;
  readonly unknownFor: number;
  readonly wasUnknown: boolean;
}

const NEW: Pending = { seenAt: 0, unknownFor: 0, wasUnknown: false };

/** Which clause of a rule decided a judgement, with its numbers: `min_count: 12 of 20 lines`. */
export function clauseOf(rule: Rule, sample: Sample, standing: Standing): string {
  const { at, alert, held, ended } = standing;
  const why = ownClause(rule, sample);
  if (alert?.state === 'pending' && sample.verdict === 'true')
    return `for: true for ${humanDuration(held)} of ${humanDuration(rule.for)}`;
  if (alert?.state === 'firing' && sample.verdict === 'false') return `${holdOf(rule, sample, standing)}; ${why}`;
  if (alert === null && ended !== null && (ended.resolvedAt === at || sample.verdict === 'true'))
    return ended.resolvedReason === why ? `resolved: ${why}` : `resolved: ${ended.resolvedReason}; ${why}`;
  return why;
}

/** What keeps an alert firing although its condition is false. */
function holdOf(rule: Rule, sample: Sample, { at, alert, falseSince }: Standing): string {
  const { condition, resolveAfter, resolveBelow, keepFiringFor } = rule;
  if (isHeldBelow(rule, sample)) {
    const side = condition.worst === 'lowest' ? 'above' : 'below';
    return `resolve_below: it resolves ${side} ${formatValue(resolveBelow ?? 0, condition.unit)}`;
  }
  const lasts = at - (falseSince ?? at);
  const kept = keptFor(alert ?? {}, rule);
  return lasts < kept
    ? `${kept > keepFiringFor ? 'recurs_within' : 'keep_firing_for'}: false for ${humanDuration(lasts)} of ${humanDuration(kept)}`
    : `resolve_after: false for ${humanDuration(lasts)}, wants ${plural(resolveAfter, 'complete collection')}`;
}

/** Whether a value that is no longer bad is not yet good enough. */
function isHeldBelow({ condition, resolveBelow }: Rule, { value }: Sample): boolean {
  return isHeldBetween(value, condition.worst, resolveBelow);
}

const UNKNOWN = 'unknown data';

/** What the condition itself says. */
function ownClause({ condition }: Rule, { clause, facts, verdict, value }: Sample): string {
  const [note = ''] = facts.notes ?? [];
  if (verdict === 'unknown') {
    const why = clause ?? (note === '' ? 'it could not be seen' : note);
    return why.startsWith(UNKNOWN) ? why : `${UNKNOWN}: ${why}`;
  }
  if (clause !== undefined) return clause;
  if (value === null || condition.threshold === null) return note === '' ? `condition is ${verdict}` : note;
  return `${formatValue(value, condition.unit)}, threshold ${formatValue(condition.threshold, condition.unit)}`;
}
