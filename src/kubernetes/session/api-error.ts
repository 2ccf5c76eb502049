import { SECOND } from '../../base/duration.ts';
import { CollectError, type CollectReason, codeOf, messageOf } from '../../base/errors.ts';
import { rawObject, text } from '../lists/raw-object.ts';
import type { Answer, Body } from './exchange.ts';

const LONGEST_RETRY_AFTER = 30 * SECOND;
/** What is read of an error's body; the kubelet's own limit is 50,000. */
const MAX_ERROR_BODY = 64 * 1024;

/** Whether a failure may pass by itself. A deadline that ran out is not tried again: it has had its time. */
export function isPassing(error: CollectError): boolean {
  if (error.reason === 'unreachable') return !isCertificateError(error);
  return error.reason === 'rate_limited' || error.reason === 'server_error';
}

function isCertificateError(error: CollectError): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(codeOf(error.cause) ?? '');
}

class StatusError extends CollectError {
  readonly retryAfter: number;
  constructor(reason: CollectReason, message: string, options: { readonly status: number; readonly retryAfter: number }) {
    super(reason, message, options);
    this.retryAfter = options.retryAfter;
  }
}

/** How long the server asked to wait, milliseconds; 0 when it did not. */
export function retryAfterOf(error: CollectError): number {
  return error instanceof StatusError ? error.retryAfter : 0;
}

/** What an answer that is no success says. `redact` takes secrets out of its words. */
export async function statusError(
  path: string,
  { status, headers, body }: Answer,
  redact: (text: string) => string,
): Promise<CollectError> {
  const seconds = Number(headers['retry-after']);
  const retryAfter = Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * SECOND, LONGEST_RETRY_AFTER) : 0;
  const said = redact(await errorText(body));
  return new StatusError(reasonOf(status), `could not read ${path}: ${status} ${said}`, { status, retryAfter });
}

/** The message of a Status object, or the first of a plain text (429, and the aggregator's 404 and 503). */
async function errorText(body: Body): Promise<string> {
  let raw = '';
  await body.each((bytes) => {
    raw += bytes.toString('utf8');
    return raw.length <= MAX_ERROR_BODY;
  });
  return text(rawObject(parseLoosely(raw)), 'message');
}

function reasonOf(status: number): CollectReason {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 410) return 'expired';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'server_error' : 'invalid_answer';
}

/** Any failure of a request to `path`, with its reason. */
export function toCollectError(path: string, thrown: unknown, signal: AbortSignal): CollectError {
  if (thrown instanceof CollectError) return thrown;
  if (signal.aborted && !isTimeout(signal.reason))
    return new CollectError('aborted', `could not read ${path}: aborted`, { cause: thrown });
  const timedOut = isTimeout(thrown) || ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'].includes(codeOf(thrown) ?? '');
  return new CollectError(timedOut ? 'timeout' : 'unreachable', `could not read ${path}: ${messageOf(thrown)}`, {
    cause: thrown,
  });
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'TimeoutError';
}

/** A JSON answer that must be one. */
export function parse(path: string, answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch (error) {
    throw new CollectError('invalid_answer', `could not read ${path}: the answer is no JSON`, { cause: error });
  }
}

/** A JSON answer, or an object with the plain text as its `message`. */
export function parseLoosely(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return { message: answer.trim().slice(0, 500) };
  }
}
