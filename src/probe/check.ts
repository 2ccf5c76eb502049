import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { formatDuration, humanDuration } from '../base/duration.ts';
import { codeOf, messageOf } from '../base/errors.ts';
import { request as httpRequest } from '../base/node-http.ts';
import type { ProbeSettings } from './probe-settings.ts';

/** What one check found. */
export interface CheckResult {
  /** Why it failed; `null` when all is as expected. */
  readonly problem: string | null;
  /** From the first byte out to the last one that was read, milliseconds; `null` when there was no answer. */
  readonly latency: number | null;
  readonly certificateEndsAt: number | null;
}

/** Of a body so much is read, and looked at. */
const BODY_BYTES = 64 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  EPROTO: 'the TLS handshake failed: no TLS is spoken there, or no version that both know',
};

/** Of an error that has no words of ours, so much of its first line is shown. */
const REASON_CHARACTERS = 200;

/** Asks once, over a connection of its own; redirects are not followed. Resolves in every case but an abort from outside. */
export async function check(
  probe: ProbeSettings,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<CheckResult> {
  const started = performance.now();
  const timeout = AbortSignal.timeout(probe.timeout);
  try {
    const { status, body, certificateEndsAt } = await ask(probe, AbortSignal.any([timeout, signal]));
    const latency = performance.now() - started;
    return { problem: problemOf(probe, { status, body, latency, certificateEndsAt, now: now() }), latency, certificateEndsAt };
  } catch (error) {
    signal.throwIfAborted();
    const problem = timeout.aborted
      ? `no answer within ${formatDuration(probe.timeout)}`
      : (REASONS[codeOf(error) ?? ''] ?? messageOf(error).split('\n', 1).join('').slice(0, REASON_CHARACTERS));
    return { problem, latency: null, certificateEndsAt: null };
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly certificateEndsAt: number | null;
}

function ask({ url, method, headers, expect }: ProbeSettings, signal: AbortSignal): Promise<Answer> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers: { 'user-agent': 'tocsin-probe', ...headers }, agent: false, signal });
    request.once('error', reject);
    // A change of protocol that nobody asked for: without a listener the connection ends, and nothing else is ever heard of the request.
    request.once('upgrade', (response, socket) => {
      const certificateEndsAt = endOfCertificate(response);
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, body: '', certificateEndsAt });
    });
    request.once('response', (response) => {
      const certificateEndsAt = endOfCertificate(response);
      readBody(response, expect.body === null ? 0 : BODY_BYTES).then((body) => {
        resolve({ status: response.statusCode ?? 0, body, certificateEndsAt });
        request.destroy();
      }, reject);
    });
    request.end();
  });
}

async function readBody(response: IncomingMessage, most: number): Promise<string> {
  if (most === 0) {
    response.resume();
    return '';
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // A response without an encoding gives buffers.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, most);
}

function endOfCertificate({ socket }: IncomingMessage): number | null {
  if (!(socket instanceof TLSSocket)) return null;
  const at = Date.parse(socket.getPeerCertificate().valid_to ?? '');
  return Number.isNaN(at) ? null : at;
}

function problemOf(
  { expect }: ProbeSettings,
  { status, body, latency, certificateEndsAt, now }: Answer & { readonly latency: number; readonly now: number },
): string | null {
  if (!expect.status.some((wanted) => isStatus(status, wanted)))
    return `status ${status}, expected ${expect.status.join(' or ')}`;
  if (expect.latency !== null && latency > expect.latency)
    return `answered after ${Math.round(latency)} ms, expected within ${Math.round(expect.latency)} ms`;
  if (expect.body !== null && !expect.body.test(body)) return `the body does not match ${expect.body.source}`;
  if (expect.certificate !== null && certificateEndsAt !== null && certificateEndsAt - now < expect.certificate)
    return `the certificate ends in ${humanDuration(Math.max(0, certificateEndsAt - now))}`;
  return null;
}

function isStatus(status: number, wanted: string): boolean {
  return /^\dxx$/i.test(wanted) ? Math.floor(status / 100) === Number(wanted[0]) : status === Number(wanted);
}
