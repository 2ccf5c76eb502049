import { type Detector, folded, hidden } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';
import { isCredentials } from './secret-value.ts';

const BEARER =
  /(authorization\\{0,3}["']?\s{0,4}[:=]\s{0,4}\[?\\{0,3}["']?)?\b(bearer)((?:\s|%20|\+){1,4}|\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["']?)([A-Za-z0-9._~+/-]{4,}={0,3})/gi;
const BASIC = /(authorization\\{0,3}["']?\s{0,4}[:=]\s{0,4}\[?\\{0,3}["']?)?\b(basic)(\s{1,4}|%20)([A-Za-z0-9+/_-]{6,}={0,2})/gi;
/** A scheme that is neither, or none: what follows the header's name. */
const OTHER =
  /(authorization\\{0,3}["']?\s{0,4}[:=]\s{0,4}\[?\\{0,3}["']?(?:(?:token|apikey|api-key|key|negotiate|digest|bot|sso-key|klaviyo-api-key|splunk|snowflake|genie-?key|pat|oauth)\s{1,4}(?:token=\\{0,3}["']?)?)?)([A-Za-z0-9._~+/:=-]{8,})/gi;
/** What signs a request to AWS. */
const AWS_SIGNATURE = /(\bSignature=)[0-9a-f]{64}/g;

/** What a client proves itself with in an `Authorization` header, and bearer tokens anywhere. */
export const authorization: readonly Detector[] = [
  {
    keywords: folded('bearer'),
    redact: (text) =>
      text.replace(BEARER, (whole, header: string | undefined, word: string, between: string, token: string) =>
        (header !== undefined && !isPlaceholder(token)) || isToken(token)
          ? `${header ?? ''}${word}${between}${hidden('bearer-token')}`
          : whole,
      ),
  },
  {
    keywords: folded('basic ', 'basic%20'),
    redact: (text) =>
      text.replace(BASIC, (whole, header: string | undefined, word: string, between: string, credentials: string) =>
        header !== undefined || isCredentials(credentials) ? `${header ?? ''}${word}${between}${hidden('basic-auth')}` : whole,
      ),
  },
  {
    keywords: folded('authorization'),
    redact: (text) =>
      text
        .replace(AWS_SIGNATURE, `$1${hidden('url-signature')}`)
        .replace(OTHER, (whole, header: string, value: string) => (isToken(value) ? header + hidden('authorization') : whole)),
  },
];

/** Words follow "bearer" in prose; tokens have digits, or are long and of mixed case. */
function isToken(text: string): boolean {
  if (isPlaceholder(text)) return false;
  if (text.length >= 8 && /\d/.test(text)) return true;
  return text.length >= 20 && /[a-z]/.test(text) && /[A-Z]/.test(text);
}
