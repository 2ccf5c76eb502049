import type { Level } from '../../../model/log-line.ts';
import { levelOfWord, NO_WORD } from '../../level-word.ts';
import { levelAlone, readAngle, readBracket } from './bracket.ts';
import { skipColour } from './colour.ts';
import { HeadCursor, ON, type Verdict } from './cursor.ts';
import { levelBehindPrefix } from './postgresql.ts';
import { juliaLevel } from './program.ts';
import { readLetterBeforeDate, readProgramPath, readSign } from './sign.ts';
import { isDigit, isLetter, isTimeNumber, numberEnd, wordEnd } from './word.ts';
import { readName, readWord } from './words.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const DASH = 0x2d;
const QUOTE = 0x22;
const OPEN = 0x5b;
const COMMA = 0x2c;
const SLASH = 0x2f;
const MAX_TOKENS = 12;
const MAX_NUMBER = 40;

/**
 * Reads the head of the text line `bytes[start, end)` token by token, until the level or the message begins. A level word counts only in a
 * place where heads have it: first in the line, behind a time, behind brackets, or between separators.
 */
export function readHead(bytes: Buffer, start: number, end: number): HeadCursor {
  const head = new HeadCursor(bytes, start, end);
  for (; head.tokens < MAX_TOKENS; head.tokens++) {
    if (head.tokens > 0) head.skipSeparators();
    const verdict = readToken(head);
    if (verdict === ON) continue;
    head.level = verdict;
    break;
  }
  const behind = head.level === 0 && head.prefixStart !== -1 ? levelBehindPrefix(bytes, head.prefixStart, end) : null;
  if (behind !== null) head.level = head.found(behind.end, behind.level);
  return head;
}

function readToken(head: HeadCursor): Verdict {
  const byte = head.bytes[head.position];
  if (head.position >= head.end || byte === undefined) return 0;
  if (isDigit(byte)) return readNumber(head);
  if (isLetter(byte)) return readWord(head);
  if (byte === OPEN) return readBrackets(head);
  if (byte === QUOTE) return readQuoted(head);
  if (byte === 0x28) return skipParentheses(head);
  if (byte === 0x7b) return head.bytes[head.position + 1] === 0x22 ? head.readWrapped() : skipTo(head, 0x7d);
  if (byte === 0x3c) return passAngle(head);
  if (byte === 0x2a && head.hasTime) return levelUntil(head, 0x2a);
  if (byte === 0x23 && isDigit(head.bytes[head.position + 1])) return readNumber(head);
  if (byte === 0xe2) return (head.tokens === 0 && readFramed(head)) || readSign(head);
  if ((byte === 0x23 || byte === COLON) && head.bytes[head.position + 1] === byte) return readSign(head);
  if (byte === SLASH && head.tokens === 0) return readProgramPath(head);
  if (byte === 0x5c || byte === 0x23 || byte === 0x5e) return passColour(head);
  if ((byte === 0x2b || byte === DASH) && isDigit(head.bytes[head.position + 1])) return readNumber(head);
  if ((byte === 0x2e || byte === 0x2f) && head.hasTime) return readPath(head);
  return 0;
}

/** Gitea's `...es/context.go:1`, and the whole path of a file of Go's `log`. */
function readPath(head: HeadCursor): Verdict {
  const end = wordEnd(head.bytes, head.position, head.end);
  const isPath = head.bytes[head.position] === 0x2e || (head.bytes[end] === COLON && isDigit(head.bytes[end + 1]));
  return isPath ? readName(head, head.position, end) : 0;
}

function readNumber(head: HeadCursor): Verdict {
  const start = head.position;
  const position = numberEnd(head.bytes, start, head.end);
  if (position - start > MAX_NUMBER) return 0;
  const isTime = isTimeNumber(head.bytes, start, position, head.tokens === 0);
  if (isTime) head.hasTime = true;
  return head.passed(position, isTime ? 'time' : 'number');
}

/** Fields of a list that begins with a time: `"2026-11-21 14:00:00","WARN","..."`. */
function readQuoted(head: HeadCursor): Verdict {
  const from = head.position + 1;
  const closing = head.closing(QUOTE);
  if (head.bytes[closing + 1] !== COMMA || closing + 1 >= head.end) return 0;
  if (head.tokens === 0) {
    head.isQuoted = head.hasTime = isTimeNumber(head.bytes, from, closing, true) && isDigit(head.bytes[from]);
  } else {
    const level = head.isQuoted ? levelOfWord(head.bytes, from, closing) : NO_WORD;
    if (level !== NO_WORD) return head.found(closing + 1, level);
  }
  return head.isQuoted ? head.passed(closing + 1, 'bracket') : 0;
}

