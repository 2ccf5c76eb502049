import { levelOfWord, NO_WORD } from '../level-word.ts';
import { DIGITS, emptyFacts, type Facts, type Format, LETTERS, noStatusBehind } from './format.ts';
import { levelBehindPrefix } from './head/postgresql.ts';
import { caseOf, indexOfByte } from './head/word.ts';
import { KEY, keyKind } from './json/key.ts';
import { closingQuote, wholeNumber } from './json/scan.ts';
import { isPlace } from './json/status.ts';
import { statusOfMessage } from './request-line.ts';

const SPACE = 0x20;
const COMMA = 0x2c;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** What keys are written with. */
const IN_KEY = new Uint8Array(256);
for (const byte of Buffer.from(`${DIGITS}${LETTERS}_.-@/`, 'latin1')) IN_KEY[byte] = 1;

/** Whether anything closes in the rest of the line that is read. Where none does, none does later: to look behind each key takes the square of a line. */
const closes = { quotes: true, apostrophes: true };

/** `key=value key="quoted value"` from the first byte on; what stands between quotes is data. */
export const logfmt: Format = {
  name: 'logfmt',
  description: 'logfmt: Grafana, Loki, Prometheus, logrus, go-kit, slog text, log15, lograge',
  first: LETTERS,
  parse(bytes, start, end, facts) {
    const equals = keyEnd(bytes, start, end);
    if (equals === -1) return false;
    const behind = mayBePrefix(bytes, start, equals) ? levelBehindPrefix(bytes, start, end) : null;
    if (behind !== null) {
      facts.level = behind.level;
      facts.status = 0;
      return true;
    }
    readPairs(bytes, start, end, facts);
    return facts.level !== 0 || facts.status !== 0;
  },
};

/** Whether the first key may be that of a `log_line_prefix` of PostgreSQL: `user=app,db=shop LOG:  `; pairs may stand in what it tells. */
function mayBePrefix(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= 8 && IN_PREFIX.includes(bytes[start] ?? 0);
}

/** How such keys begin: user, db, app, client, host, pid. */
const IN_PREFIX = Buffer.from('udachp', 'latin1');

/** The status of the request that the pairs of `bytes[start, end)` record, else 0. Words between the pairs are skipped. */
export function statusOfPairs(bytes: Buffer, start: number, end: number): number {
  const facts = emptyFacts(true);
  closes.quotes = true;
  readPairs(bytes, nextKey(bytes, start, end), end, facts);
  return facts.status;
}

function readPairs(bytes: Buffer, start: number, end: number, facts: Facts): void {
  let key = start;
  let position = keyEnd(bytes, start, end);
  let level = 0;
  let status = 0;
  let maybeStatus = 0;
  let isRequest = false;
  let said = -1;
  const mayHaveStatus = facts.mayHaveStatus;
  closes.quotes = true;
  closes.apostrophes = true;
  while (position !== -1) {
    const value = position + 1;
    const behind = valueEnd(bytes, value, end);
    const last = behind > value && bytes[behind - 1] === COMMA ? behind - 1 : behind; // Echo's `method=GET, status=200`
    switch (keyKind(bytes, key, position)) {
      case KEY.level:
      case KEY.levelName:
      case KEY.prio:
        if (level === 0 && !(key === start && behind === end) && !isEnvironment(bytes, key, position))
          level = Math.max(0, levelOfValue(bytes, value, last));
        break;
      case KEY.status:
        status = wholeNumber(bytes, value, last);
        break;
      case KEY.maybeStatus:
      case KEY.answer:
        maybeStatus = Math.max(maybeStatus, wholeNumber(bytes, value, last));
        break;
      case KEY.request:
        isRequest = true;
        break;
      case KEY.place:
        if (isPlace(bytes, value, last)) isRequest = true;
        break;
      case KEY.message:
        if (mayHaveStatus && said === -1) said = statusOfQuoted(bytes, value, last);
        break;
      default:
    }
    if (level !== 0 && !mayHaveStatus) {
      // The blank behind the value belongs to it: a longer word would be another.
      facts.head = behind < end ? behind + 1 : -1;
      facts.anyDigits = true;
      facts.statusBehind = noStatusBehind;
      break;
    }
    key = nextKey(bytes, behind, end);
    position = keyEnd(bytes, key, end);
  }
  if (status <= 0 && isRequest) status = maybeStatus;
  if (status <= 0) status = said;
  facts.level = level as typeof facts.level; // 0, or what levelOfWord answered
  facts.status = status >= 100 && status <= 599 ? status : 0;
}

/** Whether the key is the name of an environment variable: `LOG_LEVEL=debug` is an echoed setting, as is a pair that stands alone. */
function isEnvironment(bytes: Uint8Array, start: number, end: number): boolean {
  return isCapital(bytes[start]) && indexOfByte(bytes, 0x5f, start, end) !== -1 && caseOf(bytes, start, end) === 'upper';
}

function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}

/** The position of the `=` behind the key that begins at `position`, or -1 when no key does. */
function keyEnd(bytes: Uint8Array, position: number, end: number): number {
  const limit = Math.min(end, position + 64);
  for (let i = position; i < limit; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x3d) return i === position ? -1 : i;
    if (IN_KEY[byte] === 0) return -1;
  }
  return -1;
}

function valueEnd(bytes: Uint8Array, position: number, end: number): number {
  if (bytes[position] === QUOTE) {
    const quote = closingQuote(bytes, position + 1, end);
    return quote === -1 ? end : quote + 1;
  }
  if (bytes[position] === APOSTROPHE && closes.apostrophes) {
    const apostrophe = closingApostrophe(bytes, position + 1, end);
    if (apostrophe !== -1) return apostrophe + 1;
    closes.apostrophes = false;
  }
  let i = position;
  while (i < end && bytes[i] !== SPACE) i++;
  return i;
}

/** The position of the apostrophe that ends what Python prints between two, or -1. */
function closingApostrophe(bytes: Uint8Array, position: number, end: number): number {
  for (let i = position; i < end; i++)
    if (bytes[i] === APOSTROPHE && (i + 1 === end || bytes[i + 1] === SPACE) && bytes[i - 1] !== 0x5c) return i;
  return -1;
}

/** Words without `=` are skipped: some loggers write a bare flag or an unquoted message. */
function nextKey(bytes: Uint8Array, position: number, end: number): number {
  let key = position;
  while (key < end) {
    while (key < end && bytes[key] === SPACE) key++;
    if (keyEnd(bytes, key, end) !== -1) return key;
    while (key < end && bytes[key] !== SPACE) {
      if (bytes[key] === QUOTE && closes.quotes) {
        const quote = closingQuote(bytes, key + 1, end);
        closes.quotes = quote !== -1;
        if (closes.quotes) key = quote;
      }
      key++;
    }
  }
  return end;
}

/** The status of a message in quotes that is a request line; else 0. */
function statusOfQuoted(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== 0x22) return 0;
  return statusOfMessage(bytes.toString('latin1', start + 1, Math.min(end - 1, start + 2048)).replaceAll('\\"', '"'));
}

function levelOfValue(bytes: Uint8Array, start: number, end: number): number {
  const quoted = bytes[start] === QUOTE || bytes[start] === APOSTROPHE ? 1 : 0;
  const level = levelOfWord(bytes, start + quoted, end - quoted);
  return level === NO_WORD ? 0 : level;
}
