import type { Literal } from '../literal-scan.ts';
import { type Detector, exact, folded, hidden } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';
import { changesOf, isLongRandom, isMany, isPasswordLike, isRandom } from './secret-value.ts';

const MIN_TOKEN = 16;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** What a login hands over in a URL once. */
const ONE_TIME = /((?:[?&;]code|client_assertion|SAMLResponse)=)([A-Za-z0-9%+/=._~-]{16,8192})/g;
/** The last part of an address that opens an account for whoever has it. */
const ADDRESS =
  /(\/(?:reset|reset[_-]password|password[_-]reset|magic|magic[_-]link|invite|invites|invitation|invitations|verify(?:[_-]email)?|confirm(?:[_-]email)?)\/)([A-Za-z0-9._~-]{16,512})/gi;

/** A code that is exchanged, in the body of a request. */
const EXCHANGED = /(\\{0,3}["']code\\{0,3}["']\s?:\s?\\{0,3}["'])([A-Za-z0-9%+/=._~-]{16,4096})/g;
/** What else opens an API in a query: a key in hexadecimal, a password beside its user. */
const QUERIED = /([?&](?:appid|key)=|[?&]u(?:ser)?=[^\s&"']{1,128}&p=)([^\s&"'<>]{6,256})/g;

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
    keywords: [...exact('appid=', '&p='), ...queried('key')],
    redact: (text) =>
      text.replace(QUERIED, (whole, before: string, value: string) =>
        isQueried(before, value) && !isPlaceholder(value) ? before + hidden('api-key') : whole,
      ),
  },
  {
    keywords: folded('reset/', '-password/', '/magic', '/invit', '/verify', '/confirm'),
    redact: (text) =>
      text.replace(ADDRESS, (whole, before: string, value: string) =>
        isOneTime(value) &&
        (/verify|confirm/i.test(before) ? isLongRandom(value) : !UUID.test(value) || /reset|magic/i.test(before))
          ? before + hidden('one-time-code')
          : whole,
      ),
  },
];

function isQueried(before: string, value: string): boolean {
  if (before.endsWith('p=')) return isPasswordLike(value);
  if (before.endsWith('appid=')) return /^[0-9a-f]{32}$/.test(value);
  // What finds something is called a key, too.
  return (
    /^(?=[^\d]*\d)[0-9A-F]{32}$/.test(value) ||
    (/^[A-Za-z0-9_-]{32,64}$/.test(value) && isMany(value) && isRandom(value) && changesOf(value) * 3 >= value.length)
  );
}

function isOneTime(value: string): boolean {
  return value.length >= MIN_TOKEN && isRandom(value.replace(/%[0-9A-F]{2}/gi, ''));
}
