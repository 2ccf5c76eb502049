import type { Secret } from '../base/secret.ts';

/** `required` refuses a server without STARTTLS; `optional` uses it where offered; `none` never asks. */
type StartTls = 'required' | 'optional' | 'none';

/** How to reach a mail server. The password is a secret: never print this. */
export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`). */
  readonly secure: boolean;
  readonly startTls: StartTls;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

/** Why a mail server's URL cannot be used, without showing it; `null` when it can. */
export function smtpProblem(address: Secret | undefined): string | null {
  const read = parseSmtpUrl(address?.reveal() ?? '');
  return typeof read === 'string' ? read : null;
}

/**
 * Reads `smtps://user:password@host:465` or `smtp://host:587?tls=required|optional|none`; a text says what is wrong.
 * Without `tls`, STARTTLS is required, except on a loopback host: nothing leaves the machine there, and no certificate names it.
 */
export function parseSmtpUrl(text: string): SmtpAddress | string {
  const url = URL.parse(text);
  if (url === null) return 'smtp is not a URL';
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') return 'smtp must begin with smtps:// or smtp://';
  if (url.hostname === '') return 'smtp names no host';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'smtps:';
  const tls = url.searchParams.get('tls') ?? (isLoopback(host) ? 'none' : 'required');
  if (tls !== 'required' && tls !== 'optional' && tls !== 'none') return 'smtp: tls must be required, optional or none';
  const auth = credentials(url);
  if (auth === undefined) return 'smtp: user or password has a "%" that does not encode a character';
  return { host, port: url.port === '' ? (secure ? 465 : 587) : Number(url.port), secure, startTls: tls, auth };
}

function credentials(url: URL): SmtpAddress['auth'] | undefined {
  if (url.username === '') return null;
  try {
    return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
