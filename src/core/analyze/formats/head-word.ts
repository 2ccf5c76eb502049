import type { Level } from '../../model/log-line.ts';
import { levelOfWord, NO_WORD } from '../level-word.ts';

const SPACE = 0x20;

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
  /^(?:trace|debug|info|information|notice|warn|warning|error|fatal|crit|critical|emerg|verbose|Trace|Debug|Info|Notice|Warning|Warn)$/;

export function isLevelBeforeColon(bytes: Buffer, start: number, end: number): boolean {
  return BEFORE_COLON.test(bytes.toString('latin1', start, end));
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
