import { DIGITS, type Format, LETTERS } from './format.ts';
import { readHead } from './head/head.ts';
import { isDigit, isLetter } from './head/word.ts';
import { closingQuote } from './json/scan.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const DASH = 0x2d;
const SLASH = 0x2f;
/** How far into the line the date may begin: behind a virtual host, an address and a user. */
const DATE_WITHIN = 200;

/** In front of a date no quote, brace or equals sign stands, and a bracket may begin it. */
const STOPS = new Uint8Array(256);
for (const byte of Buffer.from('"{=[', 'latin1')) STOPS[byte] = 1;

/**
 * `address - user [21/Nov/2026:14:00:00 +0000] "GET / HTTP/1.1" 200 123 ...`, with anything in front of the date; HAProxy's
 * `[date] frontend backend/server 0/0/1/2/3 200 123`; the status before the request.
 */
export const accessLog: Format = {
  name: 'access-log',
  description: 'access logs, common and combined: nginx, Apache, Traefik, Tomcat, Jetty, HAProxy, Django, werkzeug',
  first: `${DIGITS}${LETTERS}-:[`,
  isRuledOut: beginsWithDate,
  parse(bytes, start, end, facts) {
    if (beginsWithDate(bytes, start)) return false;
    const close = dateEnd(bytes, start, end);
    if (close === -1) return false;
    const status = statusBehind(bytes, close, end);
    if (status === -1) return false;
    facts.level = isLetter(bytes[start]) ? readHead(bytes, start, openBefore(bytes, start, close)).level : 0;
    facts.status = status;
    if (!isLetter(bytes[start])) {
      facts.head = close;
      facts.anyDigits = true;
      facts.statusBehind = statusBehind;
    }
    return true;
  },
};

/** Where the date's bracket opens. What stands in front of it may be the head of a logger with a level: `INFO:werkzeug:10.0.0.1 - - [`. */
function openBefore(bytes: Buffer, start: number, close: number): number {
  let open = close;
  while (open > start && bytes[open] !== 0x5b) open--;
  return open;
}

/** A date of another form, in brackets or not: the quick way out for most text lines. */
function beginsWithDate(bytes: Buffer, start: number): boolean {
  const year = bytes[start] === 0x5b ? start + 1 : start;
  const fourth = bytes[year + 4];
  return isDigit(bytes[year]) && isDigit(bytes[year + 3]) && (fourth === DASH || fourth === SLASH);
}

/** The position behind `[21/Nov/2026:14:00:00 +0000] `, or -1. */
function dateEnd(bytes: Buffer, start: number, end: number): number {
  const limit = Math.min(end - 22, start + DATE_WITHIN);
  let open = start;
  for (; open < limit; open++) {
    if (STOPS[bytes[open] ?? 0] === 0) continue;
    if (bytes[open] !== 0x5b) return -1;
    if (bytes[open + 3] === SLASH && bytes[open + 7] === SLASH) break;
  }
  if (open >= limit || !isDigit(bytes[open + 1])) return -1;
  for (let i = open + 21; i < Math.min(end - 1, open + 40); i++) {
    if (bytes[i] === 0x5d) return bytes[i + 1] === SPACE ? i + 2 : -1;
  }
  return -1;
}

/** The status, 0 when the line has none of a client's request, -1 when the line is no access log. */
function statusBehind(bytes: Buffer, position: number, end: number): number {
  if (bytes[position] === QUOTE) {
    const quote = closingQuote(bytes, position + 1, end);
    if (quote === -1) return -1;
    return quote >= end ? -1 : statusAt(bytes, quote + 2, end);
  }
  if (isDigit(bytes[position])) return bytes[position + 4] === QUOTE ? statusAt(bytes, position, end) : -1;
  return haproxyStatus(bytes, position, end);
}

function haproxyStatus(bytes: Buffer, position: number, end: number): number {
  const backend = nextField(bytes, position, end);
  const timers = nextField(bytes, backend, end);
  const status = nextField(bytes, timers, end);
  if (status >= end) return -1;
  let slashes = 0;
  for (let i = timers; i < status; i++) if (bytes[i] === SLASH) slashes++;
  return slashes === 4 ? statusAt(bytes, status, end) : -1;
}

function nextField(bytes: Buffer, position: number, end: number): number {
  let i = position;
  while (i < end && bytes[i] !== SPACE) i++;
  return i + 1;
}

/** The three digits at `position` when they are a status, else 0. */
export function statusAt(bytes: Uint8Array, position: number, end: number): number {
  if (position + 3 > end) return 0;
  const behind = position + 3 < end ? bytes[position + 3] : SPACE;
  if (behind !== SPACE && behind !== 0x2c && behind !== 0x29 && behind !== 0x09) return 0;
  let status = 0;
  for (let i = position; i < position + 3; i++) {
    if (!isDigit(bytes[i])) return 0;
    status = status * 10 + (bytes[i] ?? 0) - 48;
  }
  return status >= 100 && status <= 599 ? status : 0;
}
