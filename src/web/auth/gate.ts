import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Guard } from './page-auth.ts';
import type { PasswordCheck } from './password-check.ts';

/** Whether a request may do what it asks; `user` is who asks, where that is known. */
export type Admission =
  | { readonly allowed: true; readonly user: string | null }
  | { readonly allowed: false; readonly status: 401 | 403 | 429; readonly reason: string; readonly challenge: string | null };

/** Asks a guard about a request. `ownHost` is the host of the page's public address, if it has one. */
export async function admit(
  guard: Guard,
  request: IncomingMessage,
  { passwords, ownHost }: { readonly passwords: PasswordCheck; readonly ownHost: string | null },
): Promise<Admission> {
  switch (guard.kind) {
    case 'none':
      return { allowed: true, user: null };
    case 'loopback':
      return isLoopback(request, ownHost)
        ? { allowed: true, user: null }
        : refused(
            403,
            'only from the machine itself, or through a port-forward; status_page.auth in the settings says otherwise',
          );
    case 'basic':
      return admitUser(guard.users, request, passwords);
    case 'bearer':
      return isSame(bearerOf(request), guard.token.reveal())
        ? { allowed: true, user: null }
        : refused(401, 'a bearer token is needed', 'Bearer realm="Tocsin"');
    default:
      return guard satisfies never;
  }
}

async function admitUser(
  users: ReadonlyMap<string, string>,
  request: IncomingMessage,
  passwords: PasswordCheck,
): Promise<Admission> {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  const [, user = '', password = ''] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const challenge = 'Basic realm="Tocsin", charset="UTF-8"';
  if (scheme?.toLowerCase() !== 'basic' || user === '') return refused(401, 'a user name and a password are needed', challenge);
  const outcome = await passwords.check(users.get(user) ?? null, user, password);
  if (outcome === 'busy') return refused(429, 'too many wrong passwords; try again in a minute');
  return outcome === 'right' ? { allowed: true, user } : refused(401, 'the user name or the password is wrong', challenge);
}

/**
 * Whether the request comes from this machine. One that a proxy here passes on does not; nor does one for a foreign host name, which a page
 * elsewhere could make a browser send here (DNS rebinding).
 */
function isLoopback({ socket, headers }: IncomingMessage, ownHost: string | null): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (address !== '::1' && !address.startsWith('127.')) return false;
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host) || (ownHost !== null && host === ownHost);
}

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

function bearerOf({ headers }: IncomingMessage): string {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return expected !== '' && timingSafeEqual(digest(given), digest(expected));
}

function refused(status: 401 | 403 | 429, reason: string, challenge: string | null = null): Admission {
  return { allowed: false, status, reason, challenge };
}
