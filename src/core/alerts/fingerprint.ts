import type { Fingerprint } from '../model/alert.ts';
import { textHash } from '../model/text-hash.ts';

/** Identity of an alert: the rule's name and its subject, in any order of keys. */
export function fingerprint(alert: string, subject: object): Fingerprint {
  const parts = Object.entries(subject)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = JSON.stringify([alert, parts]);
  return textHash(text);
}
