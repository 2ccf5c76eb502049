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
  return laterRecipients(rejected, secrets) ?? { kind: 'accepted', problem: sayAll(rejected, secrets) };
}

/** What a mail means that no recipient got: refused by a 5xx reply, else worth another attempt. */
export function outcomeOfSmtpError(thrown: unknown, secrets: readonly Secret[]): Outcome {
  const error: SmtpError = toError(thrown);
  const rejected = error.rejectedErrors ?? [];
  if (rejected.length > 0) return laterRecipients(rejected, secrets) ?? { kind: 'refused', message: sayAll(rejected, secrets) };
  const message = scrub(describe(error), secrets);
  if (isPermanent(error)) return { kind: 'refused', message };
  const isWhole = error.responseCode === 421 || UNREACHABLE.has(error.code ?? '');
  return { kind: 'retry', message, retryAfterMs: null, ...(isWhole ? { wholeReceiver: true } : {}) };
}

/** No message got as far as the server's answer to it. */
const UNREACHABLE: ReadonlySet<string> = new Set(['ECONNECTION', 'EDNS', 'ETLS', 'EAUTH']);

/** Another attempt for those that were refused for now alone; `null` when there are none. */
function laterRecipients(rejected: readonly SmtpError[], secrets: readonly Secret[]): Outcome | null {
  const [never, later] = [rejected.filter(isPermanent), rejected.filter((each) => !isPermanent(each))];
  const recipients = later.flatMap(({ recipient }) => recipient ?? []);
  if (recipients.length === 0) return null;
  const refused = never.length === 0 ? {} : { refused: sayAll(never, secrets) };
  return { kind: 'retry', message: sayAll(rejected, secrets), retryAfterMs: null, recipients, ...refused };
}

function sayAll(rejected: readonly SmtpError[], secrets: readonly Secret[]): string {
  return scrub(rejected.map(recipientError).join('; '), secrets);
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
