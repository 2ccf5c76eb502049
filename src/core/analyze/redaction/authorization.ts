import { type Detector, exact, folded, hidden } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';
import { isCredentials, isRandom } from './secret-value.ts';

/** The header's name, its scheme and what is behind; `start` is how the scheme begins. */
const schemeOf = (start: string, behind: string) =>
  new RegExp(String.raw`(authorization\\{0,3}["']?\s{0,4}[:=]\s{0,4}\[?\\{0,3}["']?)?${start}${behind}`, 'gi');
const BEARER_TOKEN = String.raw`(bearer)((?:\s|%20|\+){1,4}|\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["']?)([A-Za-z0-9._~+/-]{4,}={0,3})`;
const BASIC_TOKEN = String.raw`(basic)(\s{1,4}|%20)([A-Za-z0-9+/_-]{6,}={0,2})`;
const ENCODED_START = '(?:\\b|(?<=%[0-9A-F]{2}))';
const BEARER = schemeOf('\\b', BEARER_TOKEN);
const BASIC = schemeOf('\\b', BASIC_TOKEN);
/** The same in a URL. */
const ENCODED_BEARER = schemeOf(ENCODED_START, BEARER_TOKEN);
const ENCODED_BASIC = schemeOf(ENCODED_START, BASIC_TOKEN);
/** A scheme that is neither, or none: what follows the header's name. */
const OTHER =
  /(authorization\\{0,3}["']?\s{0,4}[:=]\s{0,4}\[?\\{0,3}["']?(?:[A-Za-z][\w-]{1,31}\s{1,4}(?:[A-Za-z0-9._-]{1,64}:(?=[A-Za-z0-9+/]{20}))?(?:token=\\{0,3}["']?)?)?)([A-Za-z0-9._~+/:=-]{8,})/gi;
/** Behind these, and behind no scheme at all, all that is no word is a secret; other words may be ones of a sentence. */
const NAMED_SCHEME =
  /[:=]\s{0,4}\[?\\{0,3}["']?(?:(?:token|apikey|api-key|key|negotiate|ntlm|digest|bot|sso-key|klaviyo-api-key|splunk|snowflake|genie-?key|pat|oauth)\s.{0,12})?$/i;
/** What proves that a client knows a secret, among the parameters of any scheme. */
const PROOF =
  /(\b(?:response|signature|oauth_signature|oauth_token|mac|proof|credential|token|secret)=\\{0,3}["']?)([A-Za-z0-9%+/=._~-]{16,})/gi;
/** What signs a request to AWS. */
const AWS_BEHIND_ID = /(\bAWS \[redacted:cloud-key\]:)[A-Za-z0-9+/]{20,64}={0,2}/g;
const AWS_SIGNATURE = /(\bSignature=)[0-9a-f]{64}/g;

/** Where a browser cannot send a header, as Kubernetes takes it. */
const PROTOCOL = /(\bbearer\.authorization\.k8s\.io\.)([A-Za-z0-9_-]{12,})/g;

/** What a client proves itself with in an `Authorization` header, and bearer tokens anywhere. */
export const authorization: readonly Detector[] = [
  {
    keywords: folded('bearer'),
    redact: (text) =>
      text
        .replace(PROTOCOL, `$1${hidden('bearer-token')}`)
        .replace(
          text.includes('%20') ? ENCODED_BEARER : BEARER,
          (whole, header: string | undefined, word: string, between: string, token: string) =>
            (header !== undefined && !isPlaceholder(token)) || isToken(token)
              ? `${header ?? ''}${word}${between}${hidden('bearer-token')}`
              : whole,
        ),
  },
  {
    keywords: folded('basic ', 'basic%20'),
    redact: (text) =>
      text.replace(
        text.includes('%20') ? ENCODED_BASIC : BASIC,
        (whole, header: string | undefined, word: string, between: string, credentials: string) =>
          (header !== undefined && !isPlaceholder(credentials)) || isCredentials(credentials)
            ? `${header ?? ''}${word}${between}${hidden('basic-auth')}`
            : whole,
      ),
  },
  {
    keywords: [...folded('authorization'), ...exact('AWS4-HMAC')],
    redact: (text) =>
      text
        .replace(AWS_BEHIND_ID, `$1${hidden('authorization')}`)
        .replace(AWS_SIGNATURE, `$1${hidden('url-signature')}`)
        .replace(PROOF, (whole, before: string, value: string) => (isToken(value) ? before + hidden('authorization') : whole))
        .replace(OTHER, (whole, header: string, value: string) =>
          isToken(value) && (NAMED_SCHEME.test(header) || isRandom(value)) ? header + hidden('authorization') : whole,
        ),
  },
];

/** Words follow "bearer" in prose; tokens have digits, or are long and of mixed case. */
function isToken(text: string): boolean {
  if (isPlaceholder(text)) return false;
  if (text.length >= 8 && /\d/.test(text)) return true;
  return text.length >= 20 && /[a-z]/.test(text) && /[A-Z]/.test(text);
}
