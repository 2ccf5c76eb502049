import type { Level } from '../../../model/log-line.ts';
import { levelOfWord, NO_WORD } from '../../level-word.ts';
import { KEY, keyKind } from '../json/key.ts';
import { type HeadCursor, ON, type Verdict } from './cursor.ts';
import { readLetter } from './letter.ts';
import { isBeforeTime, isInList, isMarkedLevel } from './marked.ts';
import {
  isBeforeLevel,
  isBeforeProgram,
  isField,
  isName,
  isNameBeforeHead,
  isProgramName,
  isTraceAgent,
  levelInName,
  prefixEnd,
} from './name.ts';
import { behindPid, behindProcess, behindSource, levelOfProgram } from './program.ts';
import {
  beginsWith,
  caseOf,
  indexOfByte,
  isDateWord,
  isDigit,
  isLetter,
  isZone,
  numberEnd,
  skipBlanks,
  wordEnd,
} from './word.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const PIPE = 0x7c;
const COMMA = 0x2c;
const OPEN = 0x5b;
const DASH = 0x2d;
const TRACE = 1;
/** Host, process, thread or logger names that may stand before the level. */
const MAX_NAMES = 2;

/** A token that begins with a letter: the level, a date's word, a name in front of the level, or the message. */
export function readWord(head: HeadCursor): Verdict {
  const start = head.position;
  if (head.bytes[start + 1] === 0x2f) {
    const tagged = readLoneLetter(head, start); // logcat's `I/Tag: `
    if (tagged !== 0) return tagged;
  }
  const end = wordEnd(head.bytes, start, head.end);
  if (end === -1) return 0;
  if (end - start === 1) {
    if (head.hasTime && head.bytes[end] === COLON && isDigit(head.bytes[end + 1]))
      return head.passed(numberEnd(head.bytes, end + 1, head.end), 'number'); // Kodi's thread: `T:31`
    return readLoneLetter(head, start);
  }
  const level = levelOfWord(head.bytes, start, end);
  if (level === TRACE && head.bytes[start - 2] === PIPE) {
    head.isDecided = false;
    if (isTraceAgent(head.bytes, end, head.end)) return head.passed(end, 'name');
  }
  if (level !== NO_WORD && isLevelPlace(head, start, end)) return head.found(end, level);
  if ((head.isSyslog && head.names > 0) || (head.behindBracket && head.tokens === 1)) {
    const wrapped = head.readWrapped();
    if (wrapped !== 0) return wrapped;
  }
  if (isDateWord(head.bytes, start, end)) {
    head.hasTime = true;
    head.isSyslog = head.tokens === 0;
    return head.passed(end, 'time');
  }
  if (head.behindTime && isZone(head.bytes, start, end)) {
    head.prefixStart = end;
    return head.passed(end, 'time');
  }
  if (head.behindTime && head.bytes[start + 3] === DASH && isZone(head.bytes, start, start + 3)) head.prefixStart = start; // PostgreSQL's `UTC-65a1.3d-LOG:  `
  if (level !== NO_WORD && head.bytes[start - 1] !== PIPE)
    return head.tokens === 0 ? (Math.max(0, ownLevelOfName(head, start, end)) as Level) : 0; // a Level once NO_WORD is 0
  return readName(head, start, end);
}

/** Whether a level word at `[start, end)` stands where heads have their level. */
function isLevelPlace(head: HeadCursor, start: number, end: number): boolean {
  const bytes = head.bytes;
  const next = end < head.end ? bytes[end] : SPACE;
  const spelling = caseOf(bytes, start, end);
  const isPlaced = head.tokens === 0 || head.hasTime || head.behindBracket || head.separators.isMarked;
  if (!isPlaced) return next === COLON && (head.behindProgram || (spelling === 'upper' && isBehindMarkedToken(head, start)));
  if (next === COMMA && head.tokens === 0) {
    head.isDecided = false;
    return spelling === 'upper' && isBeforeTime(bytes, start, end + 2, head.end);
  }
  if (next === COMMA) return isInList(bytes, start, spelling === 'upper' || head.behindTime, head.names === 0);
  if (spelling === 'upper') return next !== 0x28 && next !== 0x22 && next !== 0x21;
  head.isDecided = false;
  return isMarkedLevel(bytes, start, end, {
    end: head.end,
    spelling,
    isFirst: head.tokens === 0,
    isSyslog: head.isSyslog,
    hasTime: head.hasTime,
    behindTime: head.behindTime,
    behindNumber: head.behindNumber,
    behindBracket: head.behindBracket,
    behindSeparator: head.separators.isMarked,
    behindTab: head.separators.hasTab,
  });
}

/** `name:INFO: ` (Python); behind nothing but numbers Kamailio's `0(12) INFO: ` and coturn's `5: : ERROR: `. */
function isBehindMarkedToken(head: HeadCursor, start: number): boolean {
  const before = head.bytes[start - 2];
  return head.bytes[start - 1] === COLON || (head.numbers === head.tokens && (before === 0x29 || before === COLON));
}

/** A word that is no level: a name in front of the level, or the first word of the message. */
export function readName(head: HeadCursor, start: number, end: number): Verdict {
  if (end === -1) return 0;
  const own = ownLevelOfName(head, start, end);
  if (own !== NO_WORD) return head.found(end, own);
  const mayBeProcess = head.tokens === 1 && head.bytes[end] === COLON && isDigit(head.bytes[end + 1]);
  const process = mayBeProcess ? readProcess(head, end) : 0;
  if (process !== 0) return process;
  if (!head.hasTime && !head.behindBracket) return readProgram(head, start, end);
  const equals = indexOfByte(head.bytes, 0x3d, start, end);
  if (equals > start) return readPair(head, start, equals, end);
  if (!isField(head.bytes, start, end) && (++head.names > MAX_NAMES || !isNameHere(head, start, end))) return 0;
  return head.passed(end, 'name');
}

