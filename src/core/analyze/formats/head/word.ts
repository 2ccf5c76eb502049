import type { Level } from '../../../model/log-line.ts';
import { levelOfWord, NO_WORD } from '../../level-word.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const COMMA = 0x2c;
const DASH = 0x2d;

/** How the letters of a word are written. */
export function caseOf(bytes: Uint8Array, start: number, end: number): 'upper' | 'lower' | 'capital' {
  let lower = 0;
  let upper = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x61 && byte <= 0x7a) lower++;
    else if (byte >= 0x41 && byte <= 0x5a) upper++;
  }
  return lower === 0 ? 'upper' : upper === 0 ? 'lower' : 'capital';
}

/** The level of `bytes[start, end)` when it is a level word in capitals, else {@link NO_WORD}. */
export function levelOfCapitals(bytes: Uint8Array, start: number, end: number): Level | typeof NO_WORD {
  const level = levelOfWord(bytes, start, end);
  return level !== NO_WORD && caseOf(bytes, start, end) === 'upper' ? level : NO_WORD;
}

const DATE_WORDS = new Set(
  'jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun'
    .split(' ')
    .map((word) => packed(Buffer.from(word), 0)),
);
const ZONES = new Set(
  'utc gmt cet est pst edt pdt cst cdt mst mdt msk jst ist bst eet wet cest eest west aest aedt am pm z'.split(' '),
);

/** Whether the word is the name of a month or of a day of the week. */
export function isDateWord(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 3 && DATE_WORDS.has(packed(bytes, start));
}

/** Whether the word is a time zone, or AM or PM. */
export function isZone(bytes: Buffer, start: number, end: number): boolean {
  return end - start <= 4 && ZONES.has(bytes.toString('latin1', start, end).toLowerCase());
}

/** Words that only mean a level before a colon: the same words begin sentences and exceptions. */
const BEFORE_COLON =
  /^(?:trace|trce|debug[1-3]?|dbug|info|information|notice|warn|warning|error|fatal|crit|critical|emerg|verbose|Trace|Debug|Info|Notice|Warning|Warn|Fatal)$/;

/** Whether the word means a level before a colon; outside of syslog `panic:` and `Error:` begin what programs write when they crash. */
export function isLevelBeforeColon(bytes: Buffer, start: number, end: number, isSyslog: boolean): boolean {
  const word = bytes.toString('latin1', start, end);
  return BEFORE_COLON.test(word) || (isSyslog && /^(?:panic|Panic|Error)$/.test(word));
}

/** Words that are hardly ever the first of a sentence, so that a level needs no mark behind it. */
export function isShortLevel(bytes: Buffer, start: number, end: number): boolean {
  return /^(?:info|inf|warn|wrn|dbg)$/.test(bytes.toString('latin1', start, end));
}

/** Longer words are no part of a head. */
const MAX_WORD = 120;

/** The position behind the word that begins at `start`, or -1 when it is too long for a head. */
export function wordEnd(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + MAX_WORD);
  for (let i = start; i < limit; i++) {
    const byte = bytes[i] ?? 0;
    if (byte <= SPACE || byte === 0x7c || byte === 0x5b || byte === 0x5d || byte === COLON) return i;
    if (byte === 0x28 || byte === COMMA || byte === 0x22 || byte === 0x21) return i;
    if (byte === SEMICOLON || byte === 0x3e || byte === 0x5c) return i;
  }
  return limit === end ? limit : -1;
}

/** The position behind the number or time that begins at `start`; in `14:00:00.123:INFO:` and `14:00:00;INFO;` the level is no part of it. */
export function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  let position = start + 1;
  for (; position < end; position++) {
    const byte = bytes[position];
    if (byte === SPACE || byte === 0x09 || byte === 0x7c || byte === 0x5b || byte === 0x22) break;
    if ((byte === COLON || byte === COMMA || byte === SEMICOLON) && position - start >= 5) {
      const next = bytes[position + 1];
      if (position + 1 < end && (isLetter(next) || next === 0x22)) break;
    }
  }
  return position;
}

/** Whether the number `bytes[start, end)` is a date, a time of day, or, first in the line, the seconds or milliseconds since the epoch. */
export function isTimeNumber(bytes: Uint8Array, start: number, end: number, isFirst: boolean): boolean {
  const length = end - start;
  if (isFirst && (length === 10 || length === 13)) return true;
  for (let i = start + 1; length >= 5 && i < end; i++) {
    const byte = bytes[i];
    if (byte === COLON || byte === DASH || byte === 0x2f || byte === 0x2e) return true;
  }
  return false;
}

/** Whether the byte may stand between the head and the message. */
export function isSeparatorByte(byte: number | undefined): boolean {
  return (
    byte === SPACE || byte === 0x09 || byte === 0x7c || byte === DASH || byte === COLON || byte === COMMA || byte === SEMICOLON
  );
}

/** Whether a blank, a dash or the end of the line is at `position`. */
export function isBlankOrDash(bytes: Uint8Array, position: number, end: number): boolean {
  const byte = bytes[position];
  return byte === SPACE || byte === 0x09 || byte === DASH || position >= end;
}

/** Whether the dash at `position` stands between fields: alone, or in logback's `|-`. */
export function isSeparator(bytes: Uint8Array, position: number, end: number): boolean {
  return bytes[position - 1] === 0x7c || isBlankOrDash(bytes, position + 1, end);
}

/** Whether one of three bytes that points on stands there: `-> `, or KrakenD's `▶`. */
export function isArrow(bytes: Uint8Array, position: number, end: number): boolean {
  return beginsWith(bytes, position, end, '-> ') || beginsWith(bytes, position, end, '\xe2\x96\xb6');
}

/** Whether `bytes[position, end)` begins with `text`. */
export function beginsWith(bytes: Uint8Array, position: number, end: number, text: string): boolean {
  if (position < 0 || position + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (bytes[position + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The position of the first byte that is no blank. */
export function skipBlanks(bytes: Uint8Array, position: number, end: number): number {
  let i = position;
  while (i < end && (bytes[i] === SPACE || bytes[i] === 0x09)) i++;
  return i;
}

/** The position of a byte in `bytes[start, end)`, or -1: cheaper than a view for the few bytes of a word. */
export function indexOfByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === byte) return i;
  return -1;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

export function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

function packed(bytes: Uint8Array, start: number): number {
  return (((bytes[start] ?? 0) | 0x20) << 16) | (((bytes[start + 1] ?? 0) | 0x20) << 8) | ((bytes[start + 2] ?? 0) | 0x20);
}
