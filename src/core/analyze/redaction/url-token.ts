import type { Literal } from '../literal-scan.ts';
import { type Detector, exact, folded, hidden } from './detector.ts';
import { isRandom } from './secret-value.ts';

const MIN_TOKEN = 16;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** What a login hands over in a URL once. */
const ONE_TIME = /((?:[?&;]code|client_assertion|SAMLResponse)=)([A-Za-z0-9%+/=._~-]{16,8192})/g;
/** The last part of an address that opens an account for whoever has it. */
const ADDRESS =
  /(\/(?:reset|reset[_-]password|password[_-]reset|magic|magic[_-]link|invite|invites|invitation|invitations)\/)([A-Za-z0-9._~-]{16,512})/gi;

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
