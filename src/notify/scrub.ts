import type { Secret } from '../base/secret.ts';
import { cut, visibleLine } from '../base/visible.ts';
import type { Outcome } from './notifier.ts';

const MESSAGE_CHARACTERS = 300;

/** Parts of a secret shorter than this are too common to be looked for. */
const SHORTEST_PART = 4;

/** One line of a receiver's or library's own words, without any secret or part of one that says something, cut to 300 characters. */
export function scrub(text: string, secrets: readonly Secret[]): string {
  let line = text;
  for (const part of secrets.flatMap((secret) => partsOf(secret.reveal()))) line = line.replaceAll(part, '[redacted]');
  return cut(visibleLine(line), MESSAGE_CHARACTERS);
}

/** The outcome of a try, without the secrets that the receiver's answer may hold. */
export function redacted(outcome: Outcome, redact: (text: string) => string): Outcome {
  if (outcome.kind !== 'accepted') return { ...outcome, message: redact(outcome.message) };
  return outcome.problem === undefined ? outcome : { ...outcome, problem: redact(outcome.problem) };
}

/** The secret itself and, of an address, what proves knowledge of it: path, query and password, in both writings. Longest first. */
function partsOf(secret: string): readonly string[] {
  const url = URL.parse(secret);
  const parts =
    url === null
      ? [secret, ...secret.split(' ')]
      : [secret, url.href, ...url.pathname.split('/'), url.search.slice(1), url.password];
  const decoded = parts.map(decode);
  // What AUTH PLAIN and AUTH LOGIN put on the wire.
  const encoded =
    url === null || url.password === ''
      ? []
      : [`\0${decode(url.username)}\0${decode(url.password)}`, decode(url.password)].map(base64);
  return [...new Set([...parts, ...decoded, ...encoded])]
    .filter((part) => part.length >= SHORTEST_PART && !COMMON.has(part))
    .sort((a, b) => b.length - a.length);
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** Words in addresses that are no secret. */
const COMMON = new Set(['services', 'hook', 'hooks', 'webhook', 'webhooks', 'Bearer', 'Basic']);
