import { NO_WORD } from '../../level-word.ts';
import {
  beginsWith,
  indexOfByte,
  isBlankOrDash,
  isLetter,
  isLevelBeforeColon,
  isShortLevel,
  levelOfCapitals,
  skipBlanks,
  wordEnd,
} from './word.ts';

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const PIPE = 0x7c;
const DASH = 0x2d;
const SEMICOLON = 0x3b;
const COMMA = 0x2c;

/** What stands around a word in the head. */
interface Place {
  /** Of the line. */
  readonly end: number;
  readonly spelling: 'lower' | 'capital';
  readonly isFirst: boolean;
  readonly isSyslog: boolean;
  readonly hasTime: boolean;
  readonly behindTime: boolean;
  readonly behindNumber: boolean;
  readonly behindBracket: boolean;
  readonly behindSeparator: boolean;
  readonly behindTab: boolean;
}

/** Whether a level word in front of a comma is a field of a list: `,INFO,`, and Sysdig's `, Information, ` behind its numbers. */
export function isInList(bytes: Uint8Array, start: number, isAnyCase: boolean, behindNumbers: boolean): boolean {
  return bytes[start - 1] === COMMA ? isAnyCase : behindNumbers && bytes[start - 2] === COMMA;
}

/** Whether a level word `[start, end)` that is not in capitals, and so may be a word of the message, is marked as the level by what stands around it. */
export function isMarkedLevel(bytes: Buffer, start: number, end: number, place: Place): boolean {
  const next = end < place.end ? bytes[end] : SPACE;
  if (next === COLON && isBlankOrDash(bytes, end + 1, place.end) && isLevelBeforeColon(bytes, start, end, place.isSyslog))
    return true;
  if (next === 0x28 && place.isFirst) return SCOPE.test(bytes.toString('latin1', end, Math.min(place.end, end + 60)));
  const following = skipBlanks(bytes, end, place.end);
  const isDashed = bytes[following] === DASH && isBlankOrDash(bytes, following + 1, place.end);
  if (place.isFirst) {
    if (next === TAB && place.spelling === 'lower' && isLetter(bytes[following])) return true; // zap without a time
    return (isDashed && place.spelling === 'lower') || isBeforeTime(bytes, start, following, place.end); // Next.js: `error - ...`
  }
  if (place.behindBracket && bytes[following] === 0x40) return isBeforeTime(bytes, start, following + 1, place.end); // Dancer's `error @2026-11-21 14:00:00> `
  if (place.behindBracket && next === SPACE && beginsWith(bytes, start, place.end, 'fatal error: ')) return true; // unbound
  if (!place.hasTime) return false;
  if (next === COLON && BEFORE.test(bytes.toString('latin1', Math.max(0, start - 17), start))) return true;
  if (next === SPACE && (place.behindTime || place.behindNumber) && beginsWith(bytes, following, place.end, ': ')) return true; // MaxScale pads: `notice : `
  if (next === SPACE && NUMBERED.test(bytes.toString('latin1', start, Math.min(place.end, start + 12)))) return true;
  if (next === TAB && (place.behindTab || place.behindTime)) return true;
  if (isDashed) return place.behindSeparator;
  if (bytes[following] === PIPE) return place.behindSeparator && !isBeforeLevelInPipes(bytes, following + 1, place.end);
  if (bytes[start - 1] === SEMICOLON && next === SEMICOLON) return true;
  if (next !== SPACE) return false;
  if (isSource(bytes, following, place.end)) return place.behindTime || place.behindBracket; // Factorio: `0.123 Info Main.cpp:12: `
  if (place.spelling === 'lower' && (place.behindTime || place.behindBracket) && bytes[following] === 0x5b) return true; // Dynatrace, Odyssey
  if (place.spelling === 'capital')
    return place.behindTime && (isBehindNanoseconds(bytes, start) || isBeforeLogger(bytes, start, place.end));
  return isSwiftLabel(bytes, following, place.end) || (place.behindTime && isShortLevel(bytes, start, end));
}

/** What shows that even `Error:` is a level: FreeRADIUS' ` : Error: `, and Privoxy's thread. */
const BEFORE = /(?: : | [\da-f]{8,16} )$/;

/** Zig: `warning(http): `. */
const SCOPE = /^\([a-z_][\w.]*\): /;

/** BIND: `debug 3: `. */
const NUMBERED = /^debug \d{1,2}: /;

/** Whether a date or a time of day is at `following`, behind the first word of a line, as in Mattermost's `info  [2026-11-21 14:00:00.123 Z] `. */
export function isBeforeTime(bytes: Buffer, start: number, following: number, end: number): boolean {
  const text = bytes.toString('latin1', following, Math.min(end, following + 64));
  return BEFORE_DATE.test(text) && !(bytes[start] === 0x64 && CEPH.test(text));
}

const BEFORE_DATE = /^(?:: (?=\d{4}\/\d\d\/\d\d \d\d:)|\| ?|- )?\[?(?:\d{4}[-/]\d\d[-/]\d\d[ T]|\d\d:\d\d:\d\d)/;
/** Ceph's daemons begin all lines with `debug`. */
const CEPH = /^\S+[+-]\d{4} [\da-f]{4,16} +-?\d+ /;

/** Open vSwitch: `|00012|error|INFO|`, where the first word is a module. */
function isBeforeLevelInPipes(bytes: Buffer, position: number, end: number): boolean {
  const word = skipBlanks(bytes, position, end);
  const last = indexOfByte(bytes, PIPE, word, Math.min(end, word + 12));
  return last !== -1 && levelOfCapitals(bytes, word, last) !== NO_WORD;
}

/** Falco: `14:00:00.123456789: Warning Shell spawned`. */
function isBehindNanoseconds(bytes: Buffer, start: number): boolean {
  return NANOSECONDS.test(bytes.toString('latin1', Math.max(0, start - 21), start));
}

const NANOSECONDS = /\d\d:\d\d:\d\d\.\d{9}: $/;

/** Emby's `Info App: ` and `Error HttpServer: `; `Error Code: ` is a message. */
function isBeforeLogger(bytes: Buffer, start: number, end: number): boolean {
  return LOGGER.test(bytes.toString('latin1', start, Math.min(end, start + 60)));
}

const LOGGER = /^(?:(?:Debug|Info|Warn) [A-Z]\w*|(?:Error|Fatal) (?:App|[A-Z][a-z]+[A-Z]\w*)): /;

/** Whether a source file and its line stand at `position`. */
function isSource(bytes: Buffer, position: number, end: number): boolean {
  return SOURCE.test(bytes.toString('latin1', position, Math.min(end, position + 80)));
}

const SOURCE = /^[\w./-]+\.[a-z]{1,4}:\d+:? /;

/** swift-log: `2026-11-21T14:00:00+0000 info label.of.logger : message`, and `info label: [Source] message`. */
function isSwiftLabel(bytes: Buffer, position: number, lineEnd: number): boolean {
  const end = wordEnd(bytes, position, lineEnd);
  return end !== -1 && (beginsWith(bytes, end, lineEnd, ' : ') || beginsWith(bytes, end, lineEnd, ': ['));
}