function skipParentheses(head: HeadCursor): Verdict {
  const isLetterAlone = head.tokens === 0 && head.bytes[head.position + 2] === 0x29;
  const verdict = isLetterAlone ? readLetterBeforeDate(head) : ON;
  return verdict === ON ? skipTo(head, 0x29) : verdict;
}

function skipTo(head: HeadCursor, close: number): Verdict {
  const closing = head.closing(close);
  if (closing === -1) return 0;
  const level = close === 0x29 && !isAttached(head) ? levelUntil(head, close) : 0;
  if (level !== 0) return level;
  const isDouble = close === 0x7d && closing + 1 < head.end && head.bytes[closing + 1] === close; // Airflow's `{{file.py:12}}`
  return head.passed(closing + (isDouble ? 2 : 1), 'bracket');
}

/** Whether what begins here is part of a name, as in Dovecot's `imap(user)<812><a5/x>`. */
function isAttached(head: HeadCursor): boolean {
  const before = head.tokens === 0 ? SPACE : head.bytes[head.position - 1];
  return isLetter(before) || before === 0x29 || before === 0x3e;
}

/** The level that stands alone up to `close`, as in `(INFO)` and Sling's `*INFO*`. */
function levelUntil(head: HeadCursor, close: number): Level {
  const closing = head.closing(close);
  const level = closing === -1 ? NO_WORD : levelAlone(head.bytes, head.position + 1, closing, head.hasTime);
  return level === NO_WORD || closing + 1 >= head.end ? 0 : head.found(closing + 1, level);
}

function passColour(head: HeadCursor): Verdict {
  const behind = skipColour(head.bytes, head.position, head.end);
  if (behind === head.position) return 0;
  head.position = behind;
  head.isDecided = false;
  if (head.tokens === 0) head.tokens--; // the level may still stand first
  return ON;
}

/** Julia's `┌ Info: ` and `[ Info: `. */
function readFramed(head: HeadCursor): Verdict {
  const julia = juliaLevel(head.bytes, head.position, head.end);
  return julia === null ? 0 : head.found(julia.wordEnd, julia.level);
}

function readBrackets(head: HeadCursor): Verdict {
  if (head.tokens === 0 && head.bytes[head.position + 1] === SPACE) {
    const framed = readFramed(head);
    if (framed !== 0) return framed;
  }
  if (isDigit(head.bytes[head.position + 1]) && skipColour(head.bytes, head.position, head.end) > head.position)
    return passColour(head);
  const closing = head.closing(0x5d);
  if (closing === -1 || (head.behindProgram && closing + 1 >= head.end)) return 0;
  const isBeforeColon = closing + 1 < head.end && head.bytes[closing + 1] === COLON;
  const place = { afterTime: head.hasTime, isFirst: head.tokens === 0, isBeforeColon };
  const bracket = readBracket(head.bytes, head.position + 1, closing, place);
  if (bracket.isTime) head.hasTime = true;
  else if (head.tokens === 0 && isDigit(head.bytes[head.position + 1])) head.prefixStart = closing + 1; // `[61] LOG:  `
  const isProcess = head.bytes[closing + 1] === COLON && isDigit(head.bytes[closing - 1]); // `kubelet[812]: `
  if (head.names > 0 && head.hasTime && isProcess) head.isSyslog = true;
  head.passed(closing + 1, 'bracket');
  return bracket.level === NO_WORD ? ON : bracket.level;
}

function passAngle(head: HeadCursor): Verdict {
  const closing = head.closing(0x3e);
  if (closing === -1) return 0;
  const place = {
    afterTime: head.hasTime,
    isFirst: head.tokens === 0,
    isAttached: isAttached(head),
    isNumbered: head.numbers === head.tokens,
  };
  const angle = readAngle(head.bytes, head.position + 1, closing, head.end, place);
  if (angle === null) return 0;
  if (angle.isTime) head.hasTime = true;
  head.passed(closing + 1, 'bracket');
  return angle.level === NO_WORD ? ON : angle.level;
}
