import type { Level } from '../../../model/log-line.ts';
import { levelOfLetter, levelOfWord, NO_WORD } from '../../level-word.ts';
import { beginsWith, caseOf, indexOfByte, isDigit, isLetter, levelOfCapitals, skipBlanks } from './word.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const DASH = 0x2d;
const OPEN = 0x5b;
const PIPE = 0x7c;
const TAB = 0x09;
/** Words that begin a message, so that what follows them is no level; a host or a program is called otherwise. */
const MESSAGE_WORDS = new Set(
  (
    'the a an any all no not this that these those its with without and or of for in on at to by as is was are were be been has had have ' +
    'got get found find from received receive new unknown unexpected last first next some other more set sent send returned returns reached ' +
    'changed wrote write skip skipping ignored ignoring ignore saw see many few only found error errors warning warnings if when while after ' +
    'before because user file level line state status code type total count verify'
  ).split(' '),
);

/** Monolog's `app.ERROR:`, and behind a bracket with a time Icinga's `information/Component:` and Locust's `host/INFO/logger:`; else {@link NO_WORD}. */
export function levelInName(bytes: Buffer, start: number, end: number, isBehindTimeAndBracket: boolean): Level | typeof NO_WORD {
  if (bytes[end] === COLON) {
    let dot = end - 1;
    while (dot > start && bytes[dot] !== 0x2e) dot--;
    const own = dot > start ? levelOfCapitals(bytes, dot + 1, end) : NO_WORD;
    if (own !== NO_WORD) return own;
  }
  if (!isBehindTimeAndBracket) return NO_WORD;
  const slash = indexOfByte(bytes, 0x2f, start, end);
  if (slash <= start) return NO_WORD;
  const level = levelOfWord(bytes, start, slash);
  return level === NO_WORD ? levelOfCapitals(bytes, slash + 1, indexOfByte(bytes, 0x2f, slash + 1, end)) : level;
}

/** Datadog's `| TRACE | ERROR | (file.go:12 in Run) | `: whether the word that ends at `wordEnd` is the name of its agent for traces. */
export function isTraceAgent(bytes: Buffer, wordEnd: number, end: number): boolean {
  return /^ \| [A-Z]+ \| \(/.test(bytes.toString('latin1', wordEnd, Math.min(end, wordEnd + 20)));
}

/** Whether the word stands alone between two tabs. */
export function isField(bytes: Uint8Array, start: number, wordEnd: number): boolean {
  return bytes[start - 1] === TAB && bytes[wordEnd] === TAB;
}

/** Whether the word is written as names are: `host-1`, `a.b.C`, `file.go:1`, `name[1]`, or in front of a separator. */
export function isName(bytes: Uint8Array, start: number, wordEnd: number, end: number): boolean {
  const next = bytes[wordEnd];
  if (next === COLON || next === OPEN) return caseOf(bytes, start, wordEnd) !== 'upper';
  const following = skipBlanks(bytes, wordEnd, end);
  if (bytes[following] === PIPE || (next === 0x28 && bytes[start - 1] === PIPE)) return true;
  if (bytes[following] === DASH && (following + 1 >= end || isBlankOrDash(bytes[following + 1]))) return true;
  for (let i = start; i < wordEnd; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x2e || byte === 0x2f || byte === 0x40 || byte === 0x23 || byte === 0x5f || isDigit(byte)) return true;
  }
  return false;
}

/**
 * Whether a word without any mark may be a host, a program, a thread or a logger in front of the level: the level in capitals must follow it,
 * alone, in brackets, behind an arrow or behind a colon, or one more such word and the level.
 */
export function isBeforeLevel(bytes: Buffer, start: number, wordEnd: number, end: number): boolean {
  let word = start;
  let last = wordEnd;
  for (let words = 0; words < 2; words++) {
    if (!isPlainWord(bytes, word, last, end)) return false;
    if (bytes[last] === COLON) return isLevelBetweenColons(bytes, last, end);
    word = skipBlanks(bytes, last, end);
    if (word === last) return false;
    if (bytes[word] === OPEN || bytes[word] === 0x28 || isDigit(bytes[word]))
      return LEVEL_BEHIND.test(bytes.toString('latin1', word, Math.min(end, word + 60)));
    if (beginsWith(bytes, word, end, '-> ')) word += 3;
    if (beginsWith(bytes, word + 1, end, '> ')) return levelOfLetter(bytes[word] ?? 0) !== NO_WORD; // Tarantool's `main W> `
    if (!isLetter(bytes[word])) return false;
    last = word + 1;
    while (last < end && (isLetter(bytes[last]) || isDigit(bytes[last]) || isInWord(bytes[last]))) last++;
    if (levelOfCapitals(bytes, word, last) !== NO_WORD)
      return bytes[last] === COLON || ((bytes[last] === SPACE || bytes[last] === 0x09) && last + 1 < end);
  }
  return false;
}

