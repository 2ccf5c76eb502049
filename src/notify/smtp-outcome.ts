import { messageOf, toError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Outcome } from './notifier.ts';
import { scrub } from './scrub.ts';

/** What the mail library says of a failure, as far as it is read here. */
interface SmtpError extends Error {
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly permanent?: boolean | undefined;
  readonly recipient?: string | undefined;
  readonly rejectedErrors?: readonly SmtpError[] | undefined;
}

/**
 * What a mail means that the server took for at least one recipient: recipients refused for now get it again, alone; those refused
 * for good are told as a problem.
 */
export function partlyAccepted(rejected: readonly SmtpError[], secrets: readonly Secret[]): Outcome {
  if (rejected.length === 0) return { kind: 'accepted' };
  const said = scrub(rejected.map(recipientError).join('; '), secrets);
  const later = rejected.filter((error) => !isPermanent(error)).flatMap(({ recipient }) => recipient ?? []);
  if (later.length > 0) return { kind: 'retry', message: said, retryAfterMs: null, recipients: later };
  return { kind: 'accepted', problem: said };
}

/** What a mail means that no recipient got: refused by a 5xx reply, else worth another attempt. */
export function outcomeOfSmtpError(thrown: unknown, secrets: readonly Secret[]): Outcome {
  const error: SmtpError = toError(thrown);
  const rejected = error.rejectedErrors ?? [];
  const said = rejected.length > 0 ? rejected.map(recipientError).join('; ') : describe(error);
  const message = scrub(said, secrets);
  const later = rejected.filter((each) => !isPermanent(each)).flatMap(({ recipient }) => recipient ?? []);
  if (rejected.length > 0)
    return later.length > 0 ? { kind: 'retry', message, retryAfterMs: null, recipients: later } : { kind: 'refused', message };
  return isPermanent(error) ? { kind: 'refused', message } : { kind: 'retry', message, retryAfterMs: null };
}

/** A server without STARTTLS is no refusal of the message: someone on the way may have taken it out of the conversation. */
function isPermanent(error: SmtpError): boolean {
  if (error.code === 'ETLS') return false;
  return error.permanent ?? (error.responseCode !== undefined && error.responseCode >= 500 && error.responseCode !== 503);
}

function recipientError(error: SmtpError): string {
  return `${error.recipient ?? 'a recipient'} was refused: ${messageOf(error).replace(/^Recipient command failed: /, '')}`;
}

function describe(error: SmtpError): string {
  const said = messageOf(error);
  return error.code === undefined || said.includes(error.code) ? said : `${said} (${error.code})`;
}
