import { fingerprint } from '../../alerts/fingerprint.ts';
import type { Fingerprint } from '../../model/alert.ts';
import type { Subject } from '../condition.ts';

/** Of subjects, by rule: they stay the same objects as long as the pods do, and are asked for at every judgement. */
const known = new WeakMap<Subject, Map<string, Fingerprint>>();

/** The fingerprint of a rule's alert about a subject, made once. */
export function markOf(alert: string, subject: Subject): Fingerprint {
  const own = known.get(subject) ?? new Map<string, Fingerprint>();
  let mark = own.get(alert);
  if (mark === undefined) {
    mark = fingerprint(alert, subject);
    known.set(subject, own.set(alert, mark));
  }
  return mark;
}
