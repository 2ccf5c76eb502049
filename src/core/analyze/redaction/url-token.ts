import type { Literal } from '../literal-scan.ts';
import { type Detector, exact, folded, hidden } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';
import { isPasswordLike, isRandom } from './secret-value.ts';

const MIN_TOKEN = 16;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** What a login hands over in a URL once. */
const ONE_TIME = /((?:[?&;]code|client_assertion|SAMLResponse)=)([A-Za-z0-9%+/=._~-]{16,8192})/g;
/** The last part of an address that opens an account for whoever has it. */
const ADDRESS =
  /(\/(?:reset|reset[_-]password|password[_-]reset|magic|magic[_-]link|invite|invites|invitation|invitations)\/)([A-Za-z0-9._~-]{16,512})/gi;

/** A code that is exchanged, in the body of a request. */
const EXCHANGED = /(\\{0,3}["']code\\{0,3}["']\s?:\s?\\{0,3}["'])([A-Za-z0-9%+/=._~-]{16,4096})/g;
/** What else opens an API in a query: a key in hexadecimal, a password beside its user. */
const QUERIED = /([?&]appid=|[?&]u(?:ser)?=[^\s&"']{1,128}&p=)([^\s&"'<>]{6,256})/g;

/** Names of a URL's query. */
function queried(...names: readonly string[]): readonly Literal[] {
  return names.map((name) => ({ text: `${name}=`, folded: false, before: '?&;' }));
}

/** What opens something for once in a URL: codes of OAuth, answers of SAML, addresses of a reset or an invitation. */
export const urlTokens: readonly Detector[] = [
  {
    keywords: [...queried('code'), ...exact('client_assertion=', 'SAMLResponse=')],
    redact: (text) =>
      text.replace(ONE_TIME, (whole, before: string, value: string) =>
        isOneTime(value) ? before + hidden('one-time-code') : whole,
      ),
  },
  {
    keywords: exact('authorization_code'),
    redact: (text) =>
      text.replace(EXCHANGED, (whole, before: string, value: string) =>
        isOneTime(value) ? before + hidden('one-time-code') : whole,
      ),
  },
  {
    keywords: exact('appid=', '&p='),
    redact: (text) =>
      text.replace(QUERIED, (whole, before: string, value: string) =>
        (before.endsWith('p=') ? isPasswordLike(value) : /^[0-9a-f]{32}$/.test(value)) && !isPlaceholder(value)
          ? before + hidden('api-key')
          : whole,
      ),
  },
  {
    keywords: folded('reset/', '-password/', '/magic', '/invit'),
    redact: (text) =>
      text.replace(ADDRESS, (whole, before: string, value: string) =>
        isOneTime(value) && (!UUID.test(value) || /reset|magic/i.test(before)) ? before + hidden('one-time-code') : whole,
      ),
  },
];

function isOneTime(value: string): boolean {
  return value.length >= MIN_TOKEN && isRandom(value.replace(/%[0-9A-F]{2}/gi, ''));
}