function readPair(head: HeadCursor, start: number, equals: number, end: number): Verdict {
  if (head.firstPair === -1) head.firstPair = start;
  const kind = keyKind(head.bytes, start, equals);
  const level = kind === KEY.level && end < head.end ? levelOfWord(head.bytes, equals + 1, end) : NO_WORD;
  if (level !== NO_WORD) return head.found(end, level);
  const wrapped = kind === KEY.message && head.hasTime ? head.readWrapped() : 0; // PowerDNS' `Nov 21 14:00:00 msg="..." prio="Info"`
  const isProcess = head.bytes[end] === 0x3e; // Elixir's `pid=<0.512.0>`
  return wrapped === 0 ? head.passed(isProcess ? end + 1 : end, 'name') : wrapped;
}

function isNameHere(head: HeadCursor, start: number, end: number): boolean {
  if (isName(head.bytes, start, end, head.end) || (head.isSyslog && head.names === 1)) return true;
  if (!head.hasTime) return false;
  return isBeforeLevel(head.bytes, start, end, head.end) || isBeforeProgram(head.bytes, end, head.end);
}

/** `nginx: [warn] ...`, `psql: error: ...`: a program's name first in the line, which only a marked level may follow. */
function readProgram(head: HeadCursor, start: number, end: number): Verdict {
  const next = head.bytes[end];
  if (head.tokens > 0) return 0;
  if (next === OPEN) return readPid(head, end);
  if (next === COLON && beginsWith(head.bytes, start, head.end, 'psql:') && head.bytes[end + 1] !== SPACE)
    head.prefixStart = start; // `psql:/init.sql:3: ERROR:  `
  if (next !== SPACE && next !== COLON) return 0;
  if (next === COLON && isDigit(head.bytes[end + 1])) return readProcess(head, end);
  const beforeTime = next === COLON && isLetter(head.bytes[end + 1]) ? levelBeforeTime(head, end + 1) : 0;
  if (beforeTime !== 0) return beforeTime;
  const behindPrefix = prefixEnd(head.bytes, start, end, head.end);
  if (behindPrefix !== -1) return restart(head, behindPrefix);
  const isProgram = isProgramName(head.bytes, start, end, head.end);
  if (!isProgram && !isNameBeforeHead(head.bytes, end, head.end)) return 0;
  head.passed(end, 'name');
  head.behindProgram = isProgram;
  return ON;
}

/** A program and its process in front of a marked level: `keepalived[12]: warning: `. */
function readPid(head: HeadCursor, nameEnd: number): Verdict {
  const behind = behindPid(head.bytes, head.position, nameEnd, head.end);
  if (behind === -1) return 0;
  head.passed(behind, 'name');
  head.behindProgram = true;
  return ON;
}

/** NCCL's `host:12:34 [0] NCCL INFO `, whose host is a name, and Go's `main.go:12: [debug] `. */
function readProcess(head: HeadCursor, nameEnd: number): Verdict {
  const line = behindSource(head.bytes, head.position, nameEnd, head.end);
  if (line !== -1) return restart(head, line);
  const behind = behindProcess(head.bytes, nameEnd, head.end);
  const last = behind === -1 ? -1 : wordEnd(head.bytes, behind, head.end);
  return last === -1 ? 0 : head.found(last, Math.max(0, levelOfWord(head.bytes, behind, last)) as Level); // a Level once NO_WORD is 0
}

/** The level in Zigbee2MQTT's `Zigbee2MQTT:info  2026-11-21 14:00:00: `. */
function levelBeforeTime(head: HeadCursor, start: number): Level {
  const end = wordEnd(head.bytes, start, head.end);
  const level = end === -1 ? NO_WORD : levelOfWord(head.bytes, start, end);
  if (level === NO_WORD || !isBeforeTime(head.bytes, start, skipBlanks(head.bytes, end, head.end), head.end)) return 0;
  head.isDecided = false;
  return head.found(end, level);
}

/** What is behind a prefix is a line of its own. */
function restart(head: HeadCursor, position: number): Verdict {
  head.position = position;
  head.tokens = -1;
  return head.readWrapped() || ON;
}

function ownLevelOfName(head: HeadCursor, start: number, end: number): Level | typeof NO_WORD {
  const place = { isFirst: head.tokens === 0, hasTime: head.hasTime, behindBracket: head.behindBracket };
  const own = levelInName(head.bytes, start, end, place.behindBracket && place.hasTime);
  if (own !== NO_WORD) return own;
  const program = levelOfProgram(head.bytes, start, head.end, place);
  if (program !== NO_WORD) head.isDecided = false;
  return program;
}

function readLoneLetter(head: HeadCursor, start: number): Level {
  head.isDecided = false;
  const place = {
    isFirst: head.tokens === 0,
    hasTime: head.hasTime,
    numbers: head.numbers,
    behindSeparator: head.separators.isMarked,
    behindTab: head.separators.hasTab,
  };
  const found = readLetter(head.bytes, start, head.end, place);
  return found === null ? 0 : head.found(found.messageStart, found.level);
}
