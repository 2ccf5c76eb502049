import { assigned, type Detector, exact, hidden } from './detector.ts';

/** A header and its pairs, as a header line, in JSON, or as a logger's field. */
const HEADER = /(cookies?\\{0,3}["']?[ \t]{0,4}[:=]\s{0,4}\[?\\{0,3}["']?)([^\n"']{4,4096})/gi;
const PAIR = /([A-Za-z0-9_.%$-]{1,128})=([^\s;,"'\\&\]}]{4,4096})/g;
/** Sessions of servers, by names that nothing else has. */
const SESSION =
  /\b(JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|ASPSESSIONID[A-Z]{8}|laravel_session|_gitlab_session)(\\{0,3}["']?[=:]\s?\\{0,3}["']?)([A-Za-z0-9%._+/:-]{8,})/g;
/** The same as an element of SOAP. */
const ELEMENT = /(<(?:\w{1,16}:)?session_?id>)([^<>\s]{16,512})(?=<\/)/gi;
const ATTRIBUTE = /^(?:path|domain|expires|max-age|samesite|priority|version|comment)$/i;
/** Cookies that count visits. */
const ANALYTICS = /^_(?:ga|gid|gat|gcl|fbp|fbc|hj|pk_|dc_gtm|clck|uet)/i;
const SESSION_NAME = /sess|sid|auth|token|csrf|xsrf|jwt|login|user|remember|key|secret|identity/i;

const MARK = hidden('cookie');

/** Values of cookies that tell who somebody is. */
export const cookies: readonly Detector[] = [
  {
    keywords: assigned('cookie', 'cookies'),
    redact: (text) => text.replace(HEADER, (_, name: string, pairs: string) => name + pairs.replace(PAIR, redactPair)),
  },
  {
    keywords: exact('PHPSESSID', 'JSESSIONID', 'ASPSESSIONID', 'NET_SessionId', 'connect.sid', '_session='),
    redact: (text) => text.replace(SESSION, `$1$2${MARK}`),
  },
  { keywords: assigned('sessionid'), redact: (text) => text.replace(ELEMENT, `$1${MARK}`) },
];

function redactPair(pair: string, name: string, value: string): string {
  if (ATTRIBUTE.test(name) || ANALYTICS.test(name) || value.includes('[redacted:')) return pair;
  const isSession = SESSION_NAME.test(name) ? value.length >= 6 : value.length >= 16 && /\d/.test(value) && /[a-z]/i.test(value);
  return isSession ? `${name}=${MARK}` : pair;
}
