import { beginsWith, isBlankOrDash, isLevelBeforeColon, isShortLevel, skipBlanks, wordEnd } from './head-word.ts';

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const PIPE = 0x7c;
const DASH = 0x2d;
const SEMICOLON = 0x3b;

/** What stands around a word in the head. */
interface Place {
  /** Of the line. */
  readonly end: number;
  readonly spelling: 'lower' | 'capital';
  readonly isFirst: boolean;
  readonly isSyslog: boolean;
  readonly hasTime: boolean;
  readonly behindTime: boolean;
  readonly behindSeparator: boolean;
  readonly behindTab: boolean;
}

/** Whether a level word `[start, end)` that is not in capitals, and so may be a word of the message, is marked as the level by what stands around it. */
export function isMarkedLevel(bytes: Buffer, start: number, end: number, place: Place): boolean {
  const next = end < place.end ? bytes[end] : SPACE;
  if (next === COLON && isBlankOrDash(bytes, end + 1, place.end)) return isLevelBeforeColon(bytes, start, end, place.isSyslog);
  const following = skipBlanks(bytes, end, place.end);
  const isDashed = bytes[following] === DASH && isBlankOrDash(bytes, following + 1, place.end);
  if (place.isFirst) return isDashed && place.spelling === 'lower'; // Next.js: `error - ...`
  if (!place.hasTime) return false;
  if (next === TAB && place.behindTab) return true;
  if (isDashed || bytes[following] === PIPE) return place.behindSeparator;
  if (bytes[start - 1] === SEMICOLON && next === SEMICOLON) return true;
  if (next !== SPACE) return false;
  if (place.spelling === 'capital') return place.behindTime && isBehindNanoseconds(bytes, start);
  return isSwiftLabel(bytes, following, place.end) || (place.behindTime && isShortLevel(bytes, start, end));
}

/** Falco: `14:00:00.123456789: Warning Shell spawned`. */
function isBehindNanoseconds(bytes: Buffer, start: number): boolean {
  return NANOSECONDS.test(bytes.toString('latin1', Math.max(0, start - 21), start));
}

const NANOSECONDS = /\d\d:\d\d:\d\d\.\d{9}: $/;

/** swift-log: `2026-11-21T14:00:00+0000 info label.of.logger : message`, and `info label: [Source] message`. */
function isSwiftLabel(bytes: Buffer, position: number, lineEnd: number): boolean {
  const end = wordEnd(bytes, position, lineEnd);
  return end !== -1 && (beginsWith(bytes, end, lineEnd, ' : ') || beginsWith(bytes, end, lineEnd, ': ['));
}
