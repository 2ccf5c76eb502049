import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const COOKIE = 'tocsin_form';

/** Why a request that changes something does not come from our own page, or from no page at all; `null` when it does. */
export function foreignness({ headers }: IncomingMessage): string | null {
  const site = headers['sec-fetch-site'];
  // A browser that says where the request comes from is believed: to our own forms it gives `Origin: null`, since our pages send no referrer.
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? null : 'the request comes from another site';
  const { origin, host } = headers;
  return origin === undefined || URL.parse(origin)?.host === host ? null : 'the request comes from another origin';
}

/** Tokens that tell the forms of our own pages from those that another site could send with a visitor's rights. They do not outlive the process. */
export class FormTokens {
  readonly #key = randomBytes(32);

  /** The token for a form, and the cookie that must come back with it where the visitor has none yet. */
  issue(request: IncomingMessage): { readonly token: string; readonly cookie: string | null } {
    const known = cookieOf(request);
    const value = known ?? randomBytes(18).toString('base64url');
    const cookie = known === null ? `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict` : null;
    return { token: this.#sign(value), cookie };
  }

  /** Whether a form was sent by a page of ours. */
  isOwn(request: IncomingMessage, form: URLSearchParams): boolean {
    return foreignness(request) === null && this.#accepts(request, form.get('token') ?? '');
  }

  /** Whether a form's token belongs to the cookie that came with it. */
  #accepts(request: IncomingMessage, token: string): boolean {
    const value = cookieOf(request);
    if (value === null) return false;
    const [given, expected] = [Buffer.from(token), Buffer.from(this.#sign(value))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #sign(value: string): string {
    return createHmac('sha256', this.#key).update(value).digest('base64url');
  }
}

function cookieOf({ headers }: IncomingMessage): string | null {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  return value !== undefined && /^[\w-]{24}$/.test(value) ? value : null;
}