/** Whether the word that ends at `wordEnd` is a host in front of a program and its process, as in rsyslog's own files: ` kubelet[812]: `. */
export function isBeforeProgram(bytes: Buffer, wordEnd: number, end: number): boolean {
  return bytes[wordEnd] === SPACE && PROGRAM.test(bytes.toString('latin1', wordEnd + 1, Math.min(end, wordEnd + 60)));
}

const PROGRAM = /^[\w./-]+\[\d{1,7}\]: /;

/** Python's `name:LEVEL: `. */
function isLevelBetweenColons(bytes: Buffer, colon: number, end: number): boolean {
  const last = indexOfByte(bytes, COLON, colon + 1, Math.min(end, colon + 10));
  return last !== -1 && levelOfCapitals(bytes, colon + 1, last) !== NO_WORD;
}

/** Storm's `main [INFO] `, Gitea's `HTTPRequest [I] `, Emissary's `diagd 3.0 [P8TMain] INFO: `, Bazarr's `root (7f1c) :  INFO (`. */
const LEVEL_BEHIND =
  /^(?:\([\w-]+\) : +(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \(|\[(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|[TDIWEFC]) *\] |\d+\.[\d.]+ \[\w+\] (?:DEBUG|INFO|WARNING|ERROR|CRITICAL): )/;

/** Whether the first word of a line is a program's name in front of a colon: in small letters, WSO2's `TID`, or with an underscore. */
export function isProgramName(bytes: Buffer, start: number, nameEnd: number, end: number): boolean {
  if (!beginsWith(bytes, nameEnd, end, ': ')) return false;
  return caseOf(bytes, start, nameEnd) === 'lower' || /^(?:TID|[A-Z]+_[A-Z_]+)$/.test(bytes.toString('latin1', start, nameEnd));
}

/** The position behind what Compose and supervisors put in front of a line (`web-1  | `, `web stdout | `); -1 where the line begins otherwise. */
export function prefixEnd(bytes: Buffer, start: number, nameEnd: number, end: number): number {
  const behind = bytes[nameEnd + 1];
  if (bytes[nameEnd] !== SPACE || (behind !== SPACE && behind !== PIPE && behind !== 0x73)) return -1; // s: stdout, stderr
  const bar = indexOfByte(bytes, PIPE, nameEnd, Math.min(end, nameEnd + 20));
  return bar !== -1 && PREFIX.test(bytes.toString('latin1', start, bar + 2)) ? bar + 2 : -1;
}

const PREFIX = /^[\w.-]+(?:[-_.]\d+ +| std(?:out|err) )\| $/;

/** Whether the head goes on behind the first word, which ends at `nameEnd` and is a name. */
export function isNameBeforeHead(bytes: Buffer, nameEnd: number, end: number): boolean {
  if (bytes[nameEnd] === COLON) return isLevelBetweenColons(bytes, nameEnd, end);
  const behind = bytes[nameEnd + 1];
  if (isDigit(behind)) return DATE.test(bytes.toString('latin1', nameEnd + 1, Math.min(end, nameEnd + 13)));
  if (behind === DASH) return isNameWithLevel(bytes, nameEnd, end);
  return behind === OPEN && PULP.test(bytes.toString('latin1', nameEnd, Math.min(end, nameEnd + 140)));
}

/** Of Jicofo's `Jicofo 2026-11-21 14:00:00.123 INFO: `, Ceph's `cluster 2026-11-21T14:00:00Z `, and Bitnami's `kafka 14:00:00.12 INFO  ==> `. */
const DATE = /^(?:\d{4}[-/]\d\d[-/]\d\d[ T]|\d\d:\d\d:\d\d\.\d\d )/;
/** `pulp [5abc]: pulp.app:INFO: `. */
const PULP = /^ \[[\w-]+\]: [\w.]+:[A-Z]+: /;

/** Python's `name - LEVEL - message`: whether that begins at `start`, with its name up to `nameEnd`. */
function isNameWithLevel(bytes: Buffer, nameEnd: number, end: number): boolean {
  if (!beginsWith(bytes, nameEnd, end, ' - ')) return false;
  const word = nameEnd + 3;
  const last = indexOfByte(bytes, SPACE, word, Math.min(end, word + 10));
  return last !== -1 && levelOfCapitals(bytes, word, last) !== NO_WORD && beginsWith(bytes, last, end, ' - ');
}

function isPlainWord(bytes: Buffer, start: number, end: number, lineEnd: number): boolean {
  if (bytes[end + 1] === 0x41 && caseOf(bytes, start, end) === 'upper' && beginsWith(bytes, end, lineEnd, ' ALERT: '))
    return false; // Nagios
  for (let i = start; i < end; i++) if (!isLetter(bytes[i]) && !isDigit(bytes[i]) && !isInWord(bytes[i])) return false;
  return !MESSAGE_WORDS.has(bytes.toString('latin1', start, end).toLowerCase());
}

function isInWord(byte: number | undefined): boolean {
  return byte === DASH || byte === 0x5f || byte === 0x2e || byte === 0x2f;
}

function isBlankOrDash(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0x09 || byte === DASH;
}
