import { assigned, type Detector, exact, hidden } from './detector.ts';

/** A Sentry client's key stands where a URL has its user. */
const SENTRY_DSN = /(:\/\/)[0-9a-f]{32}(?::[0-9a-f]{32})?(?=@[A-Za-z0-9.:-]{1,255}\/)/g;
const URL_PASSWORD = /(:\/\/[^\s:@/?#"'`<>[]{0,256}:)([^\s/?#"'`<>]{1,1024})@/g;
const QUERY_PASSWORD = /([?&;](?:password|passwd|pwd)=)([^\s&;"'<>]{1,1024})/gi;
/** `--user name:password` of curl. */
const CURL_USER = /(\bcurl\b[^\n]{0,256}?\s(?:-u|--user)[ =]?["']?[^\s:"']{1,128}:)([^\s"']{3,256})/g;

const MARK = hidden('url-password');

/** Passwords in the authority or the query of a URL. A text without `@` is only looked at when it says password. */
export const urlPassword: Detector = {
  keywords: assigned('password', 'passwd', 'pwd'),
  byMark: true,
  redact: (text) =>
    text.includes('://')
      ? text
          .replace(SENTRY_DSN, `$1${hidden('sentry-dsn')}`)
          .replace(URL_PASSWORD, (whole, before: string, value: string) =>
            value.includes('[redacted:') ? whole : `${before}${MARK}@`,
          )
          .replace(QUERY_PASSWORD, `$1${MARK}`)
      : text,
};

export const curlPassword: Detector = {
  keywords: exact('curl '),
  redact: (text) =>
    text.replace(CURL_USER, (whole, before: string, value: string) =>
      value.startsWith('[redacted:') ? whole : before + hidden('password'),
    ),
};
