import { codeOf, messageOf } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Outcome } from './notifier.ts';
import { parseRetryAfter } from './retry.ts';
import { scrub } from './scrub.ts';

/** How long a receiver may take to answer. */
const TIMEOUT = 10_000;

/** An answer is read up to here; receivers say little. */
const ANSWER_BYTES = 4_096;

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | null;
}

/** Why an address cannot be posted to, without showing it; `null` when it can. */
export function httpProblem(setting: string, address: Secret | undefined): string | null {
  const url = URL.parse(address?.reveal() ?? '');
  if (url === null) return `${setting} is not a URL`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${setting} must begin with https:// or http://`;
  return url.username === '' && url.password === '' ? null : `${setting} must not hold a user or password: set a header`;
}

/**
 * Posts to a receiver and reads the beginning of the answer. Redirects are not followed: an address that moved is for a person to
 * change. Rejects on connection errors and after 10 s.
 */
export async function httpPost(
  url: string,
  {
    body,
    headers,
    signal,
  }: { readonly body: string; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  });
  return {
    status: response.status,
    body: await readBeginning(response),
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
  };
}

async function readBeginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    text += decoder.decode(chunk, { stream: true });
    // Leaving the loop cancels the rest.
    if (bytes >= ANSWER_BYTES) break;
  }
  return text.slice(0, ANSWER_BYTES);
}

/** What an answer means for the message: 2xx took it; 408, 425, 429 and 5xx may take it later, 429 nothing else before; the rest refuse it. */
export function outcomeOf(answer: HttpAnswer, secrets: readonly Secret[]): Outcome {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const said = scrub(answer.body, secrets);
  const message = `answered ${status}${status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''}${said === '' ? '' : `: ${said}`}`;
  if (status === 429 || (status === 503 && retryAfterMs !== null))
    return { kind: 'retry', message, retryAfterMs, wholeReceiver: true };
  if (status === 408 || status === 425 || status >= 500) return { kind: 'retry', message, retryAfterMs };
  return { kind: 'refused', message };
}

/** No message got as far as the receiver. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What an error on the way means: always worth another attempt. */
export function outcomeOfError(error: unknown, secrets: readonly Secret[]): Outcome {
  const code = codeOf(error);
  const said = scrub(
    error instanceof DOMException && error.name === 'TimeoutError' ? 'no answer within 10 s' : messageOf(error),
    secrets,
  );
  const message = code === null || said.includes(code) ? said : `${said} (${code})`;
  return { kind: 'retry', message, retryAfterMs: null, ...(UNREACHABLE.has(code ?? '') ? { wholeReceiver: true } : {}) };
}
