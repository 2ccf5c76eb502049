import { assigned, type Detector, exact, hidden } from './detector.ts';

/** A Sentry client's key stands where a URL has its user. */
const SENTRY_DSN = /(:\/\/)[0-9a-f]{32}(?::[0-9a-f]{32})?(?=@[A-Za-z0-9.:-]{1,255}\/)/g;
const URL_PASSWORD = /(:\/\/[^\s:@/?#"'`<>[]{0,256}:)([^\s/?#"'`<>]{1,1024})@/g;
/** One that has what should be escaped: behind a port there is none, and a host follows it. */
const ODD_PASSWORD =
  /(:\/\/[^\s:@/?#"'`<>[]{0,256}:)(?!\d{1,5}(?:[/?#]|$))([^\s"'`<>@/?#]{0,256}[/?#][^\s"'`<>]{0,256})@(?=[A-Za-z0-9][A-Za-z0-9.-]{0,253}(?:[:/?,\s"'`)\]]|$))/g;
/** A data source name of Go's drivers: no URL. */
const DATA_SOURCE = /(\b[A-Za-z0-9_.-]{1,64}:)([^\s"'`@]{1,256})(?=@(?:tcp|unix)\()/g;
const QUERY_PASSWORD = /([?&;](?:password|passwd|pwd)=)([^\s&;"'<>]{1,1024})/gi;
/** `--user name:password` of curl. */
const CURL_USER = /(\bcurl\b[^\n]{0,256}?\s(?:-u|--user)[ =]?["']?[^\s:"']{1,128}:)([^\s"']{3,256})/g;

const [SPACE, SLASH, COLON] = [0x20, 0x2f, 0x3a] as const;
const MARK = hidden('url-password');

/** Passwords in the authority or the query of a URL. A text without `@` is only looked at when it says password. */
export const urlPassword: Detector = {
  keywords: assigned('password', 'passwd', 'pwd'),
  isMarked: isBehindPassword,
  redact: (text) =>
    text.includes('://')
      ? text
          .replace(SENTRY_DSN, `$1${hidden('sentry-dsn')}`)
          .replace(URL_PASSWORD, (whole, before: string, value: string) =>
            value.includes('[redacted:') ? whole : `${before}${MARK}@`,
          )
          .replace(ODD_PASSWORD, (whole, before: string, value: string) =>
            value.includes('[redacted:') || value.includes('://') ? whole : `${before}${MARK}@`,
          )
          .replace(QUERY_PASSWORD, `$1${MARK}`)
      : text,
};

/** Whether the `@` at `at` stands behind a user and a password of a URL. */
function isBehindPassword(bytes: Uint8Array, at: number, start: number): boolean {
  for (let from = at - 1; from >= start + 2; from--) {
    const byte = bytes[from] ?? 0;
    if (byte === SLASH && bytes[from - 1] === SLASH && bytes[from - 2] === COLON) return true;
    if (byte <= SPACE || byte === 0x3c || byte === 0x3e || byte === 0x22 || byte === 0x27 || byte === 0x60) return false;
  }
  return false;
}

export const dataSourcePassword: Detector = {
  keywords: exact('@tcp(', '@unix('),
  redact: (text) =>
    text.replace(DATA_SOURCE, (whole, before: string, value: string) => (value.startsWith('[redacted:') ? whole : before + MARK)),
};

export const curlPassword: Detector = {
  keywords: exact('curl '),
  redact: (text) =>
    text.replace(CURL_USER, (whole, before: string, value: string) =>
      value.startsWith('[redacted:') ? whole : before + hidden('password'),
    ),
};
