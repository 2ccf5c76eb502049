import type { Secret } from '../../base/secret.ts';

/** Who may do something: anyone, whoever comes over loopback (a port-forward does), or who knows a password or a token. */
export type Guard =
  | { readonly kind: 'none' }
  | { readonly kind: 'loopback' }
  /** bcrypt hashes by user name. */
  | { readonly kind: 'basic'; readonly users: ReadonlyMap<string, string> }
  | { readonly kind: 'bearer'; readonly token: Secret };

/** Who may look at page, API and metrics, and who may change something, such as make a silence. */
export interface PageAuth {
  readonly read: Guard;
  readonly write: Guard;
}

export const DEFAULT_AUTH: PageAuth = { read: { kind: 'none' }, write: { kind: 'loopback' } };

/** Reads lines of `NAME:BCRYPT-HASH`, as `htpasswd -B` writes them; the problems name their line. */
export function parseUsers(text: string): { readonly users: ReadonlyMap<string, string>; readonly problems: readonly string[] } {
  const users = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = /^([^:]{1,100}):(\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})\s*$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined)
      problems.push(`line ${index + 1}: expected NAME:HASH with a bcrypt hash, as "htpasswd -nB NAME" prints it`);
    else users.set(match[1], match[2]);
  }
  if (users.size === 0 && problems.length === 0) problems.push('it names no user');
  return { users, problems };
}
