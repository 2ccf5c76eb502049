import { assigned, type Detector, exact, hidden, opening } from './detector.ts';
import { isStandIn } from './placeholder.ts';
import { isRandom } from './secret-value.ts';

/** What stands before the authority of a URL; JSON may escape the slashes. */
const AUTHORITY = /:(?:\\?\/){2}/;
/** A Sentry client's key stands where a URL has its user. */
const SENTRY_DSN = /(:(?:\\?\/){2})[0-9a-f]{32}(?::[0-9a-f]{32})?(?=@[A-Za-z0-9.:-]{1,255}\/)/g;
/** A token where a URL has its user alone, as Git's hosts take it. */
const URL_TOKEN = /(:(?:\\?\/){2})([A-Za-z0-9_-]{20,256})(?=@[A-Za-z0-9])/g;
/** The same with what Git's hosts take for a password behind it, or nothing. */
const URL_USER = /(:(?:\\?\/){2})([A-Za-z0-9_.-]{8,256})(?=:(x-oauth-basic)?@)/g;
const URL_PASSWORD = /(:(?:\\?\/){2}[^\s:@/?#"'`<>[]{0,256}:)([^\s/?#"'`<>]{1,1024})@/g;
/** One that has what should be escaped: behind a port there is none, and a host follows it. */
const ODD_PASSWORD =
  /(:(?:\\?\/){2}[^\s:@/?#"'`<>[]{0,256}:)(?!\d{1,5}(?:[/?#]|$))([^\s"'`<>@/?#]{0,256}[/?#][^\s"'`<>]{0,256})@(?=[A-Za-z0-9][A-Za-z0-9.-]{0,253}(?:[:/?,\s"'`)\]]|$))/g;
/** A data source name of Go's drivers: no URL. */
const DATA_SOURCE = /(\b[A-Za-z0-9_.-]{1,64}:)([^\s"'`@]{1,256})(?=@(?:tcp|unix)\()/g;
/** Of a phone's account, which has no slashes. */
const SIP = /(\bsips?:[^\s:@"'<>]{1,64}:)([^\s:@"'<>]{3,256})(?=@[A-Za-z0-9])/g;
const QUERY_PASSWORD = /([?&;](?:password|passwd|pwd)=)([^\s&;"'<>]{1,1024})/gi;

const [SPACE, SLASH, COLON, BACKSLASH] = [0x20, 0x2f, 0x3a, 0x5c] as const;
const MARK = hidden('url-password');

/** Passwords in the authority or the query of a URL. A text without `@` is only looked at when it says password. */
export const urlPassword: Detector = {
  keywords: assigned('password', 'passwd', 'pwd'),
  isMarked: isBehindPassword,
  redact: (text) =>
    AUTHORITY.test(text)
      ? text
          .replace(SENTRY_DSN, `$1${hidden('sentry-dsn')}`)
          .replace(URL_TOKEN, (whole, before: string, value: string) => (isRandom(value) ? before + MARK : whole))
          .replace(URL_USER, (whole, before: string, value: string, behind?: string) =>
            isStandIn(value) || (behind === undefined && !isRandom(value)) ? whole : before + MARK,
          )
          .replace(URL_PASSWORD, (whole, before: string, value: string) => (isStandIn(value) ? whole : `${before}${MARK}@`))
          .replace(ODD_PASSWORD, (whole, before: string, value: string) =>
            isStandIn(value) || value.includes('://') ? whole : `${before}${MARK}@`,
          )
          .replace(QUERY_PASSWORD, (whole, before: string, value: string) => (isStandIn(value) ? whole : before + MARK))
      : text,
};

/** Whether the `@` at `at` stands behind a user and a password of a URL. */
function isBehindPassword(bytes: Uint8Array, at: number, start: number): boolean {
  for (let from = at - 1; from >= start + 2; from--) {
    const byte = bytes[from] ?? 0;
    if (byte === SLASH && isAuthority(bytes, from, start)) return true;
    if (byte <= SPACE || byte === 0x3c || byte === 0x3e || byte === 0x22 || byte === 0x27 || byte === 0x60) return false;
  }
  return false;
}

/** Whether the slash at `at` is the last of `://`, or of `:\/\/`. */
function isAuthority(bytes: Uint8Array, at: number, start: number): boolean {
  const first = bytes[at - 1] === BACKSLASH ? at - 2 : at - 1;
  const colon = bytes[first - 1] === BACKSLASH ? first - 2 : first - 1;
  return colon >= start && bytes[first] === SLASH && bytes[colon] === COLON;
}

export const dataSourcePassword: Detector = {
  keywords: exact('@tcp(', '@unix('),
  redact: (text) =>
    text.replace(DATA_SOURCE, (whole, before: string, value: string) => (isStandIn(value) ? whole : before + MARK)),
};

export const sipPassword: Detector = {
  keywords: opening('sip:'),
  redact: (text) => text.replace(SIP, (whole, before: string, value: string) => (isStandIn(value) ? whole : before + MARK)),
};
