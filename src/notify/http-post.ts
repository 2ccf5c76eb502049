import type { Secret } from '../base/secret.ts';

/** Why an address cannot be posted to, without showing it; `null` when it can. */
export function httpProblem(setting: string, address: Secret | undefined): string | null {
  const url = URL.parse(address?.reveal() ?? '');
  if (url === null) return `${setting} is not a URL`;
  return url.protocol === 'http:' || url.protocol === 'https:' ? null : `${setting} must begin with https:// or http://`;
}
