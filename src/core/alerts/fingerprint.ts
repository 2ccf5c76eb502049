import type { Fingerprint } from '../model/alert.ts';

const PRIME = 0x01000193;

/** Identity of an alert: the rule's name and its subject, in any order of keys. Two 32-bit FNV-1a hashes side by side, as 16 hex digits. */
export function fingerprint(alert: string, subject: object): Fingerprint {
  const parts = Object.entries(subject)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = JSON.stringify([alert, parts]);
  return hash(text, 0x811c9dc5) + hash(text, 0x050c5d1f);
}

function hash(text: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    value = Math.imul(value ^ (code & 0xff), PRIME);
    value = Math.imul(value ^ (code >>> 8), PRIME);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}
